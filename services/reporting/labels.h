// The words a report is printed in, by locale. Chinese first.
#ifndef HUIFANG_SERVICES_REPORTING_LABELS_H_
#define HUIFANG_SERVICES_REPORTING_LABELS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"

namespace huifang::reporting {

enum class Locale { kChinese, kEnglish };

// `zh-CN`, `zh` and empty are Chinese, `en` and `en-…` English; anything else
// is Chinese too: a report must never fail for its language.
Locale ParseLocale(absl::string_view locale);

// 满意率, or Satisfaction.
std::string MeasureLabel(v1::Measure measure, Locale locale);

// What is counted, for the reader who asks: 回访答复“满意”“基本满意”的 /
// 完成回访的.
std::string MeasureBasis(v1::Measure measure, Locale locale);

// Wilson, 精确法 and so on.
std::string MethodLabel(v1::Interval::Method method, Locale locale);

// Every fixed word of the templates: key and text.
std::vector<std::pair<std::string, std::string>> PageLabels(Locale locale);
std::string PageLabel(absl::string_view key, Locale locale);

// A text that is kept in both languages; the Chinese one where the English is
// not known.
std::string EnglishOr(const std::string& english, const std::string& chinese,
                      Locale locale);

// 1,234.
std::string CountText(std::int64_t count);
// 95.0%.
std::string PercentText(double rate);
// The value in its unit; 数据不足, 隐去 or — when it may not be read.
std::string ValueText(const v1::Figure::Value& value, v1::Figure::Unit unit,
                      Locale locale);
// 86.3%–98.3%; empty without an interval, 全量 for a census.
std::string IntervalText(const v1::Figure::Value& value, Locale locale);
// 82.0%–97.1%, the worst-case bounds of a rate estimated from a sample; empty
// for other figures.
std::string BoundsText(const v1::Figure& figure);
// 57/60; empty without a denominator.
std::string BasisText(const v1::Figure::Value& value);
// +1.2个百分点, −3; empty when there is nothing to compare.
std::string ChangeText(const v1::Figure& figure, Locale locale);

// 30周 or 7月, for the axis of a chart.
std::string ShortPeriod(absl::string_view label, Locale locale);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_LABELS_H_
