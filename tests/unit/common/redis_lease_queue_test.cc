// The queue beside a server that answers what no Redis would; what the queue
// does on a real one is in lease_queue_contract_test.cc.
#include "services/common/redis_lease_queue.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

using ::huifang::testing::StatusIs;

// Says OK to each command of each connection.
class Agreeing {
 public:
  Agreeing() {
    listening_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(listening_, any, size), 0);
    EXPECT_EQ(listen(listening_, 8), 0);
    EXPECT_EQ(getsockname(listening_, any, &size), 0);
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { Accept(); });
  }
  // After its clients have gone.
  ~Agreeing() {
    shutdown(listening_, SHUT_RDWR);
    accepting_.join();
    for (std::thread& one : answering_) one.join();
    close(listening_);
  }
  int port() const { return port_; }

 private:
  void Accept() {
    while (true) {
      const int connection = accept(listening_, nullptr, nullptr);
      if (connection < 0) return;
      answering_.emplace_back([connection] {
        char command[4096];
        while (recv(connection, command, sizeof(command), 0) > 0) {
          send(connection, "+OK\r\n", 5, MSG_NOSIGNAL);
        }
        close(connection);
      });
    }
  }

  int listening_ = -1;
  int port_ = 0;
  std::vector<std::thread> answering_;
  std::thread accepting_;
};

TEST(RedisLeaseQueue, AnswerOfAnotherShapeIsAnError) {
  Agreeing server;
  ASSERT_OK_AND_ASSIGN(
      const std::unique_ptr<redis::Pool> pool,
      redis::Pool::Create(
          {.url = absl::StrCat("redis://127.0.0.1:", server.port())}));
  RedisLeaseQueue queue(*pool, {.name = "q", .prefix = "test"});
  const auto internal = StatusIs(absl::StatusCode::kInternal);
  EXPECT_THAT(queue.Stats().status(), internal);
  EXPECT_THAT(queue.TakeTask("t", absl::Seconds(1)).status(), internal);
  EXPECT_THAT(queue.Take(1, absl::Seconds(1)).status(), internal);
  EXPECT_THAT(queue.Complete({"t", 1, "", 1}), internal);
  EXPECT_THAT(queue.Epoch().status(), internal);
}

}  // namespace
}  // namespace huifang
