// From what an officer takes down in an interview to what is kept of it.
#ifndef HUIFANG_SERVICES_CALLBACK_INTERVIEW_H_
#define HUIFANG_SERVICES_CALLBACK_INTERVIEW_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "huifang/callback/v1/callback_service.pb.h"
#include "services/callback/rule_changes.h"
#include "services/callback/verdict_rules.h"

namespace huifang::callback {

// The items of an interview, from its replies if it has any. INVALID_ARGUMENT
// unless they are what `script` asks; to its end, or for items given without
// replies all that a verdict needs, if it was not broken off.
absl::Status CheckInterview(const v1::CompleteCallbackRequest& request,
                            const v1::Script& script,
                            const VerdictPolicy& policy, v1::Items& items);

// INVALID_ARGUMENT if the script offers a score that the plan's scale lacks: it
// could not be written down while the caller is on the line. Or if it asks
// neither for all items that the plan's rule judges by nor for a score: no
// caller could come out as satisfied.
absl::Status CheckFits(const v1::Script& script, const VerdictPolicy& policy);

// Writes a checked interview into its callback, with its verdict.
void TakeInterview(const v1::CompleteCallbackRequest& request,
                   const v1::Script& script, const RuleInForce& rule,
                   const v1::Items& items, absl::Time now,
                   v1::Callback& callback);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_INTERVIEW_H_
