#include "services/reporting/suggestion_handler.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/validate.h"
#include "services/reporting/verb_of.h"

namespace huifang::reporting {
namespace {

constexpr char kReaders[] = "admin officer head leader handler service";
constexpr rpc::Method kCreate{"CreateSuggestion", "parent",
                              "admin officer leader"};
constexpr rpc::Method kGet{"GetSuggestion", "name", kReaders};
constexpr rpc::Method kList{"ListSuggestions", "parent", kReaders};
constexpr rpc::Method kRespond{"RespondToSuggestion", "name", "admin head"};

}  // namespace

grpc::ServerUnaryReactor* SuggestionHandler::CreateSuggestion(
    Context* context, const v1::CreateSuggestionRequest* request,
    v1::Suggestion* response) {
  return rpc::RunUnary(
      runtime_, context, kCreate, request, response,
      [this](const rpc::Call& call, const v1::CreateSuggestionRequest& asked)
          -> absl::StatusOr<v1::Suggestion> {
        RETURN_IF_ERROR(Validate(asked));
        return writer_.Create(call.court, call.principal,
                              {call.court, kCreate.name, asked.request_id()},
                              asked);
      });
}

grpc::ServerUnaryReactor* SuggestionHandler::GetSuggestion(
    Context* context, const v1::GetSuggestionRequest* request,
    v1::Suggestion* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call& call, const v1::GetSuggestionRequest& asked)
          -> absl::StatusOr<v1::Suggestion> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "suggestions"));
        return store_.Get(call.court, name.id);
      });
}

grpc::ServerUnaryReactor* SuggestionHandler::ListSuggestions(
    Context* context, const v1::ListSuggestionsRequest* request,
    v1::ListSuggestionsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListSuggestionsRequest& asked)
          -> absl::StatusOr<v1::ListSuggestionsResponse> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        ASSIGN_OR_RETURN(
            std::vector<v1::Suggestion> suggestions,
            store_.List(call.court, asked, start.cursor, start.size + 1));
        v1::ListSuggestionsResponse page;
        const bool more =
            suggestions.size() > static_cast<std::size_t>(start.size);
        if (more) {
          suggestions.pop_back();
          page.set_next_page_token(
              NextPage(start, SuggestionStore::CursorOf(suggestions.back())));
        }
        for (v1::Suggestion& suggestion : suggestions) {
          *page.add_suggestions() = std::move(suggestion);
        }
        return page;
      });
}

grpc::ServerUnaryReactor* SuggestionHandler::RespondToSuggestion(
    Context* context, const v1::RespondToSuggestionRequest* request,
    v1::Suggestion* response) {
  return rpc::RunUnary(
      runtime_, context, kRespond, request, response,
      [this](const rpc::Call& call, const v1::RespondToSuggestionRequest& asked)
          -> absl::StatusOr<v1::Suggestion> {
        ASSIGN_OR_RETURN(const Verb verb,
                         VerbOf(kRespond, call, "suggestions", asked));
        return writer_.Respond(verb, call.principal, asked);
      });
}

}  // namespace huifang::reporting
