// Three years of a court that improves, Monday by Monday, against a clock that
// is moved: under half of the replies pass and six callers a week are heard at
// first, 95 % and more and sixty at last. What is true of every ticket is known
// (the generator's truth), so what 36 monthly reports and 157 weeks of alerts
// say can be held against it. Facts go through the service's own projection,
// as its consumers apply them, because the other services stamp calls and
// grades with today's time; tests/e2e/story_test.py plays it through all four.
//
// HUIFANG_STORY_TABLE=FILE writes the table of docs/methods/story.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/generator/random.h"
#include "clients/generator/truth.h"
#include "services/common/proto_time.h"
#include "services/reporting/alert_store.h"
#include "services/reporting/alert_writer.h"
#include "services/reporting/facts_store.h"
#include "services/reporting/report_writer.h"
#include "tests/contract/reporting/reporting_fixture.h"
#include "tests/support/backends.h"
#include "tests/support/matchers.h"

namespace huifang::reporting {
namespace {

using generator::Random;
using generator::Truth;

constexpr std::uint64_t kSeed = 12368;
constexpr int kWeeks = 157;
constexpr int kDivisions = 10;
constexpr int kPerDivision = 14;  // tickets a week
// The office tries four calls in its fourth week; from the sixth on it draws
// weekly, 8 to 80, of whom three in four are heard.
constexpr int kTrialWeek = 3;
constexpr int kFirstWeek = 5;
constexpr int kDrawnFirst = 8;
constexpr int kDrawnLast = 80;
// People grade all flagged tickets and this share of the others.
constexpr double kGradedShare = 0.1;
constexpr double kTarget = 0.95;
constexpr v1::Measure kSatisfied = v1::MEASURE_SATISFACTION_RATE;
constexpr v1::Measure kPassed = v1::MEASURE_PASS_RATE;
const absl::CivilDay kFirstMonday(2016, 8, 1);

struct Played {
  std::string id;
  std::size_t division = 0;
  absl::CivilDay closed;
  Truth truth;
  bool flagged = false;
  bool graded = false;
  bool framed = false;
  bool drawn = false;
};

std::string Name(const char* collection, absl::string_view id) {
  return absl::StrCat("courts/", kCourt, "/", collection, "/", id);
}

std::string DivisionOf(const Played& one) {
  return Name("divisions", absl::StrCat("d", one.division));
}

google::protobuf::Timestamp At(absl::CivilDay day, int hour) {
  return ToTimestamp(
      absl::FromCivil(absl::CivilHour(day) + hour, CourtTimeZone()));
}

int DrawnIn(int week) {
  if (week == kTrialWeek) return 4;
  if (week < kFirstWeek) return 0;
  return kDrawnFirst + (kDrawnLast - kDrawnFirst) * (week - kFirstWeek) /
                           (kWeeks - 1 - kFirstWeek);
}

// The week's tickets, what is true of them, and which are drawn and graded.
std::vector<Played> PlayWeek(int week) {
  Random random(kSeed * 1000 + static_cast<std::uint64_t>(week));
  std::vector<Played> tickets;
  for (int i = 0; i < kDivisions * kPerDivision; ++i) {
    Played& one = tickets.emplace_back();
    one.id = absl::StrFormat("w%03dn%03d", week, i);
    one.division = static_cast<std::size_t>(i % kDivisions);
    one.closed = kFirstMonday + 7 * week + random.Between(0, 6);
    const double elapsed = static_cast<double>(week) / kWeeks;
    const bool poor = random.Chance(generator::PoorShareAt(elapsed));
    one.truth = generator::TruthOf(kSeed, one.id, poor);
    // The machine overlooks one in ten, and suspects one in twenty wrongly.
    one.flagged = random.Chance(poor ? 0.9 : 0.05);
    one.graded = one.flagged || random.Chance(kGradedShare);
    one.framed = DrawnIn(week) > 0;
  }
  // Equal strata, the odd ones to divisions in turn; lots within a stratum.
  for (int d = 0; d < kDivisions; ++d) {
    const int n = (DrawnIn(week) + (d + week) % kDivisions) / kDivisions;
    for (int left = n; left > 0;) {
      Played& one = tickets[static_cast<std::size_t>(
          d + kDivisions * random.Between(0, kPerDivision - 1))];
      if (one.drawn) continue;
      one.drawn = true;
      --left;
    }
  }
  return tickets;
}

ticket::v1::TicketEvent TicketOf(const Played& one, bool late) {
  ticket::v1::TicketEvent event;
  event.set_court(kCourt);
  event.set_type(ticket::v1::TicketEvent::TYPE_CLOSED);
  ticket::v1::Ticket& t = *event.mutable_ticket();
  t.set_name(Name("tickets", one.id));
  t.set_source_id(one.id);
  t.set_state(ticket::v1::Ticket::STATE_CLOSED);
  t.set_division(DivisionOf(one));
  t.set_content("请法官回电说明案件进展。");
  t.set_generated(true);
  t.set_version(1);
  *t.mutable_create_time() = At(one.closed, 9);
  *t.mutable_dispatch_time() = At(one.closed, 10);
  *t.mutable_reply_time() = At(one.closed, 15);
  *t.mutable_close_time() = At(one.closed, 16);
  *t.mutable_due_time() = At(one.closed, late ? 15 : 18);
  t.add_replies()->set_text("已电话告知当事人开庭时间。");
  return event;
}

grading::v1::GradeEvent InspectionOf(const Played& one) {
  grading::v1::GradeEvent event;
  event.set_court(kCourt);
  event.set_type(grading::v1::GradeEvent::TYPE_INSPECTED);
  grading::v1::Inspection& inspection = *event.mutable_inspection();
  inspection.set_name(Name("inspections", one.id));
  inspection.set_ticket(Name("tickets", one.id));
  inspection.set_state(grading::v1::Inspection::STATE_DONE);
  inspection.set_version(1);
  inspection.set_division(DivisionOf(one));
  *inspection.mutable_closed_time() = At(one.closed, 16);
  inspection.set_proposed_tier(one.flagged ? "D" : "A");
  inspection.set_proposed_pass(!one.flagged);
  inspection.set_flagged(one.flagged);
  return event;
}

grading::v1::GradeEvent GradeOf(const Played& one) {
  grading::v1::GradeEvent event;
  event.set_court(kCourt);
  event.set_type(grading::v1::GradeEvent::TYPE_GRADED);
  grading::v1::Grade& grade = *event.mutable_grade();
  grade.set_name(Name("grades", one.id));
  grade.set_ticket(Name("tickets", one.id));
  grade.set_subject(grading::v1::SUBJECT_TICKET);
  grade.set_division(DivisionOf(one));
  grade.set_tier(one.truth.good_reply ? "A" : "D");
  grade.set_passed(one.truth.good_reply);
  grade.set_counts(true);
  *grade.mutable_closed_time() = At(one.closed, 16);
  *grade.mutable_create_time() = At(one.closed + 7, 10);
  return event;
}

callback::v1::CallbackEvent CallOf(const Played& one, int week) {
  callback::v1::CallbackEvent event;
  event.set_court(kCourt);
  callback::v1::Callback& call = *event.mutable_callback();
  call.set_name(Name("callbacks", one.id));
  call.set_ticket(Name("tickets", one.id));
  call.set_draw(Name("draws", absl::StrCat("w", week)));
  call.mutable_stratum()->set_key(absl::StrCat("d", one.division));
  call.mutable_stratum()->set_population(kPerDivision);
  call.set_division(DivisionOf(one));
  *call.mutable_ticket_close_time() = At(one.closed, 16);
  call.set_simulated(true);
  call.set_version(1);
  if (one.truth.reached) {
    event.set_type(callback::v1::CallbackEvent::TYPE_COMPLETED);
    call.set_state(callback::v1::Callback::STATE_COMPLETED);
    call.set_disposition(callback::v1::DISPOSITION_COMPLETE);
    call.set_verdict(one.truth.satisfied ? callback::v1::VERDICT_SATISFIED
                                         : callback::v1::VERDICT_UNSATISFIED);
    call.mutable_items()->set_solved(one.truth.satisfied
                                         ? callback::v1::ANSWER_YES
                                         : callback::v1::ANSWER_NO);
  } else {
    event.set_type(callback::v1::CallbackEvent::TYPE_UNREACHED);
    call.set_state(callback::v1::Callback::STATE_UNREACHED);
    call.set_disposition(callback::v1::DISPOSITION_NON_CONTACT);
  }
  return event;
}

// Of one month: counts as played.
struct Month {
  v1::Report report;
  Tally heard;      // satisfied of the interviewed
  Tally satisfied;  // of all in the frames
  Tally good;       // of all closed
};

void Count(bool success, Tally& tally) {
  tally.successes += success ? 1 : 0;
  ++tally.trials;
}

double RateOf(const Tally& tally) {
  return static_cast<double>(tally.successes) /
         static_cast<double>(tally.trials);
}

const v1::Figure& FigureOf(const Month& month, v1::Measure measure) {
  for (const v1::Figure& figure : month.report.figures()) {
    if (figure.measure() == measure) return figure;
  }
  std::abort();
}

bool IsShown(const v1::Figure& figure) {
  return figure.current().state() == v1::Figure::STATE_OK;
}

class StoryContract : public ReportingFixture {
 protected:
  // All of it: facts as they come, a look at the charts each Monday, a report
  // when a month is over and its last week's callers were called.
  void Play() {
    AlertWriter alerts(*db_, clock_, FigurePolicy(), AlertPolicy());
    for (int week = 0; week < kWeeks; ++week) {
      const std::vector<Played> tickets = PlayWeek(week);
      ASSERT_OK(db_->Write(kCourt, [&](sql::Session& session) {
        return Apply(session, tickets, week);
      }));
      for (const Played& one : tickets) Note(one);
      const absl::CivilDay monday = kFirstMonday + 7 * (week + 1);
      clock_.SetCourtTime(absl::CivilSecond(monday) + 9 * 3600);
      ASSERT_OK(alerts.Watch(kCourt, WeekLabel(monday - 7)));
      if (absl::CivilMonth(monday) != absl::CivilMonth(monday - 7)) {
        Build(absl::CivilMonth(monday - 7));
      }
    }
  }

