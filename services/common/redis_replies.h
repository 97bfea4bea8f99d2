// What Redis says about its servers, read without trusting it.
#ifndef HUIFANG_SERVICES_COMMON_REDIS_REPLIES_H_
#define HUIFANG_SERVICES_COMMON_REDIS_REPLIES_H_

#include <hiredis/hiredis.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/common/redis_url.h"

namespace huifang::redis {

constexpr int kSlots = 16384;

// Slots of one master, and who has copies of them.
struct SlotRange {
  std::int64_t first = 0;
  std::int64_t last = -1;
  std::vector<Endpoint> servers;  // the master comes first; never empty
};

// CLUSTER SLOTS. `asked` is where the reply came from: a server that does not
// know its own address leaves it out.
absl::StatusOr<std::vector<SlotRange>> ParseSlots(const redisReply& reply,
                                                  const Endpoint& asked);

// CLUSTER NODES: lines of "id host:port@port flags …".
std::vector<Endpoint> ParseNodes(absl::string_view text, const Endpoint& asked);

// SENTINEL GET-MASTER-ADDR-BY-NAME.
absl::StatusOr<Endpoint> ParseMaster(const redisReply& reply);

// SENTINEL REPLICAS. Those without a usable address are left out.
std::vector<Endpoint> ParseReplicas(const redisReply& reply);

// "MOVED 3999 127.0.0.1:6381": where to go.
std::optional<Endpoint> Redirection(absl::string_view text,
                                    absl::string_view verb,
                                    const Endpoint& from);

}  // namespace huifang::redis

#endif  // HUIFANG_SERVICES_COMMON_REDIS_REPLIES_H_
