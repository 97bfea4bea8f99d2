#include "services/reporting/roll_up_text.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/common/resource_name.h"
#include "services/reporting/comparison_text.h"
#include "services/reporting/criteria_rules.h"
#include "services/reporting/league_rules.h"
#include "services/reporting/report_text.h"
#include "services/reporting/roll_up_rules.h"

namespace huifang::reporting {
namespace {

struct Label {
  const char* key;
  const char* zh;
  const char* en;
};

constexpr Label kLabels[] = {
    {"week_title", "辖区法院回访质检汇总（周）", "Courts Side by Side, Weekly"},
    {"month_title", "辖区法院回访质检汇总（月）",
     "Courts Side by Side, Monthly"},
    {"digest", "总体", "All courts"},
    {"courts", "一、各院情况", "1. Courts"},
    {"differences", "二、哪些法院确有差异", "2. Which courts truly differ"},
    {"left_out", "三、缺报与口径不同", "3. Missing, and not comparable"},
    {"sources", "四、来源与口径", "4. Sources and criteria"},
    {"court", "法院", "Court"},
    {"value", "数值", "Value"},
    {"total", "合计", "All together"},
    {"opinions", "意见/建议", "Opinions / suggestions"},
    {"missing", "缺报：本期没有已送交的报告",
     "Missing: no report was delivered for the period"},
    {"incomparable", "口径不同", "not comparable"},
    {"nothing_left_out", "各院均已送交报告，口径一致。",
     "Every court delivered a report, all by the same criteria."},
    {"reason", "不可比的原因", "Why not compared"},
    {"report", "已送交的报告", "Delivered report"},
    {"delivered", "送交时间", "Delivered"},
    {"criteria", "口径版本", "Criteria"},
    {"rules", "汇总规则版本", "Roll-up rules"},
    {"difference", "与其余合计之差", "Minus all others"},
    {"legend_courts",
     "每格：数值、95%区间、依据，抽样推算的另有最坏界（若未受访、未评级的全部为"
     "否或全部为是）。彩色标签只标与其余合计之差超出偶然的法院；合计行把各院"
     "作为层合并，不对各院比率取平均。",
     "In each cell: value, 95% interval, what was counted and, where it is "
     "estimated from a sample, the worst-case bounds: the rate if all who were "
     "not heard, or not graded, had said no, or yes. A coloured tag marks only "
     "courts that differ from all others together beyond chance. The last row "
     "pools the courts as strata; rates are never averaged."},
};

bool English(Locale locale) { return locale == Locale::kEnglish; }

const char* Pick(const char* zh, const char* en, Locale locale) {
  return English(locale) ? en : zh;
}

std::string Counted(int count, Locale locale) {
  return English(locale)
             ? absl::StrCat(count, count == 1 ? " court" : " courts")
             : absl::StrCat(count, "家法院");
}

std::string NamesOf(const v1::RollUp& roll_up, v1::Measure measure,
                    v1::Comparison::Flag flag, Locale locale) {
  std::vector<std::string> names;
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    const v1::Comparison* c = FindComparison(line, measure);
    if (c == nullptr || c->flag() != flag) continue;
    const v1::Figure* figure = FindFigure(line.court(), measure);
    if (figure == nullptr) continue;
    names.push_back(absl::StrCat(
        line.court().court_display_name(), Pick("（", " (", locale),
        PercentText(figure->current().value()), Pick("，p", ", p", locale),
        PValueText(c->adjusted_p_value()), Pick("）", ")", locale)));
  }
  return absl::StrJoin(names, Pick("、", ", ", locale));
}

int CountOf(const v1::RollUp& roll_up, v1::Measure measure,
            v1::Comparison::Flag flag) {
  return static_cast<int>(
      std::count_if(roll_up.lines().begin(), roll_up.lines().end(),
                    [&](const v1::RollUp::Line& line) {
                      const v1::Comparison* c = FindComparison(line, measure);
                      return c != nullptr && c->flag() == flag;
                    }));
}

std::string DifferenceText(const v1::RollUp& roll_up, v1::Measure measure,
                           Locale locale) {
  std::vector<std::string> parts;
  const std::string low =
      NamesOf(roll_up, measure, v1::Comparison::FLAG_LOW, locale);
  const std::string high =
      NamesOf(roll_up, measure, v1::Comparison::FLAG_HIGH, locale);
  if (!low.empty()) {
    parts.push_back(English(locale)
                        ? absl::StrCat("lower than all others together: ", low)
                        : absl::StrCat(low, "明显低于其余合计"));
  }
  if (!high.empty()) {
    parts.push_back(
        English(locale)
            ? absl::StrCat("higher than all others together: ", high)
            : absl::StrCat(high, "明显高于其余合计"));
  }
  const auto add = [&](int count, const char* zh, const char* en) {
    if (count == 0) return;
    parts.push_back(English(locale)
                        ? absl::StrCat(en, ": ", Counted(count, locale))
                        : absl::StrCat(Counted(count, locale), zh));
  };
  add(CountOf(roll_up, measure, v1::Comparison::FLAG_USUAL),
      "没有超出偶然波动的差异", "no difference beyond chance");
  add(CountOf(roll_up, measure, v1::Comparison::FLAG_NOT_ENOUGH_DATA),
      "数据不足，未作判断", "not judged for lack of data");
  const v1::RollUp::Total* total = FindTotal(roll_up, measure);
  add(total == nullptr ? 0 : total->incomparable(), "口径不同，不作比较",
      "not compared, other criteria");
  add(roll_up.missing(), "缺报", "missing");
  return absl::StrCat(MeasureLabel(measure, locale), Pick("：", ": ", locale),
                      absl::StrJoin(parts, Pick("；", "; ", locale)),
                      Pick("。", ".", locale));
}

std::string VersionText(v1::Criterion::Kind kind, const std::string& version,
                        Locale locale) {
  if (version == kUnknownVersion) {
    return Pick("未记录", "not recorded", locale);
  }
  if (kind != v1::Criterion::KIND_SCORE_SCALE) return version;
  // 1:3 2:3 3:2 4:1 5:1, a score and its verdict each.
  std::vector<std::string> words;
  for (const absl::string_view level : absl::StrSplit(version, ' ')) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(level, absl::MaxSplits(':', 1));
    const char* verdict =
        parts.second == "1"   ? Pick("满意", "satisfied", locale)
        : parts.second == "2" ? Pick("基本满意", "mostly satisfied", locale)
        : parts.second == "3" ? Pick("不满意", "not satisfied", locale)
                              : Pick("待定", "undetermined", locale);
    words.push_back(
        absl::StrCat(parts.first, Pick("分", " ", locale), verdict));
  }
  return absl::StrJoin(words, Pick("、", ", ", locale));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> RollUpLabels(Locale locale) {
  std::vector<std::pair<std::string, std::string>> labels;
  for (const Label& label : kLabels) {
    labels.emplace_back(label.key, Pick(label.zh, label.en, locale));
  }
  return labels;
}

std::string RollUpLabel(absl::string_view key, Locale locale) {
  for (const Label& label : kLabels) {
    if (key == label.key) return Pick(label.zh, label.en, locale);
  }
  return std::string(key);
}

std::string NoticeText(const v1::RollUp& roll_up, Locale locale) {
  v1::MethodNote sums;
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    sums.set_generated_tickets(sums.generated_tickets() +
                               line.court().generated_tickets());
    sums.set_simulated_callbacks(sums.simulated_callbacks() +
                                 line.court().simulated_callbacks());
  }
  return NoticeText(sums, locale);
}

