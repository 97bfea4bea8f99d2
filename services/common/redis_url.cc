#include "services/common/redis_url.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/common/error.h"
#include "services/common/status_macros.h"

namespace huifang::redis {
namespace {

constexpr int kRedisPort = 6379;
constexpr int kSentinelPort = 26379;

absl::Status BadUrl() {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_REDIS_URL",
                   "the Redis URL must be redis://host:port/db, "
                   "redis-sentinel://host:port,host:port/master-name/db, "
                   "redis-cluster://host:port,host:port or unix:/path; "
                   "user:password@ may stand before the first host");
}

std::optional<std::string> PercentDecoded(absl::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size() || !absl::ascii_isxdigit(text[i + 1]) ||
        !absl::ascii_isxdigit(text[i + 2])) {
      return std::nullopt;
    }
    decoded += absl::HexStringToBytes(text.substr(i + 1, 2));
    i += 2;
  }
  return decoded;
}

absl::Status ParseLogin(absl::string_view login, Url& url) {
  const std::size_t colon = login.find(':');
  const std::optional<std::string> user =
      PercentDecoded(login.substr(0, colon));
  const std::optional<std::string> password =
      colon == absl::string_view::npos
          ? std::string()
          : PercentDecoded(login.substr(colon + 1));
  if (!user.has_value() || !password.has_value()) return BadUrl();
  url.user = *user;
  url.password = *password;
  return absl::OkStatus();
}

absl::Status ParseDb(absl::string_view text, Url& url) {
  return absl::SimpleAtoi(text, &url.db) && url.db >= 0 ? absl::OkStatus()
                                                        : BadUrl();
}

}  // namespace

std::string Endpoint::Text() const {
  if (port == 0) return host;
  return host.find(':') == std::string::npos
             ? absl::StrCat(host, ":", port)
             : absl::StrCat("[", host, "]:", port);
}

absl::StatusOr<Endpoint> ParseEndpoint(absl::string_view text,
                                       int default_port) {
  Endpoint endpoint{"", default_port};
  const std::size_t colon = text.rfind(':');
  const std::size_t bracket = text.rfind(']');
  const bool has_port = colon != absl::string_view::npos &&
                        (bracket == absl::string_view::npos || bracket < colon);
  if (has_port) {
    if (!absl::SimpleAtoi(text.substr(colon + 1), &endpoint.port)) {
      return BadUrl();
    }
    text = text.substr(0, colon);
  }
  if (absl::ConsumePrefix(&text, "[") && !absl::ConsumeSuffix(&text, "]")) {
    return BadUrl();
  }
  endpoint.host = std::string(text);
  const bool fits = endpoint.port > 0 && endpoint.port < 65536 &&
                    endpoint.host.find_first_of("[]") == std::string::npos;
  return endpoint.host.empty() || !fits ? absl::StatusOr<Endpoint>(BadUrl())
                                        : endpoint;
}

absl::StatusOr<Url> ParseUrl(absl::string_view text) {
  Url url;
  if (absl::ConsumePrefix(&text, "unix:")) {
    if (text.empty()) return BadUrl();
    url.endpoints.push_back({std::string(text), 0});
    return url;
  }
  if (absl::ConsumePrefix(&text, "redis-sentinel://")) {
    url.kind = Url::Kind::kSentinel;
  } else if (absl::ConsumePrefix(&text, "redis-cluster://")) {
    url.kind = Url::Kind::kCluster;
  } else if (!absl::ConsumePrefix(&text, "redis://")) {
    return BadUrl();
  }
  const std::size_t at = text.rfind('@');
  if (at != absl::string_view::npos) {
    RETURN_IF_ERROR(ParseLogin(text.substr(0, at), url));
    text.remove_prefix(at + 1);
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  const std::vector<absl::string_view> hosts = absl::StrSplit(parts[0], ',');
  const int port =
      url.kind == Url::Kind::kSentinel ? kSentinelPort : kRedisPort;
  for (const absl::string_view host : hosts) {
    ASSIGN_OR_RETURN(Endpoint endpoint, ParseEndpoint(host, port));
    url.endpoints.push_back(std::move(endpoint));
  }
  std::size_t used = 1;
  if (url.kind == Url::Kind::kSentinel) {
    if (parts.size() < 2 || parts[1].empty()) return BadUrl();
    url.master_name = std::string(parts[1]);
    used = 2;
  }
  // A cluster has one database, a standalone Redis one address.
  const bool takes_db = url.kind != Url::Kind::kCluster;
  if (url.kind == Url::Kind::kStandalone && hosts.size() > 1) return BadUrl();
  if (parts.size() > used + (takes_db ? 1 : 0)) return BadUrl();
  if (parts.size() > used) RETURN_IF_ERROR(ParseDb(parts[used], url));
  return url;
}

}  // namespace huifang::redis
