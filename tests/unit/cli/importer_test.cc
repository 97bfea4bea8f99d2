#include "clients/cli/import/importer.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace huifang::cli {
namespace {

namespace v1 = ticket::v1;

constexpr char kMapping[] = R"({"fields": {
    "source_id": {"column": "id"}, "content": {"column": "text"},
    "title": {"column": "more"}, "create_time": {"column": "at"},
    "state": {"constant": "OPEN"}}})";

// Remembers the batches and answers as told.
class FakeSink final : public ImportSink {
 public:
  FakeSink(AnswerFn answer, std::vector<v1::ImportTicketsRequest>& batches,
           int batches_max)
      : answer_(std::move(answer)),
        batches_(batches),
        batches_max_(batches_max) {}

  absl::Status Send(v1::ImportTicketsRequest batch) override {
    if (static_cast<int>(batches_.size()) == batches_max_) {
      return absl::UnavailableError("gone");
    }
    v1::ImportTicketsResponse answer;
    answer.set_created_count(batch.rows_size());
    answer_(answer);
    batches_.push_back(std::move(batch));
    return absl::OkStatus();
  }

  absl::Status Finish() override { return absl::OkStatus(); }

 private:
  const AnswerFn answer_;
  std::vector<v1::ImportTicketsRequest>& batches_;
  const int batches_max_;
};

struct Outcome {
  absl::StatusOr<ImportTotals> totals;
  std::vector<v1::ImportTicketsRequest> batches;
  std::vector<Reject> rejects;
};

Outcome Import(std::string rows, int batches_max = 1000) {
  const absl::StatusOr<Mapping> mapping = ParseMapping(kMapping);
  auto reader =
      CsvReader::Open(FromText("id,text,more,at\n" + std::move(rows)), ',');
  Outcome outcome{absl::UnknownError(""), {}, {}};
  outcome.totals = ImportRows(
      **reader, *mapping, "110102",
      [&](AnswerFn answer) -> absl::StatusOr<std::unique_ptr<ImportSink>> {
        return std::make_unique<FakeSink>(std::move(answer), outcome.batches,
                                          batches_max);
      },
      [&](const Reject& reject) { outcome.rejects.push_back(reject); },
      [](const ImportTotals&) {});
  return outcome;
}

std::string Row(int id, std::size_t text_bytes = 5) {
  return absl::StrCat(id, ",", std::string(text_bytes, 'x'),
                      ",t,2019-07-22 09:00:00\n");
}

TEST(ImporterTest, RowsArriveInOrderInBatchesOfTheCourt) {
  std::string rows;
  for (int i = 0; i < 1234; ++i) rows += Row(i);
  const Outcome outcome = Import(rows);
  ASSERT_TRUE(outcome.totals.ok()) << outcome.totals.status();
  EXPECT_EQ(outcome.totals->rows, 1234);
  EXPECT_EQ(outcome.totals->created, 1234);
  EXPECT_GT(outcome.batches.size(), 1u);
  int next = 0;
  for (const v1::ImportTicketsRequest& batch : outcome.batches) {
    EXPECT_EQ(batch.parent(), "courts/110102");
    EXPECT_LE(batch.rows_size(), 1000);
    for (const v1::ImportRow& row : batch.rows()) {
      EXPECT_EQ(row.ticket().source_id(), absl::StrCat(next++));
    }
  }
}

TEST(ImporterTest, NoBatchIsLargerThanTheServiceTakes) {
  std::string rows;
  for (int i = 0; i < 12; ++i) rows += Row(i, 900 << 10);
  const Outcome outcome = Import(rows);
  ASSERT_TRUE(outcome.totals.ok());
  EXPECT_EQ(outcome.totals->created, 12);
  for (const v1::ImportTicketsRequest& batch : outcome.batches) {
    EXPECT_LT(batch.ByteSizeLong(), std::size_t{3} << 20);
  }
}

TEST(ImporterTest, RowOfSeveralHugeCellsIsRefusedAndTheRestLand) {
  const std::string huge(700 << 10, 'x');
  const Outcome outcome = Import(absl::StrCat(
      Row(1), "2,", huge, ",", huge, ",2019-07-22 09:00:00\n", Row(3)));
  ASSERT_TRUE(outcome.totals.ok());
  EXPECT_EQ(outcome.totals->created, 2);
  ASSERT_EQ(outcome.rejects.size(), 1u);
  EXPECT_EQ(outcome.rejects[0].line, 3);
  EXPECT_EQ(outcome.rejects[0].reason, "TOO_LONG");
}

TEST(ImporterTest, LostServiceEndsTheImportWithItsError) {
  std::string rows;
  for (int i = 0; i < 3000; ++i) rows += Row(i);
  const Outcome outcome = Import(rows, /*batches_max=*/1);
  EXPECT_EQ(outcome.totals.status().code(), absl::StatusCode::kUnavailable);
}

TEST(ImporterTest, HeaderOnlyFileIsNoError) {
  const Outcome outcome = Import("");
  ASSERT_TRUE(outcome.totals.ok());
  EXPECT_EQ(outcome.totals->rows, 0);
  EXPECT_TRUE(outcome.batches.empty());
}

}  // namespace
}  // namespace huifang::cli
