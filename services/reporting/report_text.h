// Words of a report that all its formats print: titles, notices, states.
#ifndef HUIFANG_SERVICES_REPORTING_REPORT_TEXT_H_
#define HUIFANG_SERVICES_REPORTING_REPORT_TEXT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/timestamp.pb.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

// 民事审判一庭, or 全院.
std::string SubjectText(const v1::Report& report, Locale locale);

// 2019年第30周(7月22日至7月28日).
std::string PeriodTitle(const v1::Period& period, Locale locale);

// Says that data are generated or simulated; empty when all is real.
std::string NoticeText(const v1::MethodNote& method, Locale locale);

// 更正: which version this one corrects, why, and what reads otherwise; empty
// unless it is a correction.
std::string CorrectionText(const v1::Report& report, Locale locale);

// One paragraph on the drawn callbacks and what became of them.
std::string CallbackText(const v1::Report& report, Locale locale);

// One paragraph on the quality check.
std::string QualityText(const v1::Report& report, Locale locale);

// The sentences of the method note. A report built before they were kept in
// English has them in Chinese only.
std::vector<std::string> MethodIn(const v1::MethodNote& method, Locale locale);

// 解决了吗 and so on.
std::string QuestionText(v1::LeaderAnswer::Question question, Locale locale);

// Each department with its state, its words and its day:
// 立案庭（采纳，8月底前，2019-08-30）、民一庭（待回应）.
std::string DepartmentsText(const v1::Suggestion& suggestion, Locale locale);
// 待回应 and so on.
std::string SuggestionStateText(v1::Suggestion::State state, Locale locale);
std::string SupervisionStateText(const v1::Supervision& supervision,
                                 Locale locale);

// The public part of a draw's seed and who gave it when; empty if not known.
std::string SeedText(const v1::MethodNote::DrawLine& draw, Locale locale);

// Wording of a claim about the figure's target; empty without a target.
std::string ClaimText(const v1::Figure& figure, Locale locale);

// 2019年7月26日 and 2019-07-26 17:00 in court time; empty when unset.
std::string DateText(const google::protobuf::Timestamp& time, Locale locale);
std::string MinuteText(const google::protobuf::Timestamp& time);

// The figure of a measure, or nullptr.
const v1::Figure* FindFigure(const v1::Report& report, v1::Measure measure);

// A part of a quoted text: `marked` parts are the evidence.
struct TextPart {
  std::string text;
  bool marked = false;
};

// Cuts `text` at the quotes found in it, in order, longest quote first where
// two overlap.
std::vector<TextPart> MarkQuotes(absl::string_view text,
                                 const std::vector<std::string>& quotes);

// `西法回访周报-2019-W30-民事审判一庭.html`: safe on every file system.
std::string FileName(const v1::Report& report, absl::string_view extension);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_REPORT_TEXT_H_
