// One Redis server: a bounded pool of connections to it.
#ifndef HUIFANG_SERVICES_COMMON_REDIS_NODE_H_
#define HUIFANG_SERVICES_COMMON_REDIS_NODE_H_

#include <hiredis/hiredis.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/common/redis_url.h"

namespace huifang::redis {

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

struct FreeContext {
  void operator()(redisContext* context) const { redisFree(context); }
};
using Context = std::unique_ptr<redisContext, FreeContext>;

// UNAVAILABLE, REDIS_UNREACHABLE: nothing was done.
absl::Status Unreachable(absl::string_view why);

// The text of an error or status reply, or of a string.
absl::string_view TextOf(const redisReply& reply);

struct NodeOptions {
  std::string user;
  std::string password;
  int db = 0;
  int connections = 16;
  absl::Duration connect_timeout = absl::Seconds(1);
  absl::Duration call_timeout = absl::Seconds(3);
  bool must_be_master = false;
  // A sentinel often has no password where its Redis has one.
  bool login_may_fail = false;
};

// Thread safe: a call waits for a free connection, at most call_timeout.
//
// A connection that was idle for a second is tried with ROLE before it is
// used. A server that does not answer in time is left alone: until one caller
// has reached it again, all others fail at once instead of waiting one by one.
class Node {
 public:
  Node(Endpoint endpoint, NodeOptions options);

  const Endpoint& endpoint() const { return endpoint_; }

  // What the server replies, which may be an error reply; with `asking`, as the
  // target of an ASK. REDIS_UNREACHABLE and REDIS_NOT_MASTER (both UNAVAILABLE)
  // mean that the command was not sent, REDIS_LOST (UNAVAILABLE) that nobody
  // knows whether it was done; REDIS_AUTH, that user or password are wrong.
  absl::StatusOr<Reply> Call(const std::vector<std::string>& args,
                             bool asking = false);

  // Closes the connections, those in use when they are given back.
  void Drop();

  // Whether the last attempt to reach it failed.
  bool down() const;

 private:
  struct Connection {
    Context context;
    absl::Time used;
    int generation = 0;
  };

  absl::StatusOr<Connection> Acquire();
  // Takes an idle connection, a place for a new one (its context is null), or
  // says why not.
  absl::StatusOr<Connection> TakePlace();
  absl::StatusOr<Context> Connect() const;
  absl::Status Login(redisContext* context) const;
  absl::Status CheckRole(redisContext* context) const;
  void GiveBack(Connection connection);
  void GiveUp(bool unresponsive);

  const Endpoint endpoint_;
  const NodeOptions options_;
  mutable absl::Mutex mutex_;
  std::vector<Connection> idle_ ABSL_GUARDED_BY(mutex_);
  int open_ ABSL_GUARDED_BY(mutex_) = 0;
  int generation_ ABSL_GUARDED_BY(mutex_) = 0;
  bool down_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time next_attempt_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace huifang::redis

#endif  // HUIFANG_SERVICES_COMMON_REDIS_NODE_H_
