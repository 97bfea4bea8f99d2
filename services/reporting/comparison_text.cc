#include "services/reporting/comparison_text.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/reporting/league_rules.h"

namespace huifang::reporting {
namespace {

// ，相差−12.3至−4.1个百分点; reports of before do not have it.
std::string DifferenceFromOthers(const v1::Comparison& c, Locale locale) {
  if (!c.has_difference()) return "";
  const bool english = locale == Locale::kEnglish;
  return absl::StrCat(
      english ? ", " : "，相差", PointsText(c.difference().lower()),
      english ? " to " : "至", PointsText(c.difference().upper()),
      english ? " pp" : "个百分点");
}

std::string NamesOf(const GroupLines& groups, v1::Measure measure,
                    v1::Comparison::Flag flag, Locale locale) {
  std::vector<std::string> names;
  for (const v1::GroupLine& group : groups) {
    const v1::Comparison* c = FindComparison(group, measure);
    if (c == nullptr || c->flag() != flag) continue;
    const std::string rate = PercentText(PublishedRate(group, *c));
    const std::string p = PValueText(c->adjusted_p_value());
    const bool english = locale == Locale::kEnglish;
    names.push_back(absl::StrCat(group.display_name(), english ? " (" : "（",
                                 rate, DifferenceFromOthers(*c, locale),
                                 english ? ", p" : "，p", p,
                                 english ? ")" : "）"));
  }
  return absl::StrJoin(names, locale == Locale::kEnglish ? ", " : "、");
}

int CountOf(const GroupLines& groups, v1::Measure measure,
            v1::Comparison::Flag flag) {
  int count = 0;
  for (const v1::GroupLine& group : groups) {
    const v1::Comparison* c = FindComparison(group, measure);
    count += c != nullptr && c->flag() == flag ? 1 : 0;
  }
  return count;
}

const char* NounOf(Compared compared, Locale locale) {
  const bool english = locale == Locale::kEnglish;
  switch (compared) {
    case Compared::kDivisions:
      return english ? " division" : "个庭室";
    case Compared::kTeams:
      return english ? " team" : "个团队";
    case Compared::kHandlers:
      break;
  }
  return english ? " handler" : "名承办人";
}

std::string ChineseSentence(const GroupLines& groups, Compared compared,
                            v1::Measure measure) {
  constexpr Locale kLocale = Locale::kChinese;
  const char* unit = NounOf(compared, kLocale);
  const std::string low =
      NamesOf(groups, measure, v1::Comparison::FLAG_LOW, kLocale);
  const std::string high =
      NamesOf(groups, measure, v1::Comparison::FLAG_HIGH, kLocale);
  const int usual = CountOf(groups, measure, v1::Comparison::FLAG_USUAL);
  const int few =
      CountOf(groups, measure, v1::Comparison::FLAG_NOT_ENOUGH_DATA);
  std::vector<std::string> parts;
  if (!low.empty()) parts.push_back(absl::StrCat(low, "明显低于其余合计"));
  if (!high.empty()) parts.push_back(absl::StrCat(high, "明显高于其余合计"));
  if (usual > 0) {
    parts.push_back(absl::StrCat(parts.empty() ? "" : "其余", usual, unit,
                                 "没有超出偶然波动的差异"));
  }
  if (few > 0) parts.push_back(absl::StrCat(few, unit, "数据不足，未作判断"));
  return absl::StrCat(MeasureLabel(measure, kLocale), "：",
                      absl::StrJoin(parts, "；"), "。");
}

std::string EnglishSentence(const GroupLines& groups, Compared compared,
                            v1::Measure measure) {
  constexpr Locale kLocale = Locale::kEnglish;
  const std::string low =
      NamesOf(groups, measure, v1::Comparison::FLAG_LOW, kLocale);
  const std::string high =
      NamesOf(groups, measure, v1::Comparison::FLAG_HIGH, kLocale);
  const int usual = CountOf(groups, measure, v1::Comparison::FLAG_USUAL);
  const int few =
      CountOf(groups, measure, v1::Comparison::FLAG_NOT_ENOUGH_DATA);
  const auto counted = [compared](int count) {
    return absl::StrCat(count, NounOf(compared, kLocale),
                        count == 1 ? "" : "s");
  };
  std::vector<std::string> parts;
  if (!low.empty()) {
    parts.push_back(absl::StrCat("lower than all others together: ", low));
  }
  if (!high.empty()) {
    parts.push_back(absl::StrCat("higher than all others together: ", high));
  }
  if (usual > 0) {
    parts.push_back(
        absl::StrCat("no difference beyond chance: ", counted(usual)));
  }
  if (few > 0) {
    parts.push_back(
        absl::StrCat("not judged for lack of data: ", counted(few)));
  }
  return absl::StrCat(MeasureLabel(measure, kLocale), ": ",
                      absl::StrJoin(parts, "; "), ".");
}

}  // namespace

const v1::Comparison* FindComparison(const v1::GroupLine& group,
                                     v1::Measure measure) {
  for (const v1::Comparison& comparison : group.comparisons()) {
    if (comparison.measure() == measure) return &comparison;
  }
  return nullptr;
}

double PublishedRate(const v1::GroupLine& group, const v1::Comparison& made) {
  for (const v1::Figure& figure : group.figures()) {
    if (figure.measure() == made.measure() &&
        figure.current().state() == v1::Figure::STATE_OK) {
      return figure.current().value();
    }
  }
  return static_cast<double>(made.numerator()) /
         static_cast<double>(made.denominator());
}

std::vector<v1::Measure> ComparedMeasures(const v1::Report& report) {
  std::vector<v1::Measure> measures;
  for (const v1::Measure measure : LeagueMeasures()) {
    for (const v1::GroupLine& group : report.groups()) {
      const v1::Comparison* c = FindComparison(group, measure);
      if (c == nullptr || !c->has_p_value()) continue;
      measures.push_back(measure);
      break;
    }
  }
  return measures;
}

std::vector<std::string> DifferenceTexts(const GroupLines& groups,
                                         Compared compared, Locale locale) {
  std::vector<std::string> sentences;
  if (groups.empty()) return sentences;
  for (const v1::Measure measure : LeagueMeasures()) {
    if (FindComparison(groups[0], measure) == nullptr) continue;
    sentences.push_back(locale == Locale::kEnglish
                            ? EnglishSentence(groups, compared, measure)
                            : ChineseSentence(groups, compared, measure));
  }
  return sentences;
}

std::vector<std::string> DifferenceTexts(const v1::Report& report,
                                         Locale locale) {
  return DifferenceTexts(
      report.groups(),
      report.division().empty() ? Compared::kDivisions : Compared::kTeams,
      locale);
}

std::string FlagText(v1::Comparison::Flag flag, Locale locale) {
  const bool english = locale == Locale::kEnglish;
  switch (flag) {
    case v1::Comparison::FLAG_LOW:
      return english ? "low" : "明显偏低";
    case v1::Comparison::FLAG_HIGH:
      return english ? "high" : "明显偏高";
    case v1::Comparison::FLAG_USUAL:
      return english ? "no difference" : "无明显差异";
    default:
      return english ? "not judged" : "未作判断";
  }
}

std::string PointsText(double difference) {
  return absl::StrFormat("%s%.1f", difference < 0 ? "−" : "+",
                         100 * std::abs(difference));
}

std::string PValueText(double p_value) {
  return p_value < 0.001 ? "<0.001" : absl::StrFormat("=%.3f", p_value);
}

}  // namespace huifang::reporting
