// Redis servers that a test looks into, kills and starts again.
#ifndef HUIFANG_TESTS_SUPPORT_REDIS_SERVER_H_
#define HUIFANG_TESTS_SUPPORT_REDIS_SERVER_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/common/redis_node.h"

namespace huifang::testing {

// A server that has its settings in a file: one of servers.sh, or a private
// one. Not thread safe.
class RedisServer {
 public:
  // One that runs.
  explicit RedisServer(redis::Endpoint endpoint);
  // Starts one on a socket, with these lines in its settings. It is killed when
  // the object goes.
  static std::unique_ptr<RedisServer> Private(const std::string& settings);
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  const redis::Endpoint& endpoint() const { return endpoint_; }
  std::string url() const;

  // Error replies are errors here.
  absl::StatusOr<redis::Reply> Run(const std::vector<std::string>& args);
  // The reply as text; empty if there is none.
  std::string Ask(const std::vector<std::string>& args);
  // One field of INFO; empty if it cannot be had.
  std::string Info(const std::string& section, absl::string_view field);

  void Kill();   // as kill -9 does
  void Start();  // again, from what it has on disk
  void Suspend();
  void Resume();

 private:
  // Learns its process and its settings file while it can still be asked.
  void LookUp();

  const redis::Endpoint endpoint_;
  std::unique_ptr<redis::Node> node_;
  bool private_ = false;
  pid_t pid_ = 0;
  std::string settings_file_;
};

// A TCP port nobody listens on right now.
int FreePort();

// Whether `yes` says so within the time; for what other processes do.
bool Eventually(absl::FunctionRef<bool()> yes,
                absl::Duration within = absl::Seconds(30));

}  // namespace huifang::testing

#endif  // HUIFANG_TESTS_SUPPORT_REDIS_SERVER_H_
