#include "services/ticket/import_reactor.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "services/common/crash_point.h"
#include "services/common/deadline.h"
#include "services/common/error.h"
#include "services/common/status_macros.h"
#include "services/common/steady_time.h"
#include "services/ticket/validate.h"

namespace huifang::ticket {
namespace {

constexpr rpc::Method kImport{"ImportTickets", "parent", "admin service",
                              absl::Hours(24)};
// Batches prepared while others are written. Commits of two or three carry more
// rows a second than single ones: they wait for the disk less often.
constexpr std::size_t kAhead = 3;

// How long a batch waits for the database before the import ends: it keeps a
// thread that others need.
constexpr absl::Duration kStageTime = absl::Minutes(1);

// The first batches as far as they are of one court: what a commit may take.
std::vector<ImportBatch> TakeOneCourt(std::vector<ImportBatch>& batches) {
  const auto end = std::find_if(batches.begin(), batches.end(),
                                [&](const ImportBatch& batch) {
                                  return batch.court != batches.front().court;
                                });
  std::vector<ImportBatch> taken(std::make_move_iterator(batches.begin()),
                                 std::make_move_iterator(end));
  batches.erase(batches.begin(), end);
  return taken;
}

}  // namespace

ImportReactor::ImportReactor(rpc::Runtime& runtime,
                             grpc::CallbackServerContext* context,
                             TicketWriter& writer)
    : runtime_(runtime),
      context_(context),
      writer_(writer),
      start_(runtime.clock.Now()) {
  StartRead(&request_);
}

void ImportReactor::OnReadDone(bool ok) {
  if (!ok) {
    return Advance({.reader = true,
                    .input = true,
                    .status = context_->IsCancelled()
                                  ? absl::CancelledError("the caller left")
                                  : absl::OkStatus()});
  }
  {
    absl::MutexLock lock(&mutex_);
    if (finished_) return;
    reader_ = Reader::kPreparing;
  }
  Submit(&ImportReactor::Prepare, {.reader = true});
}

void ImportReactor::Submit(void (ImportReactor::*stage)(), Ended if_refused) {
  Executor& executor = runtime_.bulk_executor != nullptr
                           ? *runtime_.bulk_executor
                           : runtime_.executor;
  const auto work = [this, stage] {
    const ScopedDeadline deadline(SteadyNow() + kStageTime);
    (this->*stage)();
  };
  if (executor.TrySubmit(work)) return;
  if_refused.status = rpc::Overloaded("BACKLOG_FULL");
  Advance(std::move(if_refused));
}

void ImportReactor::Prepare() {
  Ended ended{.reader = true};
  ended.status = rpc::Guard([&]() -> absl::Status {
    ASSIGN_OR_RETURN(ended.prepared, PrepareBatch());
    return absl::OkStatus();
  });
  Advance(std::move(ended));
}

absl::StatusOr<ImportBatch> ImportReactor::PrepareBatch() {
  if (runtime_.draining.load()) {
    return absl::UnavailableError(
        "the server is shutting down; import again, nothing doubles");
  }
  // Each batch names its court, so each is admitted.
  ASSIGN_OR_RETURN(call_, rpc::Admit(runtime_, *context_, kImport, request_));
  if (!counted_.has_value() && runtime_.streams != nullptr) {
    RETURN_IF_ERROR(runtime_.streams->Take(call_->principal));
    counted_ = call_->principal;
  }
  RETURN_IF_ERROR(Validate(request_));
  return writer_.PrepareImport(call_->court, std::move(request_));
}

void ImportReactor::Acknowledge() {
  MaybeCrash(CrashPoint::kBeforeReply);
  StartWrite(&answers_.front());
  MaybeCrash(CrashPoint::kAfterReply);
}

void ImportReactor::Write() {
  const absl::Status status = rpc::Guard([this]() -> absl::Status {
    ASSIGN_OR_RETURN(answers_, writer_.Import(writing_));
    return absl::OkStatus();
  });
  if (status.ok()) return Acknowledge();
  Advance({.writer = true, .status = status});
}

void ImportReactor::OnWriteDone(bool ok) {
  answers_.pop_front();
  if (ok && !answers_.empty()) return Acknowledge();
  Advance({.writer = true,
           .status = ok ? absl::OkStatus()
                        : absl::CancelledError("the caller left")});
}

void ImportReactor::OnDone() {
  if (counted_.has_value()) runtime_.streams->Release(*counted_);
  delete this;
}

void ImportReactor::Advance(Ended ended) {
  bool read = false;
  bool write = false;
  absl::Status status;
  {
    absl::MutexLock lock(&mutex_);
    if (ended.reader) reader_ = Reader::kIdle;
    if (ended.writer) writer_busy_ = false;
    if (ended.prepared.has_value()) {
      prepared_.push_back(*std::move(ended.prepared));
    }
    no_more_ = no_more_ || ended.input;
    status_.Update(ended.status);
    status = status_;
    if (finished_) return;
    if (status.ok() && !prepared_.empty() && !writer_busy_) {
      writing_ = TakeOneCourt(prepared_);
      write = writer_busy_ = true;
    }
    if (status.ok() && !no_more_ && prepared_.size() < kAhead &&
        reader_ == Reader::kIdle) {
      reader_ = Reader::kReading;
      read = true;
    }
    // A failure waits for what is on its way, but not for a sender that may
    // stay silent: Finish ends its read.
    finished_ = !writer_busy_ && reader_ != Reader::kPreparing &&
                (!status.ok() || no_more_);
    if (!finished_ && !read && !write) return;
    // Here, so that whoever sees the reader reading, and finishes, finishes a
    // call that knows of its read: it ends, and is deleted, after that only.
    // gRPC runs OnReadDone on a thread of its own.
    if (read) StartRead(&request_);
  }
  // The last: once it runs, another thread may finish the call.
  if (write) Submit(&ImportReactor::Write, {.writer = true});
  if (read || write) return;
  rpc::FinishCall(runtime_, kImport, call_.has_value() ? &*call_ : nullptr,
                  start_, status);
  Finish(rpc::ToGrpcStatus(status, runtime_.service));
}

}  // namespace huifang::ticket
