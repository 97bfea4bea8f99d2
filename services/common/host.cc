#include "services/common/host.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "services/common/clock_check.h"
#include "services/common/connection_listener.h"
#include "services/common/crash_point.h"
#include "services/common/deadline.h"
#include "services/common/error.h"
#include "services/common/grpc_time.h"
#include "services/common/log.h"
#include "services/common/memory.h"
#include "services/common/request_log.h"
#include "services/common/schema.h"
#include "services/common/status_macros.h"
#include "services/common/steady_time.h"

namespace huifang {
namespace {

// Queues that one service works on.
constexpr std::int64_t kQueuesMax = 4;
constexpr absl::Duration kLook = absl::Seconds(5);  // of health, at most

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// Written whole or not at all, so that a reader never sees half a number.
absl::Status WritePortFile(const std::string& path, int port) {
  const std::string temporary = absl::StrCat(path, ".new");
  std::ofstream file(temporary);
  file << port << "\n";
  file.close();
  if (!file || std::rename(temporary.c_str(), path.c_str()) != 0) {
    return MakeError(absl::StatusCode::kUnavailable, "PORT_FILE",
                     absl::StrCat("cannot write ", path));
  }
  return absl::OkStatus();
}

// The first line of the file.
absl::StatusOr<std::string> ReadSecret(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (std::getline(file, line) && !line.empty()) return line;
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_SECRET_FILE",
                   absl::StrCat(path, " has no first line to read"));
}

absl::StatusOr<std::unique_ptr<redis::Pool>> OpenRedis(
    const ServiceConfig& config) {
  redis::Options options;
  options.url = config.redis_url;
  // A worker with nothing to do waits in a connection of its own. Left to share
  // the others', many of them would keep calls waiting.
  options.connections = static_cast<int>(
      config.redis_connections + kQueuesMax * (config.worker_threads + 1));
  if (!config.redis_password_file.empty()) {
    ASSIGN_OR_RETURN(options.password, ReadSecret(config.redis_password_file));
  }
  ASSIGN_OR_RETURN(std::unique_ptr<redis::Pool> pool,
                   redis::Pool::Create(options));
  // Redis may be away at start; when it is there it must let us in and keep
  // what it is given.
  const absl::Status usable = pool->CheckNoEviction();
  if (absl::IsFailedPrecondition(usable) ||
      ErrorReason(usable) == "REDIS_AUTH") {
    return usable;
  }
  if (!usable.ok()) {
    log::Warning("redis_unreachable", {{"error", usable.message()}});
  }
  return pool;
}

constexpr int kExpirePerMinute = 100'000;
// Pieces of work, each for several calls: more than can be under way.
constexpr std::size_t kReplyBacklog = 1000;

// As many as gRPC has for its callbacks.
int ReplyThreads() {
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()) / 2,
                    2, 16);
}

}  // namespace

Host::Host(const std::string& service, const ServiceConfig& config)
    : service_(service), config_(config) {}

Host::~Host() {
  // Work that streams left behind runs before the parts it uses go.
  watch_executor_.reset();
  bulk_executor_.reset();
  executor_.reset();
  reply_executor_.reset();
}

std::string Host::redis_prefix() const {
  return absl::StrCat(config_.redis_prefix, ":", service_);
}

