#include "services/reporting/answer_rules.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/reporting/report_text.h"

namespace huifang::reporting {
namespace {

bool English(Locale locale) { return locale == Locale::kEnglish; }

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
std::string ChangeSentence(const v1::Report& report, const v1::Figure& figure,
                           Locale locale) {
  if (!figure.has_difference()) return "";
  const bool month = report.period().kind() == v1::Period::KIND_MONTH;
  const std::string before =
      PageLabel(month ? "last_month" : "last_week", locale);
  const bool up = figure.difference().lower() > 0;
  const std::string change = ChangeText(figure, locale);
  if (!up && figure.difference().upper() >= 0) {
    return English(locale) ? absl::StrCat(" No clear change from the ",
                                          month ? "month" : "week", " before.")
                           : absl::StrCat("与", before, "相比无明显变化。");
  }
  return English(locale)
             ? absl::StrCat(" Clearly ", up ? "higher" : "lower", " than the ",
                            month ? "month" : "week", " before (", change, ").")
             : absl::StrCat("较", before, up ? "明显上升" : "明显下降", "（",
                            change, "）。");
}

std::string SolvedText(const v1::Report& report, const v1::Figure& solved,
                       Locale locale) {
  const v1::Figure::Value& value = solved.current();
  const std::int64_t open = value.denominator() - value.numerator();
  const std::string asked = CountText(value.denominator());
  const std::string said = CountText(value.numerator());
  std::string text =
      English(locale)
          ? absl::StrCat("Of ", asked, " callers interviewed ", said,
                         " say their matter was solved")
          : absl::StrCat("受访的", asked, "位诉求人中", said, "位称问题已解决");
  if (open > 0) {
    absl::StrAppend(&text, English(locale) ? ", " : "，", CountText(open),
                    English(locale) ? " that it was not, or in part"
                                    : "位称未解决或只解决一部分");
  }
  return absl::StrCat(text, English(locale) ? "." : "。",
                      ChangeSentence(report, solved, locale));
}

v1::LeaderAnswer Solved(const v1::Report& report, Locale locale) {
  v1::LeaderAnswer answer =
      NewAnswer(v1::LeaderAnswer::QUESTION_SOLVED, v1::MEASURE_RESOLUTION_RATE);
  const v1::Figure* solved = FindFigure(report, v1::MEASURE_RESOLUTION_RATE);
  if (!Readable(solved)) {
    answer.set_answer(
        English(locale)
            ? "Too few interviews to say whether matters were solved; see the "
              "items."
            : "完成的回访过少，不足以判断问题是否解决；逐条情况见后。");
    return answer;
  }
  answer.set_answer(SolvedText(report, *solved, locale));
  const v1::Figure::Value& value = solved->current();
  // Callers are heard by sample: judge by the whole interval, not the point.
  answer.set_tone(value.interval().upper() < 0.85 ? v1::LeaderAnswer::TONE_ACT
                  : value.value() < 0.9           ? v1::LeaderAnswer::TONE_WATCH
                                        : v1::LeaderAnswer::TONE_GOOD);
  return answer;
}

std::string TargetSentence(const v1::Figure& pass, Locale locale) {
  const std::string target = PercentText(pass.target());
  switch (pass.claim()) {
    case v1::Figure::CLAIM_SUPPORTED:
      return English(locale)
                 ? absl::StrCat("The pass rate reaches its target of ", target,
                                ".")
                 : absl::StrCat("合格率达到", target, "的目标。");
    case v1::Figure::CLAIM_NOT_SUPPORTED:
      return English(locale)
                 ? absl::StrCat("The pass rate reads as its target of ", target,
                                ", but the evidence does not establish it.")
                 : absl::StrCat("合格率数值达到", target,
                                "，但依据尚不足以认定达标。");
    default:
      return English(locale)
                 ? absl::StrCat("The pass rate misses its target of ", target,
                                ".")
                 : absl::StrCat("合格率未达", target, "的目标。");
  }
}

v1::LeaderAnswer::Tone ToneOf(v1::Figure::Claim claim) {
  return claim == v1::Figure::CLAIM_SUPPORTED ? v1::LeaderAnswer::TONE_GOOD
         : claim == v1::Figure::CLAIM_NOT_SUPPORTED
             ? v1::LeaderAnswer::TONE_WATCH
             : v1::LeaderAnswer::TONE_ACT;
}

v1::LeaderAnswer Compliant(const v1::Report& report, Locale locale) {
  v1::LeaderAnswer answer =
      NewAnswer(v1::LeaderAnswer::QUESTION_COMPLIANT, v1::MEASURE_PASS_RATE);
  const v1::Figure* pass = FindFigure(report, v1::MEASURE_PASS_RATE);
  if (!Readable(pass)) {
    answer.set_answer(English(locale)
                          ? "No closed ticket of this period was inspected."
                          : "本期没有已质检的办结工单。");
    return answer;
  }
  std::string text;
  if (pass->claim() != v1::Figure::CLAIM_UNSPECIFIED) {
    text = TargetSentence(*pass, locale);
    answer.set_tone(ToneOf(pass->claim()));
  }
  std::vector<std::string> worst;
  for (const v1::FindingShare& finding : report.findings()) {
    if (worst.size() == 2) break;
    worst.push_back(English(locale)
                        ? absl::StrCat(finding.display_name(), " (",
                                       CountText(finding.count()), ")")
                        : absl::StrCat(finding.display_name(),
                                       CountText(finding.count()), "件"));
  }
  const auto add = [&](const std::string& sentence) {
    const bool gap = English(locale) && !text.empty() && !sentence.empty();
    absl::StrAppend(&text, gap ? " " : "", sentence);
  };
  if (!worst.empty()) {
    add(English(locale)
            ? absl::StrCat("Main defects: ", absl::StrJoin(worst, ", "), ".")
            : absl::StrCat("主要问题：", absl::StrJoin(worst, "、"), "。"));
  }
  add(EnglishOr(pass->note_en(), pass->note(), locale));
  answer.set_answer(text);
  return answer;
}

std::string InTimeText(const TicketTotals& t, Locale locale) {
  const std::string instant = CountText(t.instant);
  const std::string share = PercentText(static_cast<double>(t.instant) /
                                        static_cast<double>(t.closed));
  const std::int64_t late = t.with_due - t.on_time;
  if (English(locale)) {
    return absl::StrCat(
        CountText(t.closed), " closed, of them ", instant,
        " answered at once (", share, "); ",
        late > 0 ? CountText(late) : std::string("none"), " closed late",
        t.overdue_open > 0 ? absl::StrCat("; ", CountText(t.overdue_open),
                                          " more are overdue and open.")
                           : ".");
  }
  return absl::StrCat(
      "办结", CountText(t.closed), "件，其中即答", instant, "件（", share, "）",
      late > 0 ? absl::StrCat("；超期办结", CountText(late), "件")
               : "；无超期办结",
      t.overdue_open > 0
          ? absl::StrCat("，另有", CountText(t.overdue_open), "件超期未办结。")
          : "。");
}

v1::LeaderAnswer InTime(const v1::Report& report, const Scope& now,
                        Locale locale) {
  v1::LeaderAnswer answer =
      NewAnswer(v1::LeaderAnswer::QUESTION_IN_TIME, v1::MEASURE_ON_TIME_RATE);
  const TicketTotals& t = now.tickets;
  if (t.closed == 0) {
    answer.set_answer(English(locale) ? "No ticket was closed."
                                      : "本期没有办结的工单。");
    return answer;
  }
  answer.set_answer(InTimeText(t, locale));
  const v1::Figure* on_time = FindFigure(report, v1::MEASURE_ON_TIME_RATE);
  if (Readable(on_time)) {
    answer.set_tone(on_time->claim() == v1::Figure::CLAIM_MISSED
                        ? v1::LeaderAnswer::TONE_ACT
                    : t.overdue_open > 0 ? v1::LeaderAnswer::TONE_WATCH
                                         : v1::LeaderAnswer::TONE_GOOD);
  }
  return answer;
}

struct Complaint {
  Question question;
  v1::Measure measure;
  const char* zh;
  const char* en;
};

// What callers said no to, most frequent first.
std::vector<std::pair<std::int64_t, const Complaint*>> CountComplaints(
    const v1::Report& report, const Scope& now) {
  static constexpr Complaint kComplaints[] = {
      {kSolved, v1::MEASURE_RESOLUTION_RATE, "问题未解决", "not solved"},
      {kClear, v1::MEASURE_CLEAR_RATE, "答复不明确", "reply not clear"},
      {kInTime, v1::MEASURE_TIMELY_RATE, "答复不及时", "reply late"},
      {kAttitude, v1::MEASURE_ATTITUDE_RATE, "态度一般或不好",
       "attitude fair or bad"},
      {kJudgeCalled, v1::MEASURE_CALLED_BACK_RATE, "未接到回电",
       "not called back"}};
  std::vector<std::pair<std::int64_t, const Complaint*>> counts;
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
    if (count > 0) counts.emplace_back(count, &complaint);
  }
  std::stable_sort(
      counts.begin(), counts.end(),
      [](const auto& a, const auto& b) { return a.first > b.first; });
  return counts;
}

v1::LeaderAnswer Opinions(const v1::Report& report, const Scope& now,
                          Locale locale) {
  v1::LeaderAnswer answer =
      NewAnswer(v1::LeaderAnswer::QUESTION_OPINIONS, v1::MEASURE_UNSPECIFIED);
  const std::int64_t heard = report.opinions_size() + report.opinions_omitted();
  const bool english = English(locale);
  std::string text =
      heard == 0
          ? (english ? "No opinions were recorded" : "回访未记录到意见建议")
      : english ? absl::StrCat("Opinions recorded: ", CountText(heard))
                : absl::StrCat("回访记录意见建议", CountText(heard), "条");
  std::vector<std::string> parts;
  for (const auto& [count, complaint] : CountComplaints(report, now)) {
    if (parts.size() == 3) break;
    parts.push_back(
        english ? absl::StrCat(complaint->en, " (", CountText(count), ")")
                : absl::StrCat(complaint->zh, "（", CountText(count), "人）"));
  }
  if (!parts.empty()) {
    absl::StrAppend(
        &text, english ? "; most often callers said: " : "；受访人反映较多的是",
        absl::StrJoin(parts, english ? ", " : "、"));
  }
  answer.set_answer(absl::StrCat(text, english ? "." : "。"));
  return answer;
}

std::vector<v1::LeaderAnswer> AnswersIn(const v1::Report& report,
                                        const Scope& now, Locale locale) {
  return {Solved(report, locale), Compliant(report, locale),
          InTime(report, now, locale), Opinions(report, now, locale)};
}

}  // namespace

std::vector<v1::LeaderAnswer> MakeAnswers(const v1::Report& report,
                                          const Scope& now) {
  std::vector<v1::LeaderAnswer> answers =
      AnswersIn(report, now, Locale::kChinese);
  const std::vector<v1::LeaderAnswer> english =
      AnswersIn(report, now, Locale::kEnglish);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    answers[i].set_answer_en(english[i].answer());
  }
  return answers;
}

}  // namespace huifang::reporting
