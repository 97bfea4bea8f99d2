#include "services/reporting/training_text.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/reporting/comparison_text.h"

namespace huifang::reporting {
namespace {

constexpr double kSignificant = 0.05;

bool English(Locale locale) { return locale == Locale::kEnglish; }

// 25.0%（10/40）.
std::string SideText(const v1::Figure::Value& side, Locale locale) {
  return absl::StrCat(PercentText(side.value()), English(locale) ? " (" : "（",
                      BasisText(side), English(locale) ? ")" : "）");
}

// Interval and test may differ where counts are small: both must say so.
const char* ChangeWord(const v1::Training::Effect& effect, Locale locale) {
  const bool rare = effect.p_value() < kSignificant;
  if (rare && effect.difference().upper() < 0) {
    return English(locale) ? "clearly lower" : "明显下降";
  }
  if (rare && effect.difference().lower() > 0) {
    return English(locale) ? "clearly higher" : "明显上升";
  }
  return English(locale) ? "within chance" : "变化可能出于偶然";
}

std::string CountsText(const v1::Training::Effect& effect, Locale locale) {
  return absl::StrCat(
      English(locale) ? "before " : "前", effect.before().numerator(), "/",
      effect.before().denominator(), English(locale) ? ", after " : "，后",
      effect.after().numerator(), "/", effect.after().denominator());
}

}  // namespace

std::string TrainingStateText(v1::Training::State state, Locale locale) {
  const bool english = English(locale);
  switch (state) {
    case v1::Training::STATE_HELD:
      return english ? "held" : "已举办";
    case v1::Training::STATE_CANCELLED:
      return english ? "cancelled" : "已取消";
    default:
      return english ? "planned" : "计划中";
  }
}

std::string TreatedText(const v1::Training& training, Locale locale) {
  if (training.rules().empty()) {
    return English(locale) ? "failed tickets" : "质检不合格";
  }
  return absl::StrJoin(training.rule_display_names(),
                       English(locale) ? ", " : "、");
}

std::string AudienceText(const v1::Training& training, Locale locale) {
  if (training.divisions().empty()) {
    return English(locale) ? "the whole court" : "全院";
  }
  return absl::StrJoin(training.division_display_names(),
                       English(locale) ? ", " : "、");
}

std::string EffectText(const v1::Training& training, Locale locale) {
  if (!training.has_effect()) return "";
  const v1::Training::Effect& effect = training.effect();
  const bool english = English(locale);
  const std::string counts = CountsText(effect, locale);
  if (!effect.complete()) {
    return english
               ? absl::StrCat("to be judged after ", effect.end_day(), " (",
                              counts, " so far)")
               : absl::StrCat(effect.end_day(), "后评估（目前：", counts, "）");
  }
  if (effect.state() != v1::Figure::STATE_OK) {
    return english ? absl::StrCat("not enough data (", counts, ")")
                   : absl::StrCat("数据不足（", counts, "）");
  }
  return absl::StrCat(
      SideText(effect.before(), locale), " → ",
      SideText(effect.after(), locale), english ? ", " : "，",
      PointsText(effect.after().value() - effect.before().value()),
      english ? " pp (95% interval " : "个百分点（95%区间",
      PointsText(effect.difference().lower()), english ? " to " : "至",
      PointsText(effect.difference().upper()), english ? "), p" : "），p",
      PValueText(effect.p_value()), english ? ": " : "：",
      ChangeWord(effect, locale));
}

std::string TopicTrainingsText(const v1::Report& report,
                               const v1::TrainingTopic& topic, Locale locale) {
  const bool english = English(locale);
  std::vector<std::string> texts;
  for (const v1::Training& training : report.trainings()) {
    if (std::find(topic.trainings().begin(), topic.trainings().end(),
                  training.name()) == topic.trainings().end()) {
      continue;
    }
    texts.push_back(absl::StrCat(training.title(), english ? " (" : "（",
                                 training.day(), english ? ", " : "，",
                                 TrainingStateText(training.state(), locale),
                                 english ? ")" : "）"));
  }
  return absl::StrJoin(texts, english ? "; " : "；");
}

}  // namespace huifang::reporting
