// What comparisons and charts over time say, in words. Only flags and signals
// speak: a reader learns of no difference that chance could have made.
#ifndef HUIFANG_SERVICES_REPORTING_COMPARISON_TEXT_H_
#define HUIFANG_SERVICES_REPORTING_COMPARISON_TEXT_H_

#include <string>
#include <vector>

#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

// The group's comparison by one measure, or nullptr.
const v1::Comparison* FindComparison(const v1::GroupLine& group,
                                     v1::Measure measure);

// The rate the group's line prints. The test's counts may have another: those
// of a callback rate are rounded to whole answers, those of the pass rate take
// the machine's proposal for every ticket.
double PublishedRate(const v1::GroupLine& group, const v1::Comparison& made);

// Measures by which at least one group was judged.
std::vector<v1::Measure> ComparedMeasures(const v1::Report& report);

using GroupLines = google::protobuf::RepeatedPtrField<v1::GroupLine>;

// What the lines are.
enum class Compared { kDivisions, kTeams, kHandlers };

// Which of them truly differ: one sentence for each measure. Empty without
// groups.
std::vector<std::string> DifferenceTexts(const GroupLines& groups,
                                         Compared compared, Locale locale);
// The same of a report's divisions, or teams.
std::vector<std::string> DifferenceTexts(const v1::Report& report,
                                         Locale locale);

// 明显偏低 and so on.
std::string FlagText(v1::Comparison::Flag flag, Locale locale);

// −12.3, in percentage points.
std::string PointsText(double difference);

// 0.003, or <0.001.
std::string PValueText(double p_value);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_COMPARISON_TEXT_H_
