#include "services/reporting/roll_up_text.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/common/resource_name.h"
#include "services/reporting/comparison_text.h"
#include "services/reporting/league_rules.h"
#include "services/reporting/report_text.h"
#include "services/reporting/roll_up_rules.h"

namespace huifang::reporting {
namespace {

struct Label {
  const char* key;
  const char* zh;
  const char* en;
};

constexpr Label kLabels[] = {
    {"week_title", "辖区法院回访质检汇总（周）", "Courts Side by Side, Weekly"},
    {"month_title", "辖区法院回访质检汇总（月）",
     "Courts Side by Side, Monthly"},
    {"digest", "总体", "All courts"},
    {"courts", "一、各院情况", "1. Courts"},
    {"trends", "二、趋势", "2. Trends"},
    {"differences", "三、哪些法院确有差异", "3. Which courts truly differ"},
    {"left_out", "四、缺报与口径不同", "4. Missing, and not comparable"},
    {"sources", "五、来源与口径", "5. Sources and criteria"},
    {"court", "法院", "Court"},
    {"value", "数值", "Value"},
    {"total", "合计", "All together"},
    {"opinions", "意见/建议", "Opinions / suggestions"},
    {"missing", "缺报：本期没有已送交的报告",
     "Missing: no report was delivered for the period"},
    {"incomparable", "口径不同", "not comparable"},
    {"nothing_left_out", "各院均已送交报告，口径一致。",
     "Every court delivered a report, all by the same criteria."},
    {"reason", "不可比的原因", "Why not compared"},
    {"report", "已送交的报告", "Delivered report"},
    {"delivered", "送交时间", "Delivered"},
    {"criteria", "口径版本", "Criteria"},
    {"rules", "汇总规则版本", "Roll-up rules"},
    {"difference", "与其余合计之差", "Minus all others"},
    {"version", "版次", "Version"},
    {"response", "回访应答", "Callbacks answered"},
    {"eligible", "应计入", "Drawn, may be eligible"},
    {"period", "期间", "Period"},
    {"delivered_count", "已报", "Delivered"},
    {"missing_count", "缺报", "Missing"},
    {"no_reports", "无数据：没有法院送交报告", "No data: no court delivered"},
    {"draws", "抽样与验证包", "Draws and their bundles"},
    {"sources_digest", "来源摘要（SHA-256）", "Sources digest (SHA-256)"},
    {"legend_response",
     "应计入：抽中且符合或可能符合受访条件的，含尚未结束的；回访完成率为完成"
     "回访除以应计入（AAPOR RR1）。合计先把各院计数相加再求率。I完成，P中断，"
     "R拒访，NC未接通，O接通未能受访，UH+UO情况不明，NE不符合条件，…尚未结束"
     "。",
     "May be eligible: all drawn but those known not to be, those still open "
     "too; the response rate is of them (AAPOR's RR1). The last row sums the "
     "courts' counts first. I complete, P broken off, R refused, NC not "
     "reached, O reached and not able, UH+UO not known, NE not eligible, "
     "… still open."},
    {"legend_trend",
     "每期由各院为该期送交的报告按同样规则汇总，格内为数值、95%区间、最坏界和"
     "计入的法院数；期间之下为该期来源摘要的前12位。线只连接口径与最近一期相同"
     "且至少半数法院计入的各期，阴影为95%区间，虚线为目标；没有法院送交的期留空"
     "，不计为零。",
     "Each period is made by the same rules from what was delivered for it. In "
     "each cell: value, 95% interval, worst-case bounds, courts counted; under "
     "the period the first 12 digits of its sources digest. Lines join only "
     "periods with the newest one's criteria and at least half of the courts. "
     "Shaded: 95% interval. Dashed: target. A period for which no court "
     "delivered is a gap, not a zero."},
    {"legend_courts",
     "每格：数值、95%区间、依据，抽样推算的另有最坏界（若未受访、未评级的全部为"
     "否或全部为是）。彩色标签只标与其余合计之差超出偶然的法院；合计行把各院"
     "作为层合并，不对各院比率取平均。",
     "In each cell: value, 95% interval, what was counted and, where it is "
     "estimated from a sample, the worst-case bounds: the rate if all who were "
     "not heard, or not graded, had said no, or yes. A coloured tag marks only "
     "courts that differ from all others together beyond chance. The last row "
     "pools the courts as strata; rates are never averaged."},
};

bool English(Locale locale) { return locale == Locale::kEnglish; }

const char* Pick(const char* zh, const char* en, Locale locale) {
  return English(locale) ? en : zh;
}

std::string NamesOf(const v1::RollUp& roll_up, v1::Measure measure,
                    v1::Comparison::Flag flag, Locale locale) {
  std::vector<std::string> names;
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    const v1::Comparison* c = FindComparison(line, measure);
    if (c == nullptr || c->flag() != flag) continue;
    const v1::Figure* figure = FindFigure(line.court(), measure);
    if (figure == nullptr) continue;
    names.push_back(absl::StrCat(
        line.court().court_display_name(), Pick("（", " (", locale),
        PercentText(figure->current().value()), Pick("，p", ", p", locale),
        PValueText(c->adjusted_p_value()), Pick("）", ")", locale)));
  }
  return absl::StrJoin(names, Pick("、", ", ", locale));
}

int CountOf(const v1::RollUp& roll_up, v1::Measure measure,
            v1::Comparison::Flag flag) {
  return static_cast<int>(
      std::count_if(roll_up.lines().begin(), roll_up.lines().end(),
                    [&](const v1::RollUp::Line& line) {
                      const v1::Comparison* c = FindComparison(line, measure);
                      return c != nullptr && c->flag() == flag;
                    }));
}

std::string DifferenceText(const v1::RollUp& roll_up, v1::Measure measure,
                           Locale locale) {
  std::vector<std::string> parts;
  const std::string low =
      NamesOf(roll_up, measure, v1::Comparison::FLAG_LOW, locale);
  const std::string high =
      NamesOf(roll_up, measure, v1::Comparison::FLAG_HIGH, locale);
  if (!low.empty()) {
    parts.push_back(English(locale)
                        ? absl::StrCat("lower than all others together: ", low)
                        : absl::StrCat(low, "明显低于其余合计"));
  }
  if (!high.empty()) {
    parts.push_back(
        English(locale)
            ? absl::StrCat("higher than all others together: ", high)
            : absl::StrCat(high, "明显高于其余合计"));
  }
  const auto add = [&](int count, const char* zh, const char* en) {
    if (count == 0) return;
    parts.push_back(English(locale)
                        ? absl::StrCat(en, ": ", CourtsText(count, locale))
                        : absl::StrCat(CourtsText(count, locale), zh));
  };
  add(CountOf(roll_up, measure, v1::Comparison::FLAG_USUAL),
      "没有超出偶然波动的差异", "no difference beyond chance");
  add(CountOf(roll_up, measure, v1::Comparison::FLAG_NOT_ENOUGH_DATA),
      "数据不足，未作判断", "not judged for lack of data");
  const v1::RollUp::Total* total = FindTotal(roll_up, measure);
  add(total == nullptr ? 0 : total->incomparable(), "口径不同，不作比较",
      "not compared, other criteria");
  add(roll_up.missing(), "缺报", "missing");
  return absl::StrCat(MeasureLabel(measure, locale), Pick("：", ": ", locale),
                      absl::StrJoin(parts, Pick("；", "; ", locale)),
                      Pick("。", ".", locale));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> RollUpLabels(Locale locale) {
  std::vector<std::pair<std::string, std::string>> labels;
  for (const Label& label : kLabels) {
    labels.emplace_back(label.key, Pick(label.zh, label.en, locale));
  }
  return labels;
}

std::string RollUpLabel(absl::string_view key, Locale locale) {
  for (const Label& label : kLabels) {
    if (key == label.key) return Pick(label.zh, label.en, locale);
  }
  return std::string(key);
}

std::string NoticeText(const v1::RollUp& roll_up, Locale locale) {
  v1::MethodNote sums;
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    sums.set_generated_tickets(sums.generated_tickets() +
                               line.court().generated_tickets());
    sums.set_simulated_callbacks(sums.simulated_callbacks() +
                                 line.court().simulated_callbacks());
  }
  return NoticeText(sums, locale);
}

std::string CourtsText(int count, Locale locale) {
  return English(locale)
             ? absl::StrCat(count, count == 1 ? " court" : " courts")
             : absl::StrCat(count, "家法院");
}

std::string TotalText(const v1::RollUp& roll_up, const v1::RollUp::Total& total,
                      Locale locale) {
  std::vector<std::string> parts = {absl::StrCat(
      CourtsText(total.courts(), locale), Pick("合并", " pooled", locale))};
  const auto add = [&](int count, const char* zh, const char* en) {
    if (count == 0) return;
    parts.push_back(
        absl::StrCat(CourtsText(count, locale), Pick(zh, en, locale)));
  };
  add(total.incomparable(), "口径不同，未计入", " left out for other criteria");
  add(total.unreadable(), "数据不足，未计入", " left out for lack of data");
  add(roll_up.missing(), "缺报", " missing");
  return absl::StrCat(absl::StrJoin(parts, Pick("；", "; ", locale)),
                      Pick("。", ".", locale));
}

const v1::RollUp::Total* FindTotal(const v1::RollUp& roll_up,
                                   v1::Measure measure) {
  for (const v1::RollUp::Total& total : roll_up.totals()) {
    if (total.figure().measure() == measure) return &total;
  }
  return nullptr;
}

const v1::Comparison* FindComparison(const v1::RollUp::Line& line,
                                     v1::Measure measure) {
  for (const v1::Comparison& comparison : line.comparisons()) {
    if (comparison.measure() == measure) return &comparison;
  }
  return nullptr;
}

bool IsObstructed(const v1::RollUp::Line& line, v1::Measure measure) {
  return std::any_of(line.obstacles().begin(), line.obstacles().end(),
                     [&](const v1::RollUp::Obstacle& obstacle) {
                       return obstacle.measure() == measure;
                     });
}

std::vector<v1::Measure> ComparedMeasures(const v1::RollUp& roll_up) {
  std::vector<v1::Measure> measures;
  for (const v1::Measure measure : CourtMeasures()) {
    const bool compared =
        std::any_of(roll_up.lines().begin(), roll_up.lines().end(),
                    [&](const v1::RollUp::Line& line) {
                      const v1::Comparison* c = FindComparison(line, measure);
                      return c != nullptr && c->has_p_value();
                    });
    if (compared) measures.push_back(measure);
  }
  return measures;
}

std::vector<std::string> DifferenceTexts(const v1::RollUp& roll_up,
                                         Locale locale) {
  std::vector<std::string> sentences;
  for (const v1::Measure measure : CourtMeasures()) {
    sentences.push_back(DifferenceText(roll_up, measure, locale));
  }
  return sentences;
}

std::string FileName(const v1::RollUp& roll_up, absl::string_view extension) {
  return absl::StrCat("辖区法院汇总-", CourtOfName(roll_up.name()), "-",
                      roll_up.period().label(), ".", extension);
}

}  // namespace huifang::reporting
