// 一致性: what grading and callback tell of things judged twice, as lines of a
// report. Pure.
#ifndef HUIFANG_SERVICES_REPORTING_AGREEMENT_LINES_H_
#define HUIFANG_SERVICES_REPORTING_AGREEMENT_LINES_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "huifang/callback/v1/callback_service.pb.h"
#include "huifang/grading/v1/grading_service.pb.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {

// Days looked at, up to the end of the report's period: a week alone seldom
// has the 20 pairs that a coefficient takes.
inline constexpr int kAgreementDays = 13 * 7;

// The agreement of a court over the days that end with the period's. Never
// fails: what a peer does not tell is a line that says so.
using AgreementReader = std::function<std::vector<v1::AgreementLine>(
    const std::string& court, const Span& span)>;

v1::AgreementLine ReviewLine(
    const absl::StatusOr<grading::v1::Agreement>& agreement);

// The verdict and the five items, those that were judged twice; one line when
// there is none.
std::vector<v1::AgreementLine> RecallLines(
    const absl::StatusOr<callback::v1::RecallAgreement>& agreement);

// Reviewers: tier; Re-calls: verdict.
std::string JudgedText(const v1::AgreementLine& line, Locale locale);
// κ 0.71 (0.52–0.90) · AC1 …, or why there is none.
std::string CoefficientText(const v1::AgreementLine& line, Locale locale);
// 88.0%; empty unless it may be read.
std::string ObservedText(const v1::AgreementLine& line);
// Of which days, and how coefficients are read.
std::string AgreementHint(const v1::AgreementLine& line, Locale locale);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_AGREEMENT_LINES_H_
