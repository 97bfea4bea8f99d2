// Words of an appraisal sheet that all its forms print.
#ifndef HUIFANG_SERVICES_REPORTING_APPRAISAL_TEXT_H_
#define HUIFANG_SERVICES_REPORTING_APPRAISAL_TEXT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "huifang/reporting/v1/appraisal_resources.pb.h"
#include "services/reporting/comparison_text.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

// Fixed words of the sheet beside those of labels.h: key and text.
std::vector<std::pair<std::string, std::string>> AppraisalWords(Locale locale);
std::string AppraisalWord(absl::string_view key, Locale locale);

// Says that tickets are generated; empty when all are real.
std::string AppraisalNotice(const v1::Appraisal& sheet, Locale locale);

// 更正: which version this one corrects and why; empty for the first.
std::string AppraisalCorrection(const v1::Appraisal& sheet, Locale locale);

// What one line of a correction says otherwise.
std::string ChangeText(const v1::AppraisalChange& change, Locale locale);

// 优 3 and 良 5; tiers without a ticket are left out.
std::vector<std::string> TierTexts(const v1::AppraisalLine& line);
// 过于简化 3 and 超期 1, the most frequent three.
std::vector<std::string> FindingTexts(const v1::AppraisalLine& line);

// Who truly differs: one sentence for each measure.
std::vector<std::string> DivisionDifferences(const v1::Appraisal& sheet,
                                             Locale locale);
std::vector<std::string> HandlerDifferences(const v1::Appraisal& sheet,
                                            Locale locale);

// 口径: how the sheet was made, one sentence each.
std::vector<std::string> AppraisalMethod(const v1::Appraisal& sheet,
                                         Locale locale);

// `回访质检考核表-2019-07-v2.html`.
std::string AppraisalFileName(const v1::Appraisal& sheet,
                              absl::string_view extension);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_APPRAISAL_TEXT_H_
