#include "services/reporting/appraisal_text.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/reporting/report_text.h"

namespace huifang::reporting {
namespace {

using Lines = google::protobuf::RepeatedPtrField<v1::AppraisalLine>;

constexpr std::size_t kPrintedFindings = 3;

struct Word {
  const char* key;
  const char* zh;
  const char* en;
};

constexpr Word kWords[] = {
    {"sheet", "回访质检考核表", "Appraisal sheet"},
    {"handlers", "承办人", "Handlers"},
    {"handler", "承办人", "Handler"},
    {"divisions", "庭室", "Divisions"},
    {"closed", "办结", "Closed"},
    {"graded", "人工评定", "Graded"},
    {"tiers", "评级分布", "Tiers"},
    {"findings", "主要问题", "Findings"},
    {"excluded", "排除", "Excluded"},
    {"exclusions", "考核排除", "Tickets excluded"},
    {"no_exclusions", "本期没有排除的工单。", "No ticket was excluded."},
    {"reason", "理由", "Reason"},
    {"requester", "申请", "Asked by"},
    {"decider", "批准", "Approved by"},
    {"changes", "更正内容", "What the correction changes"},
    {"differences", "是否确有差别", "Who truly differs"},
    {"no_lines", "本期没有可计入的工单。", "No ticket of the period counts."},
    {"order",
     "按名称排列，不是名次；差别未超出偶然波动的不分先后。"
     "合格率经加权，不等于其下两数之比。",
     "In the order of names, which is no rank: whoever does not differ beyond "
     "chance is level. The pass rate is weighted: not the ratio of the two "
     "numbers below it."},
    {"judgement", "判断", "Judgement"},
    {"version", "版本", "Version"},
    {"frozen", "制表", "Made"},
    {"by", "制表人", "Made by"},
};

const char* Pick(const Word& word, Locale locale) {
  return locale == Locale::kEnglish ? word.en : word.zh;
}

GroupLines GroupsOf(const Lines& lines) {
  GroupLines groups;
  for (const v1::AppraisalLine& line : lines) *groups.Add() = line.line();
  return groups;
}

std::string Counted(std::int64_t before, std::int64_t after) {
  return absl::StrCat(CountText(before), " → ", CountText(after));
}

std::vector<std::string> ChineseMethod(const v1::Appraisal& sheet) {
  const std::string least = CountText(sheet.min_tickets());
  std::vector<std::string> sentences = {
      absl::StrCat("计入本期办结的工单", CountText(sheet.closed()),
                   "件，按办结时的庭室和承办人归属；经申请并由另一人批准排除的",
                   CountText(sheet.exclusions_size()),
                   "件不计入任何一项，逐件列明。"),
      absl::StrCat("评级、合格率和问题只计人工评定的",
                   CountText(sheet.graded()),
                   "件，机器初评不计；合格率按标记与未标记两层加权推算，附95%"
                   "区间。被标记而尚未人工评定的有",
                   CountText(sheet.flagged_ungraded()), "件。"),
      absl::StrCat("人工评定不足", least,
                   "件，或未标记的工单无一经人工评定的，写明“数据不足”"
                   "，不给合格率，不作任何比较；按期办结率的基数不足",
                   least, "件的同此办理。"),
      "满意率来自随机回访，加权，附95%区间；应答人数过少的不给出或隐去。",
      "每个庭室、每名承办人与其余合计比较（Fisher精确检验，"
      "Benjamini-Hochberg校正），校正后p不大于0.05才写明偏高或偏低；"
      "不按数值排名。"};
  if (sheet.without_handler() > 0) {
    sentences.push_back(absl::StrCat("其中", CountText(sheet.without_handler()),
                                     "件没有庭室或承办人（如坐席即答），"
                                     "不列入承办人各行。"));
  }
  sentences.push_back(
      sheet.has_appeals_end_time()
          ? absl::StrCat("本期各件评级的申诉期最晚于",
                         MinuteText(sheet.appeals_end_time()),
                         "届满，制表时没有未决申诉；此后评级有变的，"
                         "以更正版列明。")
          : "本期没有人工评级，无申诉可等待。");
  return sentences;
}

std::vector<std::string> EnglishMethod(const v1::Appraisal& sheet) {
  const std::string least = CountText(sheet.min_tickets());
  std::vector<std::string> sentences = {
      absl::StrCat(
          "Counted are the ", CountText(sheet.closed()),
          " tickets closed in the period, by division and handler at closing. ",
          CountText(sheet.exclusions_size()),
          " more were excluded, asked for by one person and approved by "
          "another; each is listed."),
      absl::StrCat(
          "Tiers, pass rate and findings count the ", CountText(sheet.graded()),
          " tickets graded by people; a machine's proposal counts nowhere. The "
          "pass rate is weighted by two strata, flagged and not, with its 95% "
          "interval. Flagged and not graded yet: ",
          CountText(sheet.flagged_ungraded()), "."),
      absl::StrCat(
          "Whoever has fewer than ", least,
          " graded tickets, or none graded of those not flagged, has not "
          "enough data: no pass rate is given and nothing is compared. The "
          "on-time rate needs ",
          least, " tickets with a deadline."),
      "Satisfaction is of randomly drawn callers, weighted, with its 95% "
      "interval; it is not given, or withheld, where few answered.",
      "Each division and each handler is held against all others together "
      "(Fisher's exact test, Benjamini-Hochberg); high or low is said only "
      "when the corrected p is at most 0.05. Nobody is ranked by value."};
  if (sheet.without_handler() > 0) {
    sentences.push_back(
        absl::StrCat(CountText(sheet.without_handler()),
                     " of the tickets have no division or no handler, such as "
                     "those answered at the desk: in no handler's line."));
  }
  sentences.push_back(
      sheet.has_appeals_end_time()
          ? absl::StrCat("The last appeal window of the period ended at ",
                         MinuteText(sheet.appeals_end_time()),
                         " and no appeal was open; a grade that changes later "
                         "shows in a correction.")
          : "Nobody graded in the period, so there was no appeal to wait for.");
  return sentences;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> AppraisalWords(Locale locale) {
  std::vector<std::pair<std::string, std::string>> words;
  for (const Word& word : kWords)
    words.emplace_back(word.key, Pick(word, locale));
  return words;
}

std::string AppraisalWord(absl::string_view key, Locale locale) {
  for (const Word& word : kWords) {
    if (key == word.key) return Pick(word, locale);
  }
  return PageLabel(key, locale);
}

std::string AppraisalNotice(const v1::Appraisal& sheet, Locale locale) {
  if (sheet.generated_tickets() == 0) return "";
  const std::string count = CountText(sheet.generated_tickets());
  return locale == Locale::kEnglish
             ? absl::StrCat("For demonstration only: ", count,
                            " of the tickets were generated; nobody may be "
                            "appraised by this sheet.")
             : absl::StrCat("演示数据声明：", count,
                            "件工单为程序生成，本表不得用于实际考核。");
}

std::string AppraisalCorrection(const v1::Appraisal& sheet, Locale locale) {
  if (sheet.corrects().empty()) return "";
  const std::string reason(absl::StripSuffix(
      absl::StripSuffix(sheet.correction_reason(), "。"), "."));
  return locale == Locale::kEnglish
             ? absl::StrCat("Correction of version ", sheet.version() - 1,
                            ". Reason: ", reason, ".")
             : absl::StrCat("更正第", sheet.version() - 1, "版。理由：", reason,
                            "。");
}

std::string ChangeText(const v1::AppraisalChange& change, Locale locale) {
  std::vector<std::string> parts;
  if (change.closed_before() != change.closed_after()) {
    parts.push_back(
        absl::StrCat(AppraisalWord("closed", locale), " ",
                     Counted(change.closed_before(), change.closed_after())));
  }
  for (const v1::FigureChange& one : change.figures()) {
    const auto text = [&](const v1::Figure::Value& value) {
      const std::string basis = BasisText(value);
      return absl::StrCat(ValueText(value, one.unit(), locale),
                          basis.empty() ? "" : absl::StrCat(" (", basis, ")"));
    };
    parts.push_back(absl::StrCat(MeasureLabel(one.measure(), locale), " ",
                                 text(one.before()), " → ", text(one.after())));
  }
  for (const v1::TierShare& tier : change.tiers()) {
    parts.push_back(absl::StrCat(tier.display_name(), " ",
                                 Counted(tier.previous_count(), tier.count())));
  }
  return absl::StrJoin(parts, locale == Locale::kEnglish ? "; " : "；");
}

std::vector<std::string> TierTexts(const v1::AppraisalLine& line) {
  std::vector<std::string> parts;
  for (const v1::TierShare& tier : line.tiers()) {
    if (tier.count() == 0) continue;
    parts.push_back(
        absl::StrCat(tier.display_name(), " ", CountText(tier.count())));
  }
  return parts;
}

std::vector<std::string> FindingTexts(const v1::AppraisalLine& line) {
  std::vector<std::string> parts;
  for (const v1::FindingShare& finding : line.findings()) {
    if (parts.size() == kPrintedFindings) break;
    parts.push_back(
        absl::StrCat(finding.display_name(), " ", CountText(finding.count())));
  }
  return parts;
}

std::vector<std::string> DivisionDifferences(const v1::Appraisal& sheet,
                                             Locale locale) {
  return DifferenceTexts(GroupsOf(sheet.divisions()), Compared::kDivisions,
                         locale);
}

std::vector<std::string> HandlerDifferences(const v1::Appraisal& sheet,
                                            Locale locale) {
  return DifferenceTexts(GroupsOf(sheet.handlers()), Compared::kHandlers,
                         locale);
}

std::vector<std::string> AppraisalMethod(const v1::Appraisal& sheet,
                                         Locale locale) {
  return locale == Locale::kEnglish ? EnglishMethod(sheet)
                                    : ChineseMethod(sheet);
}

std::string AppraisalFileName(const v1::Appraisal& sheet,
                              absl::string_view extension) {
  return absl::StrCat(
      "回访质检考核表-", sheet.period().label(),
      sheet.version() > 1 ? absl::StrCat("-v", sheet.version()) : "", ".",
      extension);
}

}  // namespace huifang::reporting
