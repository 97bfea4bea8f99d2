// Words of a roll-up that all its formats print.
#ifndef HUIFANG_SERVICES_REPORTING_ROLL_UP_TEXT_H_
#define HUIFANG_SERVICES_REPORTING_ROLL_UP_TEXT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "huifang/reporting/v1/roll_up_service.pb.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

// Every fixed word of the templates: key and text.
std::vector<std::pair<std::string, std::string>> RollUpLabels(Locale locale);
std::string RollUpLabel(absl::string_view key, Locale locale);

// Says that data are generated or simulated; empty when all is real.
std::string NoticeText(const v1::RollUp& roll_up, Locale locale);

// 5家法院.
std::string CourtsText(int count, Locale locale);

// 5家法院合并；1家口径不同，未计入；1家缺报。
std::string TotalText(const v1::RollUp& roll_up, const v1::RollUp::Total& total,
                      Locale locale);
// The total of a measure, or nullptr.
const v1::RollUp::Total* FindTotal(const v1::RollUp& roll_up,
                                   v1::Measure measure);

// The line's comparison by a measure, or nullptr.
const v1::Comparison* FindComparison(const v1::RollUp::Line& line,
                                     v1::Measure measure);
// Whether the line is not compared by the measure for its criteria.
bool IsObstructed(const v1::RollUp::Line& line, v1::Measure measure);
// Measures by which at least one court was judged.
std::vector<v1::Measure> ComparedMeasures(const v1::RollUp& roll_up);

// Which courts truly differ: one sentence for each measure.
std::vector<std::string> DifferenceTexts(const v1::RollUp& roll_up,
                                         Locale locale);

// 满意度判定规则 and so on.
std::string CriterionLabel(v1::Criterion::Kind kind, Locale locale);
// The versions of one criterion as people read them.
std::string VersionsText(v1::Criterion::Kind kind,
                         const std::vector<std::string>& versions,
                         Locale locale);
// 质检标准不同：该院#1f2e，参与比较的法院ticket/1.
std::string ObstacleText(const v1::RollUp::Obstacle& obstacle, Locale locale);

// 口径: how the roll-up was made, one sentence each.
std::vector<std::string> MethodTexts(const v1::RollUp& roll_up, Locale locale);

// The digest of a draw's bundle, or that it is not recorded.
std::string BundleText(const v1::CourtFigures::Draw& draw, Locale locale);
// How many draws are not listed; empty when all are.
std::string OmittedDrawsText(const v1::RollUp& roll_up, Locale locale);

// The first twelve digits: enough to tell two prints apart.
std::string ShortDigest(absl::string_view digest);

// `辖区法院汇总-110000-2019-W30.html`.
std::string FileName(const v1::RollUp& roll_up, absl::string_view extension);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ROLL_UP_TEXT_H_
