#include "services/reporting/labels.h"

#include <cmath>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace huifang::reporting {
namespace {

struct MeasureText {
  v1::Measure measure;
  const char* zh;
  const char* en;
  const char* basis_zh;
  const char* basis_en;
};

constexpr MeasureText kMeasures[] = {
    {v1::MEASURE_TICKETS_CREATED, "受理工单", "Tickets received",
     "本期受理的工单数", "tickets received in the period"},
    {v1::MEASURE_TICKETS_CLOSED, "办结工单", "Tickets closed",
     "本期办结的工单数，含即答", "tickets closed in the period"},
    {v1::MEASURE_INSTANT_ANSWER_RATE, "即答率", "Answered at once",
     "坐席当场答复 / 本期办结", "answered at the desk / closed"},
    {v1::MEASURE_ON_TIME_RATE, "按期办结率", "Closed on time",
     "期限内办结 / 有办理期限的办结工单", "in time / closed with a deadline"},
    {v1::MEASURE_DISPATCH_HOPS, "平均派单次数", "Dispatches per ticket",
     "派单、转派合计 / 派单办结的工单", "dispatches / dispatched tickets"},
    {v1::MEASURE_TRANSIT_HOURS, "平均首次答复用时", "Hours to first reply",
     "首次派单至首次答复", "first dispatch to first reply"},
    {v1::MEASURE_HANDLING_HOURS, "平均办理用时", "Hours to close", "受理至办结",
     "creation to closing"},
    {v1::MEASURE_REOPEN_RATE, "重办率", "Reopened", "曾重新办理的 / 本期办结",
     "reopened / closed"},
    {v1::MEASURE_REPEAT_RATE, "重复来电率", "Repeat calls",
     "同一诉求人同一事项再次来电 / 本期受理", "repeats / received"},
    {v1::MEASURE_INSPECTED, "质检工单", "Inspected", "本期办结并已质检的工单数",
     "closed tickets inspected"},
    {v1::MEASURE_PASS_RATE, "质检合格率", "Passed quality check",
     "评为合格及以上 / 质检工单", "passed / inspected"},
    {v1::MEASURE_OVER_SIMPLIFIED_RATE, "答复过于简化率", "Over-simplified",
     "答复过于简化或空洞 / 质检工单", "over-simplified / inspected"},
    {v1::MEASURE_CALLBACKS_DRAWN, "回访抽样", "Callbacks drawn",
     "随机抽中的工单数", "tickets drawn"},
    {v1::MEASURE_CALLBACKS_COMPLETED, "完成回访", "Callbacks completed",
     "接通并完成问答的工单数", "complete interviews"},
    {v1::MEASURE_RESPONSE_RATE, "回访完成率", "Response rate",
     "完成回访 / 全部抽中（AAPOR RR1）", "complete / eligible (AAPOR RR1)"},
    {v1::MEASURE_CONTACT_RATE, "接通率", "Contact rate",
     "接通 / 全部抽中（AAPOR CON1）", "reached / eligible (AAPOR CON1)"},
    {v1::MEASURE_COOPERATION_RATE, "配合率", "Cooperation rate",
     "完成回访 / 接通（AAPOR COOP1）", "complete / reached (AAPOR COOP1)"},
    {v1::MEASURE_REFUSAL_RATE, "拒访率", "Refusal rate",
     "拒访 / 全部抽中（AAPOR REF1）", "refused / eligible (AAPOR REF1)"},
    {v1::MEASURE_SATISFACTION_RATE, "满意率", "Satisfaction",
     "满意和基本满意 / 完成回访，加权", "satisfied / interviewed, weighted"},
    {v1::MEASURE_RESOLUTION_RATE, "问题解决率", "Solved",
     "称问题已解决 / 完成回访，加权", "solved / interviewed, weighted"},
    {v1::MEASURE_CALLED_BACK_RATE, "法官回电率", "Judge called back",
     "称法官已回电 / 完成回访，加权", "called back / interviewed, weighted"},
    {v1::MEASURE_TIMELY_RATE, "答复及时率", "Reply in time",
     "称答复及时 / 完成回访，加权", "in time / interviewed, weighted"},
    {v1::MEASURE_ATTITUDE_RATE, "态度良好率", "Good attitude",
     "称态度良好 / 完成回访，加权", "good attitude / interviewed, weighted"},
    {v1::MEASURE_CLEAR_RATE, "答复明确率", "Clear reply",
     "称答复明确、有针对性 / 完成回访，加权", "clear / interviewed, weighted"},
    {v1::MEASURE_OVERDUE_OPEN, "超期未办结", "Overdue and open",
     "期末已超期仍未办结的工单数", "overdue and open at the end"},
};

const MeasureText* Find(v1::Measure measure) {
  for (const MeasureText& text : kMeasures) {
    if (text.measure == measure) return &text;
  }
  return nullptr;
}

struct PageText {
  const char* key;
  const char* zh;
  const char* en;
};

constexpr PageText kPage[] = {
    {"lang", "zh-CN", "en"},
    {"week_title", "12368诉讼服务热线回访质检周报",
     "12368 Hotline: Callback and Quality Weekly"},
    {"month_title", "12368诉讼服务热线回访质检月报",
     "12368 Hotline: Callback and Quality Monthly"},
    {"whole_court", "全院", "Whole court"},
    {"draft", "草稿", "Draft"},
    {"serial", "编号", "No."},
    {"issued_by", "立案庭（诉讼服务中心）", "Litigation Service Centre"},
    {"digest", "领导参阅", "For the leadership"},
    {"figures", "总体情况", "Figures"},
    {"trends", "趋势", "Trends"},
    {"quality", "质检情况", "Quality check"},
    {"groups", "各庭情况", "Divisions"},
    {"teams", "各团队情况", "Teams"},
    {"callbacks", "回访情况与群众意见", "Callbacks and callers' opinions"},
    {"items", "逐条问题与改进建议", "Item by item: problem and suggestion"},
    {"actions", "改进建议、督办与培训", "Suggestions, supervision, training"},
    {"method", "统计口径与方法", "How the numbers were made"},
    {"measure", "指标", "Measure"},
    {"this_week", "本周", "This week"},
    {"last_week", "上周", "Last week"},
    {"this_month", "本月", "This month"},
    {"last_month", "上月", "Last month"},
    {"vs_week", "较上周", "vs last week"},
    {"vs_month", "较上月", "vs last month"},
    {"change", "变化", "Change"},
    {"interval", "95%区间", "95% interval"},
    {"basis", "依据", "Counted"},
    {"definition", "口径", "Definition"},
    {"tier", "评级", "Tier"},
    {"finding", "问题类型", "Finding"},
    {"count", "件数", "Tickets"},
    {"cumulative", "累计占比", "Cumulative"},
    {"division", "庭室", "Division"},
    {"team", "团队", "Team"},
    {"disposition", "回访结果", "Disposition"},
    {"matter", "诉求", "Matter"},
    {"reply", "答复", "Reply"},
    {"problem", "问题分析", "Problem"},
    {"suggestion", "改进建议", "Suggestion"},
    {"evidence", "依据", "Evidence"},
    {"said", "诉求人反映", "The caller said"},
    {"handler", "承办", "Handler"},
    {"ticket", "工单", "Ticket"},
    {"proposed", "机器初评", "proposed"},
    {"graded", "人工评级", "graded"},
    {"no_items", "本期未发现需逐条说明的问题。",
     "Nothing to report item by item."},
    {"no_opinions", "本期未记录到意见建议。", "No opinions were recorded."},
    {"no_actions", "本期无新增改进建议、督办或培训安排。",
     "No suggestion, supervision or training in this period."},
    {"supervision", "重点督办", "Key supervision"},
    {"training", "培训建议", "Training topics"},
    {"trainings", "专题培训与效果", "Trainings and their effect"},
    {"training_title", "培训主题", "Training"},
    {"treats", "针对问题", "Treats"},
    {"audience", "范围", "For"},
    {"day", "日期", "Day"},
    {"attendees", "参训人数", "Attendees"},
    {"effect", "效果（前后各28天）", "Effect (28 days before and after)"},
    {"before", "培训前", "Before"},
    {"after", "培训后", "After"},
    {"difference_lower", "差值下限", "Difference, lower"},
    {"difference_upper", "差值上限", "Difference, upper"},
    {"state", "状态", "State"},
    {"due", "期限", "Due"},
    {"draw", "抽样", "Draw"},
    {"population", "抽样框", "Frame"},
    {"drawn", "抽中", "Drawn"},
    {"frame_digest", "抽样框摘要（SHA-256）", "Frame digest (SHA-256)"},
    {"bundle_digest", "验证包摘要（SHA-256）", "Bundle digest (SHA-256)"},
    {"legend_band", "阴影为95%置信区间；虚线为目标。",
     "Shaded: 95% interval. Dashed: target."},
    {"legend_groups",
     "竖线为全院水平；横线为95%置信区间；人数过少的不予显示。表中各率之下为依据"
     "、95%区间，抽样推算的另有最坏界。",
     "Line: the whole. Bars: 95% interval. Small groups are not shown. Under "
     "each rate of the table: what was counted, the 95% interval and, where it "
     "is estimated from a sample, the worst-case bounds."},
    {"differences", "哪些庭室确有差异", "Which divisions truly differ"},
    {"team_differences", "哪些团队确有差异", "Which teams truly differ"},
    {"legend_funnel",
     "红线为合计水平；内外两线之间分别为与合计相当者95%和99.8%"
     "应落入的范围（精确"
     "二项）。实心红点与其余合计之差超出偶然（Fisher精确检验，"
     "Benjamini-Hochberg校正，错误发现率5%）；判断只依该检验，不依是否越线。",
     "Red line: all together. Between the inner and outer lines lie 95% and "
     "99.8% of groups like the rest (exact binomial). Filled dots differ from "
     "all others together beyond chance (Fisher's exact test, "
     "Benjamini-Hochberg, false discovery rate 5%); the test decides, not the "
     "lines."},
    {"funnel_axis", "工单或有效受访数", "tickets, or effective interviews"},
    {"watch", "控制图", "Control charts"},
    {"legend_watch",
     "阴影为基线各期；红线为中心线，灰线为控制限。实心红点为预警。",
     "Shaded: baseline. Red: center. Grey: limits. Filled: alarm."},
    {"watched", "张各庭控制图未触发预警，见各庭报告。",
     "further charts of divisions raised no alarm; see the divisions' "
     "reports."},
    {"watched_also", "另有", "And"},
    {"week", "周或日", "Week or day"},
    {"signal", "信号", "Signal"},
    {"p_value", "p值", "p value"},
    {"adjusted_p", "校正p值", "adjusted p"},
    {"center", "合计水平", "All together"},
    {"warning_band", "95%范围", "95% band"},
    {"limit_band", "99.8%范围", "99.8% band"},
    {"judgement", "判断", "Judgement"},
    {"comparisons", "庭室比较", "Comparisons"},
    {"bounds", "最坏界", "worst case"},
    {"aapor", "回访结果与AAPOR各率", "Dispositions and AAPOR rates"},
    {"outcomes", "最终结果", "Final dispositions"},
    {"response_rates", "应答率", "Response"},
    {"cooperation_rates", "配合率", "Cooperation"},
    {"refusal_rates", "拒访率", "Refusal"},
    {"contact_rates", "接通率", "Contact"},
    {"located_rates", "定位率及合格占比e", "Located, and e"},
    {"not_enough", "数据不足", "not enough data"},
    {"suppressed", "隐去", "suppressed"},
    {"census", "全量", "census"},
    {"supported", "达标", "target met"},
    {"not_supported", "尚不能认定", "not established"},
    {"missed", "未达标", "target missed"},
    {"target", "目标", "target"},
    {"reviewed", "审核", "Reviewed by"},
    {"approved", "审批", "Approved by"},
    {"received", "签收", "Received by"},
    {"issuer", "制发", "Issued by"},
    {"send_to", "送", "To"},
    {"leaders", "院领导、各庭室", "the leadership and all divisions"},
    {"colon", "：", ": "},
    {"agreement", "双人评判的一致性", "Agreement of two judges"},
    {"judged", "评判", "Judged"},
    {"pairs", "对数", "Pairs"},
    {"observed", "相同", "Equal"},
    {"coefficients", "一致性系数（95%区间）", "Coefficients (95% interval)"},
    {"criteria", "口径版本", "Criteria"},
    {"built", "生成时间", "Built"},
};

const char* Pick(const char* zh, const char* en, Locale locale) {
  return locale == Locale::kEnglish ? en : zh;
}

}  // namespace

