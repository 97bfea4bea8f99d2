#include "services/reporting/report_text.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {
namespace {

bool English(Locale locale) { return locale == Locale::kEnglish; }

std::string Percent(std::int64_t part, std::int64_t whole) {
  return PercentText(
      whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0);
}

}  // namespace

std::string SubjectText(const v1::Report& report, Locale locale) {
  if (report.division().empty()) return PageLabel("whole_court", locale);
  return report.division_display_name().empty()
             ? report.division()
             : report.division_display_name();
}

std::string PeriodTitle(const v1::Period& period, Locale locale) {
  const absl::StatusOr<Span> span = ParseSpan(period.label());
  if (!span.ok() || English(locale)) {
    return absl::StrCat(period.label(), " (", period.start_day(), " – ",
                        period.end_day(), ")");
  }
  return SpanTitle(*span);
}

std::string CorrectionText(const v1::Report& report, Locale locale) {
  if (report.corrects().empty()) return "";
  const std::string reason(absl::StripSuffix(
      absl::StripSuffix(report.correction_reason(), "。"), "."));
  std::vector<std::string> changes;
  for (const v1::FigureChange& change : report.correction_changes()) {
    const std::string before =
        ValueText(change.before(), change.unit(), locale);
    const std::string after = ValueText(change.after(), change.unit(), locale);
    if (before == after) continue;  // only what it was counted from
    changes.push_back(absl::StrCat(MeasureLabel(change.measure(), locale), " ",
                                   before, " → ", after));
  }
  if (English(locale)) {
    return absl::StrCat(
        "Correction of ", report.corrects_serial_number(), ", which was ",
        "delivered. Reason: ", reason, ". ",
        changes.empty()
            ? "No figure of the whole reads otherwise."
            : absl::StrCat("Figures of the whole that read otherwise: ",
                           absl::StrJoin(changes, "; "), "."));
  }
  return absl::StrCat(
      "更正：本期更正已送交的", report.corrects_serial_number(), "。理由：",
      reason, "。",
      changes.empty()
          ? "总体指标数值未变。"
          : absl::StrCat("总体指标有变：", absl::StrJoin(changes, "；"), "。"));
}

std::string NoticeText(const v1::MethodNote& method, Locale locale) {
  const std::int64_t tickets = method.generated_tickets();
  const std::int64_t calls = method.simulated_callbacks();
  if (tickets == 0 && calls == 0) return "";
  if (English(locale)) {
    return absl::StrCat("For demonstration only: ", CountText(tickets),
                        " tickets of this report were generated and ",
                        CountText(calls), " callbacks were simulated.");
  }
  std::vector<std::string> parts;
  if (tickets > 0) {
    parts.push_back(
        absl::StrCat(CountText(tickets), "件工单为程序生成的演示数据"));
  }
  if (calls > 0) {
    parts.push_back(
        absl::StrCat(CountText(calls), "次回访为模拟，并未实际拨打"));
  }
  return absl::StrCat(
      "演示数据声明：本报告中",
      parts.size() == 2 ? absl::StrCat(parts[0], "，", parts[1]) : parts[0],
      "。不得作为真实情况引用。");
}

std::string CallbackText(const v1::Report& report, Locale locale) {
  const v1::MethodNote::Dispositions& d = report.method().dispositions();
  const std::int64_t drawn = d.complete() + d.partial() + d.refusal() +
                             d.non_contact() + d.other() + d.unknown() +
                             d.not_eligible() + d.pending();
  if (drawn == 0) {
    return English(locale) ? "No callback was drawn for this period."
                           : "本期未抽取回访工单。";
  }
  if (English(locale)) {
    return absl::StrFormat(
        "%s tickets were drawn at random; %s interviews were completed "
        "(%s), %s refused, %s never reached, %s otherwise, %s still open.",
        CountText(drawn), CountText(d.complete()), Percent(d.complete(), drawn),
        CountText(d.refusal()), CountText(d.non_contact()),
        CountText(d.partial() + d.other() + d.unknown() + d.not_eligible()),
        CountText(d.pending()));
  }
  std::string text = absl::StrFormat(
      "本期随机抽取%s件办结工单进行电话回访，完成%s件，占%s", CountText(drawn),
      CountText(d.complete()), Percent(d.complete(), drawn));
  const auto add = [&text](std::int64_t count, const char* what) {
    if (count > 0) absl::StrAppend(&text, "；", what, CountText(count), "件");
  };
  add(d.partial(), "中途挂断");
  add(d.refusal(), "拒绝受访");
  add(d.non_contact(), "多次拨打未接通");
  add(d.other(), "因语言、疾病等无法受访");
  add(d.unknown(), "停机等无法确认");
  add(d.not_eligible(), "号码错误或非本人");
  add(d.pending(), "截至生成时尚在拨打");
  return absl::StrCat(text, "。");
}

