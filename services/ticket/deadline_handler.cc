#include "services/ticket/deadline_handler.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "services/common/error.h"
#include "services/common/request_log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/ticket/deadline_rules.h"
#include "services/ticket/validate.h"

namespace huifang::ticket {
namespace {

constexpr rpc::Method kExplain{"ExplainDeadline", "ticket", "*"};
constexpr rpc::Method kListPolicies{"ListDeadlinePolicies", "parent", "*"};
constexpr rpc::Method kReplace{"ReplaceDeadlinePolicies", "parent", "admin"};
constexpr rpc::Method kGetCalendar{"GetCalendar", "parent", "*"};
constexpr rpc::Method kUpdateCalendar{"UpdateCalendar", "parent", "admin",
                                      absl::Minutes(5)};
constexpr int kRecountBatch = 500;

bool IsWeekend(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

}  // namespace

grpc::ServerUnaryReactor* DeadlineHandler::ExplainDeadline(
    grpc::CallbackServerContext* context,
    const v1::ExplainDeadlineRequest* request,
    v1::ExplainDeadlineResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kExplain, request, response,
      [this](const rpc::Call& call, const v1::ExplainDeadlineRequest& asked)
          -> absl::StatusOr<v1::ExplainDeadlineResponse> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.ticket(), "tickets"));
        ASSIGN_OR_RETURN(const v1::Ticket ticket,
                         tickets_.Get(call.court, name.id));
        ASSIGN_OR_RETURN(const std::shared_ptr<const CourtBook> book,
                         store_.Book(call.court));
        const v1::DeadlinePolicy* policy =
            ticket.due_time_imported()
                ? nullptr
                : FindPolicy(book->policies, ticket.kind(), ticket.priority());
        return huifang::ticket::ExplainDeadline(ticket, policy, book->calendar,
                                                runtime_.clock.Now());
      });
}

absl::StatusOr<v1::ListDeadlinePoliciesResponse> DeadlineHandler::Policies(
    const std::string& court) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const CourtBook> book,
                   store_.Book(court));
  v1::ListDeadlinePoliciesResponse result;
  for (const v1::DeadlinePolicy& policy : book->policies) {
    *result.add_policies() = policy;
  }
  for (const v1::DeadlinePolicy& policy : BuiltInPolicies()) {
    *result.add_policies() = policy;
  }
  return result;
}

grpc::ServerUnaryReactor* DeadlineHandler::ListDeadlinePolicies(
    grpc::CallbackServerContext* context,
    const v1::ListDeadlinePoliciesRequest* request,
    v1::ListDeadlinePoliciesResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kListPolicies, request, response,
      [this](const rpc::Call& call, const v1::ListDeadlinePoliciesRequest&) {
        return Policies(call.court);
      });
}

grpc::ServerUnaryReactor* DeadlineHandler::ReplaceDeadlinePolicies(
    grpc::CallbackServerContext* context,
    const v1::ReplaceDeadlinePoliciesRequest* request,
    v1::ListDeadlinePoliciesResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kReplace, request, response,
      [this](const rpc::Call& call,
             const v1::ReplaceDeadlinePoliciesRequest& asked)
          -> absl::StatusOr<v1::ListDeadlinePoliciesResponse> {
        RETURN_IF_ERROR(Validate(asked));
        const RequestKey key{call.court, kReplace.name, asked.request_id()};
        v1::ListDeadlinePoliciesResponse answer;
        RETURN_IF_ERROR(db_.Write(call.court, [&](sql::Session& session) {
          return RunOnce(
              session, key, runtime_.clock.Now(), asked, answer,
              [&]() -> absl::Status {
                *answer.mutable_policies() = asked.policies();
                return DirectoryStore::ReplacePolicies(
                    session, call.court,
                    {asked.policies().begin(), asked.policies().end()});
              });
        }));
        store_.Forget(call.court);
        return Policies(call.court);
      });
}

absl::StatusOr<v1::GetCalendarResponse> DeadlineHandler::Calendar(
    const std::string& court, int year) {
  if (year < 2018 || year > 2100) {
    FieldErrors errors;
    errors.Add("year", "must be 2018 to 2100");
    return errors.ToStatus();
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const CourtBook> book,
                   store_.Book(court));
  v1::GetCalendarResponse result;
  result.set_version(book->calendar.version());
  for (absl::CivilDay day(year, 1, 1); day.year() == year; ++day) {
    const DayVerdict verdict = book->calendar.Judge(day);
    result.set_provisional(result.provisional() || verdict.provisional);
    if (verdict.working != IsWeekend(day)) continue;
    auto* out = result.add_days();
    out->set_date(absl::FormatCivilTime(day));
    out->set_working(verdict.working);
    out->set_reason(verdict.why);
  }
  return result;
}

grpc::ServerUnaryReactor* DeadlineHandler::GetCalendar(
    grpc::CallbackServerContext* context, const v1::GetCalendarRequest* request,
    v1::GetCalendarResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kGetCalendar, request, response,
      [this](const rpc::Call& call, const v1::GetCalendarRequest& asked) {
        return Calendar(call.court, asked.year());
      });
}

absl::Status DeadlineHandler::Recount(const std::string& court) {
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                     tickets_.OpenTicketIds(court, after, kRecountBatch));
    if (ids.empty()) return absl::OkStatus();
    for (const std::string& id : ids) {
      TicketChange change;
      change.court = court;
      change.ticket_id = id;
      change.apply = [](const CourtBook&, absl::Time, v1::Ticket&) {
        return absl::OkStatus();  // the writer counts the deadline again
      };
      RETURN_IF_ERROR(
          writer_.Change(change, v1::UpdateCalendarRequest()).status());
    }
    after = ids.back();
  }
}

grpc::ServerUnaryReactor* DeadlineHandler::UpdateCalendar(
    grpc::CallbackServerContext* context,
    const v1::UpdateCalendarRequest* request,
    v1::GetCalendarResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kUpdateCalendar, request, response,
      [this](const rpc::Call& call, const v1::UpdateCalendarRequest& asked)
          -> absl::StatusOr<v1::GetCalendarResponse> {
        RETURN_IF_ERROR(Validate(asked));
        const RequestKey key{call.court, kUpdateCalendar.name,
                             asked.request_id()};
        v1::GetCalendarResponse answer;
        RETURN_IF_ERROR(db_.Write(call.court, [&](sql::Session& session) {
          return RunOnce(session, key, runtime_.clock.Now(), asked, answer,
                         [&]() -> absl::Status {
                           *answer.mutable_days() = asked.days();
                           return DirectoryStore::UpsertDays(
                               session, call.court,
                               {asked.days().begin(), asked.days().end()});
                         });
        }));
        store_.Forget(call.court);
        RETURN_IF_ERROR(Recount(call.court));
        ASSIGN_OR_RETURN(const absl::CivilDay first,
                         ParseDay(asked.days(0).date()));
        return Calendar(call.court, static_cast<int>(first.year()));
      });
}

}  // namespace huifang::ticket
