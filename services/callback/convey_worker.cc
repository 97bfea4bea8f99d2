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

// It takes texts of at most 2000, and a reminder says which one it is.
constexpr std::size_t kMaxReminded = 1900;

// PERMISSION_DENIED is not: something is set up wrongly, and that passes.
bool CanNeverSucceed(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsInvalidArgument(status) ||
         absl::IsFailedPrecondition(status) || absl::IsAlreadyExists(status);
}

}  // namespace

absl::Status ConveyWorker::Work(const Lease& lease) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(lease.task_id, "conveyances"));
  ASSIGN_OR_RETURN(const v1::Conveyance conveyance,
                   conveyances_.Get(name.court, name.id));
  if (conveyance.state() == v1::Conveyance::STATE_PENDING) {
    return Deliver(conveyance);
  }
  const bool remind =
      conveyance.has_next_reminder_time() &&
      FromProto(conveyance.next_reminder_time()) <= clock_.Now();
  return remind ? Remind(conveyance) : absl::OkStatus();
}

absl::Status ConveyWorker::Deliver(const v1::Conveyance& conveyance) {
  const absl::Status added = tickets_.AddConveyance(
      conveyance.ticket(), conveyance.text(), conveyance.name(),
      DerivedUuid(absl::StrCat(conveyance.name(), "|add")));
  if (!added.ok()) {
    if (!CanNeverSucceed(added)) return added;
    return Change(conveyance, [&](v1::Conveyance& now, absl::Time) {
      now.set_state(v1::Conveyance::STATE_FAILED);
      now.set_failure(std::string(added.message()));
      // Nobody will take it up: as good as refused.
      if (now.reopen_ticket()) now.set_reopen_failure(now.failure());
    });
  }
  absl::Status reopened;
  if (conveyance.reopen_ticket()) {
    reopened = tickets_.ReopenTicket(
        conveyance.ticket(),
        absl::StrCat("回访反映未解决:",
                     FirstCodePoints(conveyance.text(), kMaxReason)),
        conveyance.name(),
        DerivedUuid(absl::StrCat(conveyance.name(), "|reopen")));
    if (!reopened.ok() && !CanNeverSucceed(reopened)) return reopened;
  }
  return Change(conveyance, [&](v1::Conveyance& now, absl::Time time) {
    now.set_state(v1::Conveyance::STATE_DELIVERED);
    *now.mutable_deliver_time() = ToProto(time);
    if (!reopened.ok()) {
      now.set_reopen_failure(std::string(reopened.message()));
    }
    if (now.remind_after_days() > 0) {
      *now.mutable_next_reminder_time() =
          ToProto(time + absl::Hours(24) * now.remind_after_days());
    }
  });
}

absl::Status ConveyWorker::Remind(const v1::Conveyance& conveyance) {
  const int number = conveyance.reminder_count() + 1;
  const absl::Status added = tickets_.AddConveyance(
      conveyance.ticket(),
      absl::StrCat("催办第", number,
                   "次:", FirstCodePoints(conveyance.text(), kMaxReminded)),
      conveyance.name(),
      DerivedUuid(absl::StrCat(conveyance.name(), "|remind|", number)));
  if (!added.ok() && !CanNeverSucceed(added)) return added;
  return Change(conveyance, [&](v1::Conveyance& now, absl::Time time) {
    if (!added.ok()) {
      // Nobody can be reminded any more, so it is not tried again.
      now.set_failure(std::string(added.message()));
      now.clear_next_reminder_time();
      return;
    }
    now.set_reminder_count(number);
    *now.mutable_next_reminder_time() =
        ToProto(time + absl::Hours(24) * now.remind_after_days());
  });
}

absl::Status ConveyWorker::Change(
    const v1::Conveyance& conveyance,
    absl::FunctionRef<void(v1::Conveyance&, absl::Time)> change) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(conveyance.name(), "conveyances"));
  return db_.Write(name.court, [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(v1::Conveyance now,
                     ConveyanceStore::Load(session, name.court, name.id));
    // Another worker was here first, or the handler.
    if (now.version() != conveyance.version()) return absl::OkStatus();
    const absl::Time time = clock_.Now();
    change(now, time);
    RETURN_IF_ERROR(ConveyanceStore::Save(session, now));
    EmitConveyance(session, now, time);
    return absl::OkStatus();
  });
}

}  // namespace huifang::callback
