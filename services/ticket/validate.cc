#include "services/ticket/validate.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/common/text.h"
#include "services/ticket/calendar_rules.h"
#include "services/ticket/case_number_rules.h"
#include "services/ticket/deadline_rules.h"

namespace huifang::ticket {
namespace {

constexpr std::size_t kMaxText = 20000;  // characters of content and replies
constexpr std::size_t kMaxNote = 2000;   // of notes and conveyances
constexpr std::size_t kMaxReason = 500;  // of reasons
constexpr std::size_t kMaxLine = 200;    // of titles and categories
constexpr std::size_t kMaxName = 100;    // of people's names
constexpr std::size_t kMaxId = 128;      // of ids of other systems
constexpr int kMaxRows = 1000;

// Collects complaints about one request.
class Check {
 public:
  // `min` to `max` characters. That they are valid UTF-8 the parser of the
  // message has seen to.
  Check& Text(absl::string_view field, absl::string_view text, std::size_t min,
              std::size_t max) {
    if (TrimText(text).empty() && min > 0) {
      errors_.Add(field, "must not be empty");
    } else if (text.size() > max && CodePointCount(text) > max) {
      errors_.Add(field, absl::StrCat("has more than ", max, " characters"));
    }
    return *this;
  }

  // courts/{court}/{collection}/{id} of `court`; may be empty unless required.
  Check& Name(absl::string_view field, absl::string_view name,
              absl::string_view collection, const std::string& court,
              bool required = true) {
    if (name.empty() && !required) return *this;
    const auto parsed = ParseResourceName(name, collection);
    if (!parsed.ok()) {
      errors_.Add(field, parsed.status().message());
    } else if (parsed->court != court) {
      errors_.Add(field, "belongs to another court");
    }
    return *this;
  }

  Check& Ticket(absl::string_view name) {
    return Name("name", name, "tickets", CourtOfName(name));
  }

  Check& That(bool ok, absl::string_view field, absl::string_view complaint) {
    if (!ok) errors_.Add(field, complaint);
    return *this;
  }

  absl::Status ToStatus() const { return errors_.ToStatus(); }

