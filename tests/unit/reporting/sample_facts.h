#ifndef HUIFANG_TESTS_UNIT_REPORTING_SAMPLE_FACTS_H_
#define HUIFANG_TESTS_UNIT_REPORTING_SAMPLE_FACTS_H_

#include <string>

#include "services/reporting/report_rules.h"

namespace huifang::reporting {

// A made-up court's facts: five divisions, 60 calls a week, findings, items.
// The same for the same arguments.
ReportFacts SampleFacts(const std::string& period, bool one_division);

// The report assembled from them, READY, with name and serial number.
v1::Report SampleReport(const std::string& period, bool one_division);

}  // namespace huifang::reporting

#endif  // HUIFANG_TESTS_UNIT_REPORTING_SAMPLE_FACTS_H_
