#include "services/ticket/import_rules.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "services/common/proto_time.h"
#include "services/common/text.h"
#include "services/ticket/case_number_rules.h"
#include "services/ticket/phone_rules.h"
#include "services/ticket/ticket_rules.h"

namespace huifang::ticket {
namespace {

using Problem = std::optional<RowProblem>;

// No hotline is older; 1899-12-30 and 1970-01-01 are the zero of a spreadsheet
// and of Unix, not dates.
const absl::CivilSecond kEarliest(1980, 1, 1);

constexpr std::size_t kIdCharactersMax = 128;
constexpr std::size_t kTitleCharactersMax = 200;
constexpr std::size_t kTextCharactersMax = 20000;
constexpr std::size_t kNameCharactersMax = 100;
constexpr std::size_t kCaseNumberCharactersMax = 64;
constexpr int kForwardsMax = 1000;

RowProblem Refuse(absl::string_view field, absl::string_view reason,
                  absl::string_view message) {
  return {absl::StrCat("ticket.", field), std::string(reason),
          std::string(message)};
}

Problem CheckText(absl::string_view field, absl::string_view text,
                  std::size_t characters_max) {
  // A byte count is an upper bound, and cheaper than counting every text.
  if (text.size() > characters_max && CodePointCount(text) > characters_max) {
    return Refuse(
        field, "TOO_LONG",
        absl::StrCat("has more than ", characters_max, " characters"));
  }
  return std::nullopt;
}

Problem CheckTexts(const v1::Ticket& ticket) {
  const std::pair<absl::string_view, std::pair<absl::string_view, std::size_t>>
      texts[] = {
          {"source_id", {ticket.source_id(), kIdCharactersMax}},
          {"title", {ticket.title(), kTitleCharactersMax}},
          {"content", {ticket.content(), kTextCharactersMax}},
          {"category", {ticket.category(), kTitleCharactersMax}},
          {"caller.display_name",
           {ticket.caller().display_name(), kNameCharactersMax}},
          {"caller.party_id", {ticket.caller().party_id(), kIdCharactersMax}},
      };
  for (const auto& [field, text] : texts) {
    if (Problem p = CheckText(field, text.first, text.second)) return p;
  }
  for (const v1::Reply& reply : ticket.replies()) {
    if (Problem p = CheckText("replies", reply.text(), kTextCharactersMax)) {
      return p;
    }
  }
  if (TrimText(ticket.source_id()).empty()) {
    return Refuse("source_id", "MISSING_VALUE", "is empty");
  }
  if (TrimText(ticket.title()).empty() && TrimText(ticket.content()).empty()) {
    return Refuse("content", "MISSING_VALUE",
                  "and title are both empty; one is needed");
  }
  if (ticket.forward_count() < 0 || ticket.forward_count() > kForwardsMax) {
    return Refuse("forward_count", "OUT_OF_RANGE",
                  absl::StrCat("must be 0 to ", kForwardsMax));
  }
  return std::nullopt;
}

Problem CheckTime(absl::string_view field, absl::Time time, absl::Time now) {
  static const absl::Time kFirst =
      absl::FromCivil(kEarliest, absl::UTCTimeZone());
  if (time < kFirst) {
    return Refuse(field, "TIME_OUT_OF_RANGE", "is before 1980");
  }
  if (time > now + absl::Hours(24)) {
    return Refuse(field, "TIME_OUT_OF_RANGE", "is in the future");
  }
  return std::nullopt;
}

// Dispatch, reply and closure come after the creation.
Problem CheckOrder(absl::string_view field, bool present,
                   const google::protobuf::Timestamp& time, absl::Time created,
                   absl::string_view reason, absl::Time now) {
  if (!present) return std::nullopt;
  if (Problem p = CheckTime(field, FromTimestamp(time), now)) return p;
  if (FromTimestamp(time) < created) {
    return Refuse(field, reason, "is before create_time");
  }
  return std::nullopt;
}

Problem CheckTimes(const v1::Ticket& ticket, absl::Time now) {
  if (!ticket.has_create_time()) {
    return Refuse("create_time", "MISSING_VALUE", "is empty");
  }
  const absl::Time created = FromTimestamp(ticket.create_time());
  if (Problem p = CheckTime("create_time", created, now)) return p;
  if (Problem p =
          CheckOrder("close_time", ticket.has_close_time(), ticket.close_time(),
                     created, "CLOSED_BEFORE_CREATED", now)) {
    return p;
  }
  if (Problem p =
          CheckOrder("reply_time", ticket.has_reply_time(), ticket.reply_time(),
                     created, "REPLIED_BEFORE_CREATED", now)) {
    return p;
  }
  for (const v1::Reply& reply : ticket.replies()) {
    if (Problem p =
            CheckOrder("replies", reply.has_reply_time(), reply.reply_time(),
                       created, "REPLIED_BEFORE_CREATED", now)) {
      return p;
    }
  }
  if (Problem p = CheckOrder("dispatch_time", ticket.has_dispatch_time(),
                             ticket.dispatch_time(), created,
                             "DISPATCHED_BEFORE_CREATED", now)) {
    return p;
  }
  if (IsClosed(ticket.state()) && !ticket.has_close_time()) {
    return Refuse("close_time", "MISSING_VALUE", "is empty on a closed ticket");
  }
  if (!IsClosed(ticket.state()) && ticket.has_close_time()) {
    return Refuse("state", "CLOSE_TIME_WITHOUT_CLOSURE",
                  absl::StrCat("is ", StateName(ticket.state()),
                               " but close_time is given"));
  }
  return std::nullopt;
}

Problem NormaliseCaller(v1::Ticket& ticket) {
  if (ticket.caller().phone().empty()) return std::nullopt;
  absl::StatusOr<std::string> phone = NormalizePhone(ticket.caller().phone());
  if (!phone.ok()) {
    return Refuse("caller.phone", "BAD_PHONE", phone.status().message());
  }
  ticket.mutable_caller()->set_phone(*std::move(phone));
  return std::nullopt;
}

// A number of no known form is kept as written: a ticket is worth more than
// the spelling of its case.
Problem NormaliseCase(v1::Ticket& ticket) {
  if (Problem p = CheckText("case_number", ticket.case_number(),
                            kCaseNumberCharactersMax)) {
    return p;
  }
  absl::StatusOr<StoredCaseNumber> number =
      AcceptCaseNumber(ticket.case_number());
  ticket.set_case_number(number.ok()
                             ? std::move(number->text)
                             : std::string(TrimText(ticket.case_number())));
  return std::nullopt;
}

// Rank along the life; an import may move a ticket up, never back.
int Progress(v1::Ticket::State state) {
  switch (state) {
    case v1::Ticket::STATE_DISPATCHED:
    case v1::Ticket::STATE_RETURNED:
      return 1;
    case v1::Ticket::STATE_ACCEPTED:
      return 2;
    case v1::Ticket::STATE_REPLIED:
      return 3;
    case v1::Ticket::STATE_ANSWERED_AT_DESK:
    case v1::Ticket::STATE_CLOSED:
    case v1::Ticket::STATE_CANCELLED:
      return 4;
    default:
      return 0;
  }
}

bool SameTime(const google::protobuf::Timestamp& a,
              const google::protobuf::Timestamp& b) {
  return a.seconds() == b.seconds() && a.nanos() == b.nanos();
}

}  // namespace

std::optional<RowProblem> CheckImportRow(absl::Time now, v1::ImportRow& row) {
  v1::Ticket& ticket = *row.mutable_ticket();
  if (row.ByteSizeLong() > kTicketBytesMax) {
    return Refuse("replies", "TOO_LONG",
                  absl::StrCat("and other texts have more than ",
                               kTicketBytesMax >> 10, " KiB"));
  }
  if (Problem p = CheckTexts(ticket)) return p;
  if (Problem p = CheckTimes(ticket, now)) return p;
  if (Problem p = NormaliseCaller(ticket)) return p;
  return NormaliseCase(ticket);
}

bool MayFollowImport(const v1::Ticket& stored, const v1::Ticket& incoming) {
  return stored.title() == incoming.title() &&
         stored.content() == incoming.content() &&
         stored.kind() == incoming.kind() &&
         SameTime(stored.create_time(), incoming.create_time()) &&
         Progress(incoming.state()) >= Progress(stored.state());
}

bool WorkedOnHere(const v1::Ticket& stored, const v1::Ticket& incoming) {
  if (stored.reopen_count() > incoming.reopen_count() ||
      stored.transfer_count() > incoming.transfer_count() ||
      stored.return_count() > incoming.return_count()) {
    return true;
  }
  // An end of one kind does not become one of another.
  if (IsFinished(stored.state()) && stored.state() != incoming.state()) {
    return true;
  }
  const auto same_text = [](const v1::Reply& a, const v1::Reply& b) {
    return a.text() == b.text();
  };
  return incoming.replies_size() < stored.replies_size() ||
         !std::equal(stored.replies().begin(), stored.replies().end(),
                     incoming.replies().begin(), same_text);
}

void KeepWhatIsOpen(const v1::Ticket& stored, v1::Ticket& incoming) {
  if (incoming.category().empty()) incoming.set_category(stored.category());
  if (incoming.case_number().empty()) {
    incoming.set_case_number(stored.case_number());
  }
  if (incoming.priority() == v1::PRIORITY_UNSPECIFIED) {
    incoming.set_priority(stored.priority());
  }
  if (incoming.division().empty() && incoming.team().empty() &&
      incoming.handler().empty()) {
    incoming.set_division(stored.division());
    incoming.set_team(stored.team());
    incoming.set_handler(stored.handler());
  }
  if (stored.key_supervision()) incoming.set_key_supervision(true);
  if (stored.contact_recorded()) incoming.set_contact_recorded(true);
  if (stored.has_callback_consent() && !incoming.has_callback_consent()) {
    incoming.set_callback_consent(stored.callback_consent());
  }
}

}  // namespace huifang::ticket
