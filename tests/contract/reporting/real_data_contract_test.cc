// The monthly report of real data: rows mapped as an import maps them, scores
// as callbacks would have heard them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <functional>
#include <iostream>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/cli.h"
#include "clients/cli/import/byte_source.h"
#include "clients/cli/import/csv_reader.h"
#include "clients/cli/import/mapping.h"
#include "clients/cli/import/row_mapper.h"
#include "services/common/proto_time.h"
#include "services/reporting/comparison_text.h"
#include "services/reporting/facts_store.h"
#include "services/reporting/report_file.h"
#include "services/reporting/report_writer.h"
#include "tests/contract/reporting/reporting_fixture.h"
#include "tests/support/backends.h"
#include "tests/support/data_dir.h"
#include "tests/support/matchers.h"

namespace huifang::reporting {
namespace {

using ::testing::HasSubstr;

constexpr char kCourtName[] = "courts/110102";

// "William Kim" as an id.
std::string Slug(const std::string& text) {
  std::string slug = absl::AsciiStrToLower(text);
  for (char& c : slug) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c))) c = '-';
  }
  return slug.substr(0, 60);
}

struct Row {
  ticket::v1::Ticket ticket;
  std::string division_label;
  std::map<std::string, std::string> cells;
};

// What docs/methods/estimates.md quotes.
void PrintDivisions(const v1::Report& report) {
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
  // Rows of the file that its mapping takes and that closed.
  void Read(const std::string& mapping_name, const std::string& path,
            std::vector<Row>& rows) {
    ASSERT_OK_AND_ASSIGN(
        const std::string json,
        cli::ReadFile(absl::StrCat(HUIFANG_SOURCE_DIR "/tests/data/mappings/",
                                   mapping_name, ".json")));
    ASSERT_OK_AND_ASSIGN(const cli::Mapping mapping, cli::ParseMapping(json));
    ASSERT_OK_AND_ASSIGN(auto source, cli::OpenFile(path, mapping.encoding));
    ASSERT_OK_AND_ASSIGN(
        const auto reader,
        cli::CsvReader::Open(std::move(source), mapping.delimiter));
    ASSERT_OK(cli::CheckHeader(mapping, reader->header()));
    const cli::RowMapper mapper(mapping, reader->header());
    cli::CsvRow cells;
    while (reader->Next(cells).value_or(false)) {
      ticket::v1::ImportRow mapped;
      if (mapper.Map(cells, mapped).has_value()) continue;
      if (!mapped.ticket().has_close_time()) continue;
      Row& row = rows.emplace_back();
      row.ticket = mapped.ticket();
      row.division_label = mapped.division_label();
      for (std::size_t i = 0; i < cells.cells.size(); ++i) {
        row.cells[reader->header()[i]] = cells.cells[i];
      }
    }
  }

  // Projects the rows' tickets, closed, and what `then` makes of each.
  void Project(
      std::vector<Row>& rows,
      const std::function<absl::Status(sql::Session&, const Row&)>& then) {
    std::int64_t id = 0;
    for (std::size_t from = 0; from < rows.size(); from += 2000) {
      ASSERT_OK(db_->Write(kCourt, [&](sql::Session& session) -> absl::Status {
        for (std::size_t i = from; i < std::min(from + 2000, rows.size());
             ++i) {
          ticket::v1::TicketEvent event;
          event.set_court(kCourt);
          ticket::v1::Ticket& t = rows[i].ticket;
          t.set_name(absl::StrCat(kCourtName, "/tickets/t", ++id));
          t.set_division(absl::StrCat(kCourtName, "/divisions/",
                                      Slug(rows[i].division_label)));
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

  // Builds the month's report and says how much processor time it took:
  // the wall would measure what else the machine does.
  v1::Report BuildMonth(const std::string& period, double& seconds) {
    ReportWriter writer(*db_, clock_, FigurePolicy());
    v1::BuildReportRequest request;
    request.set_parent(kCourtName);
    request.set_period(period);
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
    seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    EXPECT_OK(file.status());
    for (const std::string& text : DifferenceTexts(*report, Locale::kEnglish)) {
      EXPECT_THAT(
          RenderFile(*report, v1::REPORT_FORMAT_HTML, Locale::kEnglish)->bytes,
          HasSubstr("Which divisions truly differ"));
      std::cout << "  " << text << "\n";
    }
    PrintDivisions(*report);
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

TEST_P(RealData, CustomerScoresTellWhichManagersTrulyDiffer) {
  HUIFANG_DATA_OR_SKIP(path, "csat.csv");
  std::vector<Row> rows;
  Read("csat", path, rows);
  ASSERT_GT(rows.size(), 8000u);
  std::map<std::string, std::int64_t> populations;
  for (const Row& row : rows) ++populations[row.division_label];
  // Twice as many were in the frame as answered: a sample of half.
  Project(rows, [&](sql::Session& session, const Row& row) {
    return ApplyCallbackEvent(session,
                              ScoreOf(row, 2 * populations[row.division_label],
                                      row.ticket.close_time()));
  });
  clock_.SetCourtTime(absl::CivilSecond(2023, 9, 4, 9));
  double seconds = 0;
  const v1::Report report = BuildMonth("2023-08", seconds);
  EXPECT_LT(seconds, 2);
  EXPECT_EQ(report.groups_size(), 6);
  for (const v1::GroupLine& group : report.groups()) {
    const v1::Comparison* c =
        FindComparison(group, v1::MEASURE_SATISFACTION_RATE);
    ASSERT_NE(c, nullptr);
    // Of six managers between 80 and 85 %, one differs beyond chance.
    EXPECT_EQ(c->flag(), absl::EndsWith(group.group(), "emily-chen")
                             ? v1::Comparison::FLAG_HIGH
                             : v1::Comparison::FLAG_USUAL)
        << group.group();
  }
}

TEST_P(RealData, CityRequestsTellWhichDepartmentsAreLate) {
  HUIFANG_DATA_OR_SKIP(path, "city311_2017.csv");
  std::vector<Row> rows;
  Read("city311", path, rows);
  ASSERT_GT(rows.size(), 3000u);
  Project(rows, nullptr);
  clock_.SetCourtTime(absl::CivilSecond(2018, 9, 4, 9));
  double seconds = 0;
  const v1::Report report = BuildMonth("2017-08", seconds);
  EXPECT_LT(seconds, 2);
  // Parks are late with more than half; public works hardly ever are.
  for (const v1::GroupLine& group : report.groups()) {
    const v1::Comparison* c = FindComparison(group, v1::MEASURE_ON_TIME_RATE);
    ASSERT_NE(c, nullptr);
    const bool low = c->flag() == v1::Comparison::FLAG_LOW;
    const bool high = c->flag() == v1::Comparison::FLAG_HIGH;
    EXPECT_EQ(low, absl::EndsWith(group.group(), "/park")) << group.group();
    EXPECT_EQ(high, absl::EndsWith(group.group(), "/pwdx")) << group.group();
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, RealData,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::reporting