std::string QualityText(const v1::Report& report, Locale locale) {
  const v1::Figure* inspected = FindFigure(report, v1::MEASURE_INSPECTED);
  const v1::Figure* pass = FindFigure(report, v1::MEASURE_PASS_RATE);
  if (inspected == nullptr || pass == nullptr ||
      pass->current().state() != v1::Figure::STATE_OK) {
    return "";
  }
  const std::string count =
      ValueText(inspected->current(), inspected->unit(), locale);
  const std::string rate = ValueText(pass->current(), pass->unit(), locale);
  if (English(locale)) {
    return absl::StrCat(count, " tickets were inspected; ", rate, " passed. ",
                        EnglishOr(pass->note_en(), pass->note(), locale));
  }
  std::string text =
      absl::StrCat("本期对", count, "件办结工单逐件质检，合格率", rate, "。");
  if (report.findings_size() > 0) {
    absl::StrAppend(&text, "问题最多的是“", report.findings(0).display_name(),
                    "”（", CountText(report.findings(0).count()), "件）");
    if (report.findings_size() > 1) {
      absl::StrAppend(&text, "，其次是“", report.findings(1).display_name(),
                      "”（", CountText(report.findings(1).count()), "件）");
    }
    absl::StrAppend(&text, "。");
  }
  return absl::StrCat(text, pass->note());
}

std::vector<std::string> MethodIn(const v1::MethodNote& method, Locale locale) {
  const auto& sentences = English(locale) && !method.sentences_en().empty()
                              ? method.sentences_en()
                              : method.sentences();
  return {sentences.begin(), sentences.end()};
}

std::string QuestionText(v1::LeaderAnswer::Question question, Locale locale) {
  const bool english = English(locale);
  switch (question) {
    case v1::LeaderAnswer::QUESTION_SOLVED:
      return english ? "Solved?" : "解决了吗";
    case v1::LeaderAnswer::QUESTION_COMPLIANT:
      return english ? "Up to standard?" : "合规吗";
    case v1::LeaderAnswer::QUESTION_IN_TIME:
      return english ? "In time, at once?" : "按时即答了吗";
    case v1::LeaderAnswer::QUESTION_OPINIONS:
      return english ? "What do callers say?" : "有何意见建议";
    default:
      return "";
  }
}

std::string SuggestionStateText(v1::Suggestion::State state, Locale locale) {
  const bool english = English(locale);
  switch (state) {
    case v1::Suggestion::STATE_ACCEPTED:
      return english ? "accepted" : "采纳";
    case v1::Suggestion::STATE_DONE:
      return english ? "done" : "已落实";
    case v1::Suggestion::STATE_DECLINED:
      return english ? "declined" : "不采纳";
    default:
      return english ? "open" : "待回应";
  }
}

std::string DepartmentsText(const v1::Suggestion& suggestion, Locale locale) {
  const bool english = English(locale);
  std::vector<std::string> departments;
  for (const v1::Suggestion::Department& one : suggestion.departments()) {
    std::vector<std::string> parts = {SuggestionStateText(one.state(), locale)};
    if (!one.response().empty()) parts.push_back(one.response());
    if (!one.due_day().empty()) parts.push_back(one.due_day());
    departments.push_back(absl::StrCat(
        one.display_name(), english ? " (" : "（",
        absl::StrJoin(parts, english ? ", " : "，"), english ? ")" : "）"));
  }
  return absl::StrJoin(departments, english ? "; " : "、");
}

std::string SupervisionStateText(const v1::Supervision& supervision,
                                 Locale locale) {
  const bool english = English(locale);
  if (supervision.closed()) {
    return supervision.overdue() ? (english ? "closed late" : "超期办结")
                                 : (english ? "closed" : "已办结");
  }
  return supervision.overdue() ? (english ? "overdue" : "已超期")
                               : (english ? "open" : "办理中");
}

