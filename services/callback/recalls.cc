#include "services/callback/recalls.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/callback/store_util.h"
#include "services/common/ids.h"
#include "services/common/resource_name.h"

namespace huifang::callback {
namespace {

constexpr char kVerdict[] = "verdict";
constexpr char kScore[] = "score";

const google::protobuf::Descriptor& Questions() {
  return *v1::Items::descriptor();
}

// Empty where nothing was answered.
std::string AnswerTo(const v1::Items& items,
                     const google::protobuf::FieldDescriptor& question) {
  const google::protobuf::Reflection& reflection = *items.GetReflection();
  if (question.enum_type() == nullptr) {
    const int score = reflection.GetInt32(items, &question);
    return score == 0 ? "" : absl::StrCat(score);
  }
  const auto answer =
      static_cast<v1::Answer>(reflection.GetEnumValue(items, &question));
  return answer == v1::ANSWER_UNSPECIFIED
             ? ""
             : std::string(
                   absl::StripPrefix(v1::Answer_Name(answer), "ANSWER_"));
}

std::string NameOf(v1::Verdict verdict) {
  return verdict == v1::VERDICT_UNSPECIFIED ||
                 verdict == v1::VERDICT_UNDETERMINED
             ? ""
             : std::string(
                   absl::StripPrefix(v1::Verdict_Name(verdict), "VERDICT_"));
}

void AddItem(const std::string& question, const std::string& first,
             const std::string& second, v1::Recall& recall) {
  if (first.empty() || second.empty()) return;
  v1::Recall::Item& item = *recall.add_items();
  item.set_question(question);
  item.set_first(first);
  item.set_second(second);
  item.set_differs(first != second);
  recall.set_differs(recall.differs() || first != second);
}

// The verdict, then the questions in the order of Items.
std::vector<AnswerScale> ScalesOfItems() {
  std::vector<AnswerScale> scales = {
      {kVerdict, {"SATISFIED", "MOSTLY_SATISFIED", "UNSATISFIED"}, true}};
  for (int i = 0; i < Questions().field_count(); ++i) {
    const std::string name(Questions().field(i)->name());
    if (name == kScore) {
      scales.push_back({name, {}, true});
    } else {
      scales.push_back({name, {"YES", "PARTLY", "NO"}, true});
    }
  }
  return scales;
}

void Fill(const std::optional<AgreementEstimate>& estimate, auto make) {
  if (!estimate.has_value()) return;
  v1::AgreementCoefficient& coefficient = *make();
  coefficient.set_value(estimate->value);
  if (!estimate->interval.has_value()) return;
  coefficient.set_lower(estimate->interval->lower);
  coefficient.set_upper(estimate->interval->upper);
}

}  // namespace

v1::Callback RecallOf(const v1::Callback& first, absl::Duration life,
                      absl::Time now) {
  v1::Callback again;
  again.set_name(
      MakeResourceName(CourtOfName(first.name()), "callbacks",
                       DerivedUuid(absl::StrCat(first.name(), "|recall"))));
  again.set_recall_of(first.name());
  again.set_ticket(first.ticket());
  again.set_ticket_source_id(first.ticket_source_id());
  again.set_draw(first.draw());
  again.set_period_label(first.period_label());
  again.set_from_date(first.from_date());
  again.set_to_date(first.to_date());
  *again.mutable_stratum() = first.stratum();
  again.set_draw_order(first.draw_order());
  again.set_reserve_order(first.reserve_order());
  again.set_division(first.division());
  again.set_team(first.team());
  again.set_handler(first.handler());
  again.set_channel(first.channel());
  again.set_kind(first.kind());
  *again.mutable_ticket_close_time() = first.ticket_close_time();
  again.set_ticket_generated(first.ticket_generated());
  again.set_contact_recorded(first.contact_recorded());
  again.set_masked_phone(first.masked_phone());
  again.set_masked_display_name(first.masked_display_name());
  again.set_caller_key(first.caller_key());
  again.set_language_code(first.language_code());
  std::set<std::string> called = {first.officer(), first.officer_staff()};
  for (const v1::Attempt& attempt : first.attempts()) {
    called.insert(attempt.officer());
  }
  called.insert(first.excluded_officers().begin(),
                first.excluded_officers().end());
  called.erase("");
  for (const std::string& officer : called)
    again.add_excluded_officers(officer);
  again.set_state(v1::Callback::STATE_WAITING);
  *again.mutable_next_attempt_time() = ToProto(now + kRecallDelay);
  *again.mutable_expire_time() = ToProto(now + life);
  *again.mutable_create_time() = ToProto(now);
  *again.mutable_update_time() = ToProto(now);
  return again;
}

v1::Recall Compare(const v1::Callback& first, const v1::Callback& second) {
  v1::Recall recall;
  recall.set_recall(second.name());
  recall.set_first(first.name());
  recall.set_ticket(first.ticket());
  recall.set_draw(first.draw());
  recall.set_division(first.division());
  recall.set_first_officer(first.officer());
  recall.set_second_officer(second.officer());
  recall.set_state(second.state());
  recall.set_disposition(second.disposition());
  *recall.mutable_create_time() = second.create_time();
  if (second.has_complete_time()) {
    *recall.mutable_complete_time() = second.complete_time();
  }
  if (second.state() != v1::Callback::STATE_COMPLETED) return recall;
  AddItem(kVerdict, NameOf(first.verdict()), NameOf(second.verdict()), recall);
  for (int i = 0; i < Questions().field_count(); ++i) {
    const auto& question = *Questions().field(i);
    AddItem(std::string(question.name()), AnswerTo(first.items(), question),
            AnswerTo(second.items(), question), recall);
  }
  if (first.script() != second.script()) return recall;
  for (const v1::ScriptReply& reply : first.answers()) {
    if (reply.item() != v1::Script::ITEM_UNSPECIFIED || reply.cannot_say()) {
      continue;
    }
    for (const v1::ScriptReply& other : second.answers()) {
      if (other.question() != reply.question() || other.cannot_say()) continue;
      AddItem(
          absl::StrCat("answers.", IdOf(first.script()), ".", reply.question()),
          reply.option(), other.option(), recall);
    }
  }
  return recall;
}

v1::RecallAgreement AgreementOfRecalls(const std::vector<v1::Recall>& recalls) {
  v1::RecallAgreement agreement;
  std::vector<AnswerPair> pairs;
  for (const v1::Recall& recall : recalls) {
    agreement.set_chosen(agreement.chosen() + 1);
    if (recall.state() == v1::Callback::STATE_EXPIRED) {
      agreement.set_expired(agreement.expired() + 1);
    }
    if (recall.state() == v1::Callback::STATE_UNREACHED) {
      agreement.set_unreached(agreement.unreached() + 1);
    }
    if (recall.state() != v1::Callback::STATE_COMPLETED) continue;
    agreement.set_completed(agreement.completed() + 1);
    if (recall.differs()) agreement.set_differing(agreement.differing() + 1);
    for (const v1::Recall::Item& item : recall.items()) {
      pairs.push_back({item.question(), item.first(), item.second()});
    }
  }
  std::vector<AnswerScale> scales = ScalesOfItems();
  for (const AnswerPair& pair : pairs) {
    const bool known = std::any_of(scales.begin(), scales.end(),
                                   [&pair](const AnswerScale& scale) {
                                     return scale.question == pair.question;
                                   });
    if (!known) scales.push_back({pair.question, {}});
  }
  for (const QuestionFigures& figures : AgreementOf(pairs, scales)) {
    v1::QuestionAgreement& question = *agreement.add_questions();
    question.set_question(figures.question);
    question.set_pairs(figures.pairs);
    question.set_equal_pairs(figures.equal);
    if (figures.observed.has_value()) question.set_observed(*figures.observed);
    Fill(figures.kappa, [&] { return question.mutable_kappa(); });
    Fill(figures.ac1, [&] { return question.mutable_gwet_ac1(); });
    Fill(figures.weighted_kappa,
         [&] { return question.mutable_weighted_kappa(); });
    Fill(figures.alpha, [&] { return question.mutable_krippendorff_alpha(); });
  }
  return agreement;
}

bool IsBlindTo(const rpc::Call& call, const v1::Callback& callback) {
  const bool made_twice =
      !callback.recall().empty() || !callback.recall_of().empty();
  return made_twice && call.role == "officer" &&
         callback.officer() != call.principal;
}

void HideAnswers(v1::Callback& callback) {
  callback.clear_items();
  callback.clear_answers();
  callback.clear_verdict();
  callback.clear_judgements();
  callback.clear_verdict_rule_version();
  callback.clear_opinion();
  callback.clear_opinions();
  callback.clear_explanation();
  callback.clear_snippets();
  callback.clear_emotional();
  callback.clear_abusive();
  callback.clear_conveyance();
  for (v1::Attempt& attempt : *callback.mutable_attempts()) {
    attempt.clear_note();
  }
}

void HideFrom(const rpc::Call& call, bool by_verdict,
              std::vector<v1::Callback>& callbacks) {
  const auto blind = [&call](const v1::Callback& callback) {
    return IsBlindTo(call, callback);
  };
  if (by_verdict) std::erase_if(callbacks, blind);
  for (v1::Callback& callback : callbacks) {
    if (blind(callback)) HideAnswers(callback);
  }
}

}  // namespace huifang::callback