std::string TotalText(const v1::RollUp& roll_up, const v1::RollUp::Total& total,
                      Locale locale) {
  std::vector<std::string> parts = {absl::StrCat(
      Counted(total.courts(), locale), Pick("合并", " pooled", locale))};
  const auto add = [&](int count, const char* zh, const char* en) {
    if (count == 0) return;
    parts.push_back(absl::StrCat(Counted(count, locale), Pick(zh, en, locale)));
  };
  add(total.incomparable(), "口径不同，未计入", " left out for other criteria");
  add(total.unreadable(), "数据不足，未计入", " left out for lack of data");
  add(roll_up.missing(), "缺报", " missing");
  return absl::StrCat(absl::StrJoin(parts, Pick("；", "; ", locale)),
                      Pick("。", ".", locale));
}

const v1::RollUp::Total* FindTotal(const v1::RollUp& roll_up,
                                   v1::Measure measure) {
  for (const v1::RollUp::Total& total : roll_up.totals()) {
    if (total.figure().measure() == measure) return &total;
  }
  return nullptr;
}

const v1::Comparison* FindComparison(const v1::RollUp::Line& line,
                                     v1::Measure measure) {
  for (const v1::Comparison& comparison : line.comparisons()) {
    if (comparison.measure() == measure) return &comparison;
  }
  return nullptr;
}

bool IsObstructed(const v1::RollUp::Line& line, v1::Measure measure) {
  return std::any_of(line.obstacles().begin(), line.obstacles().end(),
                     [&](const v1::RollUp::Obstacle& obstacle) {
                       return obstacle.measure() == measure;
                     });
}

std::vector<v1::Measure> ComparedMeasures(const v1::RollUp& roll_up) {
  std::vector<v1::Measure> measures;
  for (const v1::Measure measure : CourtMeasures()) {
    const bool compared =
        std::any_of(roll_up.lines().begin(), roll_up.lines().end(),
                    [&](const v1::RollUp::Line& line) {
                      const v1::Comparison* c = FindComparison(line, measure);
                      return c != nullptr && c->has_p_value();
                    });
    if (compared) measures.push_back(measure);
  }
  return measures;
}

