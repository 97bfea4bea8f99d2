#include "services/common/redis_node.h"

#include <sys/time.h>

#include <cerrno>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/common/error.h"
#include "services/common/status_macros.h"
#include "services/common/steady_time.h"

namespace huifang::redis {
namespace {

constexpr absl::Duration kTrustIdle = absl::Seconds(1);
constexpr absl::Duration kLeaveAlone = absl::Milliseconds(200);

absl::Status Lost(absl::string_view why) {
  return MakeError(absl::StatusCode::kUnavailable, "REDIS_LOST",
                   absl::StrCat("Redis did not answer: ", why));
}

absl::Status BadLogin(absl::string_view why) {
  return MakeError(absl::StatusCode::kInternal, "REDIS_AUTH",
                   absl::StrCat("Redis refuses the user or password: ", why));
}

void Append(redisContext* context, const std::vector<std::string>& args) {
  std::vector<const char*> data;
  std::vector<std::size_t> sizes;
  data.reserve(args.size());
  sizes.reserve(args.size());
  for (const std::string& arg : args) {
    data.push_back(arg.data());
    sizes.push_back(arg.size());
  }
  redisAppendCommandArgv(context, static_cast<int>(args.size()), data.data(),
                         sizes.data());
}

// Null when the connection broke.
Reply Read(redisContext* context) {
  void* reply = nullptr;
  redisGetReply(context, &reply);
  return Reply(static_cast<redisReply*>(reply));
}

Reply RunOn(redisContext* context, const std::vector<std::string>& args) {
  Append(context, args);
  return Read(context);
}

}  // namespace

absl::Status Unreachable(absl::string_view why) {
  return MakeError(absl::StatusCode::kUnavailable, "REDIS_UNREACHABLE",
                   absl::StrCat("Redis cannot be reached: ", why));
}

absl::string_view TextOf(const redisReply& reply) {
  return reply.str == nullptr ? absl::string_view()
                              : absl::string_view(reply.str, reply.len);
}

Node::Node(Endpoint endpoint, NodeOptions options)
    : endpoint_(std::move(endpoint)),
      options_(std::move(options)),
      next_attempt_(absl::InfinitePast()) {}

bool Node::down() const {
  absl::MutexLock lock(&mutex_);
  return down_;
}

void Node::Drop() {
  absl::MutexLock lock(&mutex_);
  open_ -= static_cast<int>(idle_.size());
  idle_.clear();
  ++generation_;
}

absl::Status Node::Login(redisContext* context) const {
  std::vector<std::string> auth = {"AUTH"};
  if (!options_.user.empty()) auth.push_back(options_.user);
  auth.push_back(options_.password);
  if (!options_.password.empty()) {
    const Reply reply = RunOn(context, auth);
    if (reply == nullptr) return Unreachable(context->errstr);
    if (reply->type == REDIS_REPLY_ERROR && !options_.login_may_fail) {
      return BadLogin(TextOf(*reply));
    }
  }
  if (options_.db == 0) return absl::OkStatus();
  const Reply reply = RunOn(context, {"SELECT", absl::StrCat(options_.db)});
  if (reply == nullptr) return Unreachable(context->errstr);
  if (reply->type != REDIS_REPLY_ERROR) return absl::OkStatus();
  if (absl::StartsWith(TextOf(*reply), "NOAUTH")) {
    return BadLogin(TextOf(*reply));
  }
  return MakeError(absl::StatusCode::kInternal, "REDIS", TextOf(*reply));
}

// A server that does not tell its role (an access list may forbid the command)
// is taken at its word when it answers.
absl::Status Node::CheckRole(redisContext* context) const {
  const Reply reply = RunOn(context, {"ROLE"});
  if (reply == nullptr) return Unreachable(context->errstr);
  if (!options_.must_be_master || reply->type != REDIS_REPLY_ARRAY ||
      reply->elements == 0 || TextOf(*reply->element[0]) == "master") {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kUnavailable, "REDIS_NOT_MASTER",
                   absl::StrCat(endpoint_.Text(), " is a replica now"));
}

absl::StatusOr<Context> Node::Connect() const {
  const timeval timeout = absl::ToTimeval(options_.connect_timeout);
  Context context(
      endpoint_.port == 0
          ? redisConnectUnixWithTimeout(endpoint_.host.c_str(), timeout)
          : redisConnectWithTimeout(endpoint_.host.c_str(), endpoint_.port,
                                    timeout));
  if (context == nullptr) return Unreachable("out of memory");
  if (context->err != 0) {
    return Unreachable(absl::StrCat(endpoint_.Text(), ": ", context->errstr));
  }
  redisSetTimeout(context.get(), timeout);
  if (endpoint_.port != 0) redisEnableKeepAlive(context.get());
  RETURN_IF_ERROR(Login(context.get()));
  RETURN_IF_ERROR(CheckRole(context.get()));
  redisSetTimeout(context.get(), absl::ToTimeval(options_.call_timeout));
  return context;
}

absl::StatusOr<Node::Connection> Node::TakePlace() {
  absl::MutexLock lock(&mutex_);
  const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return down_ || !idle_.empty() || open_ < options_.connections;
  };
  if (!mutex_.AwaitWithTimeout(absl::Condition(&ready),
                               options_.call_timeout)) {
    return Unreachable("all connections are in use");
  }
  const absl::Time now = SteadyNow();
  if (down_) {
    if (now < next_attempt_) {
      return Unreachable(
          absl::StrCat(endpoint_.Text(), " did not answer just now"));
    }
    // This caller tries, the others go on failing meanwhile.
    next_attempt_ = now + 2 * options_.connect_timeout;
    open_ -= static_cast<int>(idle_.size());
    idle_.clear();
  }
  if (!idle_.empty()) {
    Connection connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }
  ++open_;
  return Connection{nullptr, now, generation_};
}

