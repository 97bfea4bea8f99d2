#include "services/reporting/validate.h"

#include <gtest/gtest.h>

namespace huifang::reporting {
namespace {

v1::BuildReportRequest Build() {
  v1::BuildReportRequest request;
  request.set_parent("courts/110102");
  request.set_period("2019-W30");
  return request;
}

TEST(ValidateTest, GoodBuildPasses) { EXPECT_TRUE(Validate(Build()).ok()); }

TEST(ValidateTest, BadPeriodIsNamed) {
  v1::BuildReportRequest request = Build();
  request.set_period("2019-W54");
  const absl::Status status = Validate(request);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
}

TEST(ValidateTest, DivisionOfAnotherCourtIsRefused) {
  v1::BuildReportRequest request = Build();
  request.set_division("courts/110101/divisions/civil-1");
  EXPECT_FALSE(Validate(request).ok());
  request.set_division("courts/110102/divisions/civil-1");
  EXPECT_TRUE(Validate(request).ok());
}

TEST(ValidateTest, RequestIdMustBeAUuid) {
  v1::BuildReportRequest request = Build();
  request.set_request_id("again");
  EXPECT_FALSE(Validate(request).ok());
}

TEST(ValidateTest, OnlyWordsAreInTheMask) {
  v1::UpdateReportRequest request;
  request.mutable_report()->set_name("courts/110102/reports/r");
  request.mutable_update_mask()->add_paths("figures");
  EXPECT_FALSE(Validate(request).ok());
}

TEST(ValidateTest, StatisticsSpanAtMostAYear) {
  v1::QueryStatisticsRequest request;
  request.set_parent("courts/110102");
  request.set_start_day("2019-01-01");
  request.set_end_day("2019-12-31");
  EXPECT_TRUE(Validate(request).ok());
  request.set_end_day("2020-01-02");
  EXPECT_FALSE(Validate(request).ok());
  request.set_end_day("2018-12-31");
  EXPECT_FALSE(Validate(request).ok());
}

// Each row has a figure for each: four million would fit into a request.
TEST(ValidateTest, StatisticsHaveEachMeasureOnce) {
  v1::QueryStatisticsRequest request;
  request.set_parent("courts/110102");
  request.set_start_day("2019-01-01");
  request.set_end_day("2019-12-31");
  request.add_measures(v1::MEASURE_PASS_RATE);
  EXPECT_TRUE(Validate(request).ok());
  request.add_measures(static_cast<v1::Measure>(4711));
  EXPECT_FALSE(Validate(request).ok());
  request.clear_measures();
  for (int i = 0; i < 1000; ++i) request.add_measures(v1::MEASURE_PASS_RATE);
  EXPECT_FALSE(Validate(request).ok());
}

}  // namespace
}  // namespace huifang::reporting
