#include "services/ticket/import_reactor.h"

#include "services/common/error.h"
#include "services/common/status_macros.h"
#include "services/ticket/validate.h"

namespace huifang::ticket {
namespace {

constexpr rpc::Method kImport{"ImportTickets", "parent", "admin service",
                              absl::Hours(24)};

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
    End(context_->IsCancelled() ? absl::CancelledError("the caller left")
                                : absl::OkStatus());
    return;
  }
  if (!runtime_.executor.TrySubmit([this] { Work(); })) {
    End(BusyError("BACKLOG_FULL", "the server is busy; try again soon",
                  absl::Milliseconds(500)));
  }
}

void ImportReactor::Work() {
  const absl::Status status = rpc::Guard([this] { return WriteBatch(); });
  if (!status.ok()) {
    End(status);
  } else {
    StartWrite(&response_);
  }
}

absl::Status ImportReactor::WriteBatch() {
  if (runtime_.draining.load()) {
    return absl::UnavailableError(
        "the server is shutting down; import again, nothing doubles");
  }
  // Each batch names its court, so each is admitted.
  ASSIGN_OR_RETURN(call_, rpc::Admit(runtime_, *context_, kImport, request_));
  RETURN_IF_ERROR(Validate(request_));
  ASSIGN_OR_RETURN(response_, writer_.Import(call_->court, request_));
  return absl::OkStatus();
}

void ImportReactor::OnWriteDone(bool ok) {
  if (!ok) {
    End(absl::CancelledError("the caller left"));
  } else {
    StartRead(&request_);
  }
}

void ImportReactor::End(const absl::Status& status) {
  rpc::FinishCall(runtime_, kImport, call_.has_value() ? &*call_ : nullptr,
                  start_, status);
  Finish(rpc::ToGrpcStatus(status, runtime_.service));
}

}  // namespace huifang::ticket
