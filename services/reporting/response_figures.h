// What became of the drawn calls, and AAPOR's rates of it.
#ifndef HUIFANG_SERVICES_REPORTING_RESPONSE_FIGURES_H_
#define HUIFANG_SERVICES_REPORTING_RESPONSE_FIGURES_H_

#include "services/reporting/figure_rules.h"
#include "services/reporting/response_rules.h"

namespace huifang::reporting {

// What became of the members' calls.
v1::MethodNote::Dispositions DispositionsOf(const Scope& scope);

// A call still open may yet be answered; until then it is not.
DispositionCounts CountsOf(const v1::MethodNote::Dispositions& dispositions);

// The share e; all, where nobody's eligibility is known: the cautious reading.
double EligibleShareOrAll(const DispositionCounts& counts);

// All of AAPOR's rates; those without a denominator stay absent.
v1::MethodNote::ResponseRates ResponseRatesOf(
    const v1::MethodNote::Dispositions& dispositions);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_RESPONSE_FIGURES_H_
