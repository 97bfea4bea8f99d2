#ifndef HUIFANG_SERVICES_REPORTING_RESPONSE_TEXT_H_
#define HUIFANG_SERVICES_REPORTING_RESPONSE_TEXT_H_

#include <string>
#include <utility>
#include <vector>

#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

// I 24 · NC 6, what became of the drawn calls by AAPOR's codes; empty when none
// was drawn.
std::string OutcomeText(const v1::MethodNote::Dispositions& dispositions);

// The whole of AAPOR's table, a line for each family: its name, and
// "RR1 33.3% · RR2 53.3% …". Empty when no call was drawn.
std::vector<std::pair<std::string, std::string>> ResponseTable(
    const v1::MethodNote& method, Locale locale);

// Code and value of each rate that has one: `RR1`, 0.333.
std::vector<std::pair<std::string, double>> ResponseValues(
    const v1::MethodNote::ResponseRates& rates);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_RESPONSE_TEXT_H_