 private:
  FieldErrors errors_;
};

template <typename Request>
void CheckAssignment(const Request& request, const std::string& court,
                     bool division_required, Check& check) {
  check.Name("division", request.division(), "divisions", court,
             division_required);
  check.Name("team", request.team(), "teams", court, false);
  check.Name("handler", request.handler(), "staff", court, false);
}

void CheckReply(const v1::Reply& reply, const std::string& court,
                Check& check) {
  check.Text("reply.text", reply.text(), 1, kMaxText)
      .Name("reply.author", reply.author(), "staff", court, false)
      .That(reply.replaces_revision() >= 0, "reply.replaces_revision",
            "must not be negative");
}

void CheckDescription(const v1::Ticket& ticket, Check& check) {
  check.Text("ticket.title", ticket.title(), 0, kMaxLine)
      .Text("ticket.content", ticket.content(), 0, kMaxText)
      .Text("ticket.category", ticket.category(), 0, kMaxLine)
      .Text("ticket.case_number", ticket.case_number(), 0, kMaxName);
}

}  // namespace

absl::Status Validate(const v1::CreateTicketRequest& request) {
  const std::string court = CourtOfName(request.parent());
  const v1::Ticket& ticket = request.ticket();
  Check check;
  check.That(ParseCourt(request.parent()).ok(), "parent",
             "want courts/{six digits}");
  CheckDescription(ticket, check);
  check
      .That(!TrimText(ticket.title()).empty() ||
                !TrimText(ticket.content()).empty(),
            "ticket.content", "title or content must be given")
      .That(v1::Channel_IsValid(ticket.channel()) && ticket.channel() != 0,
            "ticket.channel", "must be given")
      .That(v1::Kind_IsValid(ticket.kind()) && ticket.kind() != 0,
            "ticket.kind", "must be given")
      .That(v1::Priority_IsValid(ticket.priority()), "ticket.priority",
            "is not known")
      .Text("ticket.source_id", ticket.source_id(), 0, kMaxId)
      .Text("ticket.caller.phone", ticket.caller().phone(), 0, kMaxName)
      .Text("ticket.caller.display_name", ticket.caller().display_name(), 0,
            kMaxName)
      .Text("ticket.caller.party_id", ticket.caller().party_id(), 0, kMaxId)
      .Name("ticket.agent", ticket.agent(), "staff", court, false);
  CheckAssignment(ticket, court, false, check);
  return check.ToStatus();
}

absl::Status Validate(const v1::UpdateTicketRequest& request) {
  Check check;
  check.Name("ticket.name", request.ticket().name(), "tickets",
             CourtOfName(request.ticket().name()));
  CheckDescription(request.ticket(), check);
  static constexpr const char* kMutable[] = {
      "category", "title",           "content",          "case_number",
      "priority", "key_supervision", "callback_consent", "contact_recorded"};
  for (const std::string& path : request.update_mask().paths()) {
    bool known = false;
    for (const char* one : kMutable) known = known || path == one;
    check.That(known, "update_mask",
               absl::StrCat("\"", path.substr(0, 40), "\" cannot be changed"));
  }
  return check.ToStatus();
}

absl::Status Validate(const v1::TicketFilter& filter) {
  Check check;
  for (const int state : filter.states()) {
    check.That(v1::Ticket::State_IsValid(state), "filter.states",
               "has an unknown state");
  }
  check.That(filter.states_size() <= 20, "filter.states", "at most 20")
      .Text("filter.text", filter.text(), 0, kMaxName)
      .Text("filter.source_id", filter.source_id(), 0, kMaxId);
  return check.ToStatus();
}

absl::Status Validate(const v1::ExportTicketsRequest& request) {
  Check check;
  for (const std::string& path : request.read_mask().paths()) {
    check.That(v1::Ticket::descriptor()->FindFieldByName(path) != nullptr,
               "read_mask",
               absl::StrCat("\"", path.substr(0, 40), "\" is no field"));
  }
  RETURN_IF_ERROR(check.ToStatus());
  return Validate(request.filter());
}

absl::Status Validate(const v1::AnswerTicketRequest& request) {
  Check check;
  check.Ticket(request.name());
  CheckReply(request.reply(), CourtOfName(request.name()), check);
  return check.ToStatus();
}

absl::Status Validate(const v1::DispatchTicketRequest& request) {
  Check check;
  check.Ticket(request.name());
  CheckAssignment(request, CourtOfName(request.name()), true, check);
  return check.ToStatus();
}

absl::Status Validate(const v1::AcceptTicketRequest& request) {
  return Check()
      .Ticket(request.name())
      .Name("handler", request.handler(), "staff", CourtOfName(request.name()),
            false)
      .ToStatus();
}

absl::Status Validate(const v1::ReplyTicketRequest& request) {
  Check check;
  check.Ticket(request.name());
  CheckReply(request.reply(), CourtOfName(request.name()), check);
  return check.ToStatus();
}

absl::Status Validate(const v1::CloseTicketRequest& request) {
  return Check().Ticket(request.name()).ToStatus();
}

absl::Status Validate(const v1::ReturnTicketRequest& request) {
  return Check()
      .Ticket(request.name())
      .Text("reason", request.reason(), 1, kMaxReason)
      .ToStatus();
}

absl::Status Validate(const v1::TransferTicketRequest& request) {
  Check check;
  check.Ticket(request.name()).Text("reason", request.reason(), 1, kMaxReason);
  CheckAssignment(request, CourtOfName(request.name()), true, check);
  return check.ToStatus();
}

absl::Status Validate(const v1::ReopenTicketRequest& request) {
  return Check()
      .Ticket(request.name())
      .Text("reason", request.reason(), 1, kMaxReason)
      .Name("conveyance", request.conveyance(), "conveyances",
            CourtOfName(request.name()), false)
      .ToStatus();
}

absl::Status Validate(const v1::CancelTicketRequest& request) {
  return Check()
      .Ticket(request.name())
      .Text("reason", request.reason(), 1, kMaxReason)
      .Name("approver", request.approver(), "staff",
            CourtOfName(request.name()))
      .ToStatus();
}

absl::Status Validate(const v1::AddConveyanceRequest& request) {
  return Check()
      .Ticket(request.name())
      .Text("text", request.text(), 1, kMaxNote)
      .Name("conveyance", request.conveyance(), "conveyances",
            CourtOfName(request.name()))
      .ToStatus();
}

absl::Status Validate(const v1::AddNoteRequest& request) {
  return Check()
      .Ticket(request.name())
      .Text("text", request.text(), 1, kMaxNote)
      .ToStatus();
}

absl::Status Validate(const v1::RevealCallerRequest& request) {
  return Check()
      .Ticket(request.name())
      .Text("reason", request.reason(), 1, kMaxLine)
      .ToStatus();
}

absl::Status Validate(const v1::ImportTicketsRequest& request) {
  return Check()
      .That(request.rows_size() > 0 && request.rows_size() <= kMaxRows, "rows",
            "must be 1 to 1000")
      .ToStatus();
}

absl::Status Validate(const v1::ReplaceDeadlinePoliciesRequest& request) {
  const std::string court = CourtOfName(request.parent());
  Check check;
  check.That(request.policies_size() <= 50, "policies", "at most 50");
  for (int i = 0; i < request.policies_size(); ++i) {
    const v1::DeadlinePolicy& policy = request.policies(i);
    const std::string field = absl::StrCat("policies[", i, "]");
    check.Name(field + ".name", policy.name(), "deadlinePolicies", court);
    const absl::Status sound = CheckPolicy(policy);
    check.That(sound.ok(), field, sound.message());
  }
  return check.ToStatus();
}

absl::Status Validate(const v1::UpdateCalendarRequest& request) {
  Check check;
  check.That(request.days_size() > 0 && request.days_size() <= 200, "days",
             "must be 1 to 200");
  for (int i = 0; i < request.days_size(); ++i) {
    const std::string field = absl::StrCat("days[", i, "]");
    check
        .That(ParseDay(request.days(i).date()).ok(), field + ".date",
              "want YYYY-MM-DD")
        .Text(field + ".reason", request.days(i).reason(), 1, kMaxName);
  }
  return check.ToStatus();
}

absl::Status Validate(const v1::ImportCasesRequest& request) {
  Check check;
  check.That(request.cases_size() > 0 && request.cases_size() <= 500, "cases",
             "must be 1 to 500");
  for (int i = 0; i < request.cases_size(); ++i) {
    const v1::Case& one = request.cases(i);
    const std::string field = absl::StrCat("cases[", i, "]");
    const auto number = AcceptCaseNumber(one.case_number());
    check.That(number.ok(), field + ".case_number", number.status().message())
        .That(one.parties_size() <= 200, field + ".parties", "at most 200")
        .That(one.milestones_size() <= 500, field + ".milestones",
              "at most 500")
        .Text(field + ".stage", one.stage(), 0, kMaxLine);
  }
  return check.ToStatus();
}

}  // namespace huifang::ticket
