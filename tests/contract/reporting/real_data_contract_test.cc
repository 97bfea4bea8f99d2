// The monthly report of real data: rows mapped as an import maps them, scores
// as callbacks would have heard them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <functional>
#include <iostream>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/common/proto_time.h"
#include "services/reporting/comparison_text.h"
#include "services/reporting/facts_store.h"
#include "services/reporting/report_file.h"
#include "services/reporting/report_text.h"
#include "services/reporting/report_writer.h"
#include "services/reporting/statistics_store.h"
#include "tests/contract/reporting/real_rows.h"
#include "tests/contract/reporting/reporting_fixture.h"
#include "tests/support/backends.h"
#include "tests/support/data_dir.h"
#include "tests/support/matchers.h"

namespace huifang::reporting {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Of building and rendering a month.
constexpr double kMaxSeconds = 2;

// What docs/methods/estimates.md quotes.
void PrintGroups(const v1::Report& report) {
  for (const v1::GroupLine& group : report.groups()) {
    for (const v1::Figure& figure : group.figures()) {
      const v1::Figure::Value& value = figure.current();
      const v1::Comparison* c = FindComparison(group, figure.measure());
      if (c == nullptr || !c->has_adjusted_p_value()) continue;
      std::cout << "  " << group.group() << " " << value.value() << " ("
                << value.interval().lower() << " to "
                << value.interval().upper() << ") of " << value.denominator()
                << ", adjusted p " << c->adjusted_p_value() << "\n";
    }
  }
}

class RealData : public ReportingFixture {
 protected:
  // Projects the rows' tickets, closed, and what `then` makes of each.
  void Project(
      std::vector<Row>& rows,
      const std::function<absl::Status(sql::Session&, const Row&)>& then) {
    Apply(DirectoryOf(rows));
    std::int64_t id = 0;
    for (std::size_t from = 0; from < rows.size(); from += 2000) {
      ASSERT_OK(db_->Write(kCourt, [&](sql::Session& session) -> absl::Status {
        for (std::size_t i = from; i < std::min(from + 2000, rows.size());
             ++i) {
          ticket::v1::TicketEvent event;
          event.set_court(kCourt);
          ticket::v1::Ticket& t = rows[i].ticket;
          t.set_name(absl::StrCat(kCourtName, "/tickets/t", ++id));
          t.set_division(rows[i].Division());
          t.set_team(rows[i].Team());
          t.set_handler(rows[i].Handler());
          t.set_state(ticket::v1::Ticket::STATE_CLOSED);
          t.set_version(1);
          *event.mutable_ticket() = t;
          absl::Status status = ApplyTicketEvent(session, event);
          if (status.ok() && then != nullptr) status = then(session, rows[i]);
          if (!status.ok()) return status;
        }
        return absl::OkStatus();
      }));
    }
  }