absl::StatusOr<std::unique_ptr<Host>> Host::Create(
    const std::string& service, const ServiceConfig& config,
    const std::vector<sql::Migration>& migrations) {
  RETURN_IF_ERROR(config.Check());
  RETURN_IF_ERROR(ReserveDescriptors(config.max_connections));
#ifdef NDEBUG
  // Debian's Abseil is built to look for deadlocks at every lock.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
  std::unique_ptr<Host> host(new Host(service, config));
  ASSIGN_OR_RETURN(Sealer sealer, Sealer::FromFile(config.key_file));
  host->sealer_ = std::make_unique<Sealer>(std::move(sealer));
  ASSIGN_OR_RETURN(host->admission_,
                   TokenAdmission::FromFile(config.token_file, host->clock_));
  if (!config.metrics_listen.empty()) {
    RETURN_IF_ERROR(host->metrics_.Expose(config.metrics_listen));
  }
  ASSIGN_OR_RETURN(host->redis_, OpenRedis(config));
  ASSIGN_OR_RETURN(host->lock_, sql::LockFile(config.database));
  ASSIGN_OR_RETURN(
      host->db_,
      sql::Database::Open(
          {.url = config.database,
           .read_sessions = static_cast<int>(config.read_sessions),
           .write_sessions = static_cast<int>(config.write_sessions)}));
  RETURN_IF_ERROR(host->db_->Migrate(
      "common", {std::begin(kCommonMigrations), std::end(kCommonMigrations)}));
  RETURN_IF_ERROR(host->db_->Migrate(service, migrations));
  RETURN_IF_ERROR(CheckClock(host->clock_, *host->redis_, *host->db_));
  // Only now: migrations commit at every start, and would be all that it meets.
  RETURN_IF_ERROR(ArmCrashPoint(config.crash_at));
  if (!config.crash_at.empty()) {
    log::Warning("will_crash", {{"at", config.crash_at}});
  }
  host->executor_ = std::make_unique<ThreadPool>(
      static_cast<int>(config.executor_threads),
      static_cast<std::size_t>(config.executor_backlog));
  // What follows a commit must not stand behind the calls that came since.
  host->reply_executor_ =
      std::make_unique<ThreadPool>(ReplyThreads(), kReplyBacklog);
  host->db_->SetExecutor(host->reply_executor_.get());
  // Each stream has at most one piece of work, and an import two, so none is
  // ever refused.
  host->watch_executor_ = std::make_unique<ThreadPool>(
      static_cast<int>(config.stream_threads),
      static_cast<std::size_t>(config.max_streams));
  host->bulk_executor_ = std::make_unique<ThreadPool>(
      static_cast<int>(config.bulk_threads),
      static_cast<std::size_t>(2 * config.max_streams));
  host->database_probe_ = std::make_unique<Probe>(
      [host = host.get()] { return host->AskDatabase(); }, kLook);
  host->clock_probe_ = std::make_unique<Probe>(
      [host = host.get()] { return host->AskClocks(); }, kLook);
  host->events_ = std::make_unique<EventLog>(*host->db_, host->hub_);
  host->runtime_.reset(new rpc::Runtime{service, *host->admission_,
                                        *host->executor_, host->metrics_,
                                        host->clock_, host->hub_});
  host->limits_ = std::make_unique<RateLimits>(
      host->steady_clock_, host->metrics_,
      RateLimitOptions{.per_principal = config.principal_rate,
                       .per_court = config.court_rate});
  host->shedder_ = std::make_unique<LoadShedder>(
      host->steady_clock_, LoadShedderOptions{.target = config.wait_target});
  host->streams_ = std::make_unique<StreamSlots>(StreamLimits{
      .in_all = config.max_streams, .per_principal = config.principal_streams});
  host->runtime_->limits = host->limits_.get();
  host->runtime_->shedder = host->shedder_.get();
  host->runtime_->watch_executor = host->watch_executor_.get();
  host->runtime_->bulk_executor = host->bulk_executor_.get();
  host->runtime_->streams = host->streams_.get();
  return host;
}

