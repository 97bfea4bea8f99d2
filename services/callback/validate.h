#ifndef HUIFANG_SERVICES_CALLBACK_VALIDATE_H_
#define HUIFANG_SERVICES_CALLBACK_VALIDATE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "huifang/callback/v1/callback_service.pb.h"

namespace huifang::callback {

// What a request alone can be wrong about: INVALID_ARGUMENT with a BadRequest
// that names every bad field. Pure.
absl::Status Validate(const v1::CreateSamplingPlanRequest& request);
absl::Status Validate(const v1::UpdateSamplingPlanRequest& request);
absl::Status Validate(const v1::PreviewSamplingPlanRequest& request);
absl::Status Validate(const v1::CreateScriptRequest& request);
absl::Status Validate(const v1::CreateSnippetRequest& request);
// INVALID_ARGUMENT unless it is a day, not before `last` and not to come.
absl::Status CheckVerifyDate(const std::string& day, const std::string& last,
                             absl::CivilDay today, const char* field);
absl::Status Validate(const v1::CreateDrawRequest& request);
absl::Status Validate(const v1::SeedDrawRequest& request);
absl::Status Validate(const v1::CommitSeedRequest& request);
absl::Status Validate(const v1::RevealSeedRequest& request);
absl::Status Validate(const v1::AbortDrawRequest& request);
absl::Status Validate(const v1::ActivateReserveRequest& request);
absl::Status Validate(const v1::LeaseCallbackRequest& request);
absl::Status Validate(const v1::RecordAttemptRequest& request);
// Apart from the rest: a repeat comes when its appointment may be over.
absl::Status ValidateAppointment(const v1::RecordAttemptRequest& request,
                                 absl::Time now);
absl::Status Validate(const v1::CompleteCallbackRequest& request);
absl::Status Validate(const v1::ReleaseCallbackRequest& request);
absl::Status Validate(const v1::ListRecallsRequest& request);
absl::Status Validate(const v1::ListVerdictRulesRequest& request);
absl::Status Validate(const v1::GetRecallAgreementRequest& request);
absl::Status Validate(const v1::CreateRelationRequest& request);
absl::Status Validate(const v1::CreateDoNotCallRequest& request);
// Apart from the rest, as ValidateAppointment is.
absl::Status ValidateExpiry(const v1::CreateDoNotCallRequest& request,
                            absl::Time now);
absl::Status Validate(const v1::AcknowledgeConveyanceRequest& request);
absl::Status Validate(const v1::CallbackFilter& filter);
absl::Status Validate(const v1::ListDrawsRequest& request);
absl::Status Validate(const v1::ListConveyancesRequest& request);
// [a-z0-9-]{1,40}, but not "-" alone.
bool IsPlanId(const std::string& id);
// A plan by itself, as it is to be stored.
absl::Status ValidatePlan(const v1::SamplingPlan& plan);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_VALIDATE_H_
