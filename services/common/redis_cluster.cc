#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/common/error.h"
#include "services/common/log.h"
#include "services/common/redis_replies.h"
#include "services/common/redis_topology.h"
#include "services/common/status_macros.h"
#include "services/common/steady_time.h"

namespace huifang::redis {
namespace {

constexpr absl::Duration kRefreshEvery = absl::Seconds(1);
// While calls find the map wrong.
constexpr absl::Duration kAskAgain = absl::Milliseconds(50);

constexpr std::array<std::uint16_t, 256> MakeCrcTable() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    unsigned crc = byte << 8;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
    }
    table[byte] = static_cast<std::uint16_t>(crc & 0xffff);
  }
  return table;
}

// CRC16/XMODEM, as the Redis Cluster specification wants it.
unsigned Crc16(absl::string_view text) {
  static constexpr std::array<std::uint16_t, 256> kTable = MakeCrcTable();
  unsigned crc = 0;
  for (const char c : text) {
    const unsigned byte = static_cast<unsigned char>(c);
    crc = ((crc << 8) ^ kTable[((crc >> 8) ^ byte) & 0xff]) & 0xffff;
  }
  return crc;
}

class ClusterTopology final : public Topology {
 public:
  ClusterTopology(const Url& url, const NodeOptions& options)
      : seeds_(url.endpoints),
        options_(options),
        ask_time_(absl::InfinitePast()),
        owners_(kSlots) {}

  absl::StatusOr<std::shared_ptr<Node>> Find(absl::string_view key) override {
    const auto slot = static_cast<std::size_t>(SlotOf(key));
    if (std::shared_ptr<Node> owner = Known(slot)) return owner;
    absl::MutexLock asking(&ask_mutex_);
    // Whoever held the lock before may have asked.
    if (std::shared_ptr<Node> owner = Known(slot)) return owner;
    const absl::Status asked = AskForMap(kAskAgain);
    absl::MutexLock lock(&mutex_);
    // An old map is better than none: who moved is said in the answers.
    if (owners_[slot] != nullptr) return owners_[slot];
    RETURN_IF_ERROR(asked);
    return Unreachable(absl::StrCat("no server has slot ", slot));
  }

  void Suspect() override {
    absl::MutexLock lock(&mutex_);
    suspected_ = true;
  }

  void Refresh() override {
    absl::MutexLock asking(&ask_mutex_);
    AskForMap(kRefreshEvery).IgnoreError();
  }

  void Moved(absl::string_view key, const Endpoint& to) override {
    std::shared_ptr<Node> owner = At(to);
    absl::MutexLock lock(&mutex_);
    owners_[static_cast<std::size_t>(SlotOf(key))] = std::move(owner);
    suspected_ = true;
  }

  std::shared_ptr<Node> At(const Endpoint& endpoint) override {
    absl::MutexLock lock(&mutex_);
    return Get(endpoint);
  }

  absl::StatusOr<std::vector<Endpoint>> Everyone() override {
    // CLUSTER SLOTS leaves out replicas that are still to get their data.
    ASSIGN_OR_RETURN(const std::shared_ptr<Node> node, Find(""));
    ASSIGN_OR_RETURN(const Reply reply, node->Call({"CLUSTER", "NODES"}));
    if (reply->type == REDIS_REPLY_ERROR) return Unreachable(TextOf(*reply));
    return ParseNodes(TextOf(*reply), node->endpoint());
  }

 private:
  // The owner on the map, unless the map is in doubt and nobody asks yet: while
  // one caller does, the others go on with what they have.
  std::shared_ptr<Node> Known(std::size_t slot) {
    absl::MutexLock lock(&mutex_);
    return suspected_ && !asking_ ? nullptr : owners_[slot];
  }

  std::shared_ptr<Node> Get(const Endpoint& endpoint)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::shared_ptr<Node>& node = nodes_[endpoint];
    if (node == nullptr) node = std::make_shared<Node>(endpoint, options_);
    return node;
  }

  // Servers that answered last time, those that did not, and the ones of the
  // URL, in case that nobody on the map is left.
  std::vector<std::shared_ptr<Node>> WhomToAsk() {
    std::vector<std::shared_ptr<Node>> up;
    std::vector<std::shared_ptr<Node>> down;
    absl::MutexLock lock(&mutex_);
    for (const auto& [endpoint, node] : nodes_) {
      (node->down() ? down : up).push_back(node);
    }
    for (const Endpoint& seed : seeds_) {
      if (nodes_.count(seed) == 0) down.push_back(Get(seed));
    }
    up.insert(up.end(), down.begin(), down.end());
    return up;
  }

  absl::Status AskForMap(absl::Duration not_within)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(ask_mutex_) {
    const absl::Time begin = SteadyNow();
    if (begin - ask_time_ < not_within) return ask_status_;
    SetAsking(true);
    ask_status_ = absl::OkStatus();
    for (const std::shared_ptr<Node>& node : WhomToAsk()) {
      const absl::StatusOr<Reply> reply = node->Call({"CLUSTER", "SLOTS"});
      ask_status_ = reply.status();
      if (reply.ok()) {
        const auto ranges = ParseSlots(**reply, node->endpoint());
        ask_status_ = ranges.status();
        if (ranges.ok()) Adopt(*ranges);
      }
      ask_time_ = SteadyNow();
      if (ask_status_.ok() || ask_time_ - begin > options_.call_timeout) break;
    }
    SetAsking(false);
    return ask_status_;
  }

  void SetAsking(bool asking) {
    absl::MutexLock lock(&mutex_);
    asking_ = asking;
  }

  void Adopt(const std::vector<SlotRange>& ranges)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(ask_mutex_) {
    absl::MutexLock lock(&mutex_);
    std::map<Endpoint, std::shared_ptr<Node>> kept;
    std::fill(owners_.begin(), owners_.end(), nullptr);
    for (const SlotRange& range : ranges) {
      for (const Endpoint& server : range.servers) {
        kept.try_emplace(server, Get(server));
      }
      const std::shared_ptr<Node> owner = kept[range.servers[0]];
      for (std::int64_t slot = range.first; slot <= range.last; ++slot) {
        owners_[static_cast<std::size_t>(slot)] = owner;
      }
    }
    // Servers that left the cluster are forgotten with their connections.
    nodes_ = std::move(kept);
    suspected_ = false;
  }

  const std::vector<Endpoint> seeds_;
  const NodeOptions options_;
  absl::Mutex ask_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  absl::Time ask_time_ ABSL_GUARDED_BY(ask_mutex_);
  absl::Status ask_status_ ABSL_GUARDED_BY(ask_mutex_);
  absl::Mutex mutex_;
  std::map<Endpoint, std::shared_ptr<Node>> nodes_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<Node>> owners_ ABSL_GUARDED_BY(mutex_);
  bool suspected_ ABSL_GUARDED_BY(mutex_) = false;
  bool asking_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

int SlotOf(absl::string_view key) {
  const std::size_t open = key.find('{');
  if (open != absl::string_view::npos) {
    const std::size_t close = key.find('}', open + 1);
    if (close != absl::string_view::npos && close > open + 1) {
      key = key.substr(open + 1, close - open - 1);
    }
  }
  return static_cast<int>(Crc16(key) % kSlots);
}

std::unique_ptr<Topology> MakeClusterTopology(const Url& url,
                                              const NodeOptions& options) {
  return std::make_unique<ClusterTopology>(url, options);
}

}  // namespace huifang::redis
