// Import: the part of TicketWriter that takes batches from another system.
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/crypto.h"
#include "services/common/error.h"
#include "services/common/ids.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/ticket/caller_seal.h"
#include "services/ticket/directory_rules.h"
#include "services/ticket/import_rules.h"
#include "services/ticket/ticket_rules.h"
#include "services/ticket/ticket_writer.h"

namespace huifang::ticket {
namespace {

void Reject(const RowProblem& problem, std::int64_t line,
            v1::ImportTicketsResponse& out) {
  auto* result = out.add_results();
  result->set_line(line);
  result->set_field(problem.field);
  result->set_reason(problem.reason);
  result->set_message(problem.message);
  out.set_rejected_count(out.rejected_count() + 1);
}

// Finds division and handler by their labels and checks what was named.
std::optional<RowProblem> Resolve(const v1::Directory& directory,
                                  v1::ImportRow& row) {
  v1::Ticket& ticket = *row.mutable_ticket();
  if (ticket.division().empty() && !row.division_label().empty()) {
    const v1::Division* division =
        FindDivision(directory, row.division_label());
    if (division == nullptr) {
      return RowProblem{"division_label", "UNKNOWN_DIVISION",
                        absl::StrCat("no division \"", row.division_label(),
                                     "\" in the directory")};
    }
    ticket.set_division(division->name());
  }
  if (ticket.handler().empty() && !row.handler_label().empty()) {
    const v1::Staff* staff = FindStaff(directory, row.handler_label());
    if (staff == nullptr) {
      return RowProblem{"handler_label", "UNKNOWN_HANDLER",
                        "no such person in the directory"};
    }
    ticket.set_handler(staff->name());
    if (ticket.team().empty()) ticket.set_team(staff->team());
    if (ticket.division().empty()) ticket.set_division(staff->division());
  }
  const absl::Status known = CheckAssignment(directory, ticket.division(),
                                             ticket.team(), ticket.handler());
  if (!known.ok()) {
    return RowProblem{"ticket.division", "NOT_IN_DIRECTORY",
                      std::string(known.message())};
  }
  return std::nullopt;
}

// Brings what an export leaves open to the form tickets have here.
void Complete(absl::Time now, v1::Ticket& ticket) {
  if (ticket.state() == v1::Ticket::STATE_UNSPECIFIED) {
    ticket.set_state(v1::Ticket::STATE_OPEN);
  }
  if (ticket.channel() == v1::CHANNEL_UNSPECIFIED) {
    ticket.set_channel(v1::CHANNEL_PHONE);
  }
  if (ticket.kind() == v1::KIND_UNSPECIFIED) ticket.set_kind(v1::KIND_OTHER);
  const bool desk = ticket.state() == v1::Ticket::STATE_ANSWERED_AT_DESK;
  if (!desk && ticket.state() != v1::Ticket::STATE_OPEN &&
      !ticket.has_dispatch_time()) {
    *ticket.mutable_dispatch_time() = ticket.create_time();
  }
  for (int i = 0; i < ticket.replies_size(); ++i) {
    v1::Reply& reply = *ticket.mutable_replies(i);
    reply.set_revision(i + 1);
    if (!reply.has_reply_time()) {
      // An export that tells no time of an open ticket's reply: known since
      // now.
      *reply.mutable_reply_time() =
          ticket.has_reply_time()   ? ticket.reply_time()
          : ticket.has_close_time() ? ticket.close_time()
                                    : ToTimestamp(now);
    }
    if (reply.author().empty()) reply.set_author(ticket.handler());
  }
  if (!ticket.has_reply_time() && ticket.replies_size() > 0) {
    *ticket.mutable_reply_time() = ticket.replies(0).reply_time();
  }
  ticket.clear_repeat_of();  // found here, not claimed
  *ticket.mutable_update_time() = ToTimestamp(now);
}

}  // namespace

absl::StatusOr<ImportBatch> TicketWriter::PrepareImport(
    const std::string& court, v1::ImportTicketsRequest request) {
  ImportBatch batch;
  batch.court = court;
  batch.now = clock_.Now();
  ASSIGN_OR_RETURN(batch.book, directory_.Book(court));
  batch.rows.reserve(static_cast<std::size_t>(request.rows_size()));
  for (v1::ImportRow& asked : *request.mutable_rows()) {
    ImportBatch::Row& row = batch.rows.emplace_back();
    row.line = asked.line();
    row.stored.import_hash = Sha256Hex(
        absl::StrCat(asked.ticket().SerializeAsString(), "\n",
                     asked.division_label(), "\n", asked.handler_label()));
    row.problem = CheckImportRow(batch.now, asked);
    if (!row.problem.has_value()) {
      row.problem = Resolve(batch.book->directory, asked);
    }
    if (row.problem.has_value()) continue;
    row.stored.ticket = std::move(*asked.mutable_ticket());
    Complete(batch.now, row.stored.ticket);
    row.caller = row.stored.ticket.caller();
    RETURN_IF_ERROR(Seal(
        batch, MakeResourceName(court, "tickets", NewUuid7(batch.now)),
        v1::TicketEvent::DEADLINE_STAGE_UNSPECIFIED, row.caller, row.stored));
    TicketStore::Encode(row.stored);
  }
  return batch;
}

absl::Status TicketWriter::Seal(const ImportBatch& batch,
                                const std::string& name,
                                v1::TicketEvent::DeadlineStage rung,
                                const v1::Caller& caller,
                                StoredTicket& stored) const {
  stored.ticket.set_name(name);
  *stored.ticket.mutable_caller() = caller;
  stored.sealed = SealCaller(sealer_, batch.court, stored.ticket);
  return UpdateDeadline(*batch.book, batch.now, rung, stored);
}

absl::StatusOr<std::deque<v1::ImportTicketsResponse>> TicketWriter::Import(
    const std::vector<ImportBatch>& batches) {
  std::deque<v1::ImportTicketsResponse> answers;
  RETURN_IF_ERROR(db_.Write(
      batches.front().court, [&](sql::Session& session) -> absl::Status {
        answers.clear();  // the closure may run again
        for (const ImportBatch& batch : batches) {
          v1::ImportTicketsResponse& out = answers.emplace_back();
          for (const ImportBatch::Row& row : batch.rows) {
            RETURN_IF_ERROR(ImportRow(session, batch, row, out));
          }
        }
        return absl::OkStatus();
      }));
  return answers;
}

// A ticket that is there already takes what the import says of it.
absl::Status TicketWriter::FollowImport(sql::Session& session,
                                        const ImportBatch& batch,
                                        const ImportBatch::Row& row,
                                        const StoredTicket& there,
                                        StoredTicket& stored) {
  stored = row.stored;
  KeepWhatIsOpen(there.ticket, stored.ticket);
  RETURN_IF_ERROR(
      Seal(batch, there.ticket.name(), RungOf(there), row.caller, stored));
  stored.ticket.set_version(there.ticket.version());
  stored.ticket.set_repeat_of(there.ticket.repeat_of());
  return TicketStore::Save(session, stored);
}

absl::Status TicketWriter::ImportRow(sql::Session& session,
                                     const ImportBatch& batch,
                                     const ImportBatch::Row& row,
                                     v1::ImportTicketsResponse& out) {
  if (row.problem.has_value()) {
    Reject(*row.problem, row.line, out);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::optional<StoredTicket> there,
                   TicketStore::LoadBySource(session, batch.court,
                                             row.stored.ticket.source_id()));
  StoredTicket changed;
  const StoredTicket* written = &row.stored;  // copied only where it differs
  if (!there.has_value()) {
    // Rows that come newest first are not linked: the earlier ticket is not
    // there yet.
    ASSIGN_OR_RETURN(const std::string earlier,
                     FindRepeat(session, batch.court, row.stored.ticket));
    if (!earlier.empty()) {
      changed = row.stored;
      SetRepeat(earlier, changed);
      written = &changed;
    }
    RETURN_IF_ERROR(TicketStore::Insert(session, *written));
    out.set_created_count(out.created_count() + 1);
  } else if (there->import_hash == row.stored.import_hash) {
    out.set_unchanged_count(out.unchanged_count() + 1);
    return absl::OkStatus();
  } else if (!MayFollowImport(there->ticket, row.stored.ticket)) {
    Reject({"ticket.source_id", "DUPLICATE_SOURCE_ID",
            absl::StrCat("is taken by ", there->ticket.name(),
                         ", which says something else")},
           row.line, out);
    return absl::OkStatus();
  } else if (WorkedOnHere(there->ticket, row.stored.ticket)) {
    Reject(
        {"ticket.source_id", "WORKED_ON_HERE",
         absl::StrCat("is ", there->ticket.name(),
                      ", which was reopened, handed on or ended here, or has "
                      "another reply; go on with it here")},
        row.line, out);
    return absl::OkStatus();
  } else {
    RETURN_IF_ERROR(FollowImport(session, batch, row, *there, changed));
    written = &changed;
    out.set_updated_count(out.updated_count() + 1);
  }
  AppendEvent(session, batch.court, batch.now,
              IsClosed(written->ticket.state()) ? v1::TicketEvent::TYPE_CLOSED
              : there.has_value()               ? v1::TicketEvent::TYPE_UPDATED
                                                : v1::TicketEvent::TYPE_CREATED,
              *written);
  return absl::OkStatus();
}

}  // namespace huifang::ticket