absl::StatusOr<Node::Connection> Node::Acquire() {
  while (true) {
    ASSIGN_OR_RETURN(Connection connection, TakePlace());
    if (connection.context != nullptr) {
      if (SteadyNow() - connection.used < kTrustIdle) return connection;
      const absl::Status role = CheckRole(connection.context.get());
      if (role.ok()) return connection;
      GiveUp(/*unresponsive=*/false);
      if (ErrorReason(role) != "REDIS_UNREACHABLE") return role;
      // Closed by the other side while it was idle, as the others most likely
      // are; or the server hangs, which a new connection will tell.
      Drop();
      continue;
    }
    absl::StatusOr<Context> made = Connect();
    if (!made.ok()) {
      GiveUp(ErrorReason(made.status()) == "REDIS_UNREACHABLE");
      return made.status();
    }
    connection.context = *std::move(made);
    absl::MutexLock lock(&mutex_);
    down_ = false;
    return connection;
  }
}

void Node::GiveBack(Connection connection) {
  absl::MutexLock lock(&mutex_);
  if (connection.generation != generation_) {
    --open_;
    return;
  }
  connection.used = SteadyNow();
  idle_.push_back(std::move(connection));
}

void Node::GiveUp(bool unresponsive) {
  absl::MutexLock lock(&mutex_);
  --open_;
  if (!unresponsive) return;
  down_ = true;
  next_attempt_ = SteadyNow() + kLeaveAlone;
}

absl::StatusOr<Reply> Node::Call(const std::vector<std::string>& args,
                                 bool asking) {
  ASSIGN_OR_RETURN(Connection connection, Acquire());
  redisContext* const context = connection.context.get();
  if (asking) Append(context, {"ASKING"});
  Append(context, args);
  Reply reply;
  if (asking) reply = Read(context);
  if (!asking || reply != nullptr) reply = Read(context);
  if (reply == nullptr) {
    const bool timed_out = context->err == REDIS_ERR_IO && errno == EAGAIN;
    const absl::Status lost = Lost(context->errstr);
    GiveUp(timed_out);
    // The others are most likely dead too: the server restarted.
    Drop();
    return lost;
  }
  GiveBack(std::move(connection));
  if (reply->type == REDIS_REPLY_ERROR &&
      absl::StartsWith(TextOf(*reply), "NOAUTH")) {
    return BadLogin(TextOf(*reply));
  }
  return reply;
}

}  // namespace huifang::redis
