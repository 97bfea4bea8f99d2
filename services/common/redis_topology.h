// Which of several Redis servers has a key: the only one there is, the master
// that sentinels name, or the owner of the key's slot in a cluster.
#ifndef HUIFANG_SERVICES_COMMON_REDIS_TOPOLOGY_H_
#define HUIFANG_SERVICES_COMMON_REDIS_TOPOLOGY_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/common/redis_node.h"
#include "services/common/redis_url.h"

namespace huifang::redis {

// Thread safe. Asking others is bounded by call_timeout and done by one caller
// at a time.
class Topology {
 public:
  virtual ~Topology() = default;

  // The server that owns `key` as far as is known; asks if nothing is known or
  // what is known was suspected. UNAVAILABLE if nobody can say.
  virtual absl::StatusOr<std::shared_ptr<Node>> Find(absl::string_view key) = 0;

  // A server was not reached or refused its role: ask again before next use.
  virtual void Suspect() {}
  // Asks again now, unless somebody did within the last second.
  virtual void Refresh() {}

  // `node` answered that the key's slot belongs to `to`, for good.
  virtual void Moved(absl::string_view /*key*/, const Endpoint& /*to*/) {}
  // A server that was named in an answer.
  virtual std::shared_ptr<Node> At(const Endpoint& endpoint) = 0;

  // Every server that has the data or may come to have it, replicas included.
  virtual absl::StatusOr<std::vector<Endpoint>> Everyone() = 0;

  // Whether another server may take over from one that fails.
  virtual bool can_fail_over() const { return true; }
};

// As the URL says.
std::unique_ptr<Topology> MakeTopology(const Url& url,
                                       const NodeOptions& options);

std::unique_ptr<Topology> MakeSentinelTopology(const Url& url,
                                               const NodeOptions& options);
std::unique_ptr<Topology> MakeClusterTopology(const Url& url,
                                              const NodeOptions& options);

// An address in an answer of `asked`: without a host it is another port of that
// server, which does not know its own name.
absl::StatusOr<Endpoint> EndpointFrom(absl::string_view text,
                                      const Endpoint& asked);

// The cluster slot of a key: CRC16 of its hash tag, or of all of it.
int SlotOf(absl::string_view key);

}  // namespace huifang::redis

#endif  // HUIFANG_SERVICES_COMMON_REDIS_TOPOLOGY_H_
