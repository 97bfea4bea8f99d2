#include "services/reporting/method_rules.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/reporting/report_text.h"
#include "services/reporting/training_rules.h"

namespace huifang::reporting {
namespace {

const char* Pick(const char* zh, const char* en, Locale locale) {
  return locale == Locale::kEnglish ? en : zh;
}

// What was taken from the reserve, or the rule where that is not known.
std::string ReserveSentence(const v1::MethodNote& method, Locale locale) {
  std::int64_t used = 0;
  bool known = true;
  for (const auto& draw : method.draws()) {
    known = known && draw.has_reserve_used();
    used += draw.reserve_used();
  }
  if (!known) {
    return Pick("替补只按原抽样顺序取自备选，不人为挑选。",
                "Replacements only come from the reserve in the order drawn, "
                "never by choice.",
                locale);
  }
  if (used == 0) {
    return Pick("本期抽样未从备选替补。",
                "Nobody was taken from the draws' reserve.", locale);
  }
  return absl::StrCat(
      Pick("本期抽样已按原抽样顺序从备选替补", "In the order drawn, ", locale),
      CountText(used),
      Pick("件，不人为挑选。", " more were taken from the draws' reserve.",
           locale));
}

std::string ResponseSentence(const v1::Report& report, Locale locale) {
  const v1::Figure* response = FindFigure(report, v1::MEASURE_RESPONSE_RATE);
  if (response == nullptr ||
      response->current().state() != v1::Figure::STATE_OK) {
    return Pick("本期没有回访样本，不报告满意率等回访指标。",
                "No callback was drawn: satisfaction and the like are not "
                "reported.",
                locale);
  }
  return absl::StrCat(
      Pick("回访完成率", "Response rate ", locale),
      PercentText(response->current().value()), Pick("（", " (", locale),
      BasisText(response->current()),
      Pick("），按AAPOR标准RR1计算；", "), AAPOR's RR1. ", locale),
      ReserveSentence(report.method(), locale));
}

std::string DesignSentence(const v1::Figure& figure, Locale locale) {
  const v1::Design& design = figure.design();
  return absl::StrFormat(
      "%s%d%s%s%s%.1f%s%.2f%s%.4f%s%s%s%s%s",
      Pick("满意率：", "Satisfaction: ", locale), design.strata(),
      Pick("层合并，抽样框", " strata pooled, frame ", locale),
      CountText(design.population()),
      Pick("件，有效样本量", " tickets, effective sample size ", locale),
      design.effective_size(), Pick("，设计效应", ", design effect ", locale),
      design.design_effect(), Pick("，标准误", ", standard error ", locale),
      design.standard_error(),
      Pick("；若未受访者全部不满意或全部满意，该率为",
           ". If all who were not heard were dissatisfied, or all satisfied, "
           "the rate would be ",
           locale),
      PercentText(design.worst_case()), Pick("至", " or ", locale),
      PercentText(design.best_case()),
      Pick("（最坏界）。", " (worst case).", locale));
}

std::string PassSentence(const QualityTotals& quality, Locale locale) {
  const std::string flagged = CountText(quality.flagged);
  const std::string plain = CountText(quality.inspected - quality.flagged);
  const std::string graded =
      CountText(quality.flagged_graded + quality.plain_graded);
  if (locale == Locale::kEnglish) {
    return absl::StrCat(
        "Rules inspect each closed ticket and only propose; people grade. "
        "Flagged ",
        flagged, ", not flagged ", plain, ", graded by people ", graded, ". ",
        PassRateIsGraded(quality)
            ? "The pass rate is estimated from people's grades, weighted by "
              "whether a ticket was flagged."
            : "People's grades are too few to estimate the pass rate; it "
              "counts the machine's proposals.");
  }
  return absl::StrCat(
      "办结工单逐件由规则质检，只作提示和建议，评级由人决定。机器提示", flagged,
      "件、未提示", plain, "件，已人工评级", graded, "件。",
      PassRateIsGraded(quality)
          ? "合格率按人工评级推算，以是否提示分层加权。"
          : "人工评级尚不足以推算合格率，合格率按机器初评统计。");
}

std::string PeriodSentence(const v1::Period& period, Locale locale) {
  return absl::StrCat(
      Pick("统计期间为", "The period is ", locale), period.start_day(),
      Pick("至", " to ", locale), period.end_day(),
      Pick("（北京时间）；办结类指标按办结日归期，受理类指标按受理日归期。",
           " (Beijing time). What is said of closed tickets goes by the day "
           "they were closed, of received ones by the day received.",
           locale));
}

std::string TrainingSentence(Locale locale) {
  if (locale == Locale::kEnglish) {
    return absl::StrCat(
        "A training's effect compares the share of tickets with the defect "
        "among those its attendees handled and that were inspected, ",
        kEffectDays,
        " days before and after it, its own day left out: the difference has "
        "Newcombe's interval, with Fisher's exact test. Below ",
        kEffectMinimum,
        " tickets on either side, or before the days are over, nothing is "
        "said. Trainings follow bad weeks, so part of a fall after one may be "
        "a return to what is usual.");
  }
  return absl::StrCat(
      "培训效果比较参训人员经办并经质检的工单在培训前、后各", kEffectDays,
      "天的问题占比（培训当天不计），差值为Newcombe区间，并附Fisher精确检验；"
      "任一侧不足",
      kEffectMinimum,
      "件或期限未满的不作评估。问题高发后举办的培训，其后的下降有一部分可能"
      "是回归常态。");
}

std::string SmallCellSentence(const FigurePolicy& policy, Locale locale) {
  const auto few = policy.disclosure.min_respondents;
  const auto people = policy.disclosure.min_people;
  if (locale == Locale::kEnglish) {
    return absl::StrCat(
        "“Target met” is said only when the lower end of the interval reaches "
        "the target. Below ",
        few, " interviews no rate is given, below ", people,
        " it is suppressed, and so is what could be told by subtraction.");
  }
  return absl::StrCat("只有当区间下限也不低于目标时，才表述为“达标”。受访不足",
                      few, "人的不报告比率，不足", people,
                      "人的隐去；可由其他数字相减推出此类结果的，一并隐去。");
}

}  // namespace

std::vector<std::string> MethodSentences(const v1::Report& report,
                                         const Scope& now,
                                         const FigurePolicy& policy,
                                         Locale locale) {
  std::vector<std::string> sentences;
  sentences.push_back(PeriodSentence(report.period(), locale));
  sentences.push_back(
      Pick("办理类指标为全量统计，没有抽样误差。按期办结率的分母是有办理期限的"
           "办结工单；期限自首次派单起算，退单、转派不重新计时。",
           "Figures of handling count all tickets: there is no sampling error. "
           "Closed on time is of closed tickets with a deadline, which runs "
           "from the first dispatch; returns and transfers do not restart it.",
           locale));
  sentences.push_back(PassSentence(now.quality, locale));
  sentences.push_back(ResponseSentence(report, locale));
  sentences.push_back(
      Pick("回访指标由分层随机样本加权推算，带有限总体校正；月度按（周×层）合并"
           "，不对各周比率取平均。95%区间采用Korn-Graubard法，全部相同时采用"
           "Clopper-Pearson精确法。",
           "Figures of callbacks are weighted estimates from a stratified "
           "random sample with the finite population correction; a month pools "
           "week by stratum and never averages weeks. 95% intervals are "
           "Korn-Graubard's, or Clopper-Pearson's where all said the same.",
           locale));
  const v1::Figure* satisfied =
      FindFigure(report, v1::MEASURE_SATISFACTION_RATE);
  if (satisfied != nullptr && satisfied->has_design()) {
    sentences.push_back(DesignSentence(*satisfied, locale));
    if (satisfied->design().lonely_strata() > 0) {
      sentences.push_back(absl::StrCat(
          Pick("有",
               "Strata with fewer than two interviews, merged with a "
               "neighbour for the variance: ",
               locale),
          satisfied->design().lonely_strata(),
          Pick("个层受访不足2人，已与相邻层合并估计方差。", ".", locale)));
    }
  }
  sentences.push_back(SmallCellSentence(policy, locale));
  sentences.push_back(
      Pick("同一诉求人的多次回答按一人合并计算方差，人数按诉求人计。",
           "Answers of one caller to several calls count as one person's in "
           "the variance; people are counted by caller.",
           locale));
  sentences.push_back(
      Pick("与上期的变化给出Newcombe区间，区间不含零的才作为明显变化标色。",
           "Changes from the period before have Newcombe's interval; only "
           "those that exclude zero are coloured.",
           locale));
  if (!report.trainings().empty()) {
    sentences.push_back(TrainingSentence(locale));
  }
  return sentences;
}

}  // namespace huifang::reporting