Locale ParseLocale(absl::string_view locale) {
  return locale == "en" || absl::StartsWith(locale, "en-") ? Locale::kEnglish
                                                           : Locale::kChinese;
}

std::string MeasureLabel(v1::Measure measure, Locale locale) {
  const MeasureText* text = Find(measure);
  if (text == nullptr) return v1::Measure_Name(measure);
  return Pick(text->zh, text->en, locale);
}

std::string MeasureBasis(v1::Measure measure, Locale locale) {
  const MeasureText* text = Find(measure);
  if (text == nullptr) return "";
  return Pick(text->basis_zh, text->basis_en, locale);
}

std::string MethodLabel(v1::Interval::Method method, Locale locale) {
  switch (method) {
    case v1::Interval::METHOD_CENSUS:
      return Pick("全量统计", "census", locale);
    case v1::Interval::METHOD_WILSON:
      return "Wilson";
    case v1::Interval::METHOD_CLOPPER_PEARSON:
      return Pick("Clopper-Pearson精确法", "Clopper-Pearson", locale);
    case v1::Interval::METHOD_JEFFREYS:
      return "Jeffreys";
    case v1::Interval::METHOD_HYPERGEOMETRIC:
      return Pick("有限总体精确法", "finite population, exact", locale);
    case v1::Interval::METHOD_KORN_GRAUBARD:
      return "Korn-Graubard";
    case v1::Interval::METHOD_LOGIT:
      return "logit";
    default:
      return "";
  }
}

