#include "services/reporting/roll_up_rules.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "services/common/resource_name.h"
#include "services/reporting/criteria_rules.h"
#include "services/reporting/league_rules.h"
#include "services/reporting/report_text.h"
#include "services/reporting/roll_up_sources.h"
#include "services/reporting/survey_rules.h"

namespace huifang::reporting {
namespace {

bool IsReadable(const v1::Figure* figure) {
  return figure != nullptr && figure->current().state() == v1::Figure::STATE_OK;
}

bool IsTold(const v1::Figure* figure) {
  return figure != nullptr &&
         figure->current().state() != v1::Figure::STATE_NO_DATA &&
         figure->current().state() != v1::Figure::STATE_UNSPECIFIED;
}

std::vector<v1::Criterion> CriteriaIn(const v1::CourtFigures& court) {
  return {court.criteria().begin(), court.criteria().end()};
}

Tally TallyIn(const v1::CourtFigures& court, v1::Measure measure) {
  for (const v1::Tally& tally : court.tallies()) {
    if (tally.measure() == measure) {
      return {tally.numerator(), tally.denominator()};
    }
  }
  return {};
}

bool IsCensus(const v1::Figure& figure) {
  return figure.current().interval().method() == v1::Interval::METHOD_CENSUS;
}

// Variance of a court's rate. Where a stratum hid its spread, the court took
// its sample to be worth no more than its number; so does this.
double VarianceOf(const v1::Figure& figure) {
  if (IsCensus(figure) || figure.design().effective_size() <= 0) return 0;
  const double value = figure.current().value();
  return value * (1 - value) / figure.design().effective_size();
}

v1::Design PooledDesign(const Estimate& estimate,
                        const std::vector<const v1::Figure*>& figures) {
  v1::Design design = DesignOf(estimate);
  double worst = 0;
  double best = 0;
  for (const v1::Figure* figure : figures) {
    const v1::Design& one = figure->design();
    worst += one.members_in_frame() * one.worst_case();
    best += one.members_in_frame() * one.best_case();
  }
  design.set_worst_case(worst / estimate.members_in_frame);
  design.set_best_case(best / estimate.members_in_frame);
  return design;
}

// One measure of the courts that may be pooled.
v1::Figure PooledFigure(v1::Measure measure,
                        const std::vector<const v1::CourtFigures*>& courts,
                        const FigurePolicy& policy) {
  v1::Figure pooled;
  pooled.set_measure(measure);
  pooled.set_unit(UnitOf(measure));
  v1::Figure::Value& value = *pooled.mutable_current();
  value.set_state(v1::Figure::STATE_NO_DATA);
  if (courts.empty()) return pooled;
  std::vector<const v1::Figure*> figures;
  Tally counted;
  for (const v1::CourtFigures* court : courts) {
    figures.push_back(FindFigure(*court, measure));
    // Courts graded to a different extent are counted alike: each ticket by its
    // grade, or the machine's proposal.
    counted.successes += measure == v1::MEASURE_PASS_RATE
                             ? TallyIn(*court, measure).successes
                             : figures.back()->current().numerator();
    counted.trials += measure == v1::MEASURE_PASS_RATE
                          ? TallyIn(*court, measure).trials
                          : figures.back()->current().denominator();
  }
  const bool sampled =
      std::all_of(figures.begin(), figures.end(), [](const v1::Figure* one) {
        return one->has_design() && one->design().members_in_frame() > 0;
      });
  if (pooled.unit() == v1::Figure::UNIT_COUNT) {
    value = CountValue(counted.successes);
  } else if (sampled) {
    const Estimate estimate = PoolCourts(figures);
    value = EstimateValue(estimate, Reading::kOk);
    *pooled.mutable_design() = PooledDesign(estimate, figures);
  } else {
    value = CensusRate(counted.successes, counted.trials);
  }
  SetClaim(/*graded=*/sampled, policy, pooled);
  return pooled;
}

void AddObstacles(v1::Measure measure, const CriteriaKey& shared,
                  v1::RollUp::Line& line) {
  const std::vector<v1::Criterion> criteria = CriteriaIn(line.court());
  for (const v1::Criterion::Kind kind :
       Differences(measure, criteria, shared)) {
    v1::RollUp::Obstacle& obstacle = *line.add_obstacles();
    obstacle.set_measure(measure);
    obstacle.set_kind(kind);
    for (const std::string& version : VersionsOf(criteria, kind)) {
      obstacle.add_versions(version);
    }
    const auto compared = shared.find(kind);
    if (compared != shared.end()) {
      obstacle.set_compared_version(compared->second);
    }
  }
}

void Compare(v1::Measure measure, const std::vector<v1::RollUp::Line*>& lines) {
  std::vector<Tally> tallies;
  for (const v1::RollUp::Line* line : lines) {
    tallies.push_back(TallyIn(line->court(), measure));
  }
  std::vector<v1::Comparison> comparisons = CompareTallies(measure, tallies);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    *lines[i]->add_comparisons() = std::move(comparisons[i]);
  }
}

bool IsCompared(v1::Measure measure) {
  const std::vector<v1::Measure>& measures = CourtMeasures();
  return std::find(measures.begin(), measures.end(), measure) != measures.end();
}

void AddMeasure(v1::Measure measure, const FigurePolicy& policy,
                v1::RollUp& roll_up) {
  std::vector<CriteriaUse> uses;
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    const v1::Figure* figure = FindFigure(line.court(), measure);
    if (!IsTold(figure)) continue;
    uses.push_back({CriteriaIn(line.court()), figure->current().denominator()});
  }
  const CriteriaKey shared = SharedCriteria(measure, uses);
  v1::RollUp::Total& total = *roll_up.add_totals();
  for (const auto& [kind, version] : shared) {
    v1::Criterion& criterion = *total.add_criteria();
    criterion.set_kind(kind);
    criterion.add_versions(version);
  }
  std::vector<v1::RollUp::Line*> comparable;
  std::vector<const v1::CourtFigures*> pooled;
  for (v1::RollUp::Line& line : *roll_up.mutable_lines()) {
    if (line.court().state() != v1::CourtFigures::STATE_DELIVERED) continue;
    const v1::Figure* figure = FindFigure(line.court(), measure);
    if (IsTold(figure) &&
        !Differences(measure, CriteriaIn(line.court()), shared).empty()) {
      total.set_incomparable(total.incomparable() + 1);
      AddObstacles(measure, shared, line);
      continue;
    }
    comparable.push_back(&line);
    if (IsReadable(figure)) {
      pooled.push_back(&line.court());
    } else {
      total.set_unreadable(total.unreadable() + 1);
    }
  }
  *total.mutable_figure() = PooledFigure(measure, pooled, policy);
  total.set_courts(static_cast<int>(pooled.size()));
  if (IsCompared(measure)) Compare(measure, comparable);
}

}  // namespace

