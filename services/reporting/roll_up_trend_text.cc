#include "services/reporting/roll_up_trend_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/reporting/league_rules.h"
#include "services/reporting/roll_up_trend.h"

namespace huifang::reporting {

std::string StandingText(v1::RollUp::TrendRate::Standing standing,
                         Locale locale) {
  const bool english = locale == Locale::kEnglish;
  switch (standing) {
    case v1::RollUp::TrendRate::STANDING_NO_DATA:
      return english ? "no data" : "无数据";
    case v1::RollUp::TrendRate::STANDING_FEW_COURTS:
      return english ? "fewer than half of the courts" : "可比法院不足半数";
    case v1::RollUp::TrendRate::STANDING_OTHER_CRITERIA:
      return english ? "other criteria" : "口径与最近一期不同";
    default:
      return "";
  }
}

std::string DeliveredText(const v1::RollUp::TrendPoint& point, Locale locale) {
  const int courts = point.delivered() + point.missing();
  return locale == Locale::kEnglish
             ? absl::StrCat(point.delivered(), "/", courts, " delivered")
             : absl::StrCat("已报", point.delivered(), "/", courts, "家");
}

std::string NoTrendText(const v1::RollUp& roll_up, Locale locale) {
  const bool english = locale == Locale::kEnglish;
  const int delivered = DeliveredPeriods(roll_up);
  if (delivered < 2) {
    return english ? absl::StrCat("Reports were delivered for ", delivered,
                                  " of the last ", roll_up.trend_size(),
                                  " periods: there is no trend yet.")
                   : absl::StrCat("近", roll_up.trend_size(),
                                  "期中有法院送交报告的只有", delivered,
                                  "期，尚无趋势。");
  }
  std::vector<std::string> names;
  for (const v1::Measure measure : CourtMeasures()) {
    if (ComparedPeriods(roll_up, measure) < 2) {
      names.push_back(MeasureLabel(measure, locale));
    }
  }
  if (names.empty()) return "";
  return english ? absl::StrCat("No trend, fewer than two comparable periods: ",
                                absl::StrJoin(names, ", "), ".")
                 : absl::StrCat("可比的不足两期，看不出趋势：",
                                absl::StrJoin(names, "、"), "。");
}

}  // namespace huifang::reporting
