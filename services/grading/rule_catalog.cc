#include <algorithm>

#include "services/grading/inspection_rules.h"

namespace huifang::grading {

const std::vector<RuleInfo>& AllRules() {
  static const std::vector<RuleInfo>& rules = *new std::vector<RuleInfo>{
      {"overdue", 1, "超期办结", Gravity::kCritical,
       "对照办理时限查明超期环节，临期前主动提醒承办人；确需延期的，应在期限内"
       "说明理由并告知诉求人。"},
      {"empty_reply", 1, "空白答复", Gravity::kCritical,
       "补充答复内容：写明核查情况、处理结果或法律依据，并联系诉求人说明。"},
      {"acknowledgement_only", 1, "只有受理套话", Gravity::kCritical,
       "收悉不等于答复。请补充对诉求的实质回应；暂时不能解决的，说明原因、"
       "办理计划和预计时间。"},
      {"forward_only", 1, "只转不办", Gravity::kCritical,
       "转办不等于办结。请跟踪受转部门的办理结果，把结果答复诉求人后再办结工单"
       "。"},
      {"referral_only", 1, "只指路不答复", Gravity::kWarning,
       "先就能够答复的部分作出说明，再告知应找的部门、电话和所需材料；能代为"
       "联系的应代为联系。"},
      {"over_simplified", 1, "过于简化", Gravity::kWarning,
       "针对诉求逐项答复：写清事实、依据、结论和下一步安排，避免一句话带过。"},
      {"off_topic", 1, "答非所问", Gravity::kWarning,
       "对照诉求重新核对答复是否回应了所提问题，必要时联系诉求人确认诉求后补充"
       "答复。"},
      {"near_duplicate", 1, "照抄雷同答复", Gravity::kWarning,
       "不同诉求不宜套用同一答复。请结合本工单的具体事实补充针对性内容。"},
      {"promise_without_date", 1, "承诺无期限", Gravity::kNotice,
       "为承诺的事项写明完成时间或下一次反馈时间，并到期回访。"},
      {"shirking", 1, "推诿表述", Gravity::kWarning,
       "确不属于本单位职责的，应说明依据并告知受理部门，必要时代为转办，避免"
       "生硬推脱。"},
      {"wrong_addressee", 1, "答错对象", Gravity::kCritical,
       "核对工单与答复是否对应，更正称谓、案号或所引事项后重新答复诉求人。"},
      {"contradiction", 1, "回访与记录矛盾", Gravity::kCritical,
       "核实联系记录（通话时间、号码、接听人），由承办人补充联系诉求人，并据实"
       "更正工单记录。"},
  };
  return rules;
}

const RuleInfo* FindRule(absl::string_view id) {
  const std::vector<RuleInfo>& rules = AllRules();
  const auto it =
      std::find_if(rules.begin(), rules.end(),
                   [id](const RuleInfo& rule) { return rule.id == id; });
  return it == rules.end() ? nullptr : &*it;
}

void SortFindings(std::vector<RuleFinding>& findings) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const RuleFinding& a, const RuleFinding& b) {
                     if (a.rule->gravity != b.rule->gravity) {
                       return a.rule->gravity > b.rule->gravity;
                     }
                     return a.rule < b.rule;
                   });
}

}  // namespace huifang::grading
