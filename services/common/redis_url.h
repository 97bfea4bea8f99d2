#ifndef HUIFANG_SERVICES_COMMON_REDIS_URL_H_
#define HUIFANG_SERVICES_COMMON_REDIS_URL_H_

#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace huifang::redis {

struct Endpoint {
  std::string host;  // or the path of a Unix socket
  int port = 0;      // 0: a Unix socket

  // "host:port", "[::1]:port" or the path.
  std::string Text() const;
  friend bool operator==(const Endpoint& a, const Endpoint& b) {
    return std::tie(a.host, a.port) == std::tie(b.host, b.port);
  }
  friend bool operator<(const Endpoint& a, const Endpoint& b) {
    return std::tie(a.host, a.port) < std::tie(b.host, b.port);
  }
};

struct Url {
  enum class Kind { kStandalone, kSentinel, kCluster };
  Kind kind = Kind::kStandalone;
  std::vector<Endpoint> endpoints;  // of Redis, or of the sentinels
  std::string master_name;          // kSentinel
  std::string user;
  std::string password;
  int db = 0;
};

// redis://[user[:password]@]host[:port][/db]
// redis-sentinel://[user[:password]@]host[:port],…/master-name[/db]
// redis-cluster://[user[:password]@]host[:port],…
// unix:/path
//
// User and password may be percent-encoded, and must be where they hold one of
// %, @, / and :. The error of a bad URL does not quote it.
absl::StatusOr<Url> ParseUrl(absl::string_view text);

// "host:port" as Redis writes it, IPv6 without brackets included.
absl::StatusOr<Endpoint> ParseEndpoint(absl::string_view text,
                                       int default_port);

}  // namespace huifang::redis

#endif  // HUIFANG_SERVICES_COMMON_REDIS_URL_H_
