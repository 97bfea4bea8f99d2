#include "services/ticket/ticket_writer.h"

#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/wire_format_lite.h"
#include "services/common/error.h"
#include "services/common/ids.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/ticket/caller_seal.h"
#include "services/ticket/case_number_rules.h"
#include "services/ticket/deadline_rules.h"
#include "services/ticket/directory_rules.h"
#include "services/ticket/phone_rules.h"
#include "services/ticket/ticket_rules.h"

namespace huifang::ticket {
namespace {

using Stage = v1::TicketEvent::DeadlineStage;

// The steps above `rung`: of those past, only the highest rings. Once all have,
// the stage is the one behind the last, so that it is known.
void SetNextRing(const Ladder& ladder, Stage rung, absl::Time now,
                 StoredTicket& stored) {
  const std::pair<Stage, absl::Time> steps[] = {
      {v1::TicketEvent::DEADLINE_STAGE_WARNING, ladder.warn},
      {v1::TicketEvent::DEADLINE_STAGE_OVERDUE, ladder.overdue},
      {v1::TicketEvent::DEADLINE_STAGE_HEAD, ladder.head},
      {v1::TicketEvent::DEADLINE_STAGE_LEADER, ladder.leader}};
  stored.ring_time = absl::InfiniteFuture();
  stored.ring_stage = static_cast<Stage>(rung + 1);
  for (const auto& [stage, time] : steps) {
    if (stage <= rung) continue;
    const bool first = stored.ring_time == absl::InfiniteFuture();
    if (!first && time > now) break;
    stored.ring_stage = stage;
    stored.ring_time = time;
  }
}

const char* StageText(Stage stage) {
  switch (stage) {
    case v1::TicketEvent::DEADLINE_STAGE_WARNING:
      return "即将到期，提醒承办人";
    case v1::TicketEvent::DEADLINE_STAGE_OVERDUE:
      return "已超期";
    case v1::TicketEvent::DEADLINE_STAGE_HEAD:
      return "超期未办结，提醒庭长";
    case v1::TicketEvent::DEADLINE_STAGE_LEADER:
      return "超期未办结，提醒院领导";
    default:
      return "";
  }
}

// Who is in charge, as the directory knows it. A handler brings team and
// division along.
absl::Status FillAssignment(const v1::Directory& directory,
                            v1::Ticket& ticket) {
  RETURN_IF_ERROR(CheckAssignment(directory, ticket.division(), ticket.team(),
                                  ticket.handler()));
  if (ticket.handler().empty()) return absl::OkStatus();
  const v1::Staff* staff = FindStaff(directory, ticket.handler());
  if (staff == nullptr) return absl::OkStatus();
  if (ticket.team().empty()) ticket.set_team(staff->team());
  if (ticket.division().empty()) ticket.set_division(staff->division());
  return absl::OkStatus();
}

// RunOnce for a change of the ticket `name`. Kept for a repeat is only the
// name: the ticket has a row of its own, and a repeat gets it as it is by then,
// in `repeated`, which stays empty the first time.
absl::Status ChangeOnce(sql::Session& session, const RequestKey& key,
                        absl::Time now, const std::string& request_hash,
                        const std::string& name, v1::Ticket& repeated,
                        absl::FunctionRef<absl::Status()> change) {
  repeated.Clear();
  v1::Ticket kept;
  bool changed = false;
  RETURN_IF_ERROR(RunOnce(session, key, now, request_hash, kept, [&] {
    changed = true;
    kept.set_name(name);
    return change();
  }));
  if (changed) return absl::OkStatus();
  ASSIGN_OR_RETURN(const ResourceName kept_name,
                   ParseResourceName(kept.name(), "tickets"));
  ASSIGN_OR_RETURN(StoredTicket stored,
                   TicketStore::Load(session, kept_name.court, kept_name.id));
  repeated = std::move(stored.ticket);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> FindRepeat(sql::Session& session,
                                       const std::string& court,
                                       const v1::Ticket& ticket) {
  if (ticket.caller().caller_key().empty()) return std::string();
  ASSIGN_OR_RETURN(
      const std::optional<v1::Ticket> earlier,
      TicketStore::LatestOfCaller(session, court, ticket.caller().caller_key(),
                                  FromTimestamp(ticket.create_time())));
  const bool same = earlier.has_value() &&
                    earlier->case_number() == ticket.case_number() &&
                    (!ticket.case_number().empty() ||
                     earlier->category() == ticket.category());
  return same ? earlier->name() : std::string();
}

void SetRepeat(const std::string& earlier, StoredTicket& stored) {
  if (earlier.empty()) return;
  stored.ticket.set_repeat_of(earlier);
  // A field that follows is read like one within.
  v1::Ticket more;
  more.set_repeat_of(earlier);
  stored.body += more.SerializeAsString();
}

Stage RungOf(const StoredTicket& stored) {
  return IsFinished(stored.ticket.state()) || stored.ring_stage == 0
             ? v1::TicketEvent::DEADLINE_STAGE_UNSPECIFIED
             : static_cast<Stage>(stored.ring_stage - 1);
}

absl::Status UpdateDeadline(const CourtBook& book, absl::Time now, Stage rung,
                            StoredTicket& stored) {
  v1::Ticket& ticket = stored.ticket;
  stored.ring_time = absl::InfiniteFuture();
  stored.ring_stage = v1::TicketEvent::DEADLINE_STAGE_UNSPECIFIED;
  const v1::DeadlinePolicy* policy =
      FindPolicy(book.policies, ticket.kind(), ticket.priority());
  const absl::Time start = ClockStart(ticket);
  if (!ticket.due_time_imported() && policy != nullptr) {
    ASSIGN_OR_RETURN(const Deadline deadline,
                     ComputeDeadline(*policy, start, book.calendar));
    *ticket.mutable_due_time() = ToTimestamp(deadline.due);
  }
  ticket.set_overdue(IsOverdue(ticket, now));
  if (IsFinished(ticket.state()) || !ticket.has_due_time() ||
      policy == nullptr) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(
      const Ladder ladder,
      ComputeLadder(*policy, start, FromTimestamp(ticket.due_time()),
                    ticket.key_supervision(), book.calendar));
  SetNextRing(ladder, rung, now, stored);
  return absl::OkStatus();
}

void AppendEvent(sql::Session& session, const std::string& court,
                 absl::Time now, v1::TicketEvent::Type type,
                 const StoredTicket& stored, Stage stage) {
  v1::TicketEvent event;
  event.set_court(court);
  *event.mutable_event_time() = ToTimestamp(now);
  event.set_type(type);
  event.set_deadline_stage(stage);
  std::string payload;
  constexpr std::size_t kTagAndLength = 16;  // more than both take
  payload.reserve(event.ByteSizeLong() + kTagAndLength + stored.body.size());
  event.AppendToString(&payload);
  // The ticket is serialized already; a field is its tag, length and bytes.
  using google::protobuf::internal::WireFormatLite;
  google::protobuf::io::StringOutputStream bytes(&payload);
  google::protobuf::io::CodedOutputStream out(&bytes);
  out.WriteTag(
      WireFormatLite::MakeTag(v1::TicketEvent::kTicketFieldNumber,
                              WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
  out.WriteVarint32(static_cast<std::uint32_t>(stored.body.size()));
  out.WriteString(stored.body);
  out.Trim();
  EventLog::Append(session, court, now, std::move(payload));
}

// A ticket on its way into the database.
struct TicketWriter::NewTicket {
  std::string court;
  RequestKey key;
  absl::Time now;
  std::string hash;  // of the request
  StoredTicket stored;
  std::size_t encoded = 0;  // bytes of its body as it was prepared
  v1::Ticket repeated;      // what the same request made earlier
  absl::AnyInvocable<void(absl::StatusOr<v1::Ticket>)> done;

  absl::Status Store(sql::Session& session);
};

// May run again, beside other neighbours.
absl::Status TicketWriter::NewTicket::Store(sql::Session& session) {
  v1::Ticket& ticket = stored.ticket;
  return ChangeOnce(
      session, key, now, hash, ticket.name(), repeated, [&]() -> absl::Status {
        if (!ticket.source_id().empty()) {
          ASSIGN_OR_RETURN(
              const std::optional<StoredTicket> there,
              TicketStore::LoadBySource(session, court, ticket.source_id()));
          if (there.has_value()) {
            return MakeError(
                absl::StatusCode::kAlreadyExists, "SOURCE_ID_TAKEN",
                absl::StrCat("source_id belongs to ", there->ticket.name()));
          }
        }
        ASSIGN_OR_RETURN(const std::string earlier,
                         FindRepeat(session, court, ticket));
        stored.body.resize(encoded);
        ticket.clear_repeat_of();
        SetRepeat(earlier, stored);
        RETURN_IF_ERROR(TicketStore::Insert(session, stored));
        AppendEvent(session, court, now, v1::TicketEvent::TYPE_CREATED, stored);
        return absl::OkStatus();
      });
}

// What needs no database.
absl::Status TicketWriter::Prepare(const v1::CreateTicketRequest& request,
                                   NewTicket& made) const {
  ASSIGN_OR_RETURN(const std::shared_ptr<const CourtBook> book,
                   directory_.Book(made.court));
  const absl::Time now = clock_.Now();
  made.now = now;
  v1::Ticket& ticket = made.stored.ticket;
  // Only what a caller may set; the rest is ours.
  ticket = request.ticket();
  ticket.clear_replies();
  ticket.set_transfer_count(0);
  ticket.set_return_count(0);
  ticket.set_reopen_count(0);
  ticket.clear_repeat_of();
  ticket.clear_dispatch_time();
  ticket.clear_due_time();
  ticket.clear_due_time_imported();
  ticket.clear_reply_time();
  ticket.clear_close_time();
  ticket.set_name(MakeResourceName(made.court, "tickets", NewUuid7(now)));
  ticket.set_state(v1::Ticket::STATE_OPEN);
  *ticket.mutable_create_time() = ToTimestamp(now);
  *ticket.mutable_update_time() = ToTimestamp(now);
  RETURN_IF_ERROR(FillAssignment(book->directory, ticket));
  if (!ticket.caller().phone().empty()) {
    absl::StatusOr<std::string> phone = NormalizePhone(ticket.caller().phone());
    if (!phone.ok()) {
      FieldErrors errors;
      errors.Add("ticket.caller.phone", phone.status().message());
      return errors.ToStatus();
    }
    ticket.mutable_caller()->set_phone(*std::move(phone));
  }
  if (!ticket.case_number().empty()) {
    const absl::StatusOr<StoredCaseNumber> number =
        AcceptCaseNumber(ticket.case_number());
    if (number.ok()) ticket.set_case_number(number->text);
  }
  made.stored.sealed = SealCaller(sealer_, made.court, ticket);
  RETURN_IF_ERROR(UpdateDeadline(
      *book, now, v1::TicketEvent::DEADLINE_STAGE_UNSPECIFIED, made.stored));
  TicketStore::Encode(made.stored);
  made.encoded = made.stored.body.size();
  made.hash = RequestHash(request);
  return absl::OkStatus();
}

void TicketWriter::Create(
    const std::string& court, const RequestKey& key,
    const v1::CreateTicketRequest& request,
    absl::AnyInvocable<void(absl::StatusOr<v1::Ticket>)> done) {
  auto made = std::make_unique<NewTicket>();
  made->court = court;
  made->key = key;
  const absl::Status prepared = Prepare(request, *made);
  if (!prepared.ok()) return done(prepared);
  made->done = std::move(done);
  NewTicket& ticket = *made;
  db_.Submit(
      court, [&ticket](sql::Session& session) { return ticket.Store(session); },
      [made = std::move(made)](absl::Status stored) {
        if (!stored.ok()) return made->done(std::move(stored));
        const bool again = !made->repeated.name().empty();
        made->done(std::move(again ? made->repeated : made->stored.ticket));
      });
}

absl::StatusOr<v1::Ticket> TicketWriter::Change(
    const TicketChange& change, const google::protobuf::Message& request) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const CourtBook> book,
                   directory_.Book(change.court));
  const absl::Time now = clock_.Now();
  const std::string entry_id =
      change.once.empty() ? NewUuid7(now) : DerivedUuid(change.once);
  const std::string hash = RequestHash(request);
  v1::Ticket answer;
  v1::Ticket repeated;
  RETURN_IF_ERROR(db_.Write(change.court, [&](sql::Session& session) {
    return ChangeOnce(
        session, change.key, now, hash,
        MakeResourceName(change.court, "tickets", change.ticket_id), repeated,
        [&]() -> absl::Status {
          ASSIGN_OR_RETURN(
              StoredTicket stored,
              TicketStore::Load(session, change.court, change.ticket_id));
          if (!change.once.empty()) {
            ASSIGN_OR_RETURN(const bool done,
                             TicketStore::HasEntry(session, change.court,
                                                   change.ticket_id, entry_id));
            if (done) {
              answer = std::move(stored.ticket);
              return absl::OkStatus();
            }
          }
          if (!change.etag.empty() && change.etag != stored.ticket.etag()) {
            return MakeError(
                absl::StatusCode::kAborted, "STALE_ETAG",
                absl::StrCat("the ticket is at etag ", stored.ticket.etag(),
                             "; read it and try again"));
          }
          const v1::Ticket before = stored.ticket;
          const Stage rung = RungOf(stored);
          RETURN_IF_ERROR(change.apply(*book, now, stored.ticket));
          *stored.ticket.mutable_update_time() = ToTimestamp(now);
          RETURN_IF_ERROR(UpdateDeadline(*book, now, rung, stored));
          RETURN_IF_ERROR(TicketStore::Save(session, stored));
          if (change.entry != v1::TimelineEntry::TYPE_UNSPECIFIED) {
            v1::TimelineEntry entry;
            entry.set_ticket(stored.ticket.name());
            entry.set_type(change.entry);
            *entry.mutable_entry_time() = ToTimestamp(now);
            entry.set_actor(change.actor.shown());
            entry.set_detail(
                change.entry == v1::TimelineEntry::TYPE_STATE_CHANGED
                    ? absl::StrCat(StateName(before.state()), " → ",
                                   StateName(stored.ticket.state()),
                                   change.detail.empty() ? "" : "：",
                                   change.detail)
                    : change.detail);
            RETURN_IF_ERROR(TicketStore::AddEntry(
                session, change.court, change.ticket_id, entry, entry_id));
          }
          AppendEvent(session, change.court, now, change.event, stored);
          answer = std::move(stored.ticket);
          return absl::OkStatus();
        });
  }));
  return repeated.name().empty() ? std::move(answer) : std::move(repeated);
}

absl::Status TicketWriter::Ring(const std::string& court,
                                const std::string& ticket_id, Stage stage) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const CourtBook> book,
                   directory_.Book(court));
  const absl::Time now = clock_.Now();
  const std::string entry_id = NewUuid7(now);
  return db_.Write(court, [&](sql::Session& session) -> absl::Status {
    absl::StatusOr<StoredTicket> loaded =
        TicketStore::Load(session, court, ticket_id);
    if (absl::IsNotFound(loaded.status())) return absl::OkStatus();
    RETURN_IF_ERROR(loaded.status());
    StoredTicket& stored = *loaded;
    // Rung already, answered, or moved by a new calendar: nothing to do.
    if (stored.ring_stage != stage || stored.ring_time > now) {
      return absl::OkStatus();
    }
    *stored.ticket.mutable_update_time() = ToTimestamp(now);
    RETURN_IF_ERROR(UpdateDeadline(*book, now, stage, stored));
    RETURN_IF_ERROR(TicketStore::Save(session, stored));
    v1::TimelineEntry entry;
    entry.set_ticket(stored.ticket.name());
    entry.set_type(v1::TimelineEntry::TYPE_DEADLINE);
    *entry.mutable_entry_time() = ToTimestamp(now);
    entry.set_detail(StageText(stage));
    RETURN_IF_ERROR(
        TicketStore::AddEntry(session, court, ticket_id, entry, entry_id));
    AppendEvent(session, court, now, v1::TicketEvent::TYPE_DEADLINE, stored,
                stage);
    return absl::OkStatus();
  });
}

}  // namespace huifang::ticket
