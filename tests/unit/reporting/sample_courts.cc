#include "tests/unit/reporting/sample_courts.h"

#include <cmath>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/crypto.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/reporting/response_figures.h"
#include "services/reporting/roll_up_rules.h"
#include "services/reporting/roll_up_sources.h"
#include "services/reporting/roll_up_trend.h"
#include "services/reporting/survey_rules.h"

namespace huifang::reporting {
namespace {

v1::Figure Plain(v1::Measure measure, const v1::Figure::Value& value) {
  v1::Figure figure;
  figure.set_measure(measure);
  figure.set_unit(UnitOf(measure));
  *figure.mutable_current() = value;
  return figure;
}

void AddTally(v1::Measure measure, const Tally& tally,
              v1::CourtFigures& court) {
  v1::Tally& line = *court.add_tallies();
  line.set_measure(measure);
  line.set_numerator(tally.successes);
  line.set_denominator(tally.trials);
}

// One draw, of which all were heard but those not reached.
v1::MethodNote CallbacksOf(const CourtSpec& spec) {
  v1::MethodNote method;
  v1::MethodNote::DrawLine& draw = *method.add_draws();
  draw.set_draw(absl::StrCat("courts/", spec.court, "/draws/2019-W30"));
  draw.set_bundle_digest(Sha256Hex(spec.court));
  draw.set_seeder("officer-yang");
  std::int64_t heard = 0;
  for (const Stratum& stratum : spec.strata) {
    heard += stratum.respondents;
    draw.set_population(draw.population() + stratum.population);
  }
  draw.set_drawn(heard + spec.unreached);
  method.mutable_dispositions()->set_complete(heard);
  method.mutable_dispositions()->set_non_contact(spec.unreached);
  *method.mutable_response_rates() = ResponseRatesOf(method.dispositions());
  return method;
}

// The week's courts, all with the rubric.
std::vector<v1::CourtFigures> CourtsOf(const Span& span,
                                       const std::string& rubric) {
  return {SampleCourt({.rubric = rubric}),
          SampleCourt({.court = "110102",
                       .display_name = "北京市西城区人民法院",
                       .strata = {WholeStratum(500, 60, 52)},
                       .on_time = {368, 400},
                       .rubric = rubric}),
          SampleCourt({.court = "110105",
                       .display_name = "北京市朝阳区人民法院",
                       .strata = {WholeStratum(900, 60, 50)},
                       .on_time = {983, 1080},
                       .rubric = rubric}),
          SampleCourt({.court = "110106",
                       .display_name = "北京市丰台区人民法院",
                       .on_time = {24, 40},
                       .rubric = rubric}),
          SampleCourt({.court = "110108",
                       .display_name = "北京市海淀区人民法院",
                       .strata = {WholeStratum(100, 4, 3)},
                       .on_time = {270, 300},
                       .rubric = "#1f2e3d4c"}),
          MissingFigures("110107", "北京市石景山区人民法院", span)};
}

// The same with only the first `count` delivered.
std::vector<v1::CourtFigures> FirstOf(std::vector<v1::CourtFigures> courts,
                                      std::size_t count, const Span& span) {
  for (std::size_t i = count; i < courts.size(); ++i) {
    courts[i] = MissingFigures(CourtOfName(courts[i].name()),
                               courts[i].court_display_name(), span);
  }
  return courts;
}

}  // namespace

v1::Figure SurveyFigure(v1::Measure measure,
                        const std::vector<Stratum>& strata) {
  const Survey survey{EstimateProportion(strata), WorstCase(strata)};
  v1::Figure figure =
      Plain(measure, EstimateValue(survey.estimate,
                                   ReadingOf(survey.estimate.independent, {})));
  *figure.mutable_design() = DesignOf(survey);
  return figure;
}

void SetVersions(v1::Criterion::Kind kind,
                 const std::vector<std::string>& versions,
                 v1::CourtFigures& court) {
  for (v1::Criterion& criterion : *court.mutable_criteria()) {
    if (criterion.kind() != kind) continue;
    criterion.clear_versions();
    for (const std::string& version : versions) criterion.add_versions(version);
  }
}

v1::CourtFigures SampleCourt(const CourtSpec& spec) {
  v1::CourtFigures court;
  const std::string name = absl::StrCat("courts/", spec.court);
  court.set_name(absl::StrCat(name, "/courtFigures/2019-W30"));
  court.set_court_display_name(spec.display_name);
  court.set_state(v1::CourtFigures::STATE_DELIVERED);
  court.set_report(absl::StrCat(name, "/reports/r1"));
  court.set_serial_number("法回访周报〔2019〕30号");
  court.set_version(1);
  *court.mutable_deliver_time() =
      ToTimestamp(absl::FromUnixSeconds(1564400000));
  TellCallbacks(CallbacksOf(spec), court);
  court.set_opinions(3);
  court.set_suggestions(2);
  court.set_suggestions_done(1);
  *court.add_figures() =
      Plain(v1::MEASURE_TICKETS_CLOSED, CountValue(spec.on_time.trials));
  for (const v1::Measure measure :
       {v1::MEASURE_RESOLUTION_RATE, v1::MEASURE_SATISFACTION_RATE}) {
    std::vector<Stratum> strata = spec.strata;
    strata.back().missing += spec.unreached;
    strata.back().missing_members += spec.unreached;
    const v1::Figure figure = SurveyFigure(measure, strata);
    *court.add_figures() = figure;
    if (figure.current().state() != v1::Figure::STATE_OK) {
      AddTally(measure, {}, court);
      continue;
    }
    const auto trials =
        static_cast<std::int64_t>(figure.design().effective_size());
    AddTally(
        measure,
        {std::llround(figure.current().value() * static_cast<double>(trials)),
         trials},
        court);
  }
  *court.add_figures() =
      Plain(v1::MEASURE_PASS_RATE,
            CensusRate(spec.passed.successes, spec.passed.trials));
  AddTally(v1::MEASURE_PASS_RATE, spec.passed, court);
  *court.add_figures() =
      Plain(v1::MEASURE_ON_TIME_RATE,
            CensusRate(spec.on_time.successes, spec.on_time.trials));
  AddTally(v1::MEASURE_ON_TIME_RATE, spec.on_time, court);
  const Tally instant{spec.on_time.trials / 2, spec.on_time.trials};
  *court.add_figures() = Plain(v1::MEASURE_INSTANT_ANSWER_RATE,
                               CensusRate(instant.successes, instant.trials));
  AddTally(v1::MEASURE_INSTANT_ANSWER_RATE, instant, court);
  const std::pair<v1::Criterion::Kind, std::string> criteria[] = {
      {v1::Criterion::KIND_REPORT_RULES, "2024.1"},
      {v1::Criterion::KIND_VERDICT_RULE, spec.verdict_rule},
      {v1::Criterion::KIND_SCORE_SCALE, "1:3 2:3 3:2 4:1 5:1"},
      {v1::Criterion::KIND_SCRIPT, "items.1"},
      {v1::Criterion::KIND_RUBRIC, spec.rubric}};
  for (const auto& [kind, version] : criteria) {
    v1::Criterion& criterion = *court.add_criteria();
    criterion.set_kind(kind);
    criterion.add_versions(version);
  }
  return court;
}

v1::RollUp SampleRollUp() {
  const std::vector<Span> spans = RollUpSpans(*ParseSpan("2019-W30"));
  std::vector<v1::RollUp> weeks;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    std::vector<v1::CourtFigures> courts =
        CourtsOf(spans[i], i == 2 ? "ticket/0" : "ticket/1");
    if (i < 2) courts = FirstOf(std::move(courts), i, spans[i]);
    weeks.push_back(AssembleRollUp(courts, spans[i], FigurePolicy()));
  }
  v1::RollUp roll_up = weeks.back();
  weeks.pop_back();
  SetTrend(weeks, roll_up);
  roll_up.set_name("courts/110000/rollUps/2019-W30");
  roll_up.set_court_display_name("北京市高级人民法院");
  return roll_up;
}

}  // namespace huifang::reporting
