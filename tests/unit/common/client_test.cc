#include "services/common/client.h"

#include <gtest/gtest.h>

namespace huifang {
namespace {

// Else a storage of the peer that hangs for a minute would bury the tasks.
TEST(FromPeerTest, PeerThatDoesNotAnswerInTimeIsAway) {
  EXPECT_TRUE(absl::IsUnavailable(
      FromPeer({grpc::StatusCode::DEADLINE_EXCEEDED, "Deadline Exceeded"})));
  EXPECT_TRUE(
      absl::IsUnavailable(FromPeer({grpc::StatusCode::UNAVAILABLE, ""})));
  EXPECT_TRUE(absl::IsNotFound(FromPeer({grpc::StatusCode::NOT_FOUND, ""})));
  EXPECT_TRUE(FromPeer(grpc::Status::OK).ok());
}

}  // namespace
}  // namespace huifang