absl::Status Host::Serve(const std::vector<grpc::Service*>& services,
                         const std::function<void()>& stop_workers) {
  grpc::EnableDefaultHealthCheckService(true);
  if (config_.reflection) {
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  }
  grpc::ServerBuilder builder;
  ASSIGN_OR_RETURN(
      const std::unique_ptr<ConnectionListener> listener,
      ConnectionListener::Create(config_.listen, config_.max_connections,
                                 metrics_, builder));
  builder.SetResourceQuota(grpc::ResourceQuota(service_).Resize(
      static_cast<std::size_t>(config_.transport_memory_bytes)));
  // Nothing of ours answers it, and it counts every call.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             static_cast<int>(config_.connection_calls));
  builder.SetMaxReceiveMessageSize(static_cast<int>(config_.max_message_bytes));
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, 300'000);
  // Calls under way go on: an import or a Watch may take longer than the age.
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 3'600'000);
  for (grpc::Service* service : services) builder.RegisterService(service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    return MakeError(absl::StatusCode::kInternal, "GRPC",
                     "gRPC cannot build the server");
  }
  listener->Start();
  if (!config_.port_file.empty()) {
    RETURN_IF_ERROR(WritePortFile(config_.port_file, listener->port()));
  }
  log::Info("service_started", {{"port", listener->port()}});
  const absl::Status healthy = WatchHealth(*server);
  log::Info("service_stopping");
  server->GetHealthCheckService()->SetServingStatus(false);
  absl::SleepFor(config_.drain);
  runtime_->draining = true;
  hub_.Wake();
  stop_workers();
  listener->Stop();
  server->Shutdown(In(config_.grace));
  log::Info("service_stopped");
  return healthy;
}

// What it waits for may hang.
absl::Status Host::AskDatabase() {
  const ScopedDeadline look(SteadyNow() + kLook);
  return db_->Ping();
}

absl::Status Host::AskClocks() {
  const ScopedDeadline look(SteadyNow() + kLook);
  return CheckClock(clock_, *redis_, *db_);
}

// Until a stop signal comes: looks at the database every second. Two misses in
// a row mean NOT_SERVING, one success means SERVING again. Redis does not
// count: calls that only need the database go on without it. The error, if the
// machine's clock turns out to be wrong: then nothing may be done here.
absl::Status Host::WatchHealth(grpc::Server& server) {
  const sigset_t signals = StopSignals();
  int misses = 0;
  absl::Time next_expiry = SteadyNow();
  while (true) {
    const timespec second{1, 0};
    if (sigtimedwait(&signals, nullptr, &second) > 0) return absl::OkStatus();
    const absl::Status clocks = clock_probe_->Look();
    if (absl::IsFailedPrecondition(clocks)) return clocks;
    const absl::Status ping = database_probe_->Look();
    misses = ping.ok() ? 0 : misses + 1;
    if (misses == 2) {
      log::Error("database_unreachable", {{"error", ping.message()}});
    }
    server.GetHealthCheckService()->SetServingStatus(misses < 2);
    metrics_.Set("executor_backlog", "service", service_,
                 static_cast<double>(executor_->backlog()));
    metrics_.Set("writes_submitted", "service", service_,
                 static_cast<double>(db_->submitted()));
    metrics_.Set("streams_open", "service", service_,
                 static_cast<double>(streams_->open()));
    metrics_.Set("memory_allocated_bytes", "service", service_,
                 static_cast<double>(AllocatedBytes()));
    if (SteadyNow() >= next_expiry) {
      next_expiry = SteadyNow() + absl::Minutes(1);
      // May take long and says nothing of the database's health. Refused, it is
      // tried again in a minute.
      bulk_executor_->TrySubmit([this] {
        const ScopedDeadline begin(SteadyNow() + kLook);
        ExpireRequests(*db_, clock_.Now(), kExpirePerMinute).IgnoreError();
      });
    }
  }
}

void BlockSignals() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

int RunMain(const std::string& service, FlagSet& flags, int argc,
            const char* const* argv, const std::function<absl::Status()>& run) {
  BlockSignals();
  log::Init(service, log::Level::kInfo);
  const absl::Status parsed = flags.Parse(argc, argv);
  if (absl::IsCancelled(parsed)) return 0;
  if (!parsed.ok()) {
    std::cerr << "huifang-" << service << ": " << parsed.message() << "\n";
    return 2;
  }
  const absl::Status status = run();
  if (status.ok()) return 0;
  log::Error("service_failed", {{"error", status.message()}});
  std::cerr << "huifang-" << service << ": " << status.message() << "\n";
  return absl::IsInvalidArgument(status) ? 2 : 1;
}

}  // namespace huifang
