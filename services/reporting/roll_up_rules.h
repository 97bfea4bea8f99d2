// 辖区法院汇总: courts side by side, from what their delivered reports say.
// Pure: the same reports give the same roll-up.
#ifndef HUIFANG_SERVICES_REPORTING_ROLL_UP_RULES_H_
#define HUIFANG_SERVICES_REPORTING_ROLL_UP_RULES_H_

#include <string>
#include <vector>

#include "huifang/reporting/v1/roll_up_service.pb.h"
#include "services/reporting/figure_rules.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {

// Version of what is below: how courts are pooled, and which are compared.
inline constexpr char kRollUpRules[] = "2026.1";

// Measures of a roll-up, in the order they are printed.
const std::vector<v1::Measure>& RollUpMeasures();

// What a court's delivered report tells its superior.
v1::CourtFigures CourtFiguresOf(const v1::Report& report);

// What stands for a court that delivered none. Court is the six-digit code.
v1::CourtFigures MissingFigures(const std::string& court,
                                const std::string& display_name,
                                const Span& span);

// The court's figure of a measure, or nullptr.
const v1::Figure* FindFigure(const v1::CourtFigures& court,
                             v1::Measure measure);

// The courts' rates as one: each court a stratum of so many tickets as it
// speaks for, as if their strata had been pooled at once. All may be read, have
// a design, and there is at least one.
Estimate PoolCourts(const std::vector<const v1::Figure*>& figures);

// The lines in the order of `courts`. The name, and the superior court's, are
// left to the caller.
v1::RollUp AssembleRollUp(const std::vector<v1::CourtFigures>& courts,
                          const Span& span, const FigurePolicy& policy);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ROLL_UP_RULES_H_
