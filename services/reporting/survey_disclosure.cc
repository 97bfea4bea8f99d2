#include "services/reporting/survey_disclosure.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <optional>
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

// Who answered, and what. A call without a known caller is a caller of its own.
class People {
 public:
  void Add(const CallFact& call, bool good) {
    ++answers_;
    good_ += good ? 1 : 0;
    if (call.caller.empty()) {
      ++unknown_;
    } else {
      most_ = std::max(most_, ++callers_[call.caller]);
    }
  }
  std::int64_t count() const {
    return unknown_ + static_cast<std::int64_t>(callers_.size());
  }
  // How many people at least make the difference from what was printed: answers
  // came, went or changed.
  std::int64_t Since(const PrintedRate& printed) const {
    const std::int64_t more = answers_ - printed.answers;
    const std::int64_t more_good = good_ - printed.good;
    const std::int64_t changed = std::max(
        {std::abs(more), std::abs(more_good), std::abs(more - more_good)});
    return (changed + most_ - 1) / most_;
  }

 private:
  std::map<std::string, std::int64_t> callers_;
  std::int64_t unknown_ = 0;
  std::int64_t answers_ = 0;
  std::int64_t good_ = 0;
  std::int64_t most_ = 1;  // answers of one caller
};

}  // namespace

// One period's cells: the whole and its parts, how many people each holds, and
// how it gets to readers.
struct SurveyDisclosure::Column {
  Cell whole;
  std::map<std::string, Cell> parts;  // "" gathers what belongs to no part
  People everybody;
  std::map<std::string, People> people;  // of each part
};

// All that is known of a period, the period's own column first.
struct SurveyDisclosure::System {
  std::vector<Cell> cells;
  std::vector<CellSum> sums;
  const Column* own = nullptr;
  std::map<std::string, std::size_t>
      parts;          // cells of the own column; whole: 0
  Withheld withheld;  // whatever the sums say
};

SurveyDisclosure::Column SurveyDisclosure::Count(
    v1::Measure measure, const Span& span, const std::string& division,
    const std::vector<Span>& without) const {
  Column column;
  for (const CallFact& call : calls_) {
    if (!IsIn(call, span)) continue;
    const std::optional<bool> response = ResponseTo(measure, call);
    if (!response.has_value()) continue;
    if (std::any_of(without.begin(), without.end(),
                    [&](const Span& part) { return IsIn(call, part); })) {
      continue;
    }
    if (!division.empty() && call.division != division) continue;
    column.everybody.Add(call, *response);
    column.people[division.empty() ? call.division : call.team].Add(call,
                                                                    *response);
  }
  column.whole.people = column.everybody.count();
  for (const auto& [part, people] : column.people) {
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
  System system;
  system.own = &columns[0];
  // Cells of each column in one order: the whole, then its parts.
  const std::size_t height = parts.size() + 1;
  for (Column& column : columns) {
    CellSum& sum = system.sums.emplace_back();
    sum.total = system.cells.size();
    system.cells.push_back(column.whole);
    for (const std::string& part : parts) {
      if (&column == system.own) system.parts[part] = system.cells.size();
      sum.parts.push_back(system.cells.size());
      system.cells.push_back(column.parts[part]);
    }
  }
  for (std::size_t row = 0; columns.size() > 1 && row < height; ++row) {
    CellSum& sum = system.sums.emplace_back();
    sum.total = row;
    for (std::size_t c = 1; c < columns.size(); ++c) {
      sum.parts.push_back(c * height + row);
    }
  }
  if (printed_ != nullptr) {
    for (const PrintedRates& printed : *printed_) {
      AddLate(measure, span, division, printed, system);
    }
  }
  const std::vector<Disclosure> disclosed =
      Disclose(system.cells, system.sums, min_people_);
  Withheld withheld = std::move(system.withheld);
  if (disclosed[0] != Disclosure::kShown) withheld.insert("");
  for (const auto& [part, at] : system.parts) {
    if (disclosed[at] != Disclosure::kShown) {
      withheld.insert(part.empty() ? std::string(kRest) : part);
    }
  }
  return solved_.emplace(key, std::move(withheld)).first->second;
}

void SurveyDisclosure::AddLate(v1::Measure measure, const Span& span,
                               const std::string& division,
                               const PrintedRates& printed,
                               System& system) const {
  const std::string period = SpanLabel(span);
  // Nobody prints it; that nobody came in since is known.
  const auto add = [&system](std::int64_t people) {
    system.cells.push_back(
        {people, people > 0 ? Printing::kNever : Printing::kAlready});
    return system.cells.size() - 1;
  };
  // A rate, less the one that was printed, is what came in since.
  const PrintedRate* whole = printed.Find(measure, period, division, "");
  const bool whole_known = whole != nullptr && !whole->withheld;
  CellSum of_whole;
  std::int64_t rest = 0;
  if (whole_known) {
    rest = system.own->everybody.Since(*whole);
    of_whole.total = add(rest);
    system.sums.push_back({.total = 0, .parts = {of_whole.total}});
  }
  for (const auto& [part, cell] : system.parts) {
    if (part.empty()) continue;
    const PrintedRate* before =
        division.empty() ? printed.Find(measure, period, part, "")
                         : printed.Find(measure, period, division, part);
    if (before == nullptr) continue;
    if (before->withheld) {
      // It was a part of a printed sum, and what it held then would follow from
      // what it holds now.
      if (whole_known) {
        system.cells[cell].printing = Printing::kNever;
        system.withheld.insert(part);
      }
      continue;
    }
    const auto people = system.own->people.find(part);
    const std::int64_t since =
        (people == system.own->people.end() ? People() : people->second)
            .Since(*before);
    const std::size_t late = add(since);
    system.sums.push_back({.total = cell, .parts = {late}});
    of_whole.parts.push_back(late);
    rest -= since;
  }
  if (!whole_known) return;
  of_whole.parts.push_back(add(std::max<std::int64_t>(0, rest)));
  system.sums.push_back(std::move(of_whole));
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
    answered[call.group].Add(call, false);
    everybody.Add(call, false);
    for (const std::string& line : in->second) of_line[line].Add(call, false);
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
