#include "services/common/redis.h"

#include <openssl/evp.h>

#include <algorithm>
#include <csignal>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/common/error.h"
#include "services/common/redis_replies.h"
#include "services/common/status_macros.h"
#include "services/common/steady_time.h"

namespace huifang::redis {
namespace {

constexpr absl::Duration kMinPause = absl::Milliseconds(5);
constexpr absl::Duration kMaxPause = absl::Milliseconds(100);
// Two servers may send a call back and forth while a slot moves.
constexpr int kMaxRedirects = 16;

// Before Redis 7 the error of a command inside a script stands in the middle.
bool Says(absl::string_view text, absl::string_view word) {
  return absl::StartsWith(text, word) ||
         absl::StrContains(text, absl::StrCat(": -", word));
}

// Nothing was done, and somebody else or the same one later may do it.
bool RefusedForNow(absl::string_view text) {
  for (const char* word :
       {"READONLY", "MASTERDOWN", "LOADING", "CLUSTERDOWN", "TRYAGAIN",
        "NOREPLICAS", "UNBLOCKED", "MOVED", "ASK"}) {
    if (Says(text, word)) return true;
  }
  return false;
}

absl::Status ErrorOf(absl::string_view text) {
  if (RefusedForNow(text)) return Unreachable(text);
  if (Says(text, "OOM")) {
    return BusyError("REDIS_FULL", text, absl::Seconds(5));
  }
  return MakeError(absl::StatusCode::kInternal,
                   absl::StartsWith(text, "NOSCRIPT") ? "NOSCRIPT" : "REDIS",
                   text);
}

// Redis names scripts by SHA-1; it is a name here, not a safeguard.
std::string Sha1Hex(absl::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<char*>(digest), size));
}

}  // namespace

Script::Script(absl::string_view text) : text_(text), sha_(Sha1Hex(text)) {}

absl::StatusOr<std::unique_ptr<Pool>> Pool::Create(const Options& options) {
  ASSIGN_OR_RETURN(const Url url, ParseUrl(options.url));
  // hiredis writes without MSG_NOSIGNAL: a connection that Redis closed would
  // end the process.
  std::signal(SIGPIPE, SIG_IGN);
  NodeOptions node;
  node.user = url.user;
  node.password = url.password.empty() ? options.password : url.password;
  node.db = url.db;
  node.connections = options.connections;
  node.connect_timeout = options.connect_timeout;
  node.call_timeout = options.call_timeout;
  return std::unique_ptr<Pool>(new Pool(options, MakeTopology(url, node)));
}

absl::StatusOr<Reply> Pool::RunFor(absl::string_view key,
                                   const std::vector<std::string>& args) {
  const absl::Time deadline =
      SteadyNow() + (topology_->can_fail_over() ? options_.redirect_timeout
                                                : absl::ZeroDuration());
  absl::Duration pause = kMinPause;
  std::shared_ptr<Node> ask_target;
  for (int redirects = 0;;) {
    std::shared_ptr<Node> node = std::exchange(ask_target, nullptr);
    const bool asking = node != nullptr;
    if (!asking) {
      ASSIGN_OR_RETURN(node, topology_->Find(key));
    }
    absl::StatusOr<Reply> reply = node->Call(args, asking);
    absl::Status refused = reply.status();
    if (reply.ok()) {
      if ((*reply)->type != REDIS_REPLY_ERROR) return reply;
      const absl::string_view text = TextOf(**reply);
      refused = ErrorOf(text);
      if (!RefusedForNow(text)) return refused;
      const auto moved = Redirection(text, "MOVED", node->endpoint());
      const auto ask = Redirection(text, "ASK", node->endpoint());
      if (moved.has_value()) topology_->Moved(key, *moved);
      if (ask.has_value()) ask_target = topology_->At(*ask);
      const bool redirected = moved.has_value() || ask.has_value();
      if (redirected && ++redirects <= kMaxRedirects) continue;
      if (!redirected) topology_->Suspect();
      // Its connections lead to a replica now.
      if (Says(text, "READONLY") || Says(text, "UNBLOCKED")) node->Drop();
    } else {
      const std::string reason = ErrorReason(refused);
      if (!absl::IsUnavailable(refused)) return refused;
      topology_->Suspect();
      if (reason == "REDIS_LOST") return refused;
      if (reason == "REDIS_UNREACHABLE") {
        // Waiting helps nobody while there is no other server.
        const auto next = topology_->Find(key);
        if (!next.ok() || *next == node) return refused;
      }
    }
    if (SteadyNow() + pause > deadline) return refused;
    absl::SleepFor(pause);
    pause = std::min(2 * pause, kMaxPause);
  }
}

absl::StatusOr<Reply> Pool::Run(const std::vector<std::string>& args) {
  return RunFor(
      args.size() > 1 ? absl::string_view(args[1]) : absl::string_view(), args);
}

absl::StatusOr<Reply> Pool::Eval(const Script& script,
                                 const std::vector<std::string>& keys,
                                 const std::vector<std::string>& args) {
  std::vector<std::string> call = {"EVALSHA", script.sha(),
                                   absl::StrCat(keys.size())};
  call.insert(call.end(), keys.begin(), keys.end());
  call.insert(call.end(), args.begin(), args.end());
  const absl::string_view key =
      keys.empty() ? absl::string_view() : absl::string_view(keys[0]);
  absl::StatusOr<Reply> reply = RunFor(key, call);
  if (ErrorReason(reply.status()) != "NOSCRIPT") return reply;
  call[0] = "EVAL";
  call[1] = script.text();
  return RunFor(key, call);
}

absl::Status Pool::CheckNoEviction() {
  ASSIGN_OR_RETURN(const std::vector<Endpoint> servers, topology_->Everyone());
  absl::Status not_reached;
  for (const Endpoint& server : servers) {
    const absl::StatusOr<Reply> reply =
        topology_->At(server)->Call({"CONFIG", "GET", "maxmemory-policy"});
    if (!reply.ok()) {
      not_reached.Update(reply.status());
      continue;
    }
    if ((*reply)->type != REDIS_REPLY_ARRAY || (*reply)->elements < 2) {
      continue;  // a managed Redis that hides its settings
    }
    const absl::string_view policy = TextOf(*(*reply)->element[1]);
    if (policy == "noeviction") continue;
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "REDIS_EVICTS",
        absl::StrCat("Redis at ", server.Text(),
                     " may evict keys (maxmemory-policy ", policy,
                     "), which would lose tasks; set it to noeviction"));
  }
  return not_reached;
}

}  // namespace huifang::redis
