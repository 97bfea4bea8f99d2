#include "services/common/redis.h"

#include <openssl/evp.h>
#include <sys/time.h>

#include <csignal>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/common/error.h"
#include "services/common/status_macros.h"

namespace huifang::redis {
namespace {

struct Address {
  std::string unix_path;
  std::string host;
  int port = 6379;
  std::string password;
  int db = 0;
};

absl::StatusOr<Address> ParseUrl(absl::string_view url) {
  const absl::Status bad =
      MakeError(absl::StatusCode::kInvalidArgument, "BAD_REDIS_URL",
                "the Redis URL must be redis://[:password@]host:port[/db] or "
                "unix:/path");
  Address address;
  if (absl::StartsWith(url, "unix:")) {
    address.unix_path = std::string(url.substr(5));
    return address.unix_path.empty() ? absl::StatusOr<Address>(bad) : address;
  }
  if (!absl::StartsWith(url, "redis://")) return bad;
  url.remove_prefix(8);
  const std::size_t at = url.rfind('@');
  if (at != absl::string_view::npos) {
    const absl::string_view login = url.substr(0, at);
    address.password = std::string(login.substr(login.find(':') + 1));
    url.remove_prefix(at + 1);
  }
  const std::size_t slash = url.find('/');
  if (slash != absl::string_view::npos) {
    if (!absl::SimpleAtoi(url.substr(slash + 1), &address.db)) return bad;
    url = url.substr(0, slash);
  }
  const std::size_t colon = url.rfind(':');
  if (colon != absl::string_view::npos) {
    if (!absl::SimpleAtoi(url.substr(colon + 1), &address.port)) return bad;
    url = url.substr(0, colon);
  }
  address.host = std::string(url);
  return address.host.empty() ? absl::StatusOr<Address>(bad) : address;
}

absl::Status Unreachable(absl::string_view why) {
  return MakeError(absl::StatusCode::kUnavailable, "REDIS_UNREACHABLE",
                   absl::StrCat("Redis cannot be reached: ", why));
}

absl::StatusOr<Reply> RunOn(redisContext* context,
                            const std::vector<std::string>& args) {
  std::vector<const char*> data;
  std::vector<std::size_t> sizes;
  data.reserve(args.size());
  sizes.reserve(args.size());
  for (const std::string& arg : args) {
    data.push_back(arg.data());
    sizes.push_back(arg.size());
  }
  Reply reply(static_cast<redisReply*>(redisCommandArgv(
      context, static_cast<int>(args.size()), data.data(), sizes.data())));
  if (reply == nullptr) return Unreachable(context->errstr);
  if (reply->type != REDIS_REPLY_ERROR) return reply;
  const absl::string_view text(reply->str, reply->len);
  for (const char* away : {"LOADING", "READONLY", "CLUSTERDOWN", "MASTERDOWN",
                           "TRYAGAIN", "NOREPLICAS"}) {
    if (absl::StartsWith(text, away)) return Unreachable(text);
  }
  if (absl::StartsWith(text, "OOM")) {
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
  RETURN_IF_ERROR(ParseUrl(options.url).status());
  // hiredis writes without MSG_NOSIGNAL: a connection that Redis closed would
  // end the process.
  std::signal(SIGPIPE, SIG_IGN);
  return std::unique_ptr<Pool>(new Pool(options));
}

absl::StatusOr<Context> Pool::Connect() const {
  ASSIGN_OR_RETURN(const Address address, ParseUrl(options_.url));
  const timeval timeout = absl::ToTimeval(options_.connect_timeout);
  Context context(
      address.unix_path.empty()
          ? redisConnectWithTimeout(address.host.c_str(), address.port, timeout)
          : redisConnectUnixWithTimeout(address.unix_path.c_str(), timeout));
  if (context == nullptr) return Unreachable("out of memory");
  if (context->err != 0) return Unreachable(context->errstr);
  redisSetTimeout(context.get(), absl::ToTimeval(options_.call_timeout));
  if (address.unix_path.empty()) redisEnableKeepAlive(context.get());
  if (!address.password.empty()) {
    RETURN_IF_ERROR(RunOn(context.get(), {"AUTH", address.password}).status());
  }
  if (address.db != 0) {
    RETURN_IF_ERROR(
        RunOn(context.get(), {"SELECT", absl::StrCat(address.db)}).status());
  }
  return context;
}

absl::StatusOr<Context> Pool::Acquire() {
  {
    absl::MutexLock lock(&mutex_);
    const auto available = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return !idle_.empty() || open_ < options_.connections;
    };
    if (!mutex_.AwaitWithTimeout(absl::Condition(&available),
                                 options_.call_timeout)) {
      return Unreachable("all connections are in use");
    }
    if (!idle_.empty()) {
      Context context = std::move(idle_.back());
      idle_.pop_back();
      return context;
    }
    ++open_;
  }
  absl::StatusOr<Context> made = Connect();
  if (!made.ok()) Release(nullptr);
  return made;
}

void Pool::Release(Context context) {
  absl::MutexLock lock(&mutex_);
  if (context == nullptr) {
    --open_;
  } else {
    idle_.push_back(std::move(context));
  }
}

absl::StatusOr<Reply> Pool::Run(const std::vector<std::string>& args) {
  ASSIGN_OR_RETURN(Context context, Acquire());
  absl::StatusOr<Reply> reply = RunOn(context.get(), args);
  const bool lost = absl::IsUnavailable(reply.status());
  Release(lost ? nullptr : std::move(context));
  return reply;
}

absl::StatusOr<Reply> Pool::Eval(const Script& script,
                                 const std::vector<std::string>& keys,
                                 const std::vector<std::string>& args) {
  std::vector<std::string> call = {"EVALSHA", script.sha(),
                                   absl::StrCat(keys.size())};
  call.insert(call.end(), keys.begin(), keys.end());
  call.insert(call.end(), args.begin(), args.end());
  absl::StatusOr<Reply> reply = Run(call);
  if (ErrorReason(reply.status()) != "NOSCRIPT") return reply;
  call[0] = "EVAL";
  call[1] = script.text();
  return Run(call);
}

absl::Status Pool::CheckNoEviction() {
  ASSIGN_OR_RETURN(const Reply reply,
                   Run({"CONFIG", "GET", "maxmemory-policy"}));
  if (reply->type != REDIS_REPLY_ARRAY || reply->elements < 2) {
    return absl::OkStatus();  // a managed Redis that hides its settings
  }
  const std::string policy(reply->element[1]->str, reply->element[1]->len);
  if (policy == "noeviction") return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "REDIS_EVICTS",
      absl::StrCat("Redis may evict keys (maxmemory-policy ", policy,
                   "), which would lose tasks; set it to noeviction"));
}

}  // namespace huifang::redis
