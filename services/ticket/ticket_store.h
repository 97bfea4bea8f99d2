#ifndef HUIFANG_SERVICES_TICKET_TICKET_STORE_H_
#define HUIFANG_SERVICES_TICKET_TICKET_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/ticket/v1/ticket_events.pb.h"
#include "huifang/ticket/v1/ticket_service.pb.h"
#include "services/common/listing.h"
#include "services/common/sql.h"
#include "services/ticket/ticket_fields.h"

namespace huifang::ticket {

// A ticket and what only the store knows of it.
struct StoredTicket {
  v1::Ticket ticket;   // caller masked
  std::string body;    // `ticket` serialized; Encode, Insert and Save set it
  std::string sealed;  // the caller as given, sealed; empty if there is none
  std::string import_hash;
  // Next step of the deadline's ladder; none: InfiniteFuture, and the stage is
  // 0 or, when all have rung, the one behind the last.
  absl::Time ring_time = absl::InfiniteFuture();
  v1::TicketEvent::DeadlineStage ring_stage =
      v1::TicketEvent::DEADLINE_STAGE_UNSPECIFIED;
};

// An open ticket whose ladder has a next step.
struct DueRing {
  std::string court;
  std::string ticket_id;
  v1::TicketEvent::DeadlineStage stage;
  absl::Time time;
};

// The tickets and their timelines; all SQL of both. Methods with a session run
// in its transaction. Thread safe.
class TicketStore {
 public:
  explicit TicketStore(sql::Database& db) : db_(db) {}

  // NOT_FOUND if the court has no such ticket.
  absl::StatusOr<v1::Ticket> Get(const std::string& court,
                                 const std::string& id);
  static absl::StatusOr<StoredTicket> Load(sql::Session& session,
                                           const std::string& court,
                                           const std::string& id);
  static absl::StatusOr<std::optional<StoredTicket>> LoadBySource(
      sql::Session& session, const std::string& court,
      const std::string& source_id);
  // The newest ticket of the caller created before `before`, if any, without
  // content and replies.
  static absl::StatusOr<std::optional<v1::Ticket>> LatestOfCaller(
      sql::Session& session, const std::string& court,
      const std::string& caller_key, absl::Time before);

  // Makes `stored` the first version of its ticket and serializes it: done
  // ahead of Insert, it takes no time of the transaction.
  static void Encode(StoredTicket& stored);
  // Adds an encoded ticket.
  static absl::Status Insert(sql::Session& session, const StoredTicket& stored);
  // Replaces a ticket whose stored version is `stored.ticket.version()` and
  // raises version and etag. ABORTED if it moved on.
  static absl::Status Save(sql::Session& session, StoredTicket& stored);

  // Up to `limit` tickets after `cursor`, and no more than fill a message.
  // Sorted by close time if the filter restricts it, else by creation;
  // `newest_first` or oldest first. Of a text search, at most `kTextScan`
  // candidates are read.
  absl::StatusOr<Listing<v1::Ticket>> List(
      const std::string& court, const v1::TicketFilter& filter,
      const std::optional<TimeCursor>& cursor, bool newest_first, int limit);
  // The same, serialized and with these fields alone.
  absl::StatusOr<Listing<std::string>> ListBodies(
      const std::string& court, const v1::TicketFilter& filter,
      const std::optional<TimeCursor>& cursor, bool newest_first, int limit,
      const FieldSet& fields);
  // DATA_LOSS if it is no ticket.
  static absl::StatusOr<v1::Ticket> ParseBody(const std::string& body);
  static TimeCursor CursorOf(const v1::TicketFilter& filter,
                             const v1::Ticket& ticket);

  // Tickets of one caller or, with `case_number`, of one case, newest first.
  absl::StatusOr<Listing<v1::Ticket>> ListOfSubject(
      const std::string& court, const std::string& caller_key,
      const std::string& case_number, const std::optional<TimeCursor>& cursor,
      int limit);

  static absl::Status AddEntry(sql::Session& session, const std::string& court,
                               const std::string& ticket_id,
                               const v1::TimelineEntry& entry,
                               const std::string& entry_id);
  static absl::StatusOr<bool> HasEntry(sql::Session& session,
                                       const std::string& court,
                                       const std::string& ticket_id,
                                       const std::string& entry_id);
  // Stored entries of one ticket, oldest first, at most `limit`.
  absl::StatusOr<std::vector<v1::TimelineEntry>> Entries(
      const std::string& court, const std::string& ticket_id, int limit);

  // Ladder steps due before `until`, over all courts of this database.
  absl::StatusOr<std::vector<DueRing>> DueRings(absl::Time until, int limit);
  // Open tickets of a court that have a ladder, for a new calendar.
  absl::StatusOr<std::vector<std::string>> OpenTicketIds(
      const std::string& court, const std::string& after, int limit);

 private:
  sql::Database& db_;
};

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_TICKET_STORE_H_
