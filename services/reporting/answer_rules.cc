#include "services/reporting/answer_rules.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/reporting/report_text.h"

namespace huifang::reporting {
namespace {

constexpr Locale kLocale = Locale::kChinese;

v1::LeaderAnswer NewAnswer(v1::LeaderAnswer::Question question,
                           v1::Measure measure) {
  v1::LeaderAnswer answer;
  answer.set_question(question);
  answer.set_measure(measure);
  answer.set_tone(v1::LeaderAnswer::TONE_UNKNOWN);
  return answer;
}

bool Readable(const v1::Figure* figure) {
  return figure != nullptr && figure->current().state() == v1::Figure::STATE_OK;
}

// Said only of a change that its interval tells from noise.
std::string ChangeSentence(const v1::Figure& figure, const char* before) {
  if (!figure.has_difference()) return "";
  if (figure.difference().lower() > 0 || figure.difference().upper() < 0) {
    return absl::StrCat(
        "较", before, figure.difference().lower() > 0 ? "明显上升" : "明显下降",
        "（", ChangeText(figure, kLocale), "）。");
  }
  return absl::StrCat("与", before, "相比无明显变化。");
}

const char* BeforeWord(const v1::Report& report) {
  return report.period().kind() == v1::Period::KIND_MONTH ? "上月" : "上周";
}

v1::LeaderAnswer Solved(const v1::Report& report) {
  v1::LeaderAnswer answer =
      NewAnswer(v1::LeaderAnswer::QUESTION_SOLVED, v1::MEASURE_RESOLUTION_RATE);
  const v1::Figure* solved = FindFigure(report, v1::MEASURE_RESOLUTION_RATE);
  if (!Readable(solved)) {
    answer.set_answer("完成的回访过少，不足以判断问题是否解决；逐条情况见后。");
    return answer;
  }
  const v1::Figure::Value& value = solved->current();
  const std::int64_t open = value.denominator() - value.numerator();
  std::string text =
      absl::StrCat("受访的", CountText(value.denominator()), "位诉求人中",
                   CountText(value.numerator()), "位称问题已解决");
  if (open > 0) {
    absl::StrAppend(&text, "，", CountText(open), "位称未解决或只解决一部分");
  }
  absl::StrAppend(&text, "。", ChangeSentence(*solved, BeforeWord(report)));
  answer.set_answer(text);
  // Callers are heard by sample: judge by the whole interval, not the point.
  answer.set_tone(value.interval().upper() < 0.85 ? v1::LeaderAnswer::TONE_ACT
                  : value.value() < 0.9           ? v1::LeaderAnswer::TONE_WATCH
                                        : v1::LeaderAnswer::TONE_GOOD);
  return answer;
}

v1::LeaderAnswer Compliant(const v1::Report& report) {
  v1::LeaderAnswer answer =
      NewAnswer(v1::LeaderAnswer::QUESTION_COMPLIANT, v1::MEASURE_PASS_RATE);
  const v1::Figure* pass = FindFigure(report, v1::MEASURE_PASS_RATE);
  if (!Readable(pass)) {
    answer.set_answer("本期没有已质检的办结工单。");
    return answer;
  }
  std::string text;
  if (pass->target() > 0) {
    const std::string target = PercentText(pass->target());
    switch (pass->claim()) {
      case v1::Figure::CLAIM_SUPPORTED:
        absl::StrAppend(&text, "合格率达到", target, "的目标。");
        answer.set_tone(v1::LeaderAnswer::TONE_GOOD);
        break;
      case v1::Figure::CLAIM_NOT_SUPPORTED:
        absl::StrAppend(&text, "合格率数值达到", target,
                        "，但依据尚不足以认定达标。");
        answer.set_tone(v1::LeaderAnswer::TONE_WATCH);
        break;
      default:
        absl::StrAppend(&text, "合格率未达", target, "的目标。");
        answer.set_tone(v1::LeaderAnswer::TONE_ACT);
    }
  }
  std::vector<std::string> worst;
  for (const v1::FindingShare& finding : report.findings()) {
    if (worst.size() == 2) break;
    worst.push_back(
        absl::StrCat(finding.display_name(), CountText(finding.count()), "件"));
  }
  if (!worst.empty()) {
    absl::StrAppend(&text, "主要问题：", absl::StrJoin(worst, "、"), "。");
  }
  absl::StrAppend(&text, pass->note());
  answer.set_answer(text);
  return answer;
}

v1::LeaderAnswer InTime(const v1::Report& report, const Scope& now) {
  v1::LeaderAnswer answer =
      NewAnswer(v1::LeaderAnswer::QUESTION_IN_TIME, v1::MEASURE_ON_TIME_RATE);
  const TicketTotals& t = now.tickets;
  if (t.closed == 0) {
    answer.set_answer("本期没有办结的工单。");
    return answer;
  }
  std::string text = absl::StrCat("办结", CountText(t.closed), "件，其中即答",
                                  CountText(t.instant), "件（",
                                  PercentText(static_cast<double>(t.instant) /
                                              static_cast<double>(t.closed)),
                                  "）");
  const std::int64_t late = t.with_due - t.on_time;
  absl::StrAppend(&text, late > 0
                             ? absl::StrCat("；超期办结", CountText(late), "件")
                             : "；无超期办结");
  absl::StrAppend(&text, t.overdue_open > 0
                             ? absl::StrCat("，另有", CountText(t.overdue_open),
                                            "件超期未办结。")
                             : "。");
  answer.set_answer(text);
  const v1::Figure* on_time = FindFigure(report, v1::MEASURE_ON_TIME_RATE);
  if (Readable(on_time)) {
    answer.set_tone(on_time->claim() == v1::Figure::CLAIM_MISSED
                        ? v1::LeaderAnswer::TONE_ACT
                    : t.overdue_open > 0 ? v1::LeaderAnswer::TONE_WATCH
                                         : v1::LeaderAnswer::TONE_GOOD);
  }
  return answer;
}

v1::LeaderAnswer Opinions(const v1::Report& report, const Scope& now) {
  v1::LeaderAnswer answer =
      NewAnswer(v1::LeaderAnswer::QUESTION_OPINIONS, v1::MEASURE_UNSPECIFIED);
  struct Complaint {
    Question question;
    v1::Measure measure;
    const char* text;
  };
  constexpr Complaint kComplaints[] = {
      {kSolved, v1::MEASURE_RESOLUTION_RATE, "问题未解决"},
      {kClear, v1::MEASURE_CLEAR_RATE, "答复不明确"},
      {kInTime, v1::MEASURE_TIMELY_RATE, "答复不及时"},
      {kAttitude, v1::MEASURE_ATTITUDE_RATE, "态度一般或不好"},
      {kJudgeCalled, v1::MEASURE_CALLED_BACK_RATE, "未接到回电"}};
  std::vector<std::pair<std::int64_t, const char*>> counts;
  for (const Complaint& complaint : kComplaints) {
    // Of callers so few that their answers are withheld nothing is counted.
    const v1::Figure* rate = FindFigure(report, complaint.measure);
    if (rate != nullptr &&
        rate->current().state() == v1::Figure::STATE_SUPPRESSED) {
      continue;
    }
    const Question asked = complaint.question;
    const auto count = std::count_if(
        now.calls->begin(), now.calls->end(), [&](const CallFact& call) {
          const Answer said = call.answers[static_cast<std::size_t>(asked)];
          return IsMember(call, now) &&
                 (said == Answer::kNo || said == Answer::kPartly);
        });
    if (count > 0) counts.emplace_back(count, complaint.text);
  }
  std::stable_sort(
      counts.begin(), counts.end(),
      [](const auto& a, const auto& b) { return a.first > b.first; });
  const std::int64_t heard = report.opinions_size() + report.opinions_omitted();
  std::string text =
      heard == 0 ? "回访未记录到意见建议"
                 : absl::StrCat("回访记录意见建议", CountText(heard), "条");
  if (!counts.empty()) {
    std::vector<std::string> parts;
    for (const auto& [count, complaint] : counts) {
      if (parts.size() == 3) break;
      parts.push_back(absl::StrCat(complaint, "（", CountText(count), "人）"));
    }
    absl::StrAppend(&text, "；受访人反映较多的是", absl::StrJoin(parts, "、"));
  }
  answer.set_answer(absl::StrCat(text, "。"));
  answer.set_tone(v1::LeaderAnswer::TONE_UNKNOWN);
  return answer;
}

}  // namespace

std::vector<v1::LeaderAnswer> MakeAnswers(const v1::Report& report,
                                          const Scope& now) {
  return {Solved(report), Compliant(report), InTime(report, now),
          Opinions(report, now)};
}

}  // namespace huifang::reporting
