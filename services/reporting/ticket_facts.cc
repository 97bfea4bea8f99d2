// Tickets and the directory, as WatchTickets tells them.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/common/mask_numbers.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/common/text.h"
#include "services/reporting/fact_columns.h"
#include "services/reporting/facts_store.h"
#include "services/reporting/timeline_rules.h"
#include "services/reporting/timeline_store.h"

namespace huifang::reporting {
namespace {

namespace ticket = huifang::ticket::v1;

// Characters of a ticket's words that an item prints.
constexpr std::size_t kMatterCharacters = 160;
constexpr std::size_t kReplyCharacters = 320;

// A ticket once warned stays so until it is opened again: its ladder never
// rings the same step twice.
constexpr char kUpsert[] = R"(
INSERT INTO ticket_facts (court, ticket_id, version, source_id, created_day,
  closed_day, division, team, handler, channel, kind, category, instant,
  has_due, on_time, dispatched, dispatches, replied, reply_us, handling_us,
  reopened, repeated, generated, cancelled, key_supervision, create_time,
  due_time, close_time, matter, reply, warn_time, caller, case_number)
VALUES (:court, :ticket_id, :version, :source_id, :created_day, :closed_day,
  :division, :team, :handler, :channel, :kind, :category, :instant, :has_due,
  :on_time, :dispatched, :dispatches, :replied, :reply_us, :handling_us,
  :reopened, :repeated, :generated, :cancelled, :key_supervision, :create_time,
  :due_time, :close_time, :matter, :reply, :warn_time, :caller, :case_number)
ON CONFLICT (court, ticket_id) DO UPDATE SET
  version = excluded.version, created_day = excluded.created_day,
  closed_day = excluded.closed_day, division = excluded.division,
  team = excluded.team, handler = excluded.handler,
  channel = excluded.channel, kind = excluded.kind,
  category = excluded.category, instant = excluded.instant,
  has_due = excluded.has_due, on_time = excluded.on_time,
  dispatched = excluded.dispatched, dispatches = excluded.dispatches,
  replied = excluded.replied, reply_us = excluded.reply_us,
  handling_us = excluded.handling_us, reopened = excluded.reopened,
  repeated = excluded.repeated, generated = excluded.generated,
  cancelled = excluded.cancelled, key_supervision = excluded.key_supervision,
  create_time = excluded.create_time, due_time = excluded.due_time,
  close_time = excluded.close_time, matter = excluded.matter,
  reply = excluded.reply, caller = excluded.caller,
  case_number = excluded.case_number,
  warn_time = CASE
    WHEN excluded.closed_day = 0 AND ticket_facts.closed_day > 0
      THEN excluded.warn_time
    WHEN ticket_facts.warn_time > 0 THEN ticket_facts.warn_time
    ELSE excluded.warn_time END
WHERE excluded.version > ticket_facts.version)";

// As a report prints it: callers write their numbers into the text, and a
// report goes to many hands.
std::string Shown(absl::string_view text, std::size_t characters) {
  const std::string masked = MaskNumbers(text);
  const absl::string_view trimmed = TrimText(masked);
  const absl::string_view first = FirstCodePoints(trimmed, characters);
  return first.size() == trimmed.size() ? std::string(first)
                                        : absl::StrCat(first, "…");
}

std::string MatterOf(const ticket::Ticket& t) {
  const absl::string_view title = TrimText(t.title());
  const absl::string_view content = TrimText(t.content());
  // Many exports repeat the beginning of the content as the title.
  if (title.empty() || content.substr(0, title.size()) == title) {
    return Shown(content, kMatterCharacters);
  }
  if (content.empty()) return Shown(title, kMatterCharacters);
  return Shown(absl::StrCat(title, "：", content), kMatterCharacters);
}

bool IsClosed(const ticket::Ticket& t) {
  return t.has_close_time() &&
         (t.state() == ticket::Ticket::STATE_CLOSED ||
          t.state() == ticket::Ticket::STATE_ANSWERED_AT_DESK);
}

// Microseconds from `from` to `to`; imports hold times that run backwards,
// which count as none.
std::int64_t Between(std::int64_t from, std::int64_t to) {
  return from > 0 && to > from ? to - from : 0;
}

// When a step of the ladder rang that tells of risk; 0: the event is no such.
std::int64_t WarnMicros(const ticket::TicketEvent& event) {
  return MicrosOf(event.type() == ticket::TicketEvent::TYPE_DEADLINE,
                  event.event_time());
}

// Writes what the event means for the ticket's key supervision, before the
// facts move on. Only an update can end it, so that others need no look at the
// facts.
absl::Status TellSupervision(sql::Session& session,
                             const ticket::TicketEvent& event) {
  const ticket::Ticket& t = event.ticket();
  if (!t.key_supervision() &&
      event.type() != ticket::TicketEvent::TYPE_UPDATED) {
    return absl::OkStatus();
  }
  bool supervised = false;
  std::int64_t version = 0;
  RETURN_IF_ERROR(
      session
          .QueryOne("SELECT key_supervision, version FROM ticket_facts "
                    "WHERE court = :court AND ticket_id = :id",
                    {{"court", event.court()}, {"id", IdOf(t.name())}},
                    [&](const sql::Row& row) {
                      supervised = row.Int(0) != 0;
                      version = row.Int(1);
                    })
          .status());
  if (t.version() <= version) return absl::OkStatus();
  for (const v1::TimelineEntry& entry : SupervisionEntries(event, supervised)) {
    RETURN_IF_ERROR(TimelineStore::Add(session, event.court(),
                                       absl::StrCat("v", t.version()), entry));
  }
  return absl::OkStatus();
}

absl::Status UpsertTicket(sql::Session& session,
                          const ticket::TicketEvent& event) {
  const std::string& court = event.court();
  const ticket::Ticket& t = event.ticket();
  const bool closed = IsClosed(t);
  const bool has_due = t.has_due_time();
  const std::int64_t create = MicrosOf(t.has_create_time(), t.create_time());
  const std::int64_t dispatch =
      MicrosOf(t.has_dispatch_time(), t.dispatch_time());
  const std::int64_t reply = MicrosOf(t.has_reply_time(), t.reply_time());
  const std::int64_t due = MicrosOf(has_due, t.due_time());
  const std::int64_t close = closed ? MicrosOf(true, t.close_time()) : 0;
  const bool instant =
      closed && t.state() == ticket::Ticket::STATE_ANSWERED_AT_DESK;
  const bool dispatched = closed && !instant && dispatch > 0;
  return session
      .Run(kUpsert,
           {{"court", court},
            {"ticket_id", IdOf(t.name())},
            {"version", t.version()},
            {"source_id", t.source_id()},
            {"created_day", DayNumberOf(t.create_time())},
            {"closed_day", closed ? DayNumberOf(t.close_time()) : 0},
            {"division", IdOf(t.division())},
            {"team", IdOf(t.team())},
            {"handler", IdOf(t.handler())},
            {"channel", static_cast<int>(t.channel())},
            {"kind", static_cast<int>(t.kind())},
            {"category", t.category()},
            {"instant", instant},
            {"has_due", closed && has_due},
            {"on_time", closed && has_due && close <= due},
            {"dispatched", dispatched},
            {"dispatches", dispatched ? 1 + t.transfer_count() +
                                            t.return_count() + t.forward_count()
                                      : 0},
            {"replied", dispatched && reply > 0},
            {"reply_us", dispatched ? Between(dispatch, reply) : 0},
            {"handling_us", closed ? Between(create, close) : 0},
            {"reopened", t.reopen_count() > 0},
            {"repeated", !t.repeat_of().empty()},
            {"generated", t.generated()},
            {"cancelled", t.state() == ticket::Ticket::STATE_CANCELLED},
            {"key_supervision", t.key_supervision()},
            {"create_time", create},
            {"due_time", due},
            {"close_time", close},
            {"matter", MatterOf(t)},
            {"reply", t.replies().empty()
                          ? ""
                          : Shown(t.replies(t.replies_size() - 1).text(),
                                  kReplyCharacters)},
            {"warn_time", WarnMicros(event)},
            {"caller", t.caller().caller_key()},
            {"case_number", t.case_number()}})
      .status();
}

absl::Status SetName(sql::Session& session, const std::string& court,
                     const std::string& name, const std::string& display_name) {
  if (name.empty() || display_name.empty()) return absl::OkStatus();
  return session
      .Run(
          "INSERT INTO display_names (court, name, display_name) "
          "VALUES (:court, :name, :display_name) "
          "ON CONFLICT (court, name) DO UPDATE "
          "SET display_name = excluded.display_name",
          {{"court", court}, {"name", name}, {"display_name", display_name}})
      .status();
}

absl::Status SetNames(sql::Session& session, const std::string& court,
                      const ticket::Directory& directory) {
  RETURN_IF_ERROR(SetName(session, court, directory.court().name(),
                          directory.court().display_name()));
  for (const ticket::Division& division : directory.divisions()) {
    RETURN_IF_ERROR(
        SetName(session, court, division.name(), division.display_name()));
  }
  for (const ticket::Team& team : directory.teams()) {
    RETURN_IF_ERROR(SetName(session, court, team.name(), team.display_name()));
  }
  for (const ticket::Staff& staff : directory.staff()) {
    RETURN_IF_ERROR(
        SetName(session, court, staff.name(), staff.display_name()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyTicketEvent(sql::Session& session,
                              const ticket::TicketEvent& event) {
  if (event.has_directory()) {
    return SetNames(session, event.court(), event.directory());
  }
  if (!event.has_ticket() || event.ticket().name().empty()) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(TellSupervision(session, event));
  return UpsertTicket(session, event);
}

}  // namespace huifang::reporting
