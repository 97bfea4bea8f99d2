#include "clients/cli/errors.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "services/common/error.h"
#include "services/common/rpc.h"

namespace huifang::cli {
namespace {

// An error as it arrives: over the wire and back.
absl::Status Received(const absl::Status& status) {
  return FromGrpc(rpc::ToGrpcStatus(status, "ticket"));
}

TEST(ErrorsTest, ReasonFieldsAndNextStepAreShown) {
  FieldErrors errors;
  errors.Add("ticket.title", "must have 1 to 200 characters");
  const std::string text = DescribeError(Received(errors.ToStatus()));
  EXPECT_TRUE(absl::StrContains(text, "ticket.title: must have")) << text;
  const std::string wrong_state =
      DescribeError(Received(MakeError(absl::StatusCode::kFailedPrecondition,
                                       "WRONG_STATE", "cannot close it")));
  EXPECT_TRUE(absl::StrContains(wrong_state, "(WRONG_STATE)")) << wrong_state;
  const std::string down = DescribeError(
      FromGrpc(grpc::Status(grpc::StatusCode::UNAVAILABLE, "connect failed")));
  EXPECT_TRUE(absl::StrContains(down, "next: is the service running")) << down;
}

TEST(ErrorsTest, BusyServiceSaysWhenToRepeat) {
  const absl::Status busy =
      Received(BusyError("BUSY", "too many calls", absl::Seconds(2)));
  EXPECT_TRUE(absl::StrContains(DescribeError(busy), "retry after: 2"))
      << DescribeError(busy);
  EXPECT_EQ(ExitCodeOf(busy), kUnavailable);
}

TEST(ErrorsTest, ExitCodes) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), kOk);
  EXPECT_EQ(ExitCodeOf(absl::NotFoundError("")), kFailed);
  EXPECT_EQ(ExitCodeOf(absl::InvalidArgumentError("")), kUsage);
  EXPECT_EQ(ExitCodeOf(absl::UnavailableError("")), kUnavailable);
  EXPECT_EQ(ExitCodeOf(PartialError("3 rows")), kPartial);
}

}  // namespace
}  // namespace huifang::cli
