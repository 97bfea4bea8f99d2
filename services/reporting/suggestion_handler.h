#ifndef HUIFANG_SERVICES_REPORTING_SUGGESTION_HANDLER_H_
#define HUIFANG_SERVICES_REPORTING_SUGGESTION_HANDLER_H_

#include "huifang/reporting/v1/reporting_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/reporting/suggestion_store.h"
#include "services/reporting/suggestion_writer.h"

namespace huifang::reporting {

// Speaks gRPC for suggestions: admits, validates, one call inward.
class SuggestionHandler final : public v1::SuggestionService::CallbackService {
 public:
  SuggestionHandler(rpc::Runtime& runtime, SuggestionStore& store,
                    SuggestionWriter& writer)
      : runtime_(runtime), store_(store), writer_(writer) {}

  using Context = grpc::CallbackServerContext;
  grpc::ServerUnaryReactor* CreateSuggestion(
      Context* context, const v1::CreateSuggestionRequest* request,
      v1::Suggestion* response) override;
  grpc::ServerUnaryReactor* GetSuggestion(
      Context* context, const v1::GetSuggestionRequest* request,
      v1::Suggestion* response) override;
  grpc::ServerUnaryReactor* ListSuggestions(
      Context* context, const v1::ListSuggestionsRequest* request,
      v1::ListSuggestionsResponse* response) override;
  grpc::ServerUnaryReactor* RespondToSuggestion(
      Context* context, const v1::RespondToSuggestionRequest* request,
      v1::Suggestion* response) override;

 private:
  rpc::Runtime& runtime_;
  SuggestionStore& store_;
  SuggestionWriter& writer_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_SUGGESTION_HANDLER_H_