  // Builds the month's report, of the court or of a division by its full name,
  // within the time it may take. Processor time: the wall would measure what
  // else the machine does.
  v1::Report BuildMonth(const std::string& period,
                        const std::string& division) {
    ReportWriter writer(*db_, clock_, FigurePolicy());
    v1::BuildReportRequest request;
    request.set_parent(kCourtName);
    request.set_period(period);
    request.set_division(division);
    const absl::StatusOr<v1::Report> asked =
        writer.Request(kCourt, "tester", {}, request);
    EXPECT_OK(asked.status());
    if (!asked.ok()) return {};
    const std::string id = asked->name().substr(asked->name().rfind('/') + 1);
    const std::clock_t begin = std::clock();
    EXPECT_OK(writer.Build(kCourt, id));
    ReportStore store(*db_);
    const absl::StatusOr<v1::Report> report = store.Get(kCourt, id);
    EXPECT_OK(report.status());
    const auto file =
        RenderFile(*report, v1::REPORT_FORMAT_HTML, Locale::kChinese);
    const double seconds =
        static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    EXPECT_LT(seconds, kMaxSeconds);
    EXPECT_OK(file.status());
    for (const std::string& text : DifferenceTexts(*report, Locale::kEnglish)) {
      EXPECT_THAT(
          RenderFile(*report, v1::REPORT_FORMAT_HTML, Locale::kEnglish)->bytes,
          HasSubstr(division.empty() ? "Which divisions truly differ"
                                     : "Which teams truly differ"));
      std::cout << "  " << text << "\n";
    }
    PrintGroups(*report);
    std::cout << "  built and rendered in " << seconds
              << " s of processor time\n";
    return *report;
  }
};

// Every contact was scored: a census of the week, a stratum for each manager.
callback::v1::CallbackEvent ScoreOf(const Row& row, std::int64_t population,
                                    const google::protobuf::Timestamp& closed) {
  callback::v1::CallbackEvent event;
  event.set_court(kCourt);
  callback::v1::Callback& call = *event.mutable_callback();
  const std::string id =
      row.ticket.name().substr(row.ticket.name().rfind('/') + 1);
  call.set_name(absl::StrCat(kCourtName, "/callbacks/c", id));
  call.set_ticket(row.ticket.name());
  call.set_draw(absl::StrCat(kCourtName, "/draws/august"));
  call.mutable_stratum()->set_key(Slug(row.division_label));
  call.mutable_stratum()->set_population(population);
  call.set_division(row.ticket.division());
  call.set_team(row.ticket.team());
  *call.mutable_ticket_close_time() = closed;
  call.set_state(callback::v1::Callback::STATE_COMPLETED);
  call.set_disposition(callback::v1::DISPOSITION_COMPLETE);
  int score = 0;
  const bool read = absl::SimpleAtoi(row.cells.at("CSAT Score"), &score);
  call.set_verdict(!read        ? callback::v1::VERDICT_UNSPECIFIED
                   : score >= 5 ? callback::v1::VERDICT_SATISFIED
                   : score == 4 ? callback::v1::VERDICT_MOSTLY_SATISFIED
                                : callback::v1::VERDICT_UNSATISFIED);
  call.set_version(1);
  return event;
}

// Names of the divisions or teams whose satisfaction has the flag.
std::vector<std::string> Flagged(const v1::Report& report,
                                 v1::Comparison::Flag flag) {
  std::vector<std::string> names;
  for (const v1::GroupLine& line : report.groups()) {
    const v1::Comparison* c =
        FindComparison(line, v1::MEASURE_SATISFACTION_RATE);
    if (c != nullptr && c->flag() == flag) names.push_back(line.display_name());
  }
  return names;
}

// A figure of a division's or team's line.
v1::Figure::Value ValueIn(const v1::GroupLine& line, v1::Measure measure) {
  for (const v1::Figure& figure : line.figures()) {
    if (figure.measure() == measure) return figure.current();
  }
  return {};
}

class CustomerScores : public RealData {
 protected:
  static constexpr absl::CivilMonth kAugust = absl::CivilMonth(2023, 8);

  // Agents as handlers, their supervisors' teams, managers as divisions; and
  // what each customer scored as the answer to a callback.
  void Load(const std::string& path) {
    ReadRows("csat", path, "Supervisor", rows_);
    ASSERT_GT(rows_.size(), 8000u);
    std::map<std::string, std::int64_t> populations;
    for (const Row& row : rows_) ++populations[row.division_label];
    // Twice as many were in the frame as answered: a sample of half.
    Project(rows_, [&](sql::Session& session, const Row& row) {
      return ApplyCallbackEvent(
          session, ScoreOf(row, 2 * populations[row.division_label],
                           row.ticket.close_time()));
    });
    clock_.SetCourtTime(absl::CivilSecond(2023, 9, 4, 9));
  }

  // Of six managers between 80 and 85 %, one differs beyond chance.
  void ExpectOneManagerDiffers() {
    const v1::Report report = BuildMonth("2023-08", "");
    EXPECT_EQ(report.groups_size(), 6);
    EXPECT_THAT(Flagged(report, v1::Comparison::FLAG_LOW), IsEmpty());
    EXPECT_THAT(Flagged(report, v1::Comparison::FLAG_HIGH),
                ElementsAre("Emily Chen"));
  }

  // The teams of a manager's own report are those of the file, and add up.
  void ExpectTeamsOf(const std::string& division, const v1::Report& report) {
    std::map<std::string, Counted> teams =
        CountBy(rows_, kAugust, [&](const Row& row) {
          return row.Division() == division ? row.Team() : "";
        });
    teams.erase("");
    ASSERT_EQ(report.groups_size(), static_cast<int>(teams.size()));
    for (const v1::GroupLine& line : report.groups()) {
      const Counted& team = teams[line.group()];
      EXPECT_EQ(ValueIn(line, v1::MEASURE_TICKETS_CLOSED).value(),
                static_cast<double>(team.closed))
          << line.group();
      const v1::Figure::Value satisfied =
          ValueIn(line, v1::MEASURE_SATISFACTION_RATE);
      // Teams of a few are not told about.
      if (satisfied.state() != v1::Figure::STATE_OK) continue;
      EXPECT_EQ(satisfied.numerator(), team.satisfied) << line.group();
    }
  }

