// The part of PlanHandler about what officers explain by.
#include <string>
#include <utility>
#include <vector>

#include "services/callback/period_rules.h"
#include "services/callback/plan_handler.h"
#include "services/callback/snippet_store.h"
#include "services/callback/store_util.h"
#include "services/callback/validate.h"
#include "services/common/clock.h"
#include "services/common/error.h"
#include "services/common/listing.h"
#include "services/common/request_log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr char kReaders[] = "admin officer head leader reviewer service";
constexpr char kWriters[] = "admin head leader";

constexpr rpc::Method kCreate{"CreateSnippet", "parent", kWriters};
constexpr rpc::Method kGet{"GetSnippet", "name", kReaders};
constexpr rpc::Method kList{"ListSnippets", "parent", kReaders};
constexpr rpc::Method kVerify{"VerifySnippet", "name", kWriters};

absl::CivilDay Today(absl::Time now) {
  return absl::ToCivilDay(now, CourtTimeZone());
}

}  // namespace

grpc::ServerUnaryReactor* PlanHandler::CreateSnippet(
    grpc::CallbackServerContext* context,
    const v1::CreateSnippetRequest* request, v1::Snippet* response) {
  return rpc::RunUnary(
      runtime_, context, kCreate, request, response,
      [this](const rpc::Call& call, const v1::CreateSnippetRequest& asked)
          -> absl::StatusOr<v1::Snippet> {
        RETURN_IF_ERROR(Validate(asked));
        const absl::Time now = runtime_.clock.Now();
        v1::Snippet created;
        const auto create = [&](sql::Session& session) -> absl::Status {
          created = asked.snippet();
          if (created.verify_date().empty()) {
            created.set_verify_date(FormatDate(Today(now)));
          }
          RETURN_IF_ERROR(CheckVerifyDate(created.verify_date(), "", Today(now),
                                          "snippet.verify_date"));
          created.set_verifier(call.principal);
          created.set_creator(call.principal);
          *created.mutable_create_time() = ToProto(now);
          created.clear_stale();
          return SnippetStore::Insert(session, call.court, asked.snippet_id(),
                                      created);
        };
        RETURN_IF_ERROR(db_.Write(call.court, [&](sql::Session& session) {
          return RunOnce(session,
                         {call.court, kCreate.name, asked.request_id()}, now,
                         asked, created, [&] { return create(session); });
        }));
        MarkStale(Today(now), snippet_stale_days_, created);
        return created;
      });
}

grpc::ServerUnaryReactor* PlanHandler::GetSnippet(
    grpc::CallbackServerContext* context, const v1::GetSnippetRequest* request,
    v1::Snippet* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call&, const v1::GetSnippetRequest& asked)
          -> absl::StatusOr<v1::Snippet> {
        v1::Snippet snippet;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(snippet, SnippetStore::Load(session, asked.name()));
          return absl::OkStatus();
        }));
        MarkStale(Today(runtime_.clock.Now()), snippet_stale_days_, snippet);
        return snippet;
      });
}

grpc::ServerUnaryReactor* PlanHandler::ListSnippets(
    grpc::CallbackServerContext* context,
    const v1::ListSnippetsRequest* request,
    v1::ListSnippetsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListSnippetsRequest& asked)
          -> absl::StatusOr<v1::ListSnippetsResponse> {
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        const std::string after = start.cursor ? start.cursor->id : "";
        std::vector<v1::Snippet> snippets;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(
              snippets,
              SnippetStore::ListNewest(session, call.court, after, start.size));
          return absl::OkStatus();
        }));
        v1::ListSnippetsResponse page;
        if (static_cast<int>(snippets.size()) == start.size) {
          const std::string last = IdOf(snippets.back().name());
          page.set_next_page_token(
              NextPage(start, {0, ParseVersionedId(last).id}));
        }
        for (v1::Snippet& snippet : snippets) {
          MarkStale(Today(runtime_.clock.Now()), snippet_stale_days_, snippet);
          *page.add_snippets() = std::move(snippet);
        }
        return page;
      });
}

grpc::ServerUnaryReactor* PlanHandler::VerifySnippet(
    grpc::CallbackServerContext* context,
    const v1::VerifySnippetRequest* request, v1::Snippet* response) {
  return rpc::RunUnary(
      runtime_, context, kVerify, request, response,
      [this](const rpc::Call& call, const v1::VerifySnippetRequest& asked)
          -> absl::StatusOr<v1::Snippet> {
        const absl::CivilDay today = Today(runtime_.clock.Now());
        const std::string day = asked.verify_date().empty()
                                    ? FormatDate(today)
                                    : asked.verify_date();
        v1::Snippet verified;
        const auto verify = [&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(verified, SnippetStore::Load(session, asked.name()));
          const std::string id = ParseVersionedId(IdOf(verified.name())).id;
          ASSIGN_OR_RETURN(
              const v1::Snippet newest,
              SnippetStore::Load(session,
                                 MakeResourceName(call.court, "snippets", id)));
          // Who verifies has read the words that officers see.
          if (asked.name() != newest.name()) {
            return MakeError(absl::StatusCode::kFailedPrecondition,
                             "NOT_NEWEST",
                             absl::StrCat("the newest version is ",
                                          newest.name(), "; name that"));
          }
          RETURN_IF_ERROR(CheckVerifyDate(day, verified.verify_date(), today,
                                          "verify_date"));
          verified.set_verify_date(day);
          verified.set_verifier(call.principal);
          return SnippetStore::Save(session, verified);
        };
        RETURN_IF_ERROR(db_.Write(call.court, verify));
        MarkStale(today, snippet_stale_days_, verified);
        return verified;
      });
}

}  // namespace huifang::callback
