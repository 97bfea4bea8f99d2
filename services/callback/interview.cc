#include "services/callback/interview.h"

#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/callback/plan_policy.h"
#include "services/callback/script_policy.h"
#include "services/callback/script_rules.h"
#include "services/callback/store_util.h"
#include "services/common/error.h"
#include "services/common/mask_numbers.h"
#include "services/common/status_macros.h"

namespace huifang::callback {

absl::Status CheckInterview(const v1::CompleteCallbackRequest& request,
                            const v1::Script& script,
                            const VerdictPolicy& policy, v1::Items& items) {
  if (request.has_items()) {
    items = request.items();
    if (!IsBuiltInScript(script.name())) {
      FieldErrors errors;
      errors.Add("answers", absl::StrCat("must be given instead of items: the "
                                         "call is made by ",
                                         script.name()));
      return errors.ToStatus();
    }
    if (!request.broken_off()) {
      return CheckWholeInterview(ItemsOf(items), policy);
    }
    FieldErrors errors;
    if (items.score() != 0 && !policy.score_levels.contains(items.score())) {
      errors.Add("items.score", "must be on the plan's scale");
    }
    return errors.ToStatus();
  }
  std::vector<ScriptReply> replies;
  for (const v1::ScriptReply& reply : request.answers()) {
    replies.push_back({reply.question(), reply.option(), reply.text()});
  }
  RETURN_IF_ERROR(
      CheckReplies(QuestionsOf(script), replies, !request.broken_off()));
  items = ItemsOfReplies(script, request.answers());
  FieldErrors errors;
  if (items.score() != 0 && !policy.score_levels.contains(items.score())) {
    errors.Add("answers", "give a score that is not on the plan's scale");
  }
  return errors.ToStatus();
}

absl::Status CheckFits(const v1::Script& script, const VerdictPolicy& policy) {
  FieldErrors errors;
  std::set<Item> judged = policy.deciding;
  judged.insert(policy.lowering.begin(), policy.lowering.end());
  for (const v1::Script::Question& question : script.questions()) {
    judged.erase(static_cast<Item>(question.item()));
    if (question.item() == v1::Script::ITEM_SCORE) judged.clear();
    for (const v1::Script::Option& option : question.options()) {
      if (option.score() != 0 &&
          !policy.score_levels.contains(option.score())) {
        errors.Add("plan.script",
                   absl::StrCat("offers the score ", option.score(),
                                ", which is not on the plan's "
                                "scale"));
      }
    }
  }
  if (!judged.empty()) {
    errors.Add("plan.script",
               absl::StrCat("asks for no score, and not for ",
                            v1::Script::Item_Name(
                                static_cast<v1::Script::Item>(*judged.begin())),
                            ", which the plan's rule judges by"));
  }
  return errors.ToStatus();
}

void TakeInterview(const v1::CompleteCallbackRequest& request,
                   const v1::Script& script, const RuleInForce& rule,
                   const v1::Items& items, absl::Time now,
                   v1::Callback& callback) {
  callback.clear_next_attempt_time();
  callback.set_state(v1::Callback::STATE_COMPLETED);
  callback.set_disposition(request.broken_off() ? v1::DISPOSITION_PARTIAL
                                                : v1::DISPOSITION_COMPLETE);
  callback.set_script(script.name());
  for (const v1::ScriptReply& reply : request.answers()) {
    v1::ScriptReply& kept = *callback.add_answers();
    kept = reply;
    kept.set_text(MaskNumbers(reply.text()));
    kept.set_item(ItemOf(script, reply.question()));
    kept.set_cannot_say(MeansCannotSay(script, reply));
  }
  *callback.mutable_items() = items;
  Judge(rule, now, callback);
  for (const std::string& opinion : request.opinions()) {
    callback.add_opinions(MaskNumbers(opinion));
  }
  if (!request.opinion().empty()) {
    callback.add_opinions(MaskNumbers(request.opinion()));
  }
  callback.set_opinion(absl::StrJoin(callback.opinions(), "；"));
  callback.set_explanation(MaskNumbers(request.explanation()));
  callback.set_emotional(request.emotional());
  callback.set_abusive(request.abusive());
  callback.set_simulated(callback.simulated() || request.simulated());
  *callback.mutable_complete_time() = ToProto(now);
}

}  // namespace huifang::callback
