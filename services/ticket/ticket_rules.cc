#include "services/ticket/ticket_rules.h"

#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"
#include "services/common/text.h"

namespace huifang::ticket {
namespace {

using State = v1::Ticket::State;

constexpr std::size_t kReasonCharactersMax = 500;
constexpr std::size_t kReplyCharactersMax = 20000;
constexpr int kRepliesMax = 200;

// One allowed move. The verbs and this table are the whole life of a ticket.
struct Move {
  absl::string_view verb;
  std::initializer_list<State> from;
  State to;
};

constexpr auto kOpen = v1::Ticket::STATE_OPEN;
constexpr auto kAnswered = v1::Ticket::STATE_ANSWERED_AT_DESK;
constexpr auto kDispatched = v1::Ticket::STATE_DISPATCHED;
constexpr auto kAccepted = v1::Ticket::STATE_ACCEPTED;
constexpr auto kReplied = v1::Ticket::STATE_REPLIED;
constexpr auto kClosed = v1::Ticket::STATE_CLOSED;
constexpr auto kReturned = v1::Ticket::STATE_RETURNED;
constexpr auto kReopened = v1::Ticket::STATE_REOPENED;
constexpr auto kCancelled = v1::Ticket::STATE_CANCELLED;

const Move kMoves[] = {
    {"answer", {kOpen, kReturned, kReopened}, kAnswered},
    {"dispatch", {kOpen, kReturned, kReopened}, kDispatched},
    {"accept", {kDispatched}, kAccepted},
    {"reply", {kAccepted, kReplied}, kReplied},
    {"close", {kReplied}, kClosed},
    {"return", {kDispatched, kAccepted}, kReturned},
    {"transfer", {kDispatched, kAccepted}, kDispatched},
    {"reopen", {kClosed, kAnswered}, kReopened},
    {"cancel",
     {kOpen, kDispatched, kAccepted, kReplied, kReturned, kReopened},
     kCancelled},
};

bool Contains(const Move& move, State state) {
  for (const State from : move.from) {
    if (from == state) return true;
  }
  return false;
}

absl::Status WrongState(absl::string_view verb, State state) {
  std::vector<absl::string_view> possible;
  for (const Move& move : kMoves) {
    if (Contains(move, state)) possible.push_back(move.verb);
  }
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
      absl::StrCat(
          "cannot ", verb, " a ticket that is ", StateName(state),
          possible.empty()
              ? "; nothing more can be done with it"
              : absl::StrCat("; it can be: ", absl::StrJoin(possible, ", "))),
      {{"state", StateName(state)}, {"verb", std::string(verb)}});
}

absl::Status Guard(absl::string_view verb, State state) {
  for (const Move& move : kMoves) {
    if (move.verb == verb && Contains(move, state)) return absl::OkStatus();
  }
  return WrongState(verb, state);
}

absl::Status CheckText(absl::string_view field, absl::string_view text,
                       std::size_t characters_max) {
  FieldErrors errors;
  if (FindInvalidUtf8(text).has_value()) {
    errors.Add(field, "must be valid UTF-8");
  } else if (TrimText(text).empty() || CodePointCount(text) > characters_max) {
    errors.Add(field,
               absl::StrCat("must have 1 to ", characters_max, " characters"));
  }
  return errors.ToStatus();
}

// Appends `reply` with its number and time, after checking it.
absl::Status Append(const v1::Reply& reply, absl::Time now,
                    v1::Ticket& ticket) {
  if (absl::Status status =
          CheckText("reply.text", reply.text(), kReplyCharactersMax);
      !status.ok()) {
    return status;
  }
  if (ticket.replies_size() >= kRepliesMax) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "TOO_MANY_REPLIES",
                     absl::StrCat("a ticket holds at most ", kRepliesMax,
                                  " replies; close it and open another"));
  }
  if (ticket.ByteSizeLong() + reply.text().size() > kTicketBytesMax) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "TICKET_TOO_LARGE",
        absl::StrCat("a ticket holds at most ", kTicketBytesMax >> 10,
                     " KiB; close it and open another"));
  }
  if (reply.replaces_revision() < 0 ||
      reply.replaces_revision() > ticket.replies_size()) {
    FieldErrors errors;
    errors.Add(
        "reply.replaces_revision",
        absl::StrCat("must be 0 or a revision up to ", ticket.replies_size()));
    return errors.ToStatus();
  }
  const google::protobuf::Timestamp time = ToTimestamp(now);
  v1::Reply& added = *ticket.add_replies();
  added = reply;
  added.set_revision(ticket.replies_size());
  *added.mutable_reply_time() = time;
  if (!ticket.has_reply_time()) *ticket.mutable_reply_time() = time;
  if (reply.by_phone()) ticket.set_contact_recorded(true);
  return absl::OkStatus();
}

void SetClosed(absl::Time now, State state, v1::Ticket& ticket) {
  *ticket.mutable_close_time() = ToTimestamp(now);
  ticket.set_state(state);
}