std::vector<std::pair<std::string, std::string>> PageLabels(Locale locale) {
  std::vector<std::pair<std::string, std::string>> labels;
  for (const PageText& text : kPage) {
    labels.emplace_back(text.key, Pick(text.zh, text.en, locale));
  }
  return labels;
}

std::string PageLabel(absl::string_view key, Locale locale) {
  for (const PageText& text : kPage) {
    if (key == text.key) return Pick(text.zh, text.en, locale);
  }
  return std::string(key);
}

std::string EnglishOr(const std::string& english, const std::string& chinese,
                      Locale locale) {
  return locale == Locale::kEnglish && !english.empty() ? english : chinese;
}

std::string CountText(std::int64_t count) {
  std::string digits = absl::StrCat(count < 0 ? -count : count);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return count < 0 ? absl::StrCat("−", digits) : digits;
}

std::string PercentText(double rate) {
  // 99.96 % must not read as 100 %, nor 0.04 % as 0: those claim a certainty.
  if (rate < 1 && rate > 0.9995) return ">99.9%";
  if (rate > 0 && rate < 0.0005) return "<0.1%";
  return absl::StrFormat("%.1f%%", 100 * rate);
}

std::string ValueText(const v1::Figure::Value& value, v1::Figure::Unit unit,
                      Locale locale) {
  switch (value.state()) {
    case v1::Figure::STATE_NOT_ENOUGH_DATA:
      return PageLabel("not_enough", locale);
    case v1::Figure::STATE_SUPPRESSED:
      return PageLabel("suppressed", locale);
    case v1::Figure::STATE_OK:
      break;
    default:
      return "—";
  }
  switch (unit) {
    case v1::Figure::UNIT_RATE:
      return PercentText(value.value());
    case v1::Figure::UNIT_HOURS:
      return absl::StrFormat("%.1f%s", value.value(),
                             Pick("小时", " h", locale));
    case v1::Figure::UNIT_MEAN:
      return absl::StrFormat("%.2f", value.value());
    default:
      return CountText(std::llround(value.value()));
  }
}

