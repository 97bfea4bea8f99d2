// The part of CallbackHandler about people: relations of officers, and callers
// who are not to be called.
#include <utility>
#include <vector>

#include "services/callback/callback_handler.h"
#include "services/callback/validate.h"
#include "services/common/error.h"
#include "services/common/ids.h"
#include "services/common/listing.h"
#include "services/common/mask_numbers.h"
#include "services/common/request_log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr char kDesk[] = "admin officer head";

constexpr rpc::Method kRelate{"CreateRelation", "parent", kDesk};
constexpr rpc::Method kListRelations{"ListRelations", "parent", kDesk};
constexpr rpc::Method kUnrelate{"DeleteRelation", "name", "admin head"};
constexpr rpc::Method kBar{"CreateDoNotCall", "parent", kDesk};
constexpr rpc::Method kListBarred{"ListDoNotCalls", "parent", kDesk};
constexpr rpc::Method kUnbar{"DeleteDoNotCall", "name", "admin head"};

}  // namespace

grpc::ServerUnaryReactor* CallbackHandler::CreateRelation(
    grpc::CallbackServerContext* context,
    const v1::CreateRelationRequest* request, v1::Relation* response) {
  return rpc::RunUnary(
      runtime_, context, kRelate, request, response,
      [this](const rpc::Call& call, const v1::CreateRelationRequest& asked)
          -> absl::StatusOr<v1::Relation> {
        RETURN_IF_ERROR(Validate(asked));
        const std::string& officer = asked.relation().officer();
        if (call.role == "officer" && officer != call.principal &&
            officer != call.staff) {
          return MakeError(absl::StatusCode::kPermissionDenied, "OTHER_OFFICER",
                           "relation.officer: an officer declares their own "
                           "relations only");
        }
        const absl::Time now = runtime_.clock.Now();
        const std::string id = NewUuid7(now);
        v1::Relation created;
        RETURN_IF_ERROR(
            db_.Write(call.court, [&](sql::Session& session) -> absl::Status {
              return RunOnce(
                  session, {call.court, kRelate.name, asked.request_id()}, now,
                  asked, created, [&] {
                    created = asked.relation();
                    created.set_name(
                        MakeResourceName(call.court, "relations", id));
                    created.set_reason(MaskNumbers(created.reason()));
                    created.set_declarer(call.principal);
                    created.clear_ender();
                    created.clear_end_time();
                    *created.mutable_create_time() = ToProto(now);
                    return PlanStore::InsertRelation(session, created);
                  });
            }));
        return created;
      });
}

grpc::ServerUnaryReactor* CallbackHandler::ListRelations(
    grpc::CallbackServerContext* context,
    const v1::ListRelationsRequest* request,
    v1::ListRelationsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kListRelations, request, response,
      [this](const rpc::Call& call, const v1::ListRelationsRequest& asked)
          -> absl::StatusOr<v1::ListRelationsResponse> {
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        const std::string after = start.cursor ? start.cursor->id : "";
        ASSIGN_OR_RETURN(std::vector<v1::Relation> relations,
                         plans_.ListRelations(call.court, after, start.size));
        v1::ListRelationsResponse page;
        if (static_cast<int>(relations.size()) == start.size) {
          const std::string& last = relations.back().name();
          page.set_next_page_token(NextPage(start, {0, IdOf(last)}));
        }
        for (v1::Relation& relation : relations) {
          *page.add_relations() = std::move(relation);
        }
        return page;
      });
}

grpc::ServerUnaryReactor* CallbackHandler::DeleteRelation(
    grpc::CallbackServerContext* context,
    const v1::DeleteRelationRequest* request,
    v1::DeleteRelationResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kUnrelate, request, response,
      [this](const rpc::Call& call, const v1::DeleteRelationRequest& asked)
          -> absl::StatusOr<v1::DeleteRelationResponse> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "relations"));
        RETURN_IF_ERROR(db_.Write(call.court, [&](sql::Session& session) {
          return PlanStore::EndRelation(session, call.court, name.id,
                                        call.principal, runtime_.clock.Now());
        }));
        return v1::DeleteRelationResponse();
      });
}

