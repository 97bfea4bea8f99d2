#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/reporting/criteria_rules.h"
#include "services/reporting/roll_up_text.h"

namespace huifang::reporting {
namespace {

bool English(Locale locale) { return locale == Locale::kEnglish; }

const char* Pick(const char* zh, const char* en, Locale locale) {
  return English(locale) ? en : zh;
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

// The response rate with what it was counted from.
std::string ResponseSentence(const v1::RollUp& roll_up, Locale locale) {
  const v1::CourtFigures::Response& response = roll_up.response();
  if (!response.rates().has_rr1()) {
    return Pick("本期各院没有回访样本。", "No court drew a callback.", locale);
  }
  const std::string courts = CourtsText(roll_up.response_courts(), locale);
  const std::string rate = PercentText(response.rates().rr1());
  const std::string basis = absl::StrCat(CountText(response.completed()), "/",
                                         CountText(response.eligible()));
  return English(locale)
             ? absl::StrCat("Response rate of ", courts, " together ", rate,
                            " (", basis,
                            "), AAPOR's RR1 of the summed counts; no mean of "
                            "the courts' rates.")
             : absl::StrCat(courts, "合计回访完成率", rate, "（", basis,
                            "），按各院计数之和计算AAPOR RR1，不对各院的率取"
                            "平均。");
}

}  // namespace

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

std::vector<std::string> MethodTexts(const v1::RollUp& roll_up, Locale locale) {
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
      ResponseSentence(roll_up, locale),
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
      Pick("来源摘要是对各院按本表顺序逐行“法院代码|报告编号|版次”（缺报的为"
           "“法院代码||0”，UTF-8，每行以换行符结束）计算的SHA-256：来源相同，"
           "摘要相同。",
           "The sources digest is the SHA-256 of one line for each court in "
           "the order above, “code|serial number|version”, of a missing court "
           "“code||0”, in UTF-8, each ended by a line feed: the same sources "
           "give the same digest.",
           locale),
      Pick("只有当区间下限也不低于目标时，才表述为“达标”；合格率有法院尚未充分"
           "人工评级的，不作此表述。",
           "“Target met” is said only when the lower end of the interval "
           "reaches the target, and never of a pass rate that people have not "
           "graded enough in every court.",
           locale)};
}

std::string BundleText(const v1::CourtFigures::Draw& draw, Locale locale) {
  return draw.bundle_digest().empty() ? Pick("未记录", "not recorded", locale)
                                      : draw.bundle_digest();
}

std::string OmittedDrawsText(const v1::RollUp& roll_up, Locale locale) {
  std::int64_t omitted = 0;
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    omitted += line.court().draws_omitted();
  }
  if (omitted == 0) return "";
  return English(locale)
             ? absl::StrCat(omitted,
                            " more draws are in the courts' own reports.")
             : absl::StrCat("另有", omitted, "次抽样未列出，见各院报告。");
}

std::string ShortDigest(absl::string_view digest) {
  return std::string(digest.substr(0, 12));
}

}  // namespace huifang::reporting
