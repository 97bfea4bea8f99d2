#include "services/reporting/printed_rates.h"

#include "services/reporting/period_rules.h"
#include "services/reporting/survey_rules.h"

namespace huifang::reporting {

PrintedRates::PrintedRates(const v1::Report& delivered) {
  const std::string& now = delivered.period().label();
  const absl::StatusOr<Span> span = ParseSpan(now);
  const std::string before = span.ok() ? SpanLabel(Before(*span)) : "";
  const std::string& own = delivered.division();
  for (const v1::Figure& figure : delivered.figures()) {
    Add(figure.measure(), now, own, "", figure.current());
    Add(figure.measure(), before, own, "", figure.previous());
  }
  for (const v1::Trend& trend : delivered.trends()) {
    for (const v1::Trend::Point& point : trend.points()) {
      Add(trend.measure(), point.period(), own, "", point.value());
    }
  }
  for (const v1::GroupLine& group : delivered.groups()) {
    const std::string& division = own.empty() ? group.group() : own;
    const std::string team = own.empty() ? "" : group.group();
    for (const v1::Figure& figure : group.figures()) {
      Add(figure.measure(), now, division, team, figure.current());
      Add(figure.measure(), before, division, team, figure.previous());
    }
  }
}

void PrintedRates::Add(v1::Measure measure, const std::string& period,
                       const std::string& division, const std::string& team,
                       const v1::Figure::Value& value) {
  if (!IsSurveyMeasure(measure)) return;
  rates_.try_emplace(Key(static_cast<int>(measure), period, division, team),
                     PrintedRate{value.state() == v1::Figure::STATE_SUPPRESSED,
                                 value.denominator(), value.numerator()});
}

const PrintedRate* PrintedRates::Find(v1::Measure measure,
                                      const std::string& period,
                                      const std::string& division,
                                      const std::string& team) const {
  const auto found =
      rates_.find(Key(static_cast<int>(measure), period, division, team));
  return found == rates_.end() ? nullptr : &found->second;
}

}  // namespace huifang::reporting
