// Redis over hiredis: a bounded pool, scripts by digest, faults mapped once.
#ifndef HUIFANG_SERVICES_COMMON_REDIS_H_
#define HUIFANG_SERVICES_COMMON_REDIS_H_

#include <hiredis/hiredis.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace huifang::redis {

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

struct FreeContext {
  void operator()(redisContext* context) const { redisFree(context); }
};
using Context = std::unique_ptr<redisContext, FreeContext>;

// A Lua script, known to Redis by its digest.
class Script {
 public:
  explicit Script(absl::string_view text);
  const std::string& text() const { return text_; }
  const std::string& sha() const { return sha_; }

 private:
  std::string text_;
  std::string sha_;
};

struct Options {
  // redis://[:password@]host:port[/db] or unix:/path
  std::string url = "redis://127.0.0.1:6379";
  int connections = 16;
  absl::Duration connect_timeout = absl::Seconds(1);
  // A blocking command waits at most half of this on the server.
  absl::Duration call_timeout = absl::Seconds(3);
};

// Connections, opened when needed and dropped when they fail. Thread safe: a
// call waits for a free connection, at most call_timeout.
//
// Connection faults and LOADING, READONLY, CLUSTERDOWN, MASTERDOWN are
// UNAVAILABLE and drop the connection; OOM is RESOURCE_EXHAUSTED; a missing
// script is loaded and run again; other error replies are INTERNAL.
class Pool {
 public:
  // INVALID_ARGUMENT for a bad URL. Does not connect yet: a service starts
  // while Redis is down.
  static absl::StatusOr<std::unique_ptr<Pool>> Create(const Options& options);

  absl::StatusOr<Reply> Run(const std::vector<std::string>& args);
  absl::StatusOr<Reply> Eval(const Script& script,
                             const std::vector<std::string>& keys,
                             const std::vector<std::string>& args);

  // FAILED_PRECONDITION if Redis may evict keys: queues would lose tasks.
  absl::Status CheckNoEviction();

 private:
  explicit Pool(Options options) : options_(std::move(options)) {}
  absl::StatusOr<Context> Acquire();
  absl::StatusOr<Context> Connect() const;
  void Release(Context context);

  const Options options_;
  absl::Mutex mutex_;
  std::vector<Context> idle_ ABSL_GUARDED_BY(mutex_);
  int open_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace huifang::redis

#endif  // HUIFANG_SERVICES_COMMON_REDIS_H_
