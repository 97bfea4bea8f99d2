#ifndef HUIFANG_SERVICES_GRADING_INSPECTION_STORE_H_
#define HUIFANG_SERVICES_GRADING_INSPECTION_STORE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/callback/v1/callback_events.pb.h"
#include "huifang/grading/v1/grading_service.pb.h"
#include "huifang/ticket/v1/ticket_events.pb.h"
#include "services/common/listing.h"
#include "services/common/sql.h"
#include "services/grading/inspection_rules.h"
#include "services/grading/signature.h"

namespace huifang::grading {

// A ticket the machine has to look at, as of one version of its row.
struct PendingTicket {
  std::string court;
  std::string ticket;  // id
  std::int64_t generation = 0;
  std::int32_t version = 0;  // of the inspection so far
  ticket::v1::Ticket body;
  std::optional<callback::v1::Callback> callback;
};

// One such row without its texts.
struct PendingKey {
  std::string court;
  std::string ticket;
  std::int64_t generation = 0;
};

// What the machine found in one of them.
struct InspectionResult {
  std::string ticket;
  // Of the row it was computed from; a newer row makes the result void.
  std::int64_t generation = 0;
  v1::Inspection inspection;
  ReplySignature signature;
};

// Keeps one inspection for each closed ticket, with the texts it was made from.
// Thread safe.
class InspectionStore {
 public:
  explicit InspectionStore(sql::Database& db) : db_(db) {}

  // What an inspection repeats of its ticket, before anything was found.
  static v1::Inspection Describe(const std::string& court,
                                 const std::string& id,
                                 const ticket::v1::Ticket& ticket);

  // Applies an event of the ticket stream, in the consumer's transaction:
  // closed tickets become pending when something the rules read has changed,
  // reopened and cancelled ones are withdrawn.
  static absl::Status ApplyTicket(sql::Session& session,
                                  const ticket::v1::TicketEvent& event,
                                  absl::Time now);
  // A completed callback makes its ticket pending again.
  static absl::Status ApplyCallback(sql::Session& session,
                                    const callback::v1::CallbackEvent& event);

  absl::StatusOr<v1::Inspection> Get(const std::string& court,
                                     const std::string& ticket);
  static absl::StatusOr<v1::Inspection> GetIn(sql::Session& session,
                                              const std::string& court,
                                              const std::string& ticket);
  // The ticket it was made from.
  static absl::StatusOr<ticket::v1::Ticket> TicketIn(sql::Session& session,
                                                     const std::string& court,
                                                     const std::string& ticket);

  // Rows after `cursor` (closed time in microseconds, ticket id), latest closed
  // first; one more than `limit` at most, so that the caller sees the end.
  using Cursor = std::optional<TimeCursor>;
  absl::StatusOr<std::vector<v1::Inspection>> List(
      const v1::ListInspectionsRequest& request, const std::string& court,
      const Cursor& cursor, int limit);

  // Makes the ticket pending again. FAILED_PRECONDITION if withdrawn.
  static absl::StatusOr<v1::Inspection> Reinspect(sql::Session& session,
                                                  const std::string& court,
                                                  const std::string& ticket);

  // Those of `tickets` that are pending, with their texts.
  absl::StatusOr<std::vector<PendingTicket>> LoadPending(
      const std::string& court, const std::vector<std::string>& tickets);
  // The same without their texts.
  absl::StatusOr<std::vector<PendingKey>> FindPending(
      const std::string& court, const std::vector<std::string>& tickets);
  // Pending rows after `after`, for the reconciler.
  absl::StatusOr<std::vector<PendingKey>> ListPending(const PendingKey& after,
                                                      int limit);

  // Other tickets' texts whose reply shares a band; at most `limit`.
  absl::StatusOr<std::vector<CopyCandidate>> FindCandidates(
      const std::string& court, const std::string& ticket,
      const ReplySignature& signature, int limit);

  // Stores a result in the session's transaction, with its event, unless the
  // row has moved on. True if it was stored.
  static absl::StatusOr<bool> Save(sql::Session& session,
                                   const std::string& court,
                                   const InspectionResult& result,
                                   absl::Time now);

 private:
  sql::Database& db_;
};

// Task id of an inspection: changes with the row's generation, so that a ticket
// that changes while it is being inspected is queued again.
std::string InspectTaskId(const PendingKey& key);
// False if `task_id` is none.
bool ParseInspectTaskId(const std::string& task_id, PendingKey& key);

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_INSPECTION_STORE_H_
