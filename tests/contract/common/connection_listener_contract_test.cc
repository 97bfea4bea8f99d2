#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "huifang/common/v1/queue_service.grpc.pb.h"
#include "services/common/connection_listener.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

using ::huifang::testing::HasReason;

class EmptyQueues final : public common::v1::QueueService::CallbackService {
  grpc::ServerUnaryReactor* ListQueues(
      grpc::CallbackServerContext* context,
      const common::v1::ListQueuesRequest*,
      common::v1::ListQueuesResponse*) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

class ListenerTest : public ::testing::Test {
 protected:
  absl::Status Serve(const std::string& address, int max_connections) {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    auto listener =
        ConnectionListener::Create(address, max_connections, metrics_, builder);
    if (!listener.ok()) return listener.status();
    listener_ = *std::move(listener);
    server_ = builder.BuildAndStart();
    listener_->Start();
    return absl::OkStatus();
  }
  ~ListenerTest() override {
    if (listener_ != nullptr) listener_->Stop();
    if (server_ != nullptr) {
      server_->Shutdown(absl::ToChronoTime(absl::Now() + absl::Seconds(1)));
    }
  }

  grpc::StatusCode Call(const std::string& address) {
    auto stub = common::v1::QueueService::NewStub(
        grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
    common::v1::ListQueuesResponse response;
    return stub->ListQueues(&context, {}, &response).error_code();
  }
  std::string Address() {
    return absl::StrCat("127.0.0.1:", listener_->port());
  }

  // Whether the server says hello on a new connection, kept in `sockets`.
  bool Connects(std::vector<int>& sockets) {
    sockets.push_back(socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(listener_->port()));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const std::string hello = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    char byte = 0;
    return connect(sockets.back(), reinterpret_cast<sockaddr*>(&to),
                   sizeof(to)) == 0 &&
           send(sockets.back(), hello.data(), hello.size(), MSG_NOSIGNAL) > 0 &&
           recv(sockets.back(), &byte, 1, 0) == 1;
  }

  Metrics metrics_;
  EmptyQueues service_;
  std::unique_ptr<ConnectionListener> listener_;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(ListenerTest, CallsComeThroughAPort) {
  ASSERT_OK(Serve("127.0.0.1:0", 10));
  EXPECT_EQ(Call(Address()), grpc::StatusCode::OK);
}

TEST_F(ListenerTest, CallsComeThroughAUnixSocket) {
  const std::string address =
      absl::StrCat("unix:", ::testing::TempDir(), "/listener_", getpid());
  ASSERT_OK(Serve(address, 10));
  EXPECT_EQ(Call(address), grpc::StatusCode::OK);
}

TEST_F(ListenerTest, NobodyConnectsOnceItHasStopped) {
  ASSERT_OK(Serve("127.0.0.1:0", 10));
  listener_->Stop();
  std::vector<int> sockets;
  EXPECT_FALSE(Connects(sockets));
  EXPECT_EQ(errno, ECONNREFUSED);
  close(sockets.back());
}

TEST_F(ListenerTest, FileThatIsNoSocketIsLeftAlone) {
  const std::string path =
      absl::StrCat(::testing::TempDir(), "/listener_file_", getpid());
  std::ofstream(path) << "somebody's data";
  EXPECT_THAT(Serve(absl::StrCat("unix:", path), 10), HasReason("LISTEN"));
  std::string kept;
  std::getline(std::ifstream(path) >> std::ws, kept);
  EXPECT_EQ(kept, "somebody's data");
}

TEST_F(ListenerTest, ATakenPortIsRefused) {
  ASSERT_OK(Serve("127.0.0.1:0", 10));
  grpc::ServerBuilder other;
  EXPECT_THAT(
      ConnectionListener::Create(Address(), 10, metrics_, other).status(),
      HasReason("LISTEN"));
}

// The descriptors of both ends are this process's, so half of the bound.
TEST_F(ListenerTest, ConnectionsBeyondTheBoundAreClosedUntilOthersLeave) {
  ASSERT_OK(ReserveDescriptors(1000));
  ASSERT_OK(Serve("127.0.0.1:0", 10));
  std::vector<int> sockets;
  while (sockets.size() < 1000 && Connects(sockets)) {
  }
  EXPECT_LT(sockets.size(), 300u);
  EXPECT_GT(sockets.size(), 200u);
  for (const int socket : sockets) close(socket);
  EXPECT_EQ(Call(Address()), grpc::StatusCode::OK);
}

// gRPC's own listener never listens again after this.
TEST_F(ListenerTest, WithoutDescriptorsItWaitsAndThenGoesOn) {
  ASSERT_OK(ReserveDescriptors(100));
  ASSERT_OK(Serve("127.0.0.1:0", 100'000));
  rlimit all{};
  getrlimit(RLIMIT_NOFILE, &all);
  std::vector<int> sockets;
  ASSERT_TRUE(Connects(sockets));
  // The next free number is past the limit: accept finds none.
  sockets.push_back(socket(AF_INET, SOCK_STREAM, 0));
  rlimit none = all;
  none.rlim_cur = static_cast<rlim_t>(sockets.back() + 1);
  setrlimit(RLIMIT_NOFILE, &none);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(listener_->port()));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(
      connect(sockets.back(), reinterpret_cast<sockaddr*>(&to), sizeof(to)), 0);
  timeval short_time{0, 300'000};
  setsockopt(sockets.back(), SOL_SOCKET, SO_RCVTIMEO, &short_time,
             sizeof(short_time));
  char byte = 0;
  EXPECT_LT(recv(sockets.back(), &byte, 1, 0), 0);
  setrlimit(RLIMIT_NOFILE, &all);
  EXPECT_EQ(Call(Address()), grpc::StatusCode::OK);
  for (const int socket : sockets) close(socket);
}

TEST(ReserveDescriptors, MoreConnectionsThanTheSystemLetsUsAreRefused) {
  EXPECT_THAT(ReserveDescriptors(1'000'000'000),
              HasReason("TOO_FEW_DESCRIPTORS"));
}

}  // namespace
}  // namespace huifang
