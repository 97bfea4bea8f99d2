#include "services/common/redis_replies.h"

#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/common/redis_node.h"
#include "services/common/redis_topology.h"

namespace huifang::redis {
namespace {

// Port 0 means a Unix socket to us, and a cluster says 0 for a server that
// speaks TLS only.
bool IsPort(std::int64_t port) { return port > 0 && port < 65536; }

std::optional<Endpoint> EndpointOf(absl::string_view host,
                                   absl::string_view port) {
  Endpoint endpoint{std::string(host), 0};
  if (host.empty() || !absl::SimpleAtoi(port, &endpoint.port) ||
      !IsPort(endpoint.port)) {
    return std::nullopt;
  }
  return endpoint;
}

// Reads "name", "value", … of a flat list. Empty if there is no such field.
absl::string_view FieldOf(const redisReply& fields, absl::string_view name) {
  if (fields.type != REDIS_REPLY_ARRAY) return "";
  for (std::size_t i = 0; i + 1 < fields.elements; i += 2) {
    if (TextOf(*fields.element[i]) == name) {
      return TextOf(*fields.element[i + 1]);
    }
  }
  return "";
}

}  // namespace

absl::StatusOr<std::vector<SlotRange>> ParseSlots(const redisReply& reply,
                                                  const Endpoint& asked) {
  const absl::Status bad = Unreachable(
      absl::StrCat(asked.Text(), " gave no usable map of the cluster"));
  if (reply.type != REDIS_REPLY_ARRAY || reply.elements == 0) return bad;
  std::vector<SlotRange> ranges;
  for (std::size_t i = 0; i < reply.elements; ++i) {
    const redisReply& row = *reply.element[i];
    if (row.type != REDIS_REPLY_ARRAY || row.elements < 3) return bad;
    SlotRange range{row.element[0]->integer, row.element[1]->integer, {}};
    if (range.first < 0 || range.last >= kSlots) return bad;
    for (std::size_t s = 2; s < row.elements; ++s) {
      const redisReply& server = *row.element[s];
      if (server.type != REDIS_REPLY_ARRAY || server.elements < 2) return bad;
      if (!IsPort(server.element[1]->integer)) {
        if (s == 2) return bad;
        continue;  // a copy that cannot be reached
      }
      Endpoint endpoint{std::string(TextOf(*server.element[0])),
                        static_cast<int>(server.element[1]->integer)};
      if (endpoint.host.empty() || endpoint.host == "?") {
        endpoint.host = asked.host;
      }
      range.servers.push_back(std::move(endpoint));
    }
    ranges.push_back(std::move(range));
  }
  return ranges;
}

std::vector<Endpoint> ParseNodes(absl::string_view text,
                                 const Endpoint& asked) {
  std::vector<Endpoint> servers;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    if (words.size() < 3) continue;
    absl::StatusOr<Endpoint> server =
        EndpointFrom(words[1].substr(0, words[1].find('@')), asked);
    if (server.ok()) servers.push_back(*std::move(server));
  }
  return servers;
}

absl::StatusOr<Endpoint> ParseMaster(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_ARRAY && reply.elements == 2) {
    std::optional<Endpoint> master =
        EndpointOf(TextOf(*reply.element[0]), TextOf(*reply.element[1]));
    if (master.has_value()) return *std::move(master);
  }
  return Unreachable("a sentinel gave no address");
}

std::vector<Endpoint> ParseReplicas(const redisReply& reply) {
  std::vector<Endpoint> replicas;
  if (reply.type != REDIS_REPLY_ARRAY) return replicas;
  for (std::size_t i = 0; i < reply.elements; ++i) {
    const redisReply& fields = *reply.element[i];
    std::optional<Endpoint> replica =
        EndpointOf(FieldOf(fields, "ip"), FieldOf(fields, "port"));
    if (replica.has_value()) replicas.push_back(*std::move(replica));
  }
  return replicas;
}

std::optional<Endpoint> Redirection(absl::string_view text,
                                    absl::string_view verb,
                                    const Endpoint& from) {
  const std::vector<absl::string_view> words = absl::StrSplit(text, ' ');
  if (words.size() < 3 || words[0] != verb) return std::nullopt;
  const absl::StatusOr<Endpoint> to = EndpointFrom(words[2], from);
  return to.ok() ? std::optional<Endpoint>(*to) : std::nullopt;
}

}  // namespace huifang::redis
