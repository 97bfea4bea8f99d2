// The shipped mappings on the real exports, judged by the server's own rules
// but without a server.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/import/csv_reader.h"
#include "clients/cli/import/directory_file.h"
#include "clients/cli/import/importer.h"
#include "services/common/proto_time.h"
#include "services/ticket/deadline_rules.h"
#include "services/ticket/import_rules.h"
#include "tests/support/data_dir.h"
#include "tests/support/source_dir.h"

namespace huifang::cli {
namespace {

namespace v1 = ticket::v1;

// A fixed now, so that the verdicts of open rows do not change.
const absl::Time kNow = absl::FromUnixSeconds(1767225600);

std::string Slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string TestData(const std::string& path) {
  return Slurp(absl::StrCat(HUIFANG_SOURCE_DIR, "/tests/data/", path));
}

// Keeps what a server would keep, by the same rules.
class RulesSink final : public ImportSink {
 public:
  RulesSink(AnswerFn answer, std::vector<v1::Ticket>& kept)
      : answer_(std::move(answer)), kept_(kept) {
    const auto directory =
        ParseDirectory(TestData("directories/court_110102.json"), "110102");
    for (const v1::Division& division : directory.value().divisions()) {
      labels_.insert(division.display_name());
      labels_.insert(std::string(ResourceId(division.name())));
      labels_.insert(division.aliases().begin(), division.aliases().end());
    }
  }

  absl::Status Send(v1::ImportTicketsRequest batch) override {
    v1::ImportTicketsResponse answer;
    for (v1::ImportRow& row : *batch.mutable_rows()) {
      std::optional<ticket::RowProblem> problem =
          ticket::CheckImportRow(kNow, row);
      if (!problem.has_value() && !row.division_label().empty() &&
          !labels_.contains(row.division_label())) {
        problem = ticket::RowProblem{"division_label", "UNKNOWN_DIVISION",
                                     row.division_label()};
      }
      if (problem.has_value()) {
        v1::ImportRowResult& result = *answer.add_results();
        result.set_line(row.line());
        result.set_field(problem->field);
        result.set_reason(problem->reason);
        result.set_message(problem->message);
        answer.set_rejected_count(answer.rejected_count() + 1);
        continue;
      }
      answer.set_created_count(answer.created_count() + 1);
      kept_.push_back(row.ticket());
    }
    answer_(answer);
    return absl::OkStatus();
  }

  absl::Status Finish() override { return absl::OkStatus(); }

 private:
  const AnswerFn answer_;
  std::vector<v1::Ticket>& kept_;
  std::set<std::string> labels_;
};

struct Imported {
  ImportTotals totals;
  std::vector<Reject> rejects;
  std::vector<v1::Ticket> kept;
};

Imported Import(const std::string& mapping_file, const std::string& path) {
  Imported imported;
  const absl::StatusOr<Mapping> mapping =
      ParseMapping(TestData(absl::StrCat("mappings/", mapping_file, ".json")));
  EXPECT_TRUE(mapping.ok()) << mapping.status();
  auto source = OpenFile(path, "");
  auto reader = CsvReader::Open(*std::move(source), mapping->delimiter);
  EXPECT_TRUE(reader.ok()) << reader.status();
  const absl::StatusOr<ImportTotals> totals = ImportRows(
      **reader, *mapping, "110102",
      [&](AnswerFn answer) -> absl::StatusOr<std::unique_ptr<ImportSink>> {
        return std::make_unique<RulesSink>(std::move(answer), imported.kept);
      },
      [&](const Reject& reject) { imported.rejects.push_back(reject); },
      [](const ImportTotals&) {});
  EXPECT_TRUE(totals.ok()) << totals.status();
  imported.totals = *totals;
  for (const Reject& reject : imported.rejects) {
    EXPECT_GT(reject.line, 1);
    EXPECT_FALSE(reject.reason.empty());
  }
  return imported;
}

TEST(RealFiles, EveryGovernmentReplyImports) {
  HUIFANG_DATA_OR_SKIP(path, "gov_replies.csv");
  for (const char* mapping : {"gov_replies", "gov_replies_spread"}) {
    const Imported imported = Import(mapping, path);
    EXPECT_EQ(imported.totals.rows, 1444);
    EXPECT_EQ(imported.totals.created, 1444);
    EXPECT_TRUE(imported.rejects.empty());
    for (const v1::Ticket& ticket : imported.kept) {
      ASSERT_EQ(ticket.state(), v1::Ticket::STATE_CLOSED);
      ASSERT_EQ(ticket.replies_size(), 1) << ticket.source_id();
    }
  }
}

TEST(RealFiles, EveryHotlineOrderImports) {
  HUIFANG_DATA_OR_SKIP(path, "hotline_orders.csv");
  const Imported imported = Import("hotline_orders", path);
  EXPECT_EQ(imported.totals.rows, 729);
  EXPECT_EQ(imported.totals.created, 729);
}

TEST(RealFiles, EveryLegalConsultationImportsWithIdsOfItsOwn) {
  HUIFANG_DATA_OR_SKIP(path, "legal_consult_500.csv");
  const Imported imported = Import("legal_consult", path);
  EXPECT_EQ(imported.totals.created, 500);
  std::set<std::string> ids;
  for (const v1::Ticket& ticket : imported.kept) {
    ids.insert(ticket.source_id());
  }
  EXPECT_EQ(ids.size(), 500u);
}

struct CityYear {
  const char* year;
  int rows;
  int rejected;
};

class City311 : public ::testing::TestWithParam<CityYear> {};

std::map<std::string, std::string> OnTimeColumn(const std::string& path) {
  std::map<std::string, std::string> verdicts;
  auto source = OpenFile(path, "");
  auto reader = CsvReader::Open(*std::move(source), ',');
  CsvRow row;
  while (true) {
    const absl::StatusOr<bool> found = (*reader)->Next(row);
    if (!found.ok() || !*found) return verdicts;
    verdicts[row.cells[0]] = row.cells[4];
  }
}

TEST_P(City311, ImportsAndAgreesWithTheCitysOwnVerdict) {
  const std::string name = absl::StrCat("city311_", GetParam().year, ".csv");
  HUIFANG_DATA_OR_SKIP(path, name);
  const Imported imported = Import("city311", path);
  EXPECT_EQ(imported.totals.rows, GetParam().rows);
  EXPECT_EQ(imported.totals.rejected, GetParam().rejected);
  for (const Reject& reject : imported.rejects) {
    EXPECT_EQ(reject.reason, "CLOSED_BEFORE_CREATED");
    EXPECT_EQ(reject.column, "closed_dt");
  }
  const std::map<std::string, std::string> oracle = OnTimeColumn(path);
  int judged = 0;
  for (const v1::Ticket& ticket : imported.kept) {
    if (ticket.state() != v1::Ticket::STATE_CLOSED) continue;
    ASSERT_EQ(ticket::IsOverdue(ticket, kNow),
              oracle.at(ticket.source_id()) == "OVERDUE")
        << ticket.source_id();
    ++judged;
  }
  EXPECT_GT(judged, GetParam().rows / 4);
}

INSTANTIATE_TEST_SUITE_P(
    Years, City311,
    ::testing::Values(CityYear{"2013", 3095, 0}, CityYear{"2015", 6221, 3},
                      CityYear{"2017", 7760, 2}, CityYear{"2019", 8928, 0}),
    [](const auto& info) { return std::string(info.param.year); });

}  // namespace
}  // namespace huifang::cli
