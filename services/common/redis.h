// Redis over hiredis: standalone, behind sentinels or a cluster; bounded pools,
// scripts by digest, faults mapped once.
#ifndef HUIFANG_SERVICES_COMMON_REDIS_H_
#define HUIFANG_SERVICES_COMMON_REDIS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/common/redis_node.h"
#include "services/common/redis_topology.h"

namespace huifang::redis {

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
  std::string url = "redis://127.0.0.1:6379";  // see ParseUrl
  std::string password{};                      // where the URL has none
  int connections = 16;                        // to each server
  absl::Duration connect_timeout = absl::Seconds(1);
  // A blocking command waits at most half of this on the server.
  absl::Duration call_timeout = absl::Seconds(3);
  // How long a call is repeated that was refused because another server takes
  // over or a slot moves.
  absl::Duration redirect_timeout = absl::Seconds(1);
};

// Runs commands where their key is. Thread safe.
//
// A call that was surely not done is sent again, within redirect_timeout, to
// whoever has the key now: after a failover, MOVED, ASK, TRYAGAIN, CLUSTERDOWN,
// READONLY and their like. What cannot be done is UNAVAILABLE. A connection
// that breaks under a call is UNAVAILABLE (REDIS_LOST) too, and the call may
// have been done; it is not repeated here. OOM is RESOURCE_EXHAUSTED; a missing
// script is loaded and run again; other error replies are INTERNAL.
class Pool {
 public:
  // INVALID_ARGUMENT for a bad URL. Does not connect yet: a service starts
  // while Redis is down.
  static absl::StatusOr<std::unique_ptr<Pool>> Create(const Options& options);

  // The key is the argument after the command's name. A command without a key
  // runs on one server of a cluster.
  absl::StatusOr<Reply> Run(const std::vector<std::string>& args);
  // Runs where `keys` are, which share a hash tag.
  absl::StatusOr<Reply> Eval(const Script& script,
                             const std::vector<std::string>& keys,
                             const std::vector<std::string>& args);

  // FAILED_PRECONDITION if any server may evict keys, a replica included:
  // queues would lose tasks. Otherwise the error of one that was not reached.
  absl::Status CheckNoEviction();

  // Asks who the masters are, unless somebody did within the last second. A
  // master that was cut off from its sentinels still takes commands: only this
  // notices.
  void Refresh() { topology_->Refresh(); }

 private:
  Pool(const Options& options, std::unique_ptr<Topology> topology)
      : options_(options), topology_(std::move(topology)) {}
  absl::StatusOr<Reply> RunFor(absl::string_view key,
                               const std::vector<std::string>& args);

  const Options options_;
  const std::unique_ptr<Topology> topology_;
};

}  // namespace huifang::redis

#endif  // HUIFANG_SERVICES_COMMON_REDIS_H_
