// 趋势: a roll-up beside those of the weeks or months before it.
#ifndef HUIFANG_SERVICES_REPORTING_ROLL_UP_TREND_H_
#define HUIFANG_SERVICES_REPORTING_ROLL_UP_TREND_H_

#include <vector>

#include "huifang/reporting/v1/roll_up_service.pb.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {

// Periods of a trend, the roll-up's own the last. Each costs a delivered report
// of every court.
inline constexpr int kRollUpWeeks = 8;
inline constexpr int kRollUpMonths = 6;

// The periods of the trend up to `span`, oldest first.
std::vector<Span> RollUpSpans(const Span& span);

// Sets the trend from the roll-ups of the earlier periods, oldest first, each
// assembled as this one is.
void SetTrend(const std::vector<v1::RollUp>& earlier, v1::RollUp& roll_up);

// One rate of the trend for a chart: a period that does not stand beside the
// others is a gap.
v1::Trend TrendOf(const v1::RollUp& roll_up, v1::Measure measure);

// Periods whose rates stand beside each other.
int ComparedPeriods(const v1::RollUp& roll_up, v1::Measure measure);

// Periods for which any court delivered.
int DeliveredPeriods(const v1::RollUp& roll_up);

// The period's rate of a measure, or nullptr.
const v1::RollUp::TrendRate* FindRate(const v1::RollUp::TrendPoint& point,
                                      v1::Measure measure);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ROLL_UP_TREND_H_
