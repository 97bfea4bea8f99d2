#ifndef HUIFANG_SERVICES_COMMON_EVENT_CONSUMER_H_
#define HUIFANG_SERVICES_COMMON_EVENT_CONSUMER_H_

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "services/common/checkpoint.h"
#include "services/common/clock.h"
#include "services/common/crash_point.h"
#include "services/common/ids.h"
#include "services/common/log.h"
#include "services/common/metrics.h"
#include "services/common/page_token.h"
#include "services/common/proto_time.h"
#include "services/common/rpc.h"
#include "services/common/status_macros.h"
#include "services/common/steady_event.h"
#include "services/common/steady_time.h"

namespace huifang {

// Follows a Watch stream and applies each event exactly once: projection and
// checkpoint move in one transaction. Runs a thread until stopped; survives
// the peer being away. With several replicas each shard has one active holder.
//
//   EventConsumer<v1::WatchTicketsRequest, v1::WatchTicketsResponse> consumer(
//       {.stream = "tickets", .token = token}, db, clock, metrics,
//       [&](grpc::ClientContext* context, const auto& request) {
//         return stub->WatchTickets(context, request);
//       },
//       [&](sql::Session& session, const v1::TicketEvent& event) {...},
//       [&](const std::vector<v1::TicketEvent>& applied) { enqueue(applied);
//       });
template <typename Request, typename Response>
class EventConsumer {
 public:
  using Event = std::decay_t<decltype(std::declval<Response>().events(0))>;
  using Reader = std::unique_ptr<grpc::ClientReaderInterface<Response>>;
  using Open = std::function<Reader(grpc::ClientContext*, const Request&)>;
  // In the transaction. May run more than once; no effect outside `session`.
  using Apply = std::function<absl::Status(sql::Session&, const Event&)>;
  // After the commit. May be skipped by a crash: the reconciler covers that.
  using Applied = std::function<void(const std::vector<Event>&)>;

  struct Options {
    std::string stream;  // name of the checkpoint, for example "tickets"
    std::string token;   // bearer token for the peer
    absl::Duration lease = absl::Seconds(5);
  };

  EventConsumer(Options options, sql::Database& db, Clock& clock,
                Metrics& metrics, Open open, Apply apply,
                Applied applied = nullptr)
      : options_(std::move(options)),
        db_(db),
        clock_(clock),
        metrics_(metrics),
        owner_(NewUuid7(clock.Now())),
        open_(std::move(open)),
        apply_(std::move(apply)),
        applied_(std::move(applied)),
        thread_([this] { Loop(); }) {}

  ~EventConsumer() { Stop(); }

  void Stop() {
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
      stopped_.Set();
      if (context_ != nullptr) context_->TryCancel();
    }
    if (thread_.joinable()) thread_.join();
  }

 private:
  using Sequences = std::map<int, std::int64_t>;

  void Loop() {
    absl::Duration backoff = kMinBackoff;
    while (true) {
      bool progressed = false;
      const absl::Status status = Follow(progressed);
      if (progressed) backoff = kMinBackoff;
      if (!status.ok() && status.code() != absl::StatusCode::kCancelled) {
        log::Warning("consumer_interrupted", {{"stream", options_.stream},
                                              {"error", status.message()}});
        metrics_.Count("consumer_interruptions_total", "stream",
                       options_.stream);
      }
      if (stopped_.WaitFor(backoff)) break;
      backoff = std::min(backoff * 2, kMaxBackoff);
    }
    ReleaseShards(db_, options_.stream, owner_).IgnoreError();
  }

  // One connection, from claim to its end.
  absl::Status Follow(bool& progressed) {
    ASSIGN_OR_RETURN(Sequences at, Claim());
    if (at.empty()) {  // another replica has them all
      SetMetrics(absl::ZeroDuration());
      return absl::OkStatus();
    }
    Request request;
    request.set_parent("courts/-");
    request.set_resume_token(EncodeResumeToken(at));
    for (const auto& [shard, sequence] : at) request.add_shards(shard);
    grpc::ClientContext context;
    context.AddMetadata("authorization",
                        absl::StrCat("Bearer ", options_.token));
    {
      absl::MutexLock lock(&mutex_);
      if (stopping_) return absl::CancelledError("stopping");
      context_ = &context;
    }
    const absl::Status status = ReadAll(context, request, at, progressed);
    absl::MutexLock lock(&mutex_);
    context_ = nullptr;
    return status;
  }

