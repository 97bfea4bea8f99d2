#ifndef HUIFANG_SERVICES_TICKET_TICKET_WRITER_H_
#define HUIFANG_SERVICES_TICKET_TICKET_WRITER_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "huifang/ticket/v1/ticket_events.pb.h"
#include "huifang/ticket/v1/ticket_service.pb.h"
#include "services/common/clock.h"
#include "services/common/crypto.h"
#include "services/common/event_log.h"
#include "services/common/request_log.h"
#include "services/common/sql.h"
#include "services/ticket/directory_store.h"
#include "services/ticket/import_rules.h"
#include "services/ticket/ticket_store.h"

namespace huifang::ticket {

// Who asked for a change, and under which request id.
struct Actor {
  std::string principal;
  std::string staff;  // resource name or empty

  // What the timeline shows.
  const std::string& shown() const { return staff.empty() ? principal : staff; }
};

// A change of one ticket: state, request id and event in one transaction.
struct TicketChange {
  std::string court;
  std::string ticket_id;
  std::string etag;  // empty: whatever version is there
  RequestKey key;
  Actor actor;
  v1::TicketEvent::Type event = v1::TicketEvent::TYPE_UPDATED;
  // Shown on the timeline; empty for none.
  v1::TimelineEntry::Type entry = v1::TimelineEntry::TYPE_UNSPECIFIED;
  std::string detail;
  // Names what is done once, by its entry on the timeline, long after its
  // request id was forgotten; empty for the rest.
  std::string once;
  // The rule: changes the ticket or says why not. Runs again on a retry.
  std::function<absl::Status(const CourtBook&, absl::Time, v1::Ticket&)> apply;
};

// A batch of an import, checked and sealed: what is left needs the database.
struct ImportBatch {
  struct Row {
    std::int64_t line = 0;
    std::optional<RowProblem> problem;  // set: the rest is not
    v1::Caller caller;                  // in clear
    StoredTicket stored;                // as a new ticket
  };
  std::string court;
  std::shared_ptr<const CourtBook> book;
  absl::Time now;
  std::vector<Row> rows;
};

// The one way tickets are written. Thread safe.
class TicketWriter {
 public:
  TicketWriter(sql::Database& db, DirectoryStore& directory,
               const Sealer& sealer, Clock& clock)
      : db_(db), directory_(directory), sealer_(sealer), clock_(clock) {}

  // Calls `done` once with the ticket or what is wrong: at once or, when it is
  // stored, from the database's executor.
  void Create(const std::string& court, const RequestKey& key,
              const v1::CreateTicketRequest& request,
              absl::AnyInvocable<void(absl::StatusOr<v1::Ticket>)> done);

  absl::StatusOr<v1::Ticket> Change(const TicketChange& change,
                                    const google::protobuf::Message& request);

  // Rings the ladder step of a ticket if it still stands there and is due.
  absl::Status Ring(const std::string& court, const std::string& ticket_id,
                    v1::TicketEvent::DeadlineStage stage);

  // The part of an import that can be done before its turn to write comes.
  absl::StatusOr<ImportBatch> PrepareImport(const std::string& court,
                                            v1::ImportTicketsRequest request);
  // Imports batches of one court in one transaction; each row has its own
  // outcome. An answer for each batch.
  absl::StatusOr<std::deque<v1::ImportTicketsResponse>> Import(
      const std::vector<ImportBatch>& batches);

 private:
  struct NewTicket;

  absl::Status Prepare(const v1::CreateTicketRequest& request,
                       NewTicket& made) const;
  // Gives the row's ticket this name: callers are sealed to it.
  // `rung`: of the ticket that is there already.
  absl::Status Seal(const ImportBatch& batch, const std::string& name,
                    v1::TicketEvent::DeadlineStage rung,
                    const v1::Caller& caller, StoredTicket& stored) const;
  absl::Status FollowImport(sql::Session& session, const ImportBatch& batch,
                            const ImportBatch::Row& row,
                            const StoredTicket& there, StoredTicket& stored);
  // OK also when the row was rejected; an error fails the batch.
  absl::Status ImportRow(sql::Session& session, const ImportBatch& batch,
                         const ImportBatch::Row& row,
                         v1::ImportTicketsResponse& out);

  sql::Database& db_;
  DirectoryStore& directory_;
  const Sealer& sealer_;
  Clock& clock_;
};

// The highest step of its ladder that has rung; none if it is finished:
// reopening starts the ladder again.
v1::TicketEvent::DeadlineStage RungOf(const StoredTicket& stored);

// Sets due time, overdue flag and next ladder step from the ticket's times.
// An imported due time stays. `rung` is the last step that has rung.
absl::Status UpdateDeadline(const CourtBook& book, absl::Time now,
                            v1::TicketEvent::DeadlineStage rung,
                            StoredTicket& stored);

// The name of the caller's ticket before this one, if both are about the same
// matter: the same case or, where neither names one, the same category. Empty
// otherwise.
absl::StatusOr<std::string> FindRepeat(sql::Session& session,
                                       const std::string& court,
                                       const v1::Ticket& ticket);
// Sets it in a ticket that is encoded.
void SetRepeat(const std::string& earlier, StoredTicket& stored);

// Appends the event of an encoded ticket to the transaction.
void AppendEvent(sql::Session& session, const std::string& court,
                 absl::Time now, v1::TicketEvent::Type type,
                 const StoredTicket& stored,
                 v1::TicketEvent::DeadlineStage stage =
                     v1::TicketEvent::DEADLINE_STAGE_UNSPECIFIED);

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_TICKET_WRITER_H_