const std::vector<v1::Measure>& RollUpMeasures() {
  static const auto& measures = *new std::vector<v1::Measure>{
      v1::MEASURE_TICKETS_CLOSED,     v1::MEASURE_RESOLUTION_RATE,
      v1::MEASURE_SATISFACTION_RATE,  v1::MEASURE_PASS_RATE,
      v1::MEASURE_ON_TIME_RATE,       v1::MEASURE_INSTANT_ANSWER_RATE,
      v1::MEASURE_CALLBACKS_COMPLETED};
  return measures;
}

v1::CourtFigures CourtFiguresOf(const v1::Report& report) {
  v1::CourtFigures court;
  court.set_name(MakeResourceName(CourtOfName(report.name()), "courtFigures",
                                  report.period().label()));
  court.set_court_display_name(report.court_display_name());
  court.set_state(v1::CourtFigures::STATE_DELIVERED);
  court.set_report(report.name());
  court.set_serial_number(report.serial_number());
  court.set_version(report.version());
  *court.mutable_deliver_time() = report.deliver_time();
  for (const v1::Measure measure : RollUpMeasures()) {
    const v1::Figure* figure = FindFigure(report, measure);
    if (figure == nullptr) continue;
    v1::Figure& told = *court.add_figures();
    told = *figure;
    told.clear_previous();
    told.clear_difference();
  }
  *court.mutable_tallies() = report.tallies();
  *court.mutable_criteria() = report.method().criteria();
  court.set_opinions(report.opinions_size() + report.opinions_omitted());
  court.set_suggestions(report.suggestions_size());
  court.set_suggestions_done(
      std::count_if(report.suggestions().begin(), report.suggestions().end(),
                    [](const v1::Suggestion& suggestion) {
                      return suggestion.state() == v1::Suggestion::STATE_DONE;
                    }));
  court.set_generated_tickets(report.method().generated_tickets());
  court.set_simulated_callbacks(report.method().simulated_callbacks());
  TellCallbacks(report.method(), court);
  return court;
}

