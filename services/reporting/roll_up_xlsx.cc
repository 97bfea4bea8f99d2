#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/common/resource_name.h"
#include "services/reporting/comparison_text.h"
#include "services/reporting/league_rules.h"
#include "services/reporting/report_text.h"
#include "services/reporting/response_text.h"
#include "services/reporting/roll_up_file.h"
#include "services/reporting/roll_up_rules.h"
#include "services/reporting/roll_up_text.h"
#include "services/reporting/roll_up_trend.h"
#include "services/reporting/roll_up_trend_text.h"
#include "services/reporting/xlsx_pen.h"

namespace huifang::reporting {
namespace {

// A roll-up's workbook under construction.
class RollUpBook : private XlsxPen {
 public:
  RollUpBook(lxw_workbook* workbook, const v1::RollUp& roll_up, Locale locale)
      : XlsxPen(workbook, locale), roll_up_(roll_up) {}

  void AddTotals();
  void AddCourts();
  void AddResponses();
  void AddTrend();
  void AddComparisons();
  void AddSources();

 private:
  std::string Label(const char* key) const { return RollUpLabel(key, locale_); }
  // Value, interval, counts and bounds in seven columns from `column` on.
  void PutFigure(lxw_worksheet* sheet, int row, int column,
                 const v1::Figure& figure);
  // Heads of the six columns behind a figure's value.
  void AddFigureHeads(std::vector<std::string>& heads) const;
  void PutResponse(lxw_worksheet* sheet, int row,
                   const v1::CourtFigures::Response& response);
  // Value, interval, basis, bounds, courts and standing in eight columns from
  // `column` on.
  void PutRateOfTrend(lxw_worksheet* sheet, int row, int column,
                      const v1::RollUp::TrendRate& rate);
  void PutComparison(lxw_worksheet* sheet, int row, const v1::Comparison& c);
  // The draws with their bundles, from `row` on; the next free row.
  int PutDraws(lxw_worksheet* sheet, int row);

