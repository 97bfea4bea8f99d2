#include "services/reporting/survey_disclosure.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "services/reporting/survey_rules.h"

namespace huifang::reporting {
namespace {

// Cells times sums of a statistic. The work grows with the square of the sums.
constexpr std::size_t kMostWork = 200'000;

// Stands among the withheld for those of no part; no resource has this name.
constexpr char kRest[] = "-";

bool IsIn(const CallFact& call, const Span& span) {
  return call.close_day >= DayNumber(span.first) &&
         call.close_day <= DayNumber(span.last);
}

// Who answered. A call without a known caller is a caller of its own.
class People {
 public:
  void Add(const CallFact& call) {
    if (call.caller.empty()) {
      ++unknown_;
    } else {
      callers_.insert(call.caller);
    }
  }
  std::int64_t count() const {
    return unknown_ + static_cast<std::int64_t>(callers_.size());
  }

 private:
  std::set<std::string> callers_;
  std::int64_t unknown_ = 0;
};

}  // namespace

// One period's cells: the whole and its parts, how many people each holds, and
// how it gets to readers.
struct SurveyDisclosure::Column {
  Cell whole;
  std::map<std::string, Cell> parts;  // "" gathers what belongs to no part
};

SurveyDisclosure::Column SurveyDisclosure::Count(
    v1::Measure measure, const Span& span, const std::string& division,
    const std::vector<Span>& without) const {
  People whole;
  std::map<std::string, People> parts;
  for (const CallFact& call : calls_) {
    if (!IsIn(call, span) || !ResponseTo(measure, call).has_value()) continue;
    if (std::any_of(without.begin(), without.end(),
                    [&](const Span& part) { return IsIn(call, part); })) {
      continue;
    }
    if (!division.empty() && call.division != division) continue;
    whole.Add(call);
    parts[division.empty() ? call.division : call.team].Add(call);
  }
  Column column;
  column.whole.people = whole.count();
  for (const auto& [part, people] : parts) {
    column.parts[part].people = people.count();
    if (part.empty()) column.parts[part].printing = Printing::kNever;
  }
  return column;
}

// The period itself; for a month also its weeks, as their own reports print
// them, and the days of no whole week, which nobody prints.
std::vector<SurveyDisclosure::Column> SurveyDisclosure::ColumnsOf(
    v1::Measure measure, const Span& span, const std::string& division) {
  const auto printed = [](bool withheld) {
    return withheld ? Printing::kNever : Printing::kAlready;
  };
  std::vector<Column> columns = {Count(measure, span, division)};
  if (!division.empty()) {
    columns[0].whole.printing =
        printed(IsWithheld(measure, span, division, ""));
  }
  const std::vector<Span> weeks = WeeksInside(span);
  if (weeks.empty()) return columns;
  for (const Span& week : weeks) {
    Column column = Count(measure, week, division);
    const Withheld withheld = Solve(measure, week, division);
    column.whole.printing = printed(IsWithheld(measure, week, division, ""));
    for (auto& [part, cell] : column.parts) {
      if (!part.empty()) cell.printing = printed(withheld.count(part) > 0);
    }
    columns.push_back(std::move(column));
  }
  // Counted, not what is left of the month: a caller of two weeks is one person
  // of the month, and would hide one of the other days.
  Column rest = Count(measure, span, division, weeks);
  rest.whole.printing = Printing::kNever;
  for (auto& [part, cell] : rest.parts) cell.printing = Printing::kNever;
  columns.push_back(std::move(rest));
  return columns;
}

const SurveyDisclosure::Withheld& SurveyDisclosure::Solve(
    v1::Measure measure, const Span& span, const std::string& division) {
  const std::tuple key(static_cast<int>(measure), SpanLabel(span), division);
  if (const auto known = solved_.find(key); known != solved_.end()) {
    return known->second;
  }
  std::vector<Column> columns = ColumnsOf(measure, span, division);
  std::set<std::string> parts;
  for (const Column& column : columns) {
    for (const auto& [part, cell] : column.parts) parts.insert(part);
  }
  // Cells of each column in one order: the whole, then its parts.
  std::vector<Cell> cells;
  std::vector<CellSum> sums;
  const std::size_t height = parts.size() + 1;
  for (Column& column : columns) {
    CellSum& sum = sums.emplace_back();
    sum.total = cells.size();
    cells.push_back(column.whole);
    for (const std::string& part : parts) {
      sum.parts.push_back(cells.size());
      cells.push_back(column.parts[part]);
    }
  }
  for (std::size_t row = 0; columns.size() > 1 && row < height; ++row) {
    CellSum& sum = sums.emplace_back();
    sum.total = row;
    for (std::size_t c = 1; c < columns.size(); ++c) {
      sum.parts.push_back(c * height + row);
    }
  }
  const std::vector<Disclosure> disclosed = Disclose(cells, sums, min_people_);
  Withheld withheld;
  std::size_t at = 0;
  if (disclosed[at++] != Disclosure::kShown) withheld.insert("");
  for (const std::string& part : parts) {
    if (disclosed[at++] != Disclosure::kShown) {
      withheld.insert(part.empty() ? std::string(kRest) : part);
    }
  }
  return solved_.emplace(key, std::move(withheld)).first->second;
}

bool SurveyDisclosure::IsWithheld(v1::Measure measure, const Span& span,
                                  const std::string& division,
                                  const std::string& team) {
  return !team.empty() ? Solve(measure, span, division).count(team) > 0
                       : Solve(measure, span, "").count(division) > 0;
}

bool SurveyDisclosure::IsRestWithheld(v1::Measure measure, const Span& span,
                                      const std::string& division) {
  return !Solve(measure, span, division).empty();
}

std::set<std::string> WithheldGroups(
    v1::Measure measure, const Span& days, const std::vector<CallFact>& calls,
    const std::map<std::string, std::vector<std::string>>& lines,
    std::int64_t min_people) {
  std::map<std::string, People> answered;
  People everybody;
  std::map<std::string, People> of_line;
  for (const CallFact& call : calls) {
    const auto in = lines.find(call.group);
    if (in == lines.end() || !IsIn(call, days) ||
        !ResponseTo(measure, call).has_value()) {
      continue;
    }
    answered[call.group].Add(call);
    everybody.Add(call);
    for (const std::string& line : in->second) of_line[line].Add(call);
  }
  std::set<std::string> withheld;
  if (answered.size() * (of_line.size() + 1) > kMostWork) {
    for (const auto& [group, people] : answered) withheld.insert(group);
    return withheld;
  }
  // Sums are asked for by leaving a dimension out: readers have them, but those
  // about too few people.
  const auto sum_cell = [min_people](const People& people) {
    return Cell{people.count(), people.count() < min_people
                                    ? Printing::kNever
                                    : Printing::kAlready};
  };
  std::vector<Cell> cells = {sum_cell(everybody)};
  std::vector<CellSum> sums = {{.total = 0, .parts = {}}};
  std::map<std::string, std::size_t> sum_of;
  for (const auto& [line, people] : of_line) {
    sum_of[line] = sums.size();
    sums.push_back({.total = cells.size(), .parts = {}});
    cells.push_back(sum_cell(people));
  }
  const std::size_t first = cells.size();
  for (const auto& [group, people] : answered) {
    sums[0].parts.push_back(cells.size());
    for (const std::string& line : lines.at(group)) {
      sums[sum_of[line]].parts.push_back(cells.size());
    }
    cells.push_back({people.count(), Printing::kNow});
  }
  const std::vector<Disclosure> disclosed = Disclose(cells, sums, min_people);
  std::size_t at = first;
  for (const auto& [group, people] : answered) {
    if (disclosed[at++] != Disclosure::kShown) withheld.insert(group);
  }
  return withheld;
}

}  // namespace huifang::reporting
