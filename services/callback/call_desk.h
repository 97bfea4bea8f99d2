#ifndef HUIFANG_SERVICES_CALLBACK_CALL_DESK_H_
#define HUIFANG_SERVICES_CALLBACK_CALL_DESK_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/callback/v1/callback_service.pb.h"
#include "services/callback/callback_store.h"
#include "services/callback/conveyance_store.h"
#include "services/callback/court_info.h"
#include "services/callback/draw_store.h"
#include "services/callback/plan_store.h"
#include "services/callback/snippet_store.h"
#include "services/callback/ticket_client.h"
#include "services/common/clock.h"
#include "services/common/lease_queue.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"

namespace huifang::callback {

// The task of a call in the queue: "110102/CALLBACK".
std::string CallTaskId(const std::string& court,
                       const std::string& callback_id);

// Hands calls out to officers and takes what came of them.
//
// The database says which calls there are and who may make them; the queue in
// Redis says that nobody else holds one. A lease is good when both agree, so
// neither a flushed Redis nor two replicas can hand a call out twice. Thread
// safe.
class CallDesk {
 public:
  struct Parts {
    sql::Database& db;
    DrawStore& draws;
    CallbackStore& callbacks;
    PlanStore& plans;
    TicketClient& tickets;
    CourtInfo& courts;
    LeaseQueue& queue;         // "call"
    LeaseQueue& convey_queue;  // "convey"
    Clock& clock;
    absl::Duration lease;
    int snippet_stale_days = kDefaultSnippetStaleDays;
  };
  explicit CallDesk(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<v1::LeaseCallbackResponse> Lease(
      const rpc::Call& call, const v1::LeaseCallbackRequest& asked);
  absl::StatusOr<v1::Callback> Extend(const rpc::Call& call,
                                      const v1::ExtendCallbackRequest& request);
  absl::StatusOr<v1::Callback> Record(const rpc::Call& call,
                                      const v1::RecordAttemptRequest& request);
  absl::StatusOr<v1::Callback> Complete(
      const rpc::Call& call, const v1::CompleteCallbackRequest& request);
  absl::StatusOr<v1::Callback> Release(
      const rpc::Call& call, const v1::ReleaseCallbackRequest& request);

  // Tells the queue of calls that it should know; those it knows cost nothing.
  absl::Status Enqueue(const std::vector<OpenCall>& calls);
  // Closes the re-calls that nobody made in time, in all courts.
  absl::Status ExpireRecalls();

 private:
  struct Officer {
    std::string principal;
    std::string staff;
    std::string team;
    std::string role;
  };
  struct Grant {
    StoredCallback stored;
    bool granted = false;
    // Another call that the officer asked for at the same time, and has.
    std::optional<StoredCallback> held{};
  };
  absl::StatusOr<Officer> OfficerOf(const rpc::Call& call,
                                    const std::string& named);
  // The first due call that the officer may make, leased; or why there is
  // none.
  absl::StatusOr<StoredCallback> LeaseDue(
      const Officer& officer, const v1::LeaseCallbackRequest& request);
  absl::StatusOr<StoredCallback> LeaseNamed(
      const Officer& officer, const std::string& court,
      const v1::LeaseCallbackRequest& request);
  absl::StatusOr<bool> MayCall(const Officer& officer,
                               const v1::LeaseCallbackRequest& request,
                               const v1::Callback& callback,
                               const StaffBook& staff,
                               const std::vector<v1::Relation>& relations);
  // FAILED_PRECONDITION outside the call windows, unless the caller asked to be
  // called now.
  absl::Status CheckWindow(const std::string& court,
                           const v1::Callback& callback);
  absl::StatusOr<std::optional<huifang::Lease>> TakeTask(
      const std::string& court, const std::string& callback_id);
  absl::StatusOr<Grant> TryLease(const Officer& officer,
                                 const std::string& court,
                                 const std::string& callback_id,
                                 bool outside_windows);
  // Whether the caller is not to be called at all; then the call is closed, and
  // stored.
  absl::StatusOr<bool> CloseIfBarred(sql::Session& session, absl::Time now,
                                     StoredCallback& stored);
  // Whether it is a re-call that nobody made in time; then it is closed, and
  // stored.
  absl::StatusOr<bool> CloseIfExpired(sql::Session& session, absl::Time now,
                                      StoredCallback& stored);
  absl::StatusOr<bool> Expire(sql::Session& session, const OpenCall& call);
  absl::StatusOr<bool> StillHeld(const std::string& court,
                                 const StoredCallback& held);
  // Whether the caller may be called now. If not, the call is put off, or
  // closed if it expired or the caller is not to be called at all, and stored.
  absl::StatusOr<bool> CallerIsFree(sql::Session& session, absl::Time now,
                                    StoredCallback& stored);
  absl::Status NothingToCall(const std::string& court);
  absl::StatusOr<v1::Draw> DrawOf(sql::Session& session,
                                  const std::string& draw_name);
  absl::StatusOr<v1::SamplingPlan> PlanOf(sql::Session& session,
                                          const std::string& draw_name);
  // What is asked in a call, and what may be explained.
  absl::Status AddScript(const v1::Callback& callback,
                         v1::LeaseCallbackResponse& response);
  // Queues the call that makes a whole interview again, if it is of the plan's
  // share, and names it in `first`.
  absl::Status QueueRecall(sql::Session& session, const v1::Draw& draw,
                           absl::Time now, v1::Callback& first);
  // Tells the queues what follows from an interview.
  void EnqueueAfter(const v1::Callback& completed);
  // Loads a held call in a transaction and checks the proof of its lease.
  absl::StatusOr<StoredCallback> LoadHeld(sql::Session& session,
                                          const std::string& name,
                                          const std::string& token);
  void Settle(const v1::Callback& callback);

  const Parts parts_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_CALL_DESK_H_
