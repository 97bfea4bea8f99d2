#include "services/reporting/roll_up_trend.h"

#include <algorithm>

#include "services/reporting/criteria_rules.h"
#include "services/reporting/league_rules.h"
#include "services/reporting/roll_up_text.h"

namespace huifang::reporting {
namespace {

using TrendRate = v1::RollUp::TrendRate;

CriteriaKey KeyOf(const v1::RollUp::Total& total) {
  CriteriaKey key;
  for (const v1::Criterion& criterion : total.criteria()) {
    key[criterion.kind()] =
        criterion.versions().empty() ? "" : criterion.versions(0);
  }
  return key;
}

void AddPoint(const v1::RollUp& roll_up,
              google::protobuf::RepeatedPtrField<v1::RollUp::TrendPoint>& to) {
  v1::RollUp::TrendPoint& point = *to.Add();
  point.set_period(roll_up.period().label());
  point.set_delivered(roll_up.lines_size() - roll_up.missing());
  point.set_missing(roll_up.missing());
  point.set_sources_digest(roll_up.sources_digest());
  for (const v1::Measure measure : CourtMeasures()) {
    const v1::RollUp::Total* total = FindTotal(roll_up, measure);
    if (total != nullptr) *point.add_rates()->mutable_total() = *total;
  }
}

// A total of fewer than half of the courts is theirs, not the region's.
bool IsOfFew(const v1::RollUp::TrendPoint& point,
             const v1::RollUp::Total& total) {
  return 2 * total.courts() < point.delivered() + point.missing();
}

TrendRate::Standing StandingOf(const v1::RollUp::TrendPoint& point,
                               const v1::RollUp::Total& total,
                               const CriteriaKey& newest) {
  if (total.figure().current().state() != v1::Figure::STATE_OK) {
    return total.incomparable() > 0 ? TrendRate::STANDING_FEW_COURTS
                                    : TrendRate::STANDING_NO_DATA;
  }
  if (KeyOf(total) != newest) return TrendRate::STANDING_OTHER_CRITERIA;
  return IsOfFew(point, total) ? TrendRate::STANDING_FEW_COURTS
                               : TrendRate::STANDING_COMPARED;
}

}  // namespace

std::vector<Span> RollUpSpans(const Span& span) {
  return SpansUpTo(
      span, span.kind == Span::Kind::kWeek ? kRollUpWeeks : kRollUpMonths);
}

void SetTrend(const std::vector<v1::RollUp>& earlier, v1::RollUp& roll_up) {
  roll_up.clear_trend();
  auto& points = *roll_up.mutable_trend();
  for (const v1::RollUp& one : earlier) AddPoint(one, points);
  AddPoint(roll_up, points);
  for (const v1::Measure measure : CourtMeasures()) {
    CriteriaKey newest;
    for (auto point = points.rbegin(); point != points.rend(); ++point) {
      for (TrendRate& rate : *point->mutable_rates()) {
        if (rate.total().figure().measure() != measure) continue;
        if (newest.empty()) newest = KeyOf(rate.total());
        rate.set_standing(StandingOf(*point, rate.total(), newest));
      }
    }
  }
}

const v1::RollUp::TrendRate* FindRate(const v1::RollUp::TrendPoint& point,
                                      v1::Measure measure) {
  for (const TrendRate& rate : point.rates()) {
    if (rate.total().figure().measure() == measure) return &rate;
  }
  return nullptr;
}

v1::Trend TrendOf(const v1::RollUp& roll_up, v1::Measure measure) {
  v1::Trend trend;
  trend.set_measure(measure);
  trend.set_unit(v1::Figure::UNIT_RATE);
  for (const v1::RollUp::TrendPoint& point : roll_up.trend()) {
    v1::Trend::Point& drawn = *trend.add_points();
    drawn.set_period(point.period());
    const TrendRate* rate = FindRate(point, measure);
    if (rate != nullptr && rate->standing() == TrendRate::STANDING_COMPARED) {
      *drawn.mutable_value() = rate->total().figure().current();
    } else {
      drawn.mutable_value()->set_state(v1::Figure::STATE_NO_DATA);
    }
  }
  return trend;
}

int ComparedPeriods(const v1::RollUp& roll_up, v1::Measure measure) {
  return static_cast<int>(
      std::count_if(roll_up.trend().begin(), roll_up.trend().end(),
                    [&](const v1::RollUp::TrendPoint& point) {
                      const TrendRate* rate = FindRate(point, measure);
                      return rate != nullptr &&
                             rate->standing() == TrendRate::STANDING_COMPARED;
                    }));
}

int DeliveredPeriods(const v1::RollUp& roll_up) {
  return static_cast<int>(
      std::count_if(roll_up.trend().begin(), roll_up.trend().end(),
                    [](const v1::RollUp::TrendPoint& point) {
                      return point.delivered() > 0;
                    }));
}

}  // namespace huifang::reporting
