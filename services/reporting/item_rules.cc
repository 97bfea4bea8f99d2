#include "services/reporting/item_rules.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/common/mask_numbers.h"
#include "services/common/resource_name.h"
#include "services/common/text.h"

namespace huifang::reporting {
namespace {

namespace callback = huifang::callback::v1;
namespace grading = huifang::grading::v1;

struct RuleText {
  const char* id;
  const char* name;
  const char* advice;
  const char* advice_en;
};

// Names and advice of the rules that grading ships. A finding brings its own
// name and suggestion; these stand in where it does not.
constexpr RuleText kRules[] = {
    {"overdue", "超期",
     "建立期限提醒和到期前一日核查，确需延期的应在到期前告知诉求人并说明理由"
     "。",
     "Remind before the deadline and check on the day before; where "
     "more time is needed, tell the caller before it passes, and why."},
    {"empty_reply", "无答复内容",
     "补充答复，写明事实、依据、结论和下一步安排后再行办结。",
     "Complete the reply with facts, grounds, conclusion and next step "
     "before closing."},
    {"acknowledgement_only", "仅表示收悉",
     "不以“已收悉”“已知悉”代替答复，应写明如何办理、何时办结。",
     "“Received” is no reply: say how the matter is handled and by "
     "when."},
    {"forward_only", "只转不办",
     "转办后应跟踪到底，由承办人将办理结果告知诉求人。",
     "After passing it on, follow it to the end; the handler tells the "
     "caller the outcome."},
    {"referral_only", "仅告知另行咨询",
     "能够当场解答的不推给其他部门；确需转接的写明部门、电话和所需材料。",
     "Answer what can be answered and do not refer on; where a referral "
     "is needed, give department, number and papers to bring."},
    {"over_simplified", "过于简化",
     "答复应包含案件进展、依据和下一步时间节点，避免一句话答复。",
     "A reply tells the state of the case, the grounds and the next "
     "date; one sentence is not enough."},
    {"off_topic", "答非所问",
     "对照诉求逐项答复，办结前核对答复是否回应了诉求人的问题。",
     "Answer each point asked, and check before closing that the reply "
     "meets the question."},
    {"near_duplicate", "套用答复",
     "不照抄其他工单的答复，结合本案案情具体说明。",
     "Do not copy another ticket's reply; explain this case."},
    {"promise_without_date", "承诺无期限",
     "承诺事项应写明具体日期，到期由团队核查落实。",
     "A promise carries a date, and the team checks that it was kept."},
    {"shirking", "推托用语",
     "改用解释和指引的表达，说明能做什么、由谁做、何时做。",
     "Explain and guide instead: what can be done, by whom and when."},
    {"wrong_addressee", "称谓或案号有误",
     "发出前核对称谓、案号和引用事项，防止张冠李戴。",
     "Check name, case number and quotations before sending."},
    {"contradiction", "记录与回访不符",
     "承办人应核实联系记录；未实际联系的应立即与诉求人联系并如实补记。",
     "The handler checks the record of contact; if there was none, "
     "contacts the caller now and records it truly."},
};

const RuleText* Find(absl::string_view rule) {
  for (const RuleText& text : kRules) {
    if (rule == text.id) return &text;
  }
  return nullptr;
}

std::string NameOr(const DisplayNames& names, const std::string& name) {
  const auto it = names.find(name);
  return it == names.end() ? "" : it->second;
}

// The court's own number; for a ticket born here, the end of its id.
std::string NumberOf(const ItemFacts& facts) {
  if (!facts.source_id.empty()) return facts.source_id;
  const std::string id = IdOf(facts.ticket);
  return id.substr(id.size() > 12 ? id.size() - 12 : 0);
}

const char* Pick(const char* zh, const char* en, Locale locale) {
  return locale == Locale::kEnglish ? en : zh;
}

// What the caller denied, in words.
std::vector<std::string> Complaints(const callback::Items& items,
                                    Locale locale) {
  std::vector<std::string> complaints;
  const auto add = [&](callback::Answer answer, const char* no,
                       const char* partly, const char* no_en,
                       const char* partly_en) {
    if (answer == callback::ANSWER_NO) {
      complaints.push_back(Pick(no, no_en, locale));
    } else if (answer == callback::ANSWER_PARTLY) {
      complaints.push_back(Pick(partly, partly_en, locale));
    }
  };
  add(items.judge_called(), "未接到法官回电", "法官仅部分回电",
      "the judge did not call back", "the judge called back in part");
  add(items.in_time(), "答复不及时", "答复不够及时", "the reply was late",
      "the reply was rather late");
  add(items.attitude(), "态度不好", "态度一般", "the attitude was bad",
      "the attitude was fair");
  add(items.clear(), "答复没有针对性", "答复不够明确",
      "the reply missed the question", "the reply was not clear enough");
  add(items.solved(), "问题未解决", "问题只解决了一部分",
      "the matter was not solved", "the matter was solved in part");
  return complaints;
}

// Reviewers often leave the last stop out; another sentence follows.
std::string WithFullStop(const std::string& text) {
  for (const char* end : {"。", "！", "？", "；", ".", "!", "?"}) {
    if (absl::EndsWith(text, end)) return text;
  }
  return absl::StrCat(text, "。");
}

std::string ProblemText(const ItemFacts& facts, const v1::Item& item,
                        Locale locale) {
  const bool english = locale == Locale::kEnglish;
  std::vector<std::string> sentences;
  if (facts.graded && !facts.grade.comment().empty()) {
    sentences.push_back(WithFullStop(facts.grade.comment()));
  } else {
    std::vector<std::string> names;
    for (const v1::FindingQuote& finding : item.findings()) {
      names.push_back(finding.display_name());
    }
    if (!names.empty()) {
      sentences.push_back(
          english
              ? absl::StrCat("Found: ", absl::StrJoin(names, ", "), ".")
              : absl::StrCat("质检发现：", absl::StrJoin(names, "、"), "。"));
    } else if (facts.overdue) {
      sentences.push_back(
          Pick("办结时间超过办理期限。", "Closed after the deadline.", locale));
    }
  }
  if (facts.called) {
    const std::vector<std::string> complaints =
        Complaints(facts.callback.items(), locale);
    if (!complaints.empty()) {
      sentences.push_back(
          absl::StrCat(Pick("回访中诉求人反映", "The caller says: ", locale),
                       absl::StrJoin(complaints, Pick("、", ", ", locale)),
                       Pick("。", ".", locale)));
    }
    if (facts.callback.verdict() == callback::VERDICT_UNSATISFIED &&
        complaints.empty()) {
      sentences.push_back(Pick("回访中诉求人表示不满意。",
                               "The caller is not satisfied.", locale));
    }
  }
  if (sentences.empty() && facts.graded) {
    sentences.push_back(
        Pick("人工评级不合格。", "A reviewer failed it.", locale));
  }
  return absl::StrJoin(sentences, english ? " " : "");
}

std::string SuggestionText(const ItemFacts& facts, Locale locale) {
  if (facts.graded && !facts.grade.suggestion().empty()) {
    return facts.grade.suggestion();
  }
  for (const grading::Finding& finding : facts.inspection.findings()) {
    const std::string advice = AdviceFor(finding.rule_id(), locale);
    if (locale == Locale::kEnglish && !advice.empty()) return advice;
    if (!finding.suggestion().empty()) return finding.suggestion();
    if (!advice.empty()) return advice;
  }
  if (facts.called) {
    const callback::Items& items = facts.callback.items();
    if (items.judge_called() == callback::ANSWER_NO) {
      return AdviceFor("contradiction", locale);
    }
    if (items.solved() == callback::ANSWER_NO) {
      return Pick(
          "由承办人再次联系诉求人，说明尚未解决的原因、下一步安排和时间，"
          "必要时重新办理。",
          "The handler contacts the caller again and says why it is not "
          "solved, what comes next and when; reopen it where needed.",
          locale);
    }
    if (items.clear() == callback::ANSWER_NO) {
      return AdviceFor("off_topic", locale);
    }
  }
  if (facts.overdue) return AdviceFor("overdue", locale);
  return Pick(
      "由承办人复核答复内容，补充说明后告知诉求人。",
      "The handler checks the reply, completes it and tells the caller.",
      locale);
}

// The quoted words; several quotes of one finding stand as the first.
v1::FindingQuote QuoteOf(const grading::Finding& finding) {
  v1::FindingQuote quote;
  quote.set_rule(finding.rule_id());
  quote.set_rule_version(absl::StrCat(finding.rule_version()));
  quote.set_display_name(finding.display_name().empty()
                             ? RuleName(finding.rule_id())
                             : finding.display_name());
  quote.set_detail(finding.explanation());
  for (const grading::QuotedSpan& span : finding.quotes()) {
    if (!span.text().empty()) {
      quote.set_quote(MaskNumbers(span.text()));
      break;
    }
  }
  return quote;
}

}  // namespace

std::string VerdictText(callback::Verdict verdict) {
  switch (verdict) {
    case callback::VERDICT_SATISFIED:
      return "满意";
    case callback::VERDICT_MOSTLY_SATISFIED:
      return "基本满意";
    case callback::VERDICT_UNSATISFIED:
      return "不满意";
    case callback::VERDICT_UNDETERMINED:
      return "待定";
    default:
      return "";
  }
}

std::string VerdictIn(const std::string& verdict, Locale locale) {
  constexpr std::pair<const char*, const char*> kVerdicts[] = {
      {"满意", "satisfied"},
      {"基本满意", "mostly satisfied"},
      {"不满意", "not satisfied"},
      {"待定", "undetermined"}};
  for (const auto& [zh, en] : kVerdicts) {
    if (verdict == zh) return Pick(zh, en, locale);
  }
  return verdict;
}

std::string AdviceFor(absl::string_view rule, Locale locale) {
  const RuleText* text = Find(rule);
  return text == nullptr ? "" : Pick(text->advice, text->advice_en, locale);
}

std::string RuleName(absl::string_view rule) {
  const RuleText* text = Find(rule);
  return text == nullptr ? std::string(rule) : text->name;
}

v1::Item MakeItem(const ItemFacts& facts, int number,
                  const DisplayNames& names) {
  v1::Item item;
  item.set_number(number);
  item.set_ticket(facts.ticket);
  item.set_ticket_number(NumberOf(facts));
  item.set_division(facts.division);
  item.set_division_display_name(NameOr(names, facts.division));
  item.set_handler(facts.handler);
  item.set_handler_display_name(NameOr(names, facts.handler));
  item.set_matter(facts.matter);
  item.set_reply(facts.reply);
  for (const grading::Finding& finding : facts.inspection.findings()) {
    *item.add_findings() = QuoteOf(finding);
  }
  item.set_graded(facts.graded);
  item.set_tier(facts.graded ? facts.grade.tier()
                             : facts.inspection.proposed_tier());
  if (facts.called) {
    item.set_verdict(VerdictText(facts.callback.verdict()));
    item.set_opinion(facts.callback.opinion());
    item.set_callback(facts.callback.name());
  }
  item.set_problem(ProblemText(facts, item, Locale::kChinese));
  item.set_problem_en(ProblemText(facts, item, Locale::kEnglish));
  item.set_suggestion(SuggestionText(facts, Locale::kChinese));
  item.set_suggestion_en(SuggestionText(facts, Locale::kEnglish));
  return item;
}

}  // namespace huifang::reporting