absl::Status CheckAssignment(const Assignment& to) {
  FieldErrors errors;
  if (to.division.empty()) errors.Add("division", "must be given");
  return errors.ToStatus();
}

void Assign(const Assignment& to, v1::Ticket& ticket) {
  ticket.set_division(to.division);
  ticket.set_team(to.team);
  ticket.set_handler(to.handler);
  ticket.set_state(kDispatched);
}

}  // namespace

absl::Status Answer(const v1::Reply& reply, absl::Time now,
                    v1::Ticket& ticket) {
  if (absl::Status s = Guard("answer", ticket.state()); !s.ok()) return s;
  if (absl::Status s = Append(reply, now, ticket); !s.ok()) return s;
  SetClosed(now, kAnswered, ticket);
  return absl::OkStatus();
}

absl::Status Dispatch(const Assignment& to, absl::Time now,
                      v1::Ticket& ticket) {
  if (absl::Status s = Guard("dispatch", ticket.state()); !s.ok()) return s;
  if (absl::Status s = CheckAssignment(to); !s.ok()) return s;
  Assign(to, ticket);
  if (!ticket.has_dispatch_time()) {
    *ticket.mutable_dispatch_time() = ToTimestamp(now);
  }
  return absl::OkStatus();
}

absl::Status Accept(absl::string_view handler, v1::Ticket& ticket) {
  if (absl::Status s = Guard("accept", ticket.state()); !s.ok()) return s;
  if (!handler.empty()) ticket.set_handler(std::string(handler));
  if (ticket.handler().empty()) {
    FieldErrors errors;
    errors.Add("handler", "must be given: the dispatch named nobody");
    return errors.ToStatus();
  }
  ticket.set_state(kAccepted);
  return absl::OkStatus();
}

absl::Status AddReply(const v1::Reply& reply, absl::Time now,
                      v1::Ticket& ticket) {
  if (absl::Status s = Guard("reply", ticket.state()); !s.ok()) return s;
  if (absl::Status s = Append(reply, now, ticket); !s.ok()) return s;
  ticket.set_state(kReplied);
  return absl::OkStatus();
}

absl::Status Close(absl::Time now, v1::Ticket& ticket) {
  if (absl::Status s = Guard("close", ticket.state()); !s.ok()) return s;
  SetClosed(now, kClosed, ticket);
  return absl::OkStatus();
}

absl::Status Return(absl::string_view reason, v1::Ticket& ticket) {
  if (absl::Status s = Guard("return", ticket.state()); !s.ok()) return s;
  if (absl::Status s = CheckText("reason", reason, kReasonCharactersMax);
      !s.ok()) {
    return s;
  }
  ticket.set_return_count(ticket.return_count() + 1);
  ticket.set_state(kReturned);
  return absl::OkStatus();
}

absl::Status Transfer(const Assignment& to, absl::string_view reason,
                      v1::Ticket& ticket) {
  if (absl::Status s = Guard("transfer", ticket.state()); !s.ok()) return s;
  if (absl::Status s = CheckAssignment(to); !s.ok()) return s;
  if (absl::Status s = CheckText("reason", reason, kReasonCharactersMax);
      !s.ok()) {
    return s;
  }
  if (to.division == ticket.division() && to.team == ticket.team() &&
      to.handler == ticket.handler()) {
    FieldErrors errors;
    errors.Add("division", "the ticket is there already");
    return errors.ToStatus();
  }
  Assign(to, ticket);
  ticket.set_transfer_count(ticket.transfer_count() + 1);
  return absl::OkStatus();
}

absl::Status Reopen(absl::string_view reason, v1::Ticket& ticket) {
  if (absl::Status s = Guard("reopen", ticket.state()); !s.ok()) return s;
  if (absl::Status s = CheckText("reason", reason, kReasonCharactersMax);
      !s.ok()) {
    return s;
  }
  ticket.clear_close_time();
  ticket.set_reopen_count(ticket.reopen_count() + 1);
  ticket.set_state(kReopened);
  return absl::OkStatus();
}

absl::Status Cancel(absl::string_view reason, absl::string_view approver,
                    absl::string_view actor, v1::Ticket& ticket) {
  if (absl::Status s = Guard("cancel", ticket.state()); !s.ok()) return s;
  if (absl::Status s = CheckText("reason", reason, kReasonCharactersMax);
      !s.ok()) {
    return s;
  }
  FieldErrors errors;
  if (approver.empty()) {
    errors.Add("approver", "must be given: the second person who agreed");
  } else if (approver == actor) {
    errors.Add("approver", "must be another person than the one cancelling");
  }
  if (!errors.empty()) return errors.ToStatus();
  ticket.set_state(kCancelled);
  return absl::OkStatus();
}

bool IsClosed(v1::Ticket::State state) {
  return state == kClosed || state == kAnswered;
}

bool IsFinished(v1::Ticket::State state) {
  return IsClosed(state) || state == kCancelled;
}

std::string StateName(v1::Ticket::State state) {
  const std::string& name = v1::Ticket::State_Name(state);
  return std::string(absl::StripPrefix(name, "STATE_"));
}

}  // namespace huifang::ticket