  // What lies behind managers that hardly differ: two of them have teams that
  // do.
  void ExpectTeamsDiffer() {
    std::set<std::string> low;
    std::set<std::string> high;
    for (const auto& [division, whole] :
         CountBy(rows_, kAugust, std::mem_fn(&Row::Division))) {
      const v1::Report report = BuildMonth("2023-08", division);
      EXPECT_EQ(
          FindFigure(report, v1::MEASURE_TICKETS_CLOSED)->current().value(),
          static_cast<double>(whole.closed));
      ExpectTeamsOf(division, report);
      for (const std::string& team :
           Flagged(report, v1::Comparison::FLAG_LOW)) {
        low.insert(absl::StrCat(report.division_display_name(), "/", team));
      }
      for (const std::string& team :
           Flagged(report, v1::Comparison::FLAG_HIGH)) {
        high.insert(absl::StrCat(report.division_display_name(), "/", team));
      }
    }
    EXPECT_THAT(low,
                ElementsAre("John Smith/Emma Park", "John Smith/Oliver Nguyen",
                            "John Smith/Zoe Yamamoto"));
    EXPECT_THAT(
        high, ElementsAre("John Smith/William Park", "Michael Lee/Ethan Tan"));
  }

  // Every agent's tickets count, in the agent's team.
  void ExpectAgents() {
    v1::QueryStatisticsRequest request;
    request.set_parent(kCourtName);
    request.set_start_day("2023-08-01");
    request.set_end_day("2023-08-31");
    request.add_group_by(v1::QueryStatisticsRequest::DIMENSION_TEAM);
    request.add_group_by(v1::QueryStatisticsRequest::DIMENSION_HANDLER);
    StatisticsStore store(*db_);
    ASSERT_OK_AND_ASSIGN(const StatisticsFacts facts,
                         store.Query(kCourt, request));
    std::map<std::string, Counted> agents =
        CountBy(rows_, kAugust, [](const Row& row) {
          return absl::StrCat(row.Team(), " ", row.Handler());
        });
    EXPECT_GT(agents.size(), 1000u);
    ASSERT_EQ(facts.groups.size(), agents.size());
    for (const auto& [key, group] : facts.groups) {
      EXPECT_EQ(group.tickets.closed, agents[absl::StrJoin(key, " ")].closed)
          << key[1];
    }
  }

  std::vector<Row> rows_;
};

// One test, because loading the file takes longer than all that is asked of it.
TEST_P(CustomerScores, TellWhichManagersAndTeamsTrulyDiffer) {
  HUIFANG_DATA_OR_SKIP(path, "csat.csv");
  ASSERT_NO_FATAL_FAILURE(Load(path));
  ExpectOneManagerDiffers();
  ExpectTeamsDiffer();
  ExpectAgents();
}

TEST_P(RealData, CityRequestsTellWhichDepartmentsAreLate) {
  HUIFANG_DATA_OR_SKIP(path, "city311_2017.csv");
  std::vector<Row> rows;
  ReadRows("city311", path, "queue", rows);
  ASSERT_GT(rows.size(), 3000u);
  Project(rows, nullptr);
  clock_.SetCourtTime(absl::CivilSecond(2018, 9, 4, 9));
  const v1::Report report = BuildMonth("2017-08", "");
  // Parks are late with more than half; public works hardly ever are.
  for (const v1::GroupLine& group : report.groups()) {
    const v1::Comparison* c = FindComparison(group, v1::MEASURE_ON_TIME_RATE);
    ASSERT_NE(c, nullptr);
    const bool low = c->flag() == v1::Comparison::FLAG_LOW;
    const bool high = c->flag() == v1::Comparison::FLAG_HIGH;
    EXPECT_EQ(low, absl::EndsWith(group.group(), "/park")) << group.group();
    EXPECT_EQ(high, absl::EndsWith(group.group(), "/pwdx")) << group.group();
  }
  // Queues are a department's teams.
  const auto queues =
      CountBy(rows, absl::CivilMonth(2017, 8), std::mem_fn(&Row::Team));
  const v1::Report works =
      BuildMonth("2017-08", absl::StrCat(kCourtName, "/divisions/pwdx"));
  EXPECT_GT(works.groups_size(), 5);
  for (const v1::GroupLine& line : works.groups()) {
    const auto queue = queues.find(line.group());
    ASSERT_NE(queue, queues.end()) << line.group();
    EXPECT_EQ(ValueIn(line, v1::MEASURE_TICKETS_CLOSED).value(),
              static_cast<double>(queue->second.closed));
    EXPECT_EQ(ValueIn(line, v1::MEASURE_ON_TIME_RATE).numerator(),
              queue->second.on_time)
        << line.group();
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, CustomerScores,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });
INSTANTIATE_TEST_SUITE_P(Engines, RealData,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::reporting
