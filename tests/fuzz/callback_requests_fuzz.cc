// Every request the callback service validates.
#include "services/callback/validate.h"
#include "tests/fuzz/requests.h"

namespace huifang::callback {
namespace {

template <typename Message>
fuzz::Request Plain() {
  return fuzz::Of<Message>(
      [](const Message& request) { return Validate(request); });
}

}  // namespace
}  // namespace huifang::callback

const std::vector<huifang::fuzz::Request>& huifang::fuzz::AllRequests() {
  using namespace huifang::callback;
  static const std::vector<Request> kAll = {
      Plain<v1::CreateSamplingPlanRequest>(),
      Plain<v1::UpdateSamplingPlanRequest>(),
      Plain<v1::PreviewSamplingPlanRequest>(),
      Plain<v1::CreateScriptRequest>(),
      Plain<v1::CreateSnippetRequest>(),
      Plain<v1::CreateDrawRequest>(),
      Plain<v1::SeedDrawRequest>(),
      Plain<v1::CommitSeedRequest>(),
      Plain<v1::RevealSeedRequest>(),
      Plain<v1::AbortDrawRequest>(),
      Plain<v1::ActivateReserveRequest>(),
      Plain<v1::LeaseCallbackRequest>(),
      Plain<v1::RecordAttemptRequest>(),
      Plain<v1::CompleteCallbackRequest>(),
      Plain<v1::ReleaseCallbackRequest>(),
      Plain<v1::ListRecallsRequest>(),
      Plain<v1::ListVerdictRulesRequest>(),
      Plain<v1::GetRecallAgreementRequest>(),
      Plain<v1::CreateRelationRequest>(),
      Plain<v1::CreateDoNotCallRequest>(),
      Plain<v1::AcknowledgeConveyanceRequest>(),
      Plain<v1::CallbackFilter>(),
      Plain<v1::ListDrawsRequest>(),
      Plain<v1::ListConveyancesRequest>(),
  };
  return kAll;
}
