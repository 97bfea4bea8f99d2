// The part of PlanHandler about questionnaires.
#include <utility>
#include <vector>

#include "services/callback/plan_handler.h"
#include "services/callback/script_store.h"
#include "services/callback/validate.h"
#include "services/common/listing.h"
#include "services/common/request_log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr char kReaders[] = "admin officer head leader reviewer service";

constexpr rpc::Method kCreate{"CreateScript", "parent", "admin head leader"};
constexpr rpc::Method kGet{"GetScript", "name", kReaders};
constexpr rpc::Method kList{"ListScripts", "parent", kReaders};

}  // namespace

grpc::ServerUnaryReactor* PlanHandler::CreateScript(
    grpc::CallbackServerContext* context,
    const v1::CreateScriptRequest* request, v1::Script* response) {
  return rpc::RunUnary(
      runtime_, context, kCreate, request, response,
      [this](const rpc::Call& call, const v1::CreateScriptRequest& asked)
          -> absl::StatusOr<v1::Script> {
        RETURN_IF_ERROR(Validate(asked));
        const absl::Time now = runtime_.clock.Now();
        v1::Script created;
        RETURN_IF_ERROR(db_.Write(call.court, [&](sql::Session& session) {
          return RunOnce(session,
                         {call.court, kCreate.name, asked.request_id()}, now,
                         asked, created, [&]() -> absl::Status {
                           RETURN_IF_ERROR(CheckSnippetsOf(session, call.court,
                                                           asked.script()));
                           created = asked.script();
                           *created.mutable_create_time() = ToProto(now);
                           created.set_creator(call.principal);
                           return ScriptStore::Insert(
                               session, call.court, asked.script_id(), created);
                         });
        }));
        return created;
      });
}

grpc::ServerUnaryReactor* PlanHandler::GetScript(
    grpc::CallbackServerContext* context, const v1::GetScriptRequest* request,
    v1::Script* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call&,
             const v1::GetScriptRequest& asked) -> absl::StatusOr<v1::Script> {
        v1::Script script;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(script, ScriptStore::Load(session, asked.name()));
          return absl::OkStatus();
        }));
        return script;
      });
}

grpc::ServerUnaryReactor* PlanHandler::ListScripts(
    grpc::CallbackServerContext* context, const v1::ListScriptsRequest* request,
    v1::ListScriptsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListScriptsRequest& asked)
          -> absl::StatusOr<v1::ListScriptsResponse> {
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        VersionedId after;
        if (start.cursor.has_value()) {
          after = {start.cursor->id, static_cast<int>(start.cursor->time)};
        }
        // The built-in one comes first.
        const int limit = start.size - (start.cursor.has_value() ? 0 : 1);
        std::vector<v1::Script> scripts;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(
              scripts, ScriptStore::List(session, call.court, after, limit));
          return absl::OkStatus();
        }));
        v1::ListScriptsResponse page;
        if (!start.cursor.has_value()) {
          *page.add_scripts() = BuiltInScript(call.court);
        }
        if (static_cast<int>(scripts.size()) == limit) {
          const std::string last = scripts.empty() ? "" : scripts.back().name();
          const VersionedId id = ParseVersionedId(IdOf(last));
          page.set_next_page_token(NextPage(start, {id.version, id.id}));
        }
        for (v1::Script& script : scripts) {
          *page.add_scripts() = std::move(script);
        }
        return page;
      });
}

}  // namespace huifang::callback
