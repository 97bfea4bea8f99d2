#include "services/ticket/case_handler.h"

#include "services/common/error.h"
#include "services/common/log.h"
#include "services/common/mask_numbers.h"
#include "services/common/request_log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/ticket/case_number_rules.h"
#include "services/ticket/validate.h"

namespace huifang::ticket {
namespace {

constexpr rpc::Method kGet{"GetCase", "name", "*"};
constexpr rpc::Method kImport{"ImportCases", "parent", "admin service",
                              absl::Seconds(60)};

// Showing parties in full needs a role that speaks with them, and a reason.
absl::Status MayUnmask(const rpc::Call& call, const v1::GetCaseRequest& asked) {
  if (call.role != "admin" && call.role != "agent" && call.role != "service") {
    return MakeError(absl::StatusCode::kPermissionDenied, "MAY_NOT_UNMASK",
                     "role " + call.role + " may not see parties in full");
  }
  if (asked.reason().empty() || asked.reason().size() > 800) {
    FieldErrors errors;
    errors.Add("reason", "is required to unmask, at most 200 characters");
    return errors.ToStatus();
  }
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* CaseHandler::GetCase(
    grpc::CallbackServerContext* context, const v1::GetCaseRequest* request,
    v1::Case* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call& call,
             const v1::GetCaseRequest& asked) -> absl::StatusOr<v1::Case> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "cases"));
        const auto number = AcceptCaseNumber(asked.case_number());
        if (asked.unmask()) {
          RETURN_IF_ERROR(MayUnmask(call, asked));
          log::Info("case_revealed", {{"case", asked.name()},
                                      {"principal", call.principal},
                                      {"reason", MaskNumbers(asked.reason())}});
        }
        return store_.Get(call.court, name.id,
                          number.ok() ? number->text : asked.case_number(),
                          asked.unmask());
      });
}

grpc::ServerUnaryReactor* CaseHandler::ImportCases(
    grpc::CallbackServerContext* context, const v1::ImportCasesRequest* request,
    v1::ImportCasesResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kImport, request, response,
      [this](const rpc::Call& call, const v1::ImportCasesRequest& asked)
          -> absl::StatusOr<v1::ImportCasesResponse> {
        RETURN_IF_ERROR(Validate(asked));
        const absl::Time now = runtime_.clock.Now();
        const RequestKey key{call.court, kImport.name, asked.request_id()};
        v1::ImportCasesResponse answer;
        const auto import = [&](sql::Session& session) -> absl::Status {
          answer.Clear();
          for (v1::Case one : asked.cases()) {
            ASSIGN_OR_RETURN(const StoredCaseNumber number,
                             AcceptCaseNumber(one.case_number()));
            one.set_case_number(number.text);
            ASSIGN_OR_RETURN(
                const bool created,
                store_.Upsert(session, call.court, now, std::move(one)));
            if (created) {
              answer.set_created_count(answer.created_count() + 1);
            } else {
              answer.set_updated_count(answer.updated_count() + 1);
            }
          }
          return absl::OkStatus();
        };
        RETURN_IF_ERROR(db_.Write(call.court, [&](sql::Session& session) {
          return RunOnce(session, key, now, asked, answer,
                         [&] { return import(session); });
        }));
        return answer;
      });
}

}  // namespace huifang::ticket
