#include "services/reporting/agreement_lines.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace huifang::reporting {
namespace {

using Line = v1::AgreementLine;
using Coefficient = v1::AgreementLine::Coefficient;

struct QuestionName {
  const char* question;
  const char* zh;
  const char* en;
};

// What callback calls its questions; those of a court's own script are left to
// `huifangctl recalls agreement`.
constexpr QuestionName kQuestions[] = {
    {"verdict", "满意度", "satisfaction"},
    {"judge_called", "法官回电", "judge called"},
    {"in_time", "答复及时", "in time"},
    {"attitude", "态度", "attitude"},
    {"clear", "答复明确", "clear"},
    {"solved", "问题解决", "solved"}};

const QuestionName* Find(const std::string& question) {
  for (const QuestionName& name : kQuestions) {
    if (question == name.question) return &name;
  }
  return nullptr;
}

// Without an interval a coefficient says more than is known.
void Add(Coefficient::Statistic statistic,
         const callback::v1::AgreementCoefficient& from, Line& line) {
  if (!from.has_lower() || !from.has_upper()) return;
  Coefficient& to = *line.add_coefficients();
  to.set_statistic(statistic);
  to.set_value(from.value());
  to.set_lower(from.lower());
  to.set_upper(from.upper());
}

Line NewLine(Line::Kind kind, Line::State state) {
  Line line;
  line.set_kind(kind);
  line.set_state(state);
  return line;
}

void SetState(double observed, Line& line) {
  if (line.pairs() == 0) {
    line.set_state(Line::STATE_NO_DATA);
  } else if (line.coefficients().empty()) {
    line.set_state(Line::STATE_NOT_ENOUGH_DATA);
  } else {
    line.set_state(Line::STATE_OK);
    line.set_observed(observed);
  }
}

const char* StatisticText(Coefficient::Statistic statistic, Locale locale) {
  const bool english = locale == Locale::kEnglish;
  switch (statistic) {
    case Coefficient::STATISTIC_KAPPA:
      return "κ";
    case Coefficient::STATISTIC_LINEAR_KAPPA:
      return english ? "κ linear" : "线性加权κ";
    case Coefficient::STATISTIC_QUADRATIC_KAPPA:
      return english ? "κ quadratic" : "二次加权κ";
    case Coefficient::STATISTIC_GWET_AC1:
      return "AC1";
    case Coefficient::STATISTIC_ORDINAL_ALPHA:
      return english ? "α ordinal" : "α（顺序）";
    default:
      return "";
  }
}

}  // namespace

Line ReviewLine(const absl::StatusOr<grading::v1::Agreement>& agreement) {
  Line line = NewLine(Line::KIND_REVIEWS, Line::STATE_MISSING);
  if (!agreement.ok()) return line;
  line.set_pairs(agreement->pairs());
  for (const grading::v1::AgreementFigure& figure : agreement->figures()) {
    if (figure.state() != grading::v1::AgreementFigure::STATE_OK) continue;
    Coefficient& to = *line.add_coefficients();
    // The two contracts number the statistics alike.
    to.set_statistic(static_cast<Coefficient::Statistic>(figure.statistic()));
    to.set_value(figure.value());
    to.set_lower(figure.lower());
    to.set_upper(figure.upper());
  }
  SetState(agreement->observed(), line);
  return line;
}

std::vector<Line> RecallLines(
    const absl::StatusOr<callback::v1::RecallAgreement>& agreement) {
  if (!agreement.ok()) {
    return {NewLine(Line::KIND_RECALLS, Line::STATE_MISSING)};
  }
  std::vector<Line> lines;
  for (const callback::v1::QuestionAgreement& asked : agreement->questions()) {
    if (Find(asked.question()) == nullptr || asked.pairs() == 0) continue;
    Line line = NewLine(Line::KIND_RECALLS, Line::STATE_UNSPECIFIED);
    line.set_question(asked.question());
    line.set_pairs(asked.pairs());
    Add(Coefficient::STATISTIC_KAPPA, asked.kappa(), line);
    Add(Coefficient::STATISTIC_GWET_AC1, asked.gwet_ac1(), line);
    SetState(asked.observed(), line);
    lines.push_back(std::move(line));
  }
  if (lines.empty()) {
    lines.push_back(NewLine(Line::KIND_RECALLS, Line::STATE_NO_DATA));
  }
  return lines;
}

std::string JudgedText(const Line& line, Locale locale) {
  const bool english = locale == Locale::kEnglish;
  if (line.kind() == Line::KIND_REVIEWS) {
    return english ? "Two reviewers: tier" : "双人盲评：评级";
  }
  const QuestionName* name = Find(line.question());
  const char* who = english ? "Re-calls" : "盲复访";
  if (name == nullptr) return who;
  return absl::StrCat(who, english ? ": " : "：",
                      english ? name->en : name->zh);
}

std::string CoefficientText(const Line& line, Locale locale) {
  const bool english = locale == Locale::kEnglish;
  switch (line.state()) {
    case Line::STATE_OK:
      break;
    case Line::STATE_MISSING:
      return english ? "missing: the service that keeps the pairs did not "
                       "answer when the report was built"
                     : "未取得：生成报告时保存评判的服务未应答";
    case Line::STATE_NO_DATA:
      return english ? "nothing was judged twice" : "没有双人评判";
    default:
      return PageLabel("not_enough", locale);
  }
  std::vector<std::string> parts;
  for (const Coefficient& c : line.coefficients()) {
    parts.push_back(absl::StrFormat(
        "%s %.2f%s%.2f–%.2f%s", StatisticText(c.statistic(), locale), c.value(),
        english ? " (" : "（", c.lower(), c.upper(), english ? ")" : "）"));
  }
  return absl::StrJoin(parts, " · ");
}

std::string ObservedText(const Line& line) {
  return line.state() == Line::STATE_OK ? PercentText(line.observed()) : "";
}

std::string AgreementHint(const Line& line, Locale locale) {
  return locale == Locale::kEnglish
             ? absl::StrCat(line.start_day(), " to ", line.end_day(),
                            ". 1: always agree; 0: no better than chance. "
                            "Below 20 pairs no coefficient is given.")
             : absl::StrCat(
                   line.start_day(), "至", line.end_day(),
                   "。1为完全一致，0为不好于巧合；不足20对的不给出系数。");
}

}  // namespace huifang::reporting
