#include "services/reporting/item_rules.h"

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
};

// Names and advice of the rules that grading ships. A finding brings its own
// name and suggestion; these stand in where it does not.
constexpr RuleText kRules[] = {
    {"overdue", "超期",
     "建立期限提醒和到期前一日核查，确需延期的应在到期前告知诉求人并说明理由"
     "。"},
    {"empty_reply", "无答复内容",
     "补充答复，写明事实、依据、结论和下一步安排后再行办结。"},
    {"acknowledgement_only", "仅表示收悉",
     "不以“已收悉”“已知悉”代替答复，应写明如何办理、何时办结。"},
    {"forward_only", "只转不办",
     "转办后应跟踪到底，由承办人将办理结果告知诉求人。"},
    {"referral_only", "仅告知另行咨询",
     "能够当场解答的不推给其他部门；确需转接的写明部门、电话和所需材料。"},
    {"over_simplified", "过于简化",
     "答复应包含案件进展、依据和下一步时间节点，避免一句话答复。"},
    {"off_topic", "答非所问",
     "对照诉求逐项答复，办结前核对答复是否回应了诉求人的问题。"},
    {"near_duplicate", "套用答复",
     "不照抄其他工单的答复，结合本案案情具体说明。"},
    {"promise_without_date", "承诺无期限",
     "承诺事项应写明具体日期，到期由团队核查落实。"},
    {"shirking", "推托用语",
     "改用解释和指引的表达，说明能做什么、由谁做、何时做。"},
    {"wrong_addressee", "称谓或案号有误",
     "发出前核对称谓、案号和引用事项，防止张冠李戴。"},
    {"contradiction", "记录与回访不符",
     "承办人应核实联系记录；未实际联系的应立即与诉求人联系并如实补记。"},
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

// What the caller denied, in words.
std::vector<std::string> Complaints(const callback::Items& items) {
  std::vector<std::string> complaints;
  const auto add = [&complaints](callback::Answer answer, const char* no,
                                 const char* partly) {
    if (answer == callback::ANSWER_NO) complaints.push_back(no);
    if (answer == callback::ANSWER_PARTLY) complaints.push_back(partly);
  };
  add(items.judge_called(), "未接到法官回电", "法官仅部分回电");
  add(items.in_time(), "答复不及时", "答复不够及时");
  add(items.attitude(), "态度不好", "态度一般");
  add(items.clear(), "答复没有针对性", "答复不够明确");
  add(items.solved(), "问题未解决", "问题只解决了一部分");
  return complaints;
}

// Reviewers often leave the last stop out; another sentence follows.
std::string WithFullStop(const std::string& text) {
  for (const char* end : {"。", "！", "？", "；", ".", "!", "?"}) {
    if (absl::EndsWith(text, end)) return text;
  }
  return absl::StrCat(text, "。");
}

std::string ProblemText(const ItemFacts& facts, const v1::Item& item) {
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
          absl::StrCat("质检发现：", absl::StrJoin(names, "、"), "。"));
    } else if (facts.overdue) {
      sentences.push_back("办结时间超过办理期限。");
    }
  }
  if (facts.called) {
    const std::vector<std::string> complaints =
        Complaints(facts.callback.items());
    if (!complaints.empty()) {
      sentences.push_back(absl::StrCat("回访中诉求人反映",
                                       absl::StrJoin(complaints, "、"), "。"));
    }
    if (facts.callback.verdict() == callback::VERDICT_UNSATISFIED &&
        complaints.empty()) {
      sentences.push_back("回访中诉求人表示不满意。");
    }
  }
  if (sentences.empty() && facts.graded) {
    sentences.push_back("人工评级不合格。");
  }
  return absl::StrJoin(sentences, "");
}

std::string SuggestionText(const ItemFacts& facts) {
  if (facts.graded && !facts.grade.suggestion().empty()) {
    return facts.grade.suggestion();
  }
  for (const grading::Finding& finding : facts.inspection.findings()) {
    if (!finding.suggestion().empty()) return finding.suggestion();
    const std::string advice = AdviceFor(finding.rule_id());
    if (!advice.empty()) return advice;
  }
  if (facts.called) {
    const callback::Items& items = facts.callback.items();
    if (items.judge_called() == callback::ANSWER_NO) {
      return AdviceFor("contradiction");
    }
    if (items.solved() == callback::ANSWER_NO) {
      return "由承办人再次联系诉求人，说明尚未解决的原因、下一步安排和时间，"
             "必要时重新办理。";
    }
    if (items.clear() == callback::ANSWER_NO) return AdviceFor("off_topic");
  }
  if (facts.overdue) return AdviceFor("overdue");
  return "由承办人复核答复内容，补充说明后告知诉求人。";
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

std::string AdviceFor(absl::string_view rule) {
  const RuleText* text = Find(rule);
  return text == nullptr ? "" : text->advice;
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
  item.set_problem(ProblemText(facts, item));
  item.set_suggestion(SuggestionText(facts));
  return item;
}

}  // namespace huifang::reporting
