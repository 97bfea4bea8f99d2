#include "services/reporting/alert_handler.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/period_rules.h"
#include "services/reporting/validate.h"
#include "services/reporting/verb_of.h"

namespace huifang::reporting {
namespace {

constexpr char kReaders[] = "admin officer head leader service";
constexpr char kMovers[] = "admin officer head leader";
constexpr rpc::Method kGet{"GetAlert", "name", kReaders};
constexpr rpc::Method kList{"ListAlerts", "parent", kReaders};
constexpr rpc::Method kAcknowledge{"AcknowledgeAlert", "name", kMovers};
constexpr rpc::Method kResolve{"ResolveAlert", "name", kMovers};
constexpr rpc::Method kMute{"MuteAlert", "name", kMovers};

// The verbs differ only in what they do to the alert.
template <typename Request>
absl::StatusOr<v1::Alert> RunVerb(
    AlertWriter& writer, const rpc::Method& method, const rpc::Call& call,
    const Request& request,
    absl::FunctionRef<absl::Status(v1::Alert&)> change) {
  ASSIGN_OR_RETURN(const Verb verb, VerbOf(method, call, "alerts", request));
  return writer.Change(verb, request, change);
}

}  // namespace

grpc::ServerUnaryReactor* AlertHandler::GetAlert(
    Context* context, const v1::GetAlertRequest* request, v1::Alert* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call& call,
             const v1::GetAlertRequest& asked) -> absl::StatusOr<v1::Alert> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "alerts"));
        return store_.Get(call.court, name.id);
      });
}

grpc::ServerUnaryReactor* AlertHandler::ListAlerts(
    Context* context, const v1::ListAlertsRequest* request,
    v1::ListAlertsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListAlertsRequest& asked)
          -> absl::StatusOr<v1::ListAlertsResponse> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        ASSIGN_OR_RETURN(
            std::vector<v1::Alert> alerts,
            store_.List(call.court, asked, start.cursor, start.size + 1));
        v1::ListAlertsResponse page;
        const bool more = alerts.size() > static_cast<std::size_t>(start.size);
        if (more) alerts.pop_back();
        for (v1::Alert& alert : alerts) *page.add_alerts() = std::move(alert);
        if (more) {
          page.set_next_page_token(NextPage(
              start,
              AlertStore::CursorOf(page.alerts(page.alerts_size() - 1))));
        }
        return page;
      });
}

grpc::ServerUnaryReactor* AlertHandler::AcknowledgeAlert(
    Context* context, const v1::AcknowledgeAlertRequest* request,
    v1::Alert* response) {
  return rpc::RunUnary(
      runtime_, context, kAcknowledge, request, response,
      [this](const rpc::Call& call, const v1::AcknowledgeAlertRequest& asked) {
        return RunVerb(writer_, kAcknowledge, call, asked,
                       [&](v1::Alert& alert) {
                         return reporting::AcknowledgeAlert(
                             call.principal, runtime_.clock.Now(), alert);
                       });
      });
}

grpc::ServerUnaryReactor* AlertHandler::ResolveAlert(
    Context* context, const v1::ResolveAlertRequest* request,
    v1::Alert* response) {
  return rpc::RunUnary(
      runtime_, context, kResolve, request, response,
      [this](const rpc::Call& call, const v1::ResolveAlertRequest& asked) {
        return RunVerb(writer_, kResolve, call, asked, [&](v1::Alert& alert) {
          return reporting::ResolveAlert(call.principal, asked.resolution(),
                                         alert);
        });
      });
}

grpc::ServerUnaryReactor* AlertHandler::MuteAlert(
    Context* context, const v1::MuteAlertRequest* request,
    v1::Alert* response) {
  return rpc::RunUnary(
      runtime_, context, kMute, request, response,
      [this](const rpc::Call& call, const v1::MuteAlertRequest& asked) {
        return RunVerb(
            writer_, kMute, call, asked, [&](v1::Alert& alert) -> absl::Status {
              ASSIGN_OR_RETURN(const absl::CivilDay day,
                               ParseDay(asked.until_day()));
              return reporting::MuteAlert(call.principal, asked.reason(),
                                          runtime_.clock.Now(), day, alert);
            });
      });
}

}  // namespace huifang::reporting