  const v1::RollUp& roll_up_;
};

void RollUpBook::PutFigure(lxw_worksheet* sheet, int row, int column,
                           const v1::Figure& figure) {
  const v1::Figure::Value& value = figure.current();
  PutValue(sheet, row, column, value, figure.unit());
  if (value.state() == v1::Figure::STATE_SUPPRESSED) return;
  if (value.denominator() > 0) {
    PutCount(sheet, row, column + 3, value.numerator());
    PutCount(sheet, row, column + 4, value.denominator());
  }
  if (value.state() != v1::Figure::STATE_OK) return;
  if (figure.has_design()) {
    PutRate(sheet, row, column + 5, figure.design().worst_case());
    PutRate(sheet, row, column + 6, figure.design().best_case());
  }
  if (!value.has_interval()) return;
  PutRate(sheet, row, column + 1, value.interval().lower());
  PutRate(sheet, row, column + 2, value.interval().upper());
}

void RollUpBook::AddFigureHeads(std::vector<std::string>& heads) const {
  for (const char* end : {" ↓", " ↑"}) heads.push_back(Word("interval") + end);
  heads.insert(heads.end(), {"x", "n"});
  for (const char* end : {" ↓", " ↑"}) heads.push_back(Word("bounds") + end);
}

void RollUpBook::AddTotals() {
  lxw_worksheet* sheet = Sheet("合计", "Totals");
  worksheet_set_column(sheet, 0, 0, 24, nullptr);
  worksheet_set_column(sheet, 1, 7, 12, nullptr);
  worksheet_set_column(sheet, 8, 9, 44, nullptr);
  const bool month = roll_up_.period().kind() == v1::Period::KIND_MONTH;
  Put(sheet, 0, 0,
      absl::StrCat(roll_up_.court_display_name(), " ",
                   Label(month ? "month_title" : "week_title")),
      title_);
  Put(sheet, 1, 0, PeriodTitle(roll_up_.period(), locale_), nullptr);
  Put(sheet, 2, 0, NoticeText(roll_up_, locale_), nullptr);
  int row = 4;
  std::vector<std::string> heads = {Word("measure"), Label("total")};
  AddFigureHeads(heads);
  heads.insert(heads.end(), {Label("courts"), Word("judgement")});
  PutHeads(sheet, row, heads);
  for (const v1::RollUp::Total& total : roll_up_.totals()) {
    ++row;
    Put(sheet, row, 0, MeasureLabel(total.figure().measure(), locale_), text_);
    PutFigure(sheet, row, 1, total.figure());
    Put(sheet, row, 8, TotalText(roll_up_, total, locale_), text_);
    Put(sheet, row, 9,
        absl::StrCat(ClaimText(total.figure(), locale_), " ",
                     EnglishOr(total.figure().note_en(), total.figure().note(),
                               locale_)),
        text_);
  }
  ++row;
  Put(sheet, row, 0, Label("opinions"), text_);
  PutCount(sheet, row, 1, roll_up_.opinions());
  PutCount(sheet, row, 4, roll_up_.suggestions_done());
  PutCount(sheet, row, 5, roll_up_.suggestions());
}

void RollUpBook::AddCourts() {
  lxw_worksheet* sheet = Sheet("各院", "Courts");
  worksheet_set_column(sheet, 0, 0, 10, nullptr);
  worksheet_set_column(sheet, 1, 2, 26, nullptr);
  worksheet_set_column(sheet, 3, 9, 12, nullptr);
  worksheet_set_column(sheet, 10, 11, 30, nullptr);
  std::vector<std::string> heads = {"#", Label("court"), Word("measure"),
                                    Label("value")};
  AddFigureHeads(heads);
  heads.insert(heads.end(), {Word("judgement"), Label("reason")});
  PutHeads(sheet, 0, heads);
  int row = 0;
  for (const v1::RollUp::Line& line : roll_up_.lines()) {
    const v1::CourtFigures& court = line.court();
    if (court.state() != v1::CourtFigures::STATE_DELIVERED) {
      ++row;
      Put(sheet, row, 0, CourtOfName(court.name()), text_);
      Put(sheet, row, 1, court.court_display_name(), text_);
      Put(sheet, row, 2, Label("missing"), text_);
      continue;
    }
    for (const v1::Figure& figure : court.figures()) {
      ++row;
      Put(sheet, row, 0, CourtOfName(court.name()), text_);
      Put(sheet, row, 1, court.court_display_name(), text_);
      Put(sheet, row, 2, MeasureLabel(figure.measure(), locale_), text_);
      PutFigure(sheet, row, 3, figure);
      std::vector<std::string> reasons;
      for (const v1::RollUp::Obstacle& obstacle : line.obstacles()) {
        if (obstacle.measure() != figure.measure()) continue;
        reasons.push_back(ObstacleText(obstacle, locale_));
      }
      const v1::Comparison* c = FindComparison(line, figure.measure());
      Put(sheet, row, 10,
          !reasons.empty() ? Label("incomparable")
          : c != nullptr   ? FlagText(c->flag(), locale_)
                           : "",
          text_);
      Put(sheet, row, 11, absl::StrJoin(reasons, "; "), text_);
    }
  }
}

void RollUpBook::PutResponse(lxw_worksheet* sheet, int row,
                             const v1::CourtFigures::Response& response) {
  const v1::MethodNote::ResponseRates& rates = response.rates();
  PutCount(sheet, row, 2, response.completed());
  PutCount(sheet, row, 3, response.eligible());
  if (rates.has_rr1()) PutRate(sheet, row, 4, rates.rr1());
  if (rates.has_con1()) PutRate(sheet, row, 5, rates.con1());
  if (rates.has_coop1()) PutRate(sheet, row, 6, rates.coop1());
  if (rates.has_ref1()) PutRate(sheet, row, 7, rates.ref1());
  Put(sheet, row, 8, OutcomeText(response.dispositions()), text_);
}

void RollUpBook::AddResponses() {
  lxw_worksheet* sheet = Sheet("回访应答", "Response");
  worksheet_set_column(sheet, 0, 0, 10, nullptr);
  worksheet_set_column(sheet, 1, 1, 26, nullptr);
  worksheet_set_column(sheet, 2, 7, 12, nullptr);
  worksheet_set_column(sheet, 8, 8, 44, nullptr);
  std::vector<std::string> heads = {
      "#", Label("court"),
      MeasureLabel(v1::MEASURE_CALLBACKS_COMPLETED, locale_),
      Label("eligible")};
  for (const v1::Measure measure :
       {v1::MEASURE_RESPONSE_RATE, v1::MEASURE_CONTACT_RATE,
        v1::MEASURE_COOPERATION_RATE, v1::MEASURE_REFUSAL_RATE}) {
    heads.push_back(MeasureLabel(measure, locale_));
  }
  heads.push_back(Word("outcomes"));
  PutHeads(sheet, 0, heads);
  int row = 0;
  for (const v1::RollUp::Line& line : roll_up_.lines()) {
    if (!line.court().has_response()) continue;
    ++row;
    Put(sheet, row, 0, CourtOfName(line.court().name()), text_);
    Put(sheet, row, 1, line.court().court_display_name(), text_);
    PutResponse(sheet, row, line.court().response());
  }
  ++row;
  Put(sheet, row, 1, Label("total"), text_);
  PutResponse(sheet, row, roll_up_.response());
  Put(sheet, row + 2, 1, Label("legend_response"), nullptr);
}

void RollUpBook::PutRateOfTrend(lxw_worksheet* sheet, int row, int column,
                                const v1::RollUp::TrendRate& rate) {
  const v1::Figure& figure = rate.total().figure();
  const v1::Figure::Value& value = figure.current();
  Put(sheet, row, column + 7, StandingText(rate.standing(), locale_), text_);
  if (value.state() != v1::Figure::STATE_OK) return;
  Put(sheet, row, column + 3, BasisText(value), text_);
  if (figure.has_design()) {
    PutRate(sheet, row, column + 4, figure.design().worst_case());
    PutRate(sheet, row, column + 5, figure.design().best_case());
  }
  PutCount(sheet, row, column + 6, rate.total().courts());
  // As text it is no point of the chart.
  if (rate.standing() != v1::RollUp::TrendRate::STANDING_COMPARED) {
    Put(sheet, row, column, PercentText(value.value()), text_);
    return;
  }
  PutRate(sheet, row, column, value.value());
  if (!value.has_interval()) return;
  PutRate(sheet, row, column + 1, value.interval().lower());
  PutRate(sheet, row, column + 2, value.interval().upper());
}

void RollUpBook::AddTrend() {
  lxw_worksheet* sheet = Sheet("趋势", "Trends");
  const char* name = locale_ == Locale::kEnglish ? "Trends" : "趋势";
  worksheet_set_column(sheet, 0, 60, 12, nullptr);
  PutHeads(sheet, 0,
           {Label("period"), Label("delivered_count"), Label("missing_count"),
            Label("sources_digest")});
  int row = 0;
  for (const v1::RollUp::TrendPoint& point : roll_up_.trend()) {
    ++row;
    Put(sheet, row, 0, point.period(), text_);
    PutCount(sheet, row, 1, point.delivered());
    PutCount(sheet, row, 2, point.missing());
    Put(sheet, row, 3, point.sources_digest(), nullptr);
  }
  int column = 4;
  int at = 0;
  for (const v1::Measure measure : CourtMeasures()) {
    const std::string ends[] = {MeasureLabel(measure, locale_),
                                "↓",
                                "↑",
                                Word("basis"),
                                Word("bounds") + " ↓",
                                Word("bounds") + " ↑",
                                Label("court"),
                                Word("judgement")};
    for (int i = 0; i < 8; ++i) Put(sheet, 0, column + i, ends[i], head_);
    for (int i = 0; i < roll_up_.trend_size(); ++i) {
      const v1::RollUp::TrendRate* rate = FindRate(roll_up_.trend(i), measure);
      if (rate != nullptr) PutRateOfTrend(sheet, i + 1, column, *rate);
    }
    if (ComparedPeriods(roll_up_, measure) > 1) {
      AddTrendChart(sheet, name, TrendOf(roll_up_, measure), column, at++);
    }
    column += 8;
  }
}

void RollUpBook::PutComparison(lxw_worksheet* sheet, int row,
                               const v1::Comparison& c) {
  PutCount(sheet, row, 2, c.numerator());
  PutCount(sheet, row, 3, c.denominator());
  PutRate(sheet, row, 4,
          static_cast<double>(c.numerator()) /
              static_cast<double>(c.denominator()));
  PutRate(sheet, row, 5, c.center());
  PutRate(sheet, row, 6, c.warning_lower());
  PutRate(sheet, row, 7, c.warning_upper());
  PutRate(sheet, row, 8, c.limit_lower());
  PutRate(sheet, row, 9, c.limit_upper());
  if (!c.has_p_value()) return;
  PutNumber(sheet, row, 10, c.adjusted_p_value());
  PutRate(sheet, row, 11, c.difference().lower());
  PutRate(sheet, row, 12, c.difference().upper());
}

void RollUpBook::AddComparisons() {
  const std::vector<v1::Measure> measures = ComparedMeasures(roll_up_);
  if (measures.empty()) return;
  const char* name = locale_ == Locale::kEnglish ? "Comparisons" : "比较";
  lxw_worksheet* sheet = Sheet("比较", "Comparisons");
  worksheet_set_column(sheet, 0, 1, 22, nullptr);
  worksheet_set_column(sheet, 2, 13, 11, nullptr);
  int row = 0;
  for (const std::string& sentence : DifferenceTexts(roll_up_, locale_)) {
    worksheet_merge_range(sheet, RowOf(row), 0, RowOf(row), 13,
                          sentence.c_str(), text_);
    worksheet_set_row(sheet, RowOf(row), 30, nullptr);
    ++row;
  }
  ++row;
  PutHeads(sheet, row,
           {Word("measure"), Label("court"), "x", "n", "x/n", Word("center"),
            Word("warning_band") + " ↓", Word("warning_band") + " ↑",
            Word("limit_band") + " ↓", Word("limit_band") + " ↑",
            Word("adjusted_p"), Label("difference") + " ↓",
            Label("difference") + " ↑", Word("judgement")});
  int at = 0;
  for (const v1::Measure measure : measures) {
    const int first = row + 1;
    for (const v1::RollUp::Line& line : roll_up_.lines()) {
      const v1::Comparison* c = FindComparison(line, measure);
      if (c == nullptr) continue;
      ++row;
      Put(sheet, row, 0, MeasureLabel(measure, locale_), text_);
      Put(sheet, row, 1, line.court().court_display_name(), text_);
      Put(sheet, row, 13, FlagText(c->flag(), locale_), text_);
      if (c->denominator() > 0) PutComparison(sheet, row, *c);
    }
    AddFunnel(sheet, name, measure, first, row, at++);
  }
}

int RollUpBook::PutDraws(lxw_worksheet* sheet, int row) {
  PutHeads(sheet, row,
           {Label("court"), Word("draw"), Word("population"), Word("drawn"),
            Word("bundle_digest")});
  for (const v1::RollUp::Line& line : roll_up_.lines()) {
    for (const v1::CourtFigures::Draw& draw : line.court().draws()) {
      ++row;
      Put(sheet, row, 0, line.court().court_display_name(), text_);
      Put(sheet, row, 1, IdOf(draw.draw()), text_);
      PutCount(sheet, row, 2, draw.population());
      PutCount(sheet, row, 3, draw.drawn());
      Put(sheet, row, 4, BundleText(draw, locale_), nullptr);
    }
  }
  Put(sheet, ++row, 0, OmittedDrawsText(roll_up_, locale_), nullptr);
  return row + 1;
}

void RollUpBook::AddSources() {
  lxw_worksheet* sheet = Sheet("来源与口径", "Sources");
  worksheet_set_column(sheet, 0, 1, 28, nullptr);
  worksheet_set_column(sheet, 2, 9, 20, nullptr);
  std::vector<std::string> heads = {Label("court"), Label("report"),
                                    Label("delivered"), Label("version"), "#"};
  for (int kind = v1::Criterion::KIND_REPORT_RULES;
       kind <= v1::Criterion::Kind_MAX; ++kind) {
    heads.push_back(
        CriterionLabel(static_cast<v1::Criterion::Kind>(kind), locale_));
  }
  PutHeads(sheet, 0, heads);
  int row = 0;
  for (const v1::RollUp::Line& line : roll_up_.lines()) {
    const v1::CourtFigures& court = line.court();
    ++row;
    Put(sheet, row, 0, court.court_display_name(), text_);
    Put(sheet, row, 4, CourtOfName(court.name()), text_);
    if (court.state() != v1::CourtFigures::STATE_DELIVERED) {
      Put(sheet, row, 1, Label("missing"), text_);
      continue;
    }
    Put(sheet, row, 1, court.serial_number(), text_);
    Put(sheet, row, 2, MinuteText(court.deliver_time()), text_);
    PutCount(sheet, row, 3, court.version());
    for (const v1::Criterion& criterion : court.criteria()) {
      Put(sheet, row, 4 + static_cast<int>(criterion.kind()),
          VersionsText(
              criterion.kind(),
              {criterion.versions().begin(), criterion.versions().end()},
              locale_),
          text_);
    }
  }
  ++row;
  Put(sheet, row, 0, Label("sources_digest"), text_);
  Put(sheet, row, 1, roll_up_.sources_digest(), nullptr);
  row = PutDraws(sheet, row + 2);
  for (const std::string& sentence : MethodTexts(roll_up_, locale_)) {
    ++row;
    worksheet_merge_range(sheet, RowOf(row), 0, RowOf(row), 7, sentence.c_str(),
                          text_);
    worksheet_set_row(sheet, RowOf(row), 44, nullptr);
  }
  Put(sheet, row + 1, 0,
      absl::StrCat(Label("rules"), Word("colon"), roll_up_.rules_version()),
      text_);
}

}  // namespace

absl::StatusOr<std::string> RenderXlsx(const v1::RollUp& roll_up,
                                       Locale locale) {
  return MakeWorkbook([&](lxw_workbook* workbook) {
    RollUpBook book(workbook, roll_up, locale);
    book.AddTotals();
    book.AddCourts();
    book.AddResponses();
    book.AddTrend();
    book.AddComparisons();
    book.AddSources();
  });
}

}  // namespace huifang::reporting
