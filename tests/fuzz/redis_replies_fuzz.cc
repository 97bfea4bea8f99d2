// Bytes of a Redis through hiredis' reader, and what we make of the replies:
// maps of a cluster, addresses of sentinels, redirections.
#include <memory>

#include "services/common/redis_replies.h"
#include "tests/fuzz/fuzz.h"

namespace huifang::redis {
namespace {

using fuzz::Require;

struct FreeReader {
  void operator()(redisReader* reader) const { redisReaderFree(reader); }
};
struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};

void TryEndpoint(const Endpoint& endpoint) {
  Require(!endpoint.host.empty(), "a server has a host");
  Require(endpoint.port > 0 && endpoint.port < 65536,
          "a server has a port; port 0 would be a path");
}

void TryReply(const redisReply& reply) {
  const Endpoint asked{"10.0.0.1", 6379};
  if (const auto ranges = ParseSlots(reply, asked); ranges.ok()) {
    for (const SlotRange& range : *ranges) {
      Require(range.first >= 0 && range.last < kSlots, "slots fit the map");
      Require(!range.servers.empty(), "slots have a master");
      for (const Endpoint& server : range.servers) TryEndpoint(server);
    }
  }
  if (const auto master = ParseMaster(reply); master.ok()) {
    TryEndpoint(*master);
  }
  for (const Endpoint& replica : ParseReplicas(reply)) TryEndpoint(replica);
  if (reply.str == nullptr) return;
  const absl::string_view text(reply.str, reply.len);
  for (const Endpoint& node : ParseNodes(text, asked)) TryEndpoint(node);
  for (const char* verb : {"MOVED", "ASK"}) {
    const auto to = Redirection(text, verb, asked);
    if (to.has_value()) TryEndpoint(*to);
  }
}

// hiredis reserves what a header announces, so that a long one is an allocation
// of many gigabytes and nothing else.
bool AnnouncesTooMuch(absl::string_view bytes) {
  constexpr std::size_t kDigitsMax = 5;
  for (std::size_t at = bytes.find_first_of("*$"); at < bytes.size();
       at = bytes.find_first_of("*$", at + 1)) {
    std::size_t end = at + 1;
    while (end < bytes.size() && bytes[end] >= '0' && bytes[end] <= '9') ++end;
    if (end - at > kDigitsMax + 1) return true;
  }
  return false;
}

}  // namespace
}  // namespace huifang::redis

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang;
  const absl::string_view bytes = fuzz::Text(data, size);
  if (redis::AnnouncesTooMuch(bytes)) return 0;
  const std::unique_ptr<redisReader, redis::FreeReader> reader(
      redisReaderCreate());
  redisReaderFeed(reader.get(), bytes.data(), bytes.size());
  void* raw = nullptr;
  while (redisReaderGetReply(reader.get(), &raw) == REDIS_OK &&
         raw != nullptr) {
    const std::unique_ptr<redisReply, redis::FreeReply> reply(
        static_cast<redisReply*>(raw));
    redis::TryReply(*reply);
    raw = nullptr;
  }
  return 0;
}
