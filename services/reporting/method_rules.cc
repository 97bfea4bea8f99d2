#include "services/reporting/method_rules.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/reporting/report_text.h"
#include "services/reporting/training_rules.h"

namespace huifang::reporting {
namespace {

std::string ResponseSentence(const v1::Report& report) {
  const v1::Figure* response = FindFigure(report, v1::MEASURE_RESPONSE_RATE);
  if (response == nullptr ||
      response->current().state() != v1::Figure::STATE_OK) {
    return "本期没有回访样本，不报告满意率等回访指标。";
  }
  return absl::StrCat(
      "回访完成率", PercentText(response->current().value()), "（",
      BasisText(response->current()),
      "），按AAPOR标准RR1计算；未接通的按原抽样顺序的备选替补，不人为挑选。");
}

std::string DesignSentence(const v1::Figure& figure) {
  const v1::Design& design = figure.design();
  return absl::StrFormat(
      "满意率：%d层合并，抽样框%s件，有效样本量%.1f，设计效应%.2f，标准误%.4f；"
      "若未受访者全部不满意或全部满意，该率为%s至%s（最坏界）。",
      design.strata(), CountText(design.population()), design.effective_size(),
      design.design_effect(), design.standard_error(),
      PercentText(design.worst_case()), PercentText(design.best_case()));
}

std::string PassSentence(const QualityTotals& quality) {
  const std::int64_t graded = quality.flagged_graded + quality.plain_graded;
  const std::int64_t plain = quality.inspected - quality.flagged;
  return absl::StrCat(
      "办结工单逐件由规则质检，只作提示和建议，评级由人决定。机器提示",
      CountText(quality.flagged), "件、未提示", CountText(plain),
      "件，已人工评级", CountText(graded), "件。",
      PassRateIsGraded(quality)
          ? "合格率按人工评级推算，以是否提示分层加权。"
          : "人工评级尚不足以推算合格率，合格率按机器初评统计。");
}

}  // namespace

std::vector<std::string> MethodSentences(const v1::Report& report,
                                         const Scope& now,
                                         const FigurePolicy& policy) {
  std::vector<std::string> sentences;
  sentences.push_back(absl::StrCat(
      "统计期间为", report.period().start_day(), "至",
      report.period().end_day(),
      "（北京时间）；办结类指标按办结日归期，受理类指标按受理日归期。"));
  sentences.push_back(
      "办理类指标为全量统计，没有抽样误差。按期办结率的分母是有办理期限的办结"
      "工单；期限自首次派单起算，退单、转派不重新计时。");
  sentences.push_back(PassSentence(now.quality));
  sentences.push_back(ResponseSentence(report));
  sentences.push_back(
      "回访指标由分层随机样本加权推算，带有限总体校正；月度按（周×层）合并，"
      "不对各周比率取平均。95%区间采用Korn-Graubard法，全部相同时采用"
      "Clopper-Pearson精确法。");
  const v1::Figure* satisfied =
      FindFigure(report, v1::MEASURE_SATISFACTION_RATE);
  if (satisfied != nullptr && satisfied->has_design()) {
    sentences.push_back(DesignSentence(*satisfied));
    if (satisfied->design().lonely_strata() > 0) {
      sentences.push_back(
          absl::StrCat("有", satisfied->design().lonely_strata(),
                       "个层受访不足2人，已与相邻层合并估计方差。"));
    }
  }
  sentences.push_back(
      absl::StrCat("只有当区间下限也不低于目标时，才表述为“达标”。受访不足",
                   policy.disclosure.min_respondents, "人的不报告比率，不足",
                   policy.disclosure.min_people,
                   "人的隐去；可由其他数字相减推出此类结果的，一并隐去。"));
  sentences.push_back(
      "同一诉求人的多次回答按一人合并计算方差，人数按诉求人计。");
  sentences.push_back(
      "与上期的变化给出Newcombe区间，区间不含零的才作为明显变化标色。");
  if (!report.trainings().empty()) {
    sentences.push_back(absl::StrCat(
        "培训效果比较参训人员经办并经质检的工单在培训前、后各", kEffectDays,
        "天的问题占比（培训当天不计），差值为Newcombe区间，并附Fisher精确检验；"
        "任一侧不足",
        kEffectMinimum,
        "件或期限未满的不作评估。问题高发后举办的培训，其后的下降有一部分可能"
        "是回归常态。"));
  }
  return sentences;
}

}  // namespace huifang::reporting