grpc::ServerUnaryReactor* CallbackHandler::CreateDoNotCall(
    grpc::CallbackServerContext* context,
    const v1::CreateDoNotCallRequest* request, v1::DoNotCall* response) {
  return rpc::RunUnary(runtime_, context, kBar, request, response,
                       [this](const rpc::Call& call, const auto& asked) {
                         return Bar(call, asked);
                       });
}

absl::StatusOr<v1::DoNotCall> CallbackHandler::Bar(
    const rpc::Call& call, const v1::CreateDoNotCallRequest& request) {
  const absl::Time now = runtime_.clock.Now();
  RETURN_IF_ERROR(Validate(request));
  v1::DoNotCall entry = request.do_not_call();
  ASSIGN_OR_RETURN(const ticket::v1::Ticket ticket,
                   tickets_.GetTicket(entry.ticket()));
  if (ticket.caller().caller_key().empty()) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "NO_CALLER",
                     "ticket: its caller left no number to know them by");
  }
  entry.set_name(MakeResourceName(call.court, "doNotCalls", NewUuid7(now)));
  entry.set_reason(MaskNumbers(entry.reason()));
  entry.set_masked_phone(ticket.caller().phone());
  entry.set_caller_key(ticket.caller().caller_key());
  *entry.mutable_create_time() = ToProto(now);
  entry.set_creator(call.principal);
  entry.clear_end_time();
  entry.clear_ender();
  v1::DoNotCall created;
  RETURN_IF_ERROR(
      db_.Write(call.court, [&](sql::Session& session) -> absl::Status {
        return RunOnce(session, {call.court, kBar.name, request.request_id()},
                       now, request, created, [&]() -> absl::Status {
                         RETURN_IF_ERROR(ValidateExpiry(request, now));
                         created = entry;
                         return ContactStore::Insert(session, entry);
                       });
      }));
  return created;
}

grpc::ServerUnaryReactor* CallbackHandler::ListDoNotCalls(
    grpc::CallbackServerContext* context,
    const v1::ListDoNotCallsRequest* request,
    v1::ListDoNotCallsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kListBarred, request, response,
      [this](const rpc::Call& call, const v1::ListDoNotCallsRequest& asked)
          -> absl::StatusOr<v1::ListDoNotCallsResponse> {
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        const std::string after = start.cursor ? start.cursor->id : "";
        ASSIGN_OR_RETURN(std::vector<v1::DoNotCall> entries,
                         contacts_.List(call.court, after, start.size));
        v1::ListDoNotCallsResponse page;
        if (static_cast<int>(entries.size()) == start.size) {
          const std::string& last = entries.back().name();
          page.set_next_page_token(NextPage(start, {0, IdOf(last)}));
        }
        for (v1::DoNotCall& entry : entries) {
          *page.add_do_not_calls() = std::move(entry);
        }
        return page;
      });
}

grpc::ServerUnaryReactor* CallbackHandler::DeleteDoNotCall(
    grpc::CallbackServerContext* context,
    const v1::DeleteDoNotCallRequest* request, v1::DoNotCall* response) {
  return rpc::RunUnary(
      runtime_, context, kUnbar, request, response,
      [this](const rpc::Call& call, const v1::DeleteDoNotCallRequest& asked)
          -> absl::StatusOr<v1::DoNotCall> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "doNotCalls"));
        v1::DoNotCall ended;
        RETURN_IF_ERROR(
            db_.Write(call.court, [&](sql::Session& session) -> absl::Status {
              ASSIGN_OR_RETURN(ended, ContactStore::End(session, call.court,
                                                        name.id, call.principal,
                                                        runtime_.clock.Now()));
              return absl::OkStatus();
            }));
        return ended;
      });
}

}  // namespace huifang::callback