std::string SeedText(const v1::MethodNote::DrawLine& draw, Locale locale) {
  if (draw.public_seed().empty()) return "";
  const bool english = locale == Locale::kEnglish;
  std::string source;
  if (draw.seeder() == "server") {
    source = english ? "random, taken by the server after the freeze"
                     : "冻结后由服务器随机生成";
  } else if (draw.seeder() == "parties") {
    source = english ? "made of all parties' secrets" : "由各方秘密值共同生成";
  } else {
    const bool before = draw.seed_source() == "GIVEN";
    source = english
                 ? absl::StrCat("given by ", draw.seeder(),
                                before ? " before" : " after", " the freeze")
                 : absl::StrCat(before ? "冻结前" : "冻结后", "由",
                                draw.seeder(), "给定");
  }
  return english ? absl::StrCat("Seed ", draw.public_seed(), " (", source, ")")
                 : absl::StrCat("公开种子 ", draw.public_seed(), "（", source,
                                "）");
}

std::string ClaimText(const v1::Figure& figure, Locale locale) {
  if (figure.claim() == v1::Figure::CLAIM_UNSPECIFIED) return "";
  const std::string target = absl::StrFormat("%.4g%%", 100 * figure.target());
  if (English(locale)) {
    switch (figure.claim()) {
      case v1::Figure::CLAIM_SUPPORTED:
        return absl::StrCat("at least ", target);
      case v1::Figure::CLAIM_NOT_SUPPORTED:
        return absl::StrCat(target, " not established");
      default:
        return absl::StrCat("below ", target);
    }
  }
  switch (figure.claim()) {
    case v1::Figure::CLAIM_SUPPORTED:
      return absl::StrCat("达标（≥", target, "）");
    case v1::Figure::CLAIM_NOT_SUPPORTED:
      return absl::StrCat("尚不能认定≥", target);
    default:
      return absl::StrCat("未达", target);
  }
}

std::string DateText(const google::protobuf::Timestamp& time, Locale locale) {
  if (time.seconds() == 0) return "";
  const absl::CivilDay day = DayOf(absl::FromUnixSeconds(time.seconds()));
  if (English(locale)) return DayText(day);
  return absl::StrFormat("%d年%d月%d日", day.year(), day.month(), day.day());
}

std::string MinuteText(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M",
                          absl::FromUnixSeconds(time.seconds()),
                          absl::FixedTimeZone(8 * 60 * 60));
}

const v1::Figure* FindFigure(const v1::Report& report, v1::Measure measure) {
  for (const v1::Figure& figure : report.figures()) {
    if (figure.measure() == measure) return &figure;
  }
  return nullptr;
}

std::vector<TextPart> MarkQuotes(absl::string_view text,
                                 const std::vector<std::string>& quotes) {
  std::vector<TextPart> parts;
  std::size_t from = 0;
  while (from < text.size()) {
    std::size_t best = absl::string_view::npos;
    std::size_t length = 0;
    for (const std::string& quote : quotes) {
      if (quote.empty()) continue;
      const std::size_t at = text.find(quote, from);
      if (at < best || (at == best && quote.size() > length)) {
        best = at;
        length = quote.size();
      }
    }
    if (best == absl::string_view::npos) break;
    if (best > from) {
      parts.push_back({std::string(text.substr(from, best - from)), false});
    }
    parts.push_back({std::string(text.substr(best, length)), true});
    from = best + length;
  }
  if (from < text.size()) {
    parts.push_back({std::string(text.substr(from)), false});
  }
  return parts;
}

std::string FileName(const v1::Report& report, absl::string_view extension) {
  const bool month = report.period().kind() == v1::Period::KIND_MONTH;
  std::string name = absl::StrCat(
      month ? "回访质检月报" : "回访质检周报", "-", report.period().label(),
      "-", SubjectText(report, Locale::kChinese),
      report.version() > 1 ? absl::StrCat("-v", report.version()) : "");
  for (char& c : name) {
    if (c == '/' || c == '\\' || c == ':' || c == '*' || c == '?' || c == '"' ||
        c == '<' || c == '>' || c == '|' ||
        static_cast<unsigned char>(c) < 0x20) {
      c = '_';
    }
  }
  return absl::StrCat(name, ".", extension);
}

}  // namespace huifang::reporting
