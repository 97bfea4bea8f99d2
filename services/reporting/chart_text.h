// What a chart over time says, in words.
#ifndef HUIFANG_SERVICES_REPORTING_CHART_TEXT_H_
#define HUIFANG_SERVICES_REPORTING_CHART_TEXT_H_

#include <string>

#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

// 民事审判一庭 · 按期办结率（p图）.
std::string ChartTitle(const v1::ControlChart& chart, Locale locale);

// Whether the last week is out of line, or why that is not judged; then the
// baseline the limits come from.
std::string ChartText(const v1::ControlChart& chart, Locale locale);

// 低于下限 and so on.
std::string ChartRuleText(v1::ControlChart::Rule rule, Locale locale);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_CHART_TEXT_H_