std::string IntervalText(const v1::Figure::Value& value, Locale locale) {
  if (value.state() != v1::Figure::STATE_OK || !value.has_interval()) return "";
  if (value.interval().method() == v1::Interval::METHOD_CENSUS) {
    return PageLabel("census", locale);
  }
  return absl::StrCat(PercentText(value.interval().lower()), "–",
                      PercentText(value.interval().upper()));
}

std::string BoundsText(const v1::Figure& figure) {
  if (!figure.has_design() ||
      figure.current().state() != v1::Figure::STATE_OK) {
    return "";
  }
  return absl::StrCat(PercentText(figure.design().worst_case()), "–",
                      PercentText(figure.design().best_case()));
}

std::string BasisText(const v1::Figure::Value& value) {
  if (value.denominator() == 0 ||
      value.state() == v1::Figure::STATE_SUPPRESSED) {
    return "";
  }
  // A mean of hours has no count above the line.
  if (value.numerator() == 0 && value.value() > 0) {
    return absl::StrCat("n=", CountText(value.denominator()));
  }
  return absl::StrCat(CountText(value.numerator()), "/",
                      CountText(value.denominator()));
}

std::string ChangeText(const v1::Figure& figure, Locale locale) {
  if (figure.current().state() != v1::Figure::STATE_OK ||
      figure.previous().state() != v1::Figure::STATE_OK) {
    return "";
  }
  const double change = figure.current().value() - figure.previous().value();
  const char* sign = change > 0 ? "+" : "−";
  switch (figure.unit()) {
    case v1::Figure::UNIT_RATE:
      if (std::abs(change) < 0.0005) return Pick("持平", "same", locale);
      return absl::StrFormat("%s%.1f%s", sign, 100 * std::abs(change),
                             Pick("个百分点", " pp", locale));
    case v1::Figure::UNIT_HOURS:
    case v1::Figure::UNIT_MEAN:
      if (std::abs(change) < 0.005) return Pick("持平", "same", locale);
      return absl::StrFormat("%s%.2f", sign, std::abs(change));
    default:
      if (std::abs(change) < 0.5) return Pick("持平", "same", locale);
      return absl::StrCat(sign, CountText(std::llround(std::abs(change))));
  }
}

std::string ShortPeriod(absl::string_view label, Locale locale) {
  if (label.size() == 8) {  // 2019-W30
    return locale == Locale::kEnglish ? std::string(label.substr(5))
                                      : absl::StrCat(label.substr(6), "周");
  }
  if (label.size() == 7) {  // 2019-07
    const absl::string_view month = label.substr(5);
    return locale == Locale::kEnglish
               ? std::string(label)
               : absl::StrCat(month[0] == '0' ? month.substr(1) : month, "月");
  }
  return std::string(label);
}

}  // namespace huifang::reporting
