// What every service's main builds first, and how it runs until told to stop.
#ifndef HUIFANG_SERVICES_COMMON_HOST_H_
#define HUIFANG_SERVICES_COMMON_HOST_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/common/admission.h"
#include "services/common/clock.h"
#include "services/common/config.h"
#include "services/common/crypto.h"
#include "services/common/event_log.h"
#include "services/common/executor.h"
#include "services/common/load_shedder.h"
#include "services/common/metrics.h"
#include "services/common/probe.h"
#include "services/common/rate_limit.h"
#include "services/common/redis.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"
#include "services/common/sql_lock.h"
#include "services/common/stream_slots.h"
#include "services/common/wake_hub.h"

namespace huifang {

// The parts in common, built in the order of their dependencies. Not thread
// safe; the parts are.
class Host {
 public:
  // Opens the database and brings its schema (the common tables, then
  // `migrations`) up to date; reads the token and key files. Redis may be away.
  static absl::StatusOr<std::unique_ptr<Host>> Create(
      const std::string& service, const ServiceConfig& config,
      const std::vector<sql::Migration>& migrations);
  ~Host();

  // Serves `services` until SIGTERM or SIGINT, then drains: NOT_SERVING, a
  // pause for balancers, `stop_workers`, no new calls, running ones finish.
  absl::Status Serve(const std::vector<grpc::Service*>& services,
                     const std::function<void()>& stop_workers);

  const ServiceConfig& config() const { return config_; }
  SystemClock& clock() { return clock_; }
  Metrics& metrics() { return metrics_; }
  sql::Database& db() { return *db_; }
  redis::Pool& redis() { return *redis_; }
  Sealer& sealer() { return *sealer_; }
  EventLog& events() { return *events_; }
  rpc::Runtime& runtime() { return *runtime_; }
  // "prefix:service"; the keys of its queues start with it.
  std::string redis_prefix() const;

 private:
  Host(const std::string& service, const ServiceConfig& config);
  absl::Status WatchHealth(grpc::Server& server);
  absl::Status AskDatabase();
  absl::Status AskClocks();

  const std::string service_;
  const ServiceConfig config_;
  SystemClock clock_;
  SteadyClock steady_clock_;
  Metrics metrics_;
  WakeHub hub_;
  std::unique_ptr<ThreadPool> executor_;
  std::unique_ptr<ThreadPool> watch_executor_;
  std::unique_ptr<ThreadPool> bulk_executor_;
  std::unique_ptr<ThreadPool> reply_executor_;
  std::unique_ptr<sql::FileLock> lock_;
  std::unique_ptr<sql::Database> db_;
  std::unique_ptr<Probe> database_probe_;
  std::unique_ptr<redis::Pool> redis_;
  std::unique_ptr<Probe> clock_probe_;
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<TokenAdmission> admission_;
  std::unique_ptr<RateLimits> limits_;
  std::unique_ptr<LoadShedder> shedder_;
  std::unique_ptr<StreamSlots> streams_;
  std::unique_ptr<EventLog> events_;
  std::unique_ptr<rpc::Runtime> runtime_;
};

// Blocks SIGTERM and SIGINT in this thread and those it starts. First line of
// main: Serve waits for them.
void BlockSignals();

// Parses flags, sets up the log and calls `run`; the exit code of main.
// 0 after a clean stop, 2 for bad flags, 1 for anything else; the reason is on
// stderr, in words.
int RunMain(const std::string& service, FlagSet& flags, int argc,
            const char* const* argv, const std::function<absl::Status()>& run);

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_HOST_H_