std::vector<std::string> DifferenceTexts(const v1::RollUp& roll_up,
                                         Locale locale) {
  std::vector<std::string> sentences;
  for (const v1::Measure measure : CourtMeasures()) {
    sentences.push_back(DifferenceText(roll_up, measure, locale));
  }
  return sentences;
}

std::string CriterionLabel(v1::Criterion::Kind kind, Locale locale) {
  switch (kind) {
    case v1::Criterion::KIND_REPORT_RULES:
      return Pick("统计口径", "report rules", locale);
    case v1::Criterion::KIND_VERDICT_RULE:
      return Pick("满意度判定规则", "verdict rule", locale);
    case v1::Criterion::KIND_SCORE_SCALE:
      return Pick("评分量表", "score scale", locale);
    case v1::Criterion::KIND_SCRIPT:
      return Pick("回访问卷", "script", locale);
    case v1::Criterion::KIND_RUBRIC:
      return Pick("质检标准", "rubric", locale);
    default:
      return v1::Criterion::Kind_Name(kind);
  }
}

std::string VersionsText(v1::Criterion::Kind kind,
                         const std::vector<std::string>& versions,
                         Locale locale) {
  std::vector<std::string> texts;
  for (const std::string& version : versions) {
    texts.push_back(VersionText(kind, version, locale));
  }
  return texts.empty() ? "—" : absl::StrJoin(texts, Pick("；", "; ", locale));
}

std::string ObstacleText(const v1::RollUp::Obstacle& obstacle, Locale locale) {
  const std::vector<std::string> versions(obstacle.versions().begin(),
                                          obstacle.versions().end());
  const std::string own = VersionsText(obstacle.kind(), versions, locale);
  const std::string label = CriterionLabel(obstacle.kind(), locale);
  if (versions.size() == 1 && versions[0] == kUnknownVersion) {
    return English(locale) ? absl::StrCat(label, " not recorded in the report")
                           : absl::StrCat("报告未记录", label);
  }
  if (versions.size() > 1) {
    return English(locale)
               ? absl::StrCat(label, " changed within the period: ", own)
               : absl::StrCat(label, "期内有变更：", own);
  }
  const std::string compared =
      obstacle.compared_version().empty()
          ? Pick("尚无可比的口径", "no criteria to compare by", locale)
          : VersionText(obstacle.kind(), obstacle.compared_version(), locale);
  return English(locale) ? absl::StrCat("other ", label, ": here ", own,
                                        ", compared ", compared)
                         : absl::StrCat(label, "不同：该院", own,
                                        "，参与比较的为", compared);
}

std::vector<std::string> MethodTexts(Locale locale) {
  return {
      Pick("各院数据取自其本期最新一版已送交的全院报告，不读取工单、来电人和"
           "承办人；同样的报告得出同样的汇总。",
           "Figures are those of each court's newest delivered report of the "
           "court as a whole; no ticket, caller or handler is read. The same "
           "reports give the same roll-up.",
           locale),
      Pick(
          "合计把各院作为层，按各院抽样框内的工单数加权，不对各院比率取平均；"
          "办理类指标为各院全量之和。",
          "Totals take each court as a stratum, weighted by the tickets in its "
          "frames; rates are never averaged. Figures of handling are sums over "
          "all tickets.",
          locale),
      Pick(
          "只有口径相同的法院才相互比较、计入合计：解决率看统计口径和问卷，"
          "满意率另看判定规则和评分量表，合格率看质检标准。以多数法院共用的口径"
          "为准；期内变更口径或未记录口径的，不作比较。",
          "Only courts judged by the same criteria are compared and pooled: "
          "for "
          "the resolution rate the report rules and the script, for "
          "satisfaction also the verdict rule and the score scale, for the "
          "pass "
          "rate the rubric. The criteria that most courts share count; a court "
          "that changed one within the period, or did not record it, is not "
          "compared.",
          locale),
      Pick("每家法院与其余可比法院合计相比，采用Fisher精确检验，"
           "Benjamini-Hochberg校正，错误发现率5%；差值附Newcombe区间。回访指标"
           "按有效受访数比较，合格率逐件按评级、未评级的按机器初评比较。",
           "Each court is held against all other comparable ones together by "
           "Fisher's exact test with Benjamini-Hochberg's correction, false "
           "discovery rate 5%; differences have Newcombe's interval. Callback "
           "rates compare by effective respondents, the pass rate by each "
           "ticket's grade or the machine's proposal where there is none.",
           locale),
      Pick("只有当区间下限也不低于目标时，才表述为“达标”；合格率有法院尚未充分"
           "人工评级的，不作此表述。",
           "“Target met” is said only when the lower end of the interval "
           "reaches the target, and never of a pass rate that people have not "
           "graded enough in every court.",
           locale)};
}

std::string FileName(const v1::RollUp& roll_up, absl::string_view extension) {
  return absl::StrCat("辖区法院汇总-", CourtOfName(roll_up.name()), "-",
                      roll_up.period().label(), ".", extension);
}

}  // namespace huifang::reporting
