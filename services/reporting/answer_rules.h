// The leader's four questions, answered from the figures in a sentence or two.
#ifndef HUIFANG_SERVICES_REPORTING_ANSWER_RULES_H_
#define HUIFANG_SERVICES_REPORTING_ANSWER_RULES_H_

#include <vector>

#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/figure_rules.h"

namespace huifang::reporting {

// 解决了吗 / 合规吗 / 按时即答了吗 / 有何意见建议, in this order. `report` has
// its figures, findings and opinions.
std::vector<v1::LeaderAnswer> MakeAnswers(const v1::Report& report,
                                          const Scope& now);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ANSWER_RULES_H_
