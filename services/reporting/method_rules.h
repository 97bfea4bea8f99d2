#ifndef HUIFANG_SERVICES_REPORTING_METHOD_RULES_H_
#define HUIFANG_SERVICES_REPORTING_METHOD_RULES_H_

#include <string>
#include <vector>

#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/figure_rules.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

// Version of the criteria by which figures are counted. Two reports of the
// same version can be compared; a change of definition takes a new number.
inline constexpr const char* kCriteriaVersion = "2024.1";

// 口径: how the figures of `report` were made, one sentence each.
std::vector<std::string> MethodSentences(const v1::Report& report,
                                         const Scope& now,
                                         const FigurePolicy& policy,
                                         Locale locale);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_METHOD_RULES_H_
