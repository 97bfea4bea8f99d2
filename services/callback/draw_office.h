#ifndef HUIFANG_SERVICES_CALLBACK_DRAW_OFFICE_H_
#define HUIFANG_SERVICES_CALLBACK_DRAW_OFFICE_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "huifang/callback/v1/callback_service.pb.h"
#include "services/callback/call_desk.h"
#include "services/callback/draw_maker.h"
#include "services/callback/draw_store.h"
#include "services/callback/plan_store.h"
#include "services/common/clock.h"
#include "services/common/lease_queue.h"
#include "services/common/request_log.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"

namespace huifang::callback {

// FAILED_PRECONDITION: a draw in its state cannot be `verb`.
absl::Status WrongState(const v1::Draw& draw, absl::string_view verb);

// Who of a frozen draw's parties the seed waits for, as a note to a reason;
// empty if it waits for none.
std::string SilentParties(const v1::Draw& draw);

// The verbs on draws: asked for here, done by the draw worker. Thread safe.
class DrawOffice {
 public:
  struct Parts {
    sql::Database& db;
    DrawStore& draws;
    PlanStore& plans;
    DrawMaker& maker;
    CallDesk& desk;
    LeaseQueue& queue;  // "draw"
    Clock& clock;
  };
  explicit DrawOffice(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<v1::Draw> Create(const rpc::Call& call,
                                  const v1::CreateDrawRequest& request);
  absl::StatusOr<v1::Draw> Seed(const rpc::Call& call,
                                const v1::SeedDrawRequest& request);
  absl::StatusOr<v1::Draw> Commit(const rpc::Call& call,
                                  const v1::CommitSeedRequest& request);
  absl::StatusOr<v1::Draw> Reveal(const rpc::Call& call,
                                  const v1::RevealSeedRequest& request);
  absl::StatusOr<v1::Draw> Abort(const rpc::Call& call,
                                 const v1::AbortDrawRequest& request);
  absl::StatusOr<v1::Draw> ActivateReserve(
      const rpc::Call& call, const v1::ActivateReserveRequest& request);

  // The draw that a weekly plan makes over `period`; nothing if it was made.
  absl::Status CreateScheduled(const v1::SamplingPlan& plan,
                               const Period& period);

  // Tells the queue of all draws that wait for a worker.
  absl::Status EnqueueJobs();

 private:
  absl::StatusOr<v1::SamplingPlan> PlanFor(
      const std::string& court, const v1::CreateDrawRequest& request);
  // The draw that is asked for, or why there cannot be one. Writes nothing.
  absl::StatusOr<StoredDraw> Prepare(const rpc::Call& call,
                                     const v1::CreateDrawRequest& request,
                                     absl::Time now);
  void Enqueue(const std::string& draw_name);
  // Loads the draw, lets `change` work on it and stores it, once for a key.
  absl::StatusOr<v1::Draw> Change(
      const RequestKey& key, const std::string& name,
      const google::protobuf::Message& request,
      absl::FunctionRef<absl::Status(sql::Session&, StoredDraw&)> change);

  const Parts parts_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_DRAW_OFFICE_H_