  std::map<std::string, Month> months_;

 private:
  static std::string WeekLabel(absl::CivilDay monday) {
    return SpanLabel({Span::Kind::kWeek, monday, monday + 6});
  }

  static absl::Status Apply(sql::Session& session,
                            const std::vector<Played>& tickets, int week) {
    for (std::size_t i = 0; i < tickets.size(); ++i) {
      const Played& one = tickets[i];
      absl::Status status =
          ApplyTicketEvent(session, TicketOf(one, (i + 7) % 25 == 0));
      status.Update(ApplyGradeEvent(session, InspectionOf(one)));
      if (one.graded) status.Update(ApplyGradeEvent(session, GradeOf(one)));
      if (one.drawn) {
        status.Update(ApplyCallbackEvent(session, CallOf(one, week)));
      }
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  void Note(const Played& one) {
    Month& month = months_[absl::FormatCivilTime(absl::CivilMonth(one.closed))];
    Count(one.truth.good_reply, month.good);
    if (one.framed) Count(one.truth.satisfied, month.satisfied);
    if (one.drawn && one.truth.reached) Count(one.truth.satisfied, month.heard);
  }

  void Build(absl::CivilMonth month) {
    ReportWriter writer(*db_, clock_, FigurePolicy());
    const std::string label = absl::FormatCivilTime(month);
    v1::BuildReportRequest request;
    request.set_parent(absl::StrCat("courts/", kCourt));
    request.set_period(label);
    ASSERT_OK_AND_ASSIGN(const v1::Report asked,
                         writer.Request(kCourt, "tester", {}, request));
    const std::string id = asked.name().substr(asked.name().rfind('/') + 1);
    ASSERT_OK(writer.Build(kCourt, id));
    ReportStore store(*db_);
    ASSERT_OK_AND_ASSIGN(months_[label].report, store.Get(kCourt, id));
  }
};

void CheckCounts(const std::map<std::string, Month>& months) {
  for (const auto& [label, month] : months) {
    SCOPED_TRACE(label);
    EXPECT_EQ(
        FigureOf(month, v1::MEASURE_CALLBACKS_COMPLETED).current().numerator(),
        month.heard.trials);
    const v1::Figure& figure = FigureOf(month, kSatisfied);
    EXPECT_EQ(IsShown(figure), month.heard.trials >= 5);
    if (!IsShown(figure)) {
      EXPECT_FALSE(figure.current().has_interval());
      EXPECT_EQ(figure.claim(), v1::Figure::CLAIM_UNSPECIFIED);
      continue;
    }
    EXPECT_EQ(figure.current().numerator(), month.heard.successes);
    EXPECT_EQ(figure.current().denominator(), month.heard.trials);
    for (const v1::GroupLine& group : month.report.groups()) {
      for (const v1::Figure& one : group.figures()) {
        if (one.measure() == kSatisfied && IsShown(one)) {
          EXPECT_GE(one.current().denominator(), 5) << group.group();
        }
      }
    }
  }
  EXPECT_NE(FigureOf(months.begin()->second, kSatisfied).current().state(),
            v1::Figure::STATE_OK)
      << "four calls make no rate";
}

void CheckClaims(const std::map<std::string, Month>& months) {
  std::map<v1::Figure::Claim, int> claims;
  for (const auto& [label, month] : months) {
    for (const v1::Measure measure : {kSatisfied, kPassed}) {
      const v1::Figure& figure = FigureOf(month, measure);
      if (!IsShown(figure)) continue;
      const v1::Figure::Value& value = figure.current();
      EXPECT_EQ(figure.claim(), value.value() < kTarget
                                    ? v1::Figure::CLAIM_MISSED
                                : value.interval().lower() >= kTarget
                                    ? v1::Figure::CLAIM_SUPPORTED
                                    : v1::Figure::CLAIM_NOT_SUPPORTED)
          << label;
      ++claims[figure.claim()];
    }
  }
  EXPECT_EQ(claims.size(), 3u) << "three years have all three";
}

void CheckCoverage(const std::map<std::string, Month>& months) {
  for (const v1::Measure measure : {kSatisfied, kPassed}) {
    int shown = 0;
    int held = 0;
    for (const auto& [label, month] : months) {
      const v1::Figure& figure = FigureOf(month, measure);
      if (!IsShown(figure)) continue;
      const double truth =
          RateOf(measure == kPassed ? month.good : month.satisfied);
      const v1::Interval& interval = figure.current().interval();
      ++shown;
      held += interval.lower() <= truth && truth <= interval.upper() ? 1 : 0;
    }
    EXPECT_GE(shown, 34);
    EXPECT_GE(held * 10, shown * 9) << v1::Measure_Name(measure);
    ::testing::Test::RecordProperty(v1::Measure_Name(measure) + "_held", held);
  }
}

// The court's charts at the end of a month; signals in one go upwards.
void CheckCharts(const std::map<std::string, Month>& months) {
  int above = 0;
  for (const auto& [label, month] : months) {
    for (const v1::ControlChart& chart : month.report.charts()) {
      if (!chart.division().empty() ||
          chart.measure() == v1::MEASURE_ON_TIME_RATE) {
        continue;
      }
      const v1::ControlChart::Point& last =
          chart.points(chart.points_size() - 1);
      if (last.signals_size() > 0 && last.value() > chart.center()) ++above;
      EXPECT_THAT(last.signals(), ::testing::Not(::testing::Contains(
                                      v1::ControlChart::RULE_BELOW_LIMITS)))
          << label;
    }
  }
  ::testing::Test::RecordProperty("charts_that_signal_a_rise", above);
  EXPECT_GE(above, 6) << "the charts show no rise";
}

void CheckRise(const std::map<std::string, Month>& months) {
  for (const v1::Measure measure : {kSatisfied, kPassed}) {
    std::vector<v1::Figure::Value> shown;
    for (const auto& [label, month] : months) {
      const v1::Figure& figure = FigureOf(month, measure);
      if (IsShown(figure)) shown.push_back(figure.current());
    }
    EXPECT_LT(shown.front().interval().lower(), 0.5);
    EXPECT_GE(shown.back().value(), kTarget);
    EXPECT_GT(shown.back().interval().lower(),
              shown.front().interval().upper());
    // No month is said to be worse than the one a year before.
    for (std::size_t i = 0; i + 12 < shown.size(); ++i) {
      EXPECT_GE(shown[i + 12].interval().upper(), shown[i].interval().lower());
    }
  }
}

const char* ClaimText(v1::Figure::Claim claim) {
  switch (claim) {
    case v1::Figure::CLAIM_SUPPORTED:
      return "at least 95 %";
    case v1::Figure::CLAIM_NOT_SUPPORTED:
      return "not shown yet";
    default:
      return "below 95 %";
  }
}

void WriteTable(const std::map<std::string, Month>& months,
                const std::string& path) {
  std::ofstream out(path);
  out << "| month | heard | satisfied | interval | true | said | graded | "
         "passed | interval | true | said |\n"
         "|---|--:|--:|--:|--:|---|--:|--:|--:|--:|---|\n";
  for (const auto& [label, month] : months) {
    out << "| " << label;
    for (const v1::Measure measure : {kSatisfied, kPassed}) {
      const v1::Figure& figure = FigureOf(month, measure);
      const v1::Figure::Value& value = figure.current();
      const Tally& truth = measure == kPassed ? month.good : month.satisfied;
      out << " | "
          << (measure == kPassed ? value.denominator() : month.heard.trials);
      out << (IsShown(figure)
                  ? absl::StrFormat(
                        " | %.1f | %.1f–%.1f | %.1f | %s", 100 * value.value(),
                        100 * value.interval().lower(),
                        100 * value.interval().upper(), 100 * RateOf(truth),
                        ClaimText(figure.claim()))
                  : absl::StrFormat(" | | | %.1f | not enough data",
                                    100 * RateOf(truth)));
    }
    out << " |\n";
  }
}

TEST_P(StoryContract, ThreeYearsAreToldAsTheyWere) {
  ASSERT_NO_FATAL_FAILURE(Play());
  months_.erase("2019-08");  // the last week reaches into it
  ASSERT_EQ(months_.size(), 36u);
  if (const char* path = std::getenv("HUIFANG_STORY_TABLE")) {
    WriteTable(months_, path);
  }
  CheckCounts(months_);
  CheckClaims(months_);
  CheckCoverage(months_);
  CheckCharts(months_);
  CheckRise(months_);
  // Nothing got worse in these years. Nobody was told that the court had, and
  // of a division's charts at most one week in a thousand, which is chance.
  AlertStore store(*db_);
  ASSERT_OK_AND_ASSIGN(const std::vector<v1::Alert> alerts,
                       store.List(kCourt, {}, std::nullopt, 1000));
  int false_alarms = 0;
  for (const v1::Alert& alert : alerts) {
    if (alert.rule() == v1::Alert::RULE_FUNNEL) continue;
    EXPECT_NE(alert.division(), "") << alert.summary();
    ++false_alarms;
  }
  RecordProperty("false_alarms", false_alarms);
  EXPECT_LE(false_alarms * 1000, kWeeks * kDivisions * 3);
}

INSTANTIATE_TEST_SUITE_P(Engines, StoryContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::reporting