  absl::Status ReadAll(grpc::ClientContext& context, const Request& request,
                       Sequences& at, bool& progressed) {
    Reader reader = open_(&context, request);
    absl::Time renew_at = SteadyNow() + options_.lease / 3;
    Response response;
    absl::Status failed;
    while (failed.ok() && reader->Read(&response)) {
      failed = ApplyAll(response, at);
      progressed = progressed || (failed.ok() && response.events_size() > 0);
      if (failed.ok()) SetMetrics(Delay(response));
      if (failed.ok() && SteadyNow() >= renew_at) {
        absl::StatusOr<Sequences> held = Claim();
        failed = held.status();
        // The shares have changed: ask for the others.
        if (held.ok() && *held != at) break;
        renew_at = SteadyNow() + options_.lease / 3;
      }
    }
    context.TryCancel();
    const absl::Status ended = rpc::FromGrpcStatus(reader->Finish());
    return failed.ok() ? ended : failed;
  }

  absl::Status ApplyAll(const Response& response, Sequences& at) {
    std::map<int, std::vector<Event>> by_shard;
    for (const Event& event : response.events()) {
      by_shard[event.shard()].push_back(event);
    }
    for (const auto& [shard, events] : by_shard) {
      const std::int64_t from = at[shard];
      const std::int64_t to = events.back().sequence();
      if (to != from + static_cast<std::int64_t>(events.size())) {
        return absl::DataLossError(
            absl::StrCat("gap in shard ", shard, " after ", from));
      }
      const int this_shard = shard;
      const std::vector<Event>& these = events;
      MaybeCrash(CrashPoint::kBeforeApply);
      RETURN_IF_ERROR(db_.Write(
          events.front().court(),
          [this, this_shard, from, to, &these](sql::Session& session) {
            RETURN_IF_ERROR(AdvanceCheckpoint(session, options_.stream,
                                              this_shard, from, to));
            for (const Event& event : these) {
              RETURN_IF_ERROR(apply_(session, event));
            }
            return absl::OkStatus();
          }));
      MaybeCrash(CrashPoint::kAfterApply);
      at[shard] = to;
      if (applied_) applied_(events);
    }
    return absl::OkStatus();
  }

  // How long the oldest event waited to be applied; zero where there is none:
  // the peer sends no event only once it has no more.
  absl::Duration Delay(const Response& response) const {
    absl::Duration delay;
    const absl::Time now = clock_.Now();
    for (const Event& event : response.events()) {
      delay = std::max(delay, now - FromTimestamp(event.event_time()));
    }
    return delay;
  }

  void SetMetrics(absl::Duration delay) {
    metrics_.Set("consumer_delay_seconds", "stream", options_.stream,
                 absl::ToDoubleSeconds(delay));
    metrics_.Set("consumer_seen_timestamp_seconds", "stream", options_.stream,
                 absl::ToDoubleSeconds(clock_.Now() - absl::UnixEpoch()));
  }

  absl::StatusOr<Sequences> Claim() {
    return ClaimShards(db_, options_.stream, owner_, clock_.Now(),
                       options_.lease);
  }

  static constexpr absl::Duration kMinBackoff = absl::Milliseconds(200);
  static constexpr absl::Duration kMaxBackoff = absl::Seconds(2);

  const Options options_;
  sql::Database& db_;
  Clock& clock_;
  Metrics& metrics_;
  const std::string owner_;
  const Open open_;
  const Apply apply_;
  const Applied applied_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  SteadyEvent stopped_;  // when stopping_ is
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
  std::thread thread_;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_EVENT_CONSUMER_H_
