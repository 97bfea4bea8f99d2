#include "services/callback/convey_worker.h"

#include "absl/strings/str_cat.h"
#include "services/callback/events.h"
#include "services/callback/store_util.h"
#include "services/common/ids.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/common/text.h"

namespace huifang::callback {
namespace {

// The ticket service takes reasons of at most 500 characters.
constexpr std::size_t kMaxReason = 400;

bool CanNeverSucceed(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsInvalidArgument(status) ||
         absl::IsFailedPrecondition(status) ||
         absl::IsPermissionDenied(status) || absl::IsAlreadyExists(status);
}

}  // namespace

absl::Status ConveyWorker::Work(const Lease& lease) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(lease.task_id, "conveyances"));
  ASSIGN_OR_RETURN(const v1::Conveyance conveyance,
                   conveyances_.Get(name.court, name.id));
  if (conveyance.state() != v1::Conveyance::STATE_PENDING) {
    return absl::OkStatus();
  }
  const absl::Status added = tickets_.AddConveyance(
      conveyance.ticket(), conveyance.text(), conveyance.name(),
      DerivedUuid(absl::StrCat(conveyance.name(), "|add")));
  if (!added.ok()) {
    if (!CanNeverSucceed(added)) return added;
    return Finish(conveyance, v1::Conveyance::STATE_FAILED,
                  std::string(added.message()));
  }
  std::string note;
  if (conveyance.reopen_ticket()) {
    const absl::Status reopened = tickets_.ReopenTicket(
        conveyance.ticket(),
        absl::StrCat("回访反映未解决:",
                     FirstCodePoints(conveyance.text(), kMaxReason)),
        DerivedUuid(absl::StrCat(conveyance.name(), "|reopen")));
    // Someone else may have taken it up already; the words are delivered.
    if (!reopened.ok() && !CanNeverSucceed(reopened)) return reopened;
    if (!reopened.ok()) {
      note = absl::StrCat("not reopened: ", reopened.message());
    }
  }
  return Finish(conveyance, v1::Conveyance::STATE_DELIVERED, note);
}

absl::Status ConveyWorker::Finish(const v1::Conveyance& conveyance,
                                  v1::Conveyance::State state,
                                  const std::string& failure) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(conveyance.name(), "conveyances"));
  return db_.Write(name.court, [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(v1::Conveyance now,
                     ConveyanceStore::Load(session, name.court, name.id));
    if (now.state() != v1::Conveyance::STATE_PENDING) return absl::OkStatus();
    now.set_state(state);
    now.set_failure(failure);
    if (state == v1::Conveyance::STATE_DELIVERED) {
      *now.mutable_deliver_time() = ToProto(clock_.Now());
    }
    RETURN_IF_ERROR(ConveyanceStore::Save(session, now));
    EmitConveyance(session, now, clock_.Now());
    return absl::OkStatus();
  });
}

}  // namespace huifang::callback
