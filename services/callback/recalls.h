// A first interview and the call that makes it again (盲复访).
#ifndef HUIFANG_SERVICES_CALLBACK_RECALLS_H_
#define HUIFANG_SERVICES_CALLBACK_RECALLS_H_

#include <vector>

#include "absl/time/time.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "huifang/callback/v1/callback_service.pb.h"
#include "services/callback/recall_rules.h"
#include "services/common/rpc.h"

namespace huifang::callback {

// The call that makes an interview again, within `life` of now. Nothing of what
// was said is in it.
v1::Callback RecallOf(const v1::Callback& first, absl::Duration life,
                      absl::Time now);

// Both sides by side; answers are compared once the second was given.
v1::Recall Compare(const v1::Callback& first, const v1::Callback& second);

// How far the two interviews of each agree, question by question: the verdict,
// the items, then questions of scripts as they occur.
v1::RecallAgreement AgreementOfRecalls(const std::vector<v1::Recall>& recalls);

// Whether what was said in an interview is kept from `call`: an officer who did
// not hear it, and may be the one who makes it again or who made it first.
bool IsBlindTo(const rpc::Call& call, const v1::Callback& callback);

// Takes out what was said and noted.
void HideAnswers(v1::Callback& callback);

// Hides answers from whom they are kept, and drops callbacks that only a filter
// of verdicts would tell about.
void HideFrom(const rpc::Call& call, bool by_verdict,
              std::vector<v1::Callback>& callbacks);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_RECALLS_H_