v1::CourtFigures MissingFigures(const std::string& court,
                                const std::string& display_name,
                                const Span& span) {
  v1::CourtFigures missing;
  missing.set_name(MakeResourceName(court, "courtFigures", SpanLabel(span)));
  missing.set_court_display_name(display_name);
  missing.set_state(v1::CourtFigures::STATE_MISSING);
  return missing;
}

const v1::Figure* FindFigure(const v1::CourtFigures& court,
                             v1::Measure measure) {
  for (const v1::Figure& figure : court.figures()) {
    if (figure.measure() == measure) return &figure;
  }
  return nullptr;
}

Estimate PoolCourts(const std::vector<const v1::Figure*>& figures) {
  Estimate pooled;
  pooled.census = true;
  bool hidden = false;
  for (const v1::Figure* figure : figures) {
    const v1::Design& design = figure->design();
    pooled.members_in_frame += design.members_in_frame();
    pooled.population += design.population();
    pooled.strata += design.strata();
    pooled.lonely_strata += design.lonely_strata();
    pooled.degrees_of_freedom += design.degrees_of_freedom();
    pooled.independent += design.independent();
    pooled.members += figure->current().denominator();
    pooled.successes += figure->current().numerator();
    pooled.census &= IsCensus(*figure);
    hidden |= !IsCensus(*figure) && design.standard_error() <= 0;
  }
  double variance = 0;
  for (const v1::Figure* figure : figures) {
    const double weight =
        figure->design().members_in_frame() / pooled.members_in_frame;
    pooled.value += weight * figure->current().value();
    variance += weight * weight * VarianceOf(*figure);
  }
  // Rounding must not take the last caller away.
  if (pooled.successes == pooled.members) pooled.value = 1;
  SetVariance({variance, variance}, hidden, pooled);
  return pooled;
}

v1::RollUp AssembleRollUp(const std::vector<v1::CourtFigures>& courts,
                          const Span& span, const FigurePolicy& policy) {
  v1::RollUp roll_up;
  v1::Period& period = *roll_up.mutable_period();
  period.set_kind(span.kind == Span::Kind::kWeek ? v1::Period::KIND_WEEK
                                                 : v1::Period::KIND_MONTH);
  period.set_label(SpanLabel(span));
  period.set_start_day(DayText(span.first));
  period.set_end_day(DayText(span.last));
  roll_up.set_rules_version(kRollUpRules);
  for (const v1::CourtFigures& court : courts) {
    *roll_up.add_lines()->mutable_court() = court;
    const bool missing = court.state() == v1::CourtFigures::STATE_MISSING;
    roll_up.set_missing(roll_up.missing() + (missing ? 1 : 0));
    roll_up.set_opinions(roll_up.opinions() + court.opinions());
    roll_up.set_suggestions(roll_up.suggestions() + court.suggestions());
    roll_up.set_suggestions_done(roll_up.suggestions_done() +
                                 court.suggestions_done());
  }
  for (const v1::Measure measure : RollUpMeasures()) {
    AddMeasure(measure, policy, roll_up);
  }
  PoolResponses(roll_up);
  roll_up.set_sources_digest(SourcesDigest(roll_up));
  return roll_up;
}

}  // namespace huifang::reporting
