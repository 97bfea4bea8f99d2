#include "services/reporting/statistics_handler.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/common/page_token.h"
#include "services/common/status_macros.h"
#include "services/reporting/period_rules.h"
#include "services/reporting/survey_disclosure.h"
#include "services/reporting/survey_rules.h"
#include "services/reporting/validate.h"

namespace huifang::reporting {
namespace {

constexpr rpc::Method kQuery{"QueryStatistics", "parent",
                             "admin officer head leader service",
                             absl::Seconds(10),
                             /*all_courts=*/true};

// What a statistic shows when nothing is asked for: everything the facts of
// any days give. Overdue-and-open needs the end of a period.
std::vector<v1::Measure> MeasuresOf(const v1::QueryStatisticsRequest& asked) {
  std::vector<v1::Measure> measures;
  for (const int measure : asked.measures()) {
    measures.push_back(static_cast<v1::Measure>(measure));
  }
  if (!measures.empty()) return measures;
  for (const v1::Measure measure : ReportMeasures()) {
    if (measure != v1::MEASURE_OVERDUE_OPEN) measures.push_back(measure);
  }
  return measures;
}

Span DaysOf(const v1::QueryStatisticsRequest& asked) {
  Span span;
  span.first = ParseDay(asked.start_day()).value_or(absl::CivilDay());
  span.last = ParseDay(asked.end_day()).value_or(absl::CivilDay());
  return span;
}

// Every sum that a cell is part of, but the sum of all: one for each choice of
// dimensions to leave out.
std::vector<std::string> LinesOf(const GroupKey& cell) {
  std::vector<std::string> lines;
  for (unsigned kept = 1; kept + 1 < 1U << cell.size(); ++kept) {
    std::string& line = lines.emplace_back();
    for (std::size_t d = 0; d < cell.size(); ++d) {
      if ((kept >> d & 1U) == 0) continue;
      absl::StrAppend(&line, d, "=", cell[d], "\x1f");
    }
  }
  return lines;
}

// Groups whose callback rates must not be told, by measure. Readers can ask for
// the sum over any dimension and over several, and can filter by one as well as
// group by it: so a filter only chooses among the groups that there are.
std::map<v1::Measure, std::set<std::string>> WithheldOf(
    const v1::QueryStatisticsRequest& asked,
    const std::vector<v1::Measure>& measures, const StatisticsFacts& facts,
    std::int64_t min_people) {
  std::map<std::string, std::vector<std::string>> lines;
  std::vector<CallFact> calls = facts.calls;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    calls[i].group = JoinKey(facts.cells[i]);
    std::vector<std::string>& sums = lines[calls[i].group];
    if (sums.empty()) sums = LinesOf(facts.cells[i]);
  }
  std::map<v1::Measure, std::set<std::string>> withheld;
  for (const v1::Measure measure : measures) {
    if (!IsSurveyMeasure(measure)) continue;
    const std::set<std::string> cells =
        WithheldGroups(measure, DaysOf(asked), calls, lines, min_people);
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (cells.count(calls[i].group) > 0) {
        withheld[measure].insert(facts.calls[i].group);
      }
    }
  }
  return withheld;
}

}  // namespace

absl::StatusOr<v1::QueryStatisticsResponse> StatisticsHandler::Query(
    const rpc::Call& call, const v1::QueryStatisticsRequest& request) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), 100, 1000));
  const std::uint64_t hash = QueryHash(request);
  ASSIGN_OR_RETURN(const std::vector<std::string> after,
                   DecodePageToken(request.page_token(), hash));
  ASSIGN_OR_RETURN(const StatisticsFacts facts,
                   store_.Query(call.court, request));
  const std::vector<v1::Measure> measures = MeasuresOf(request);
  const std::map<v1::Measure, std::set<std::string>> withheld =
      WithheldOf(request, measures, facts, policy_.disclosure.min_people);
  v1::QueryStatisticsResponse page;
  auto group =
      after.empty() ? facts.groups.begin() : facts.groups.upper_bound(after);
  for (; group != facts.groups.end(); ++group) {
    if (page.rows_size() == size) {
      const auto& keys = page.rows(page.rows_size() - 1).keys();
      page.set_next_page_token(
          EncodePageToken(hash, {keys.begin(), keys.end()}));
      break;
    }
    Scope scope;
    scope.span = DaysOf(request);
    scope.group = JoinKey(group->first);
    scope.tickets = group->second.tickets;
    scope.quality = group->second.quality;
    scope.calls = &facts.calls;
    scope.is_withheld = [&withheld, &scope](v1::Measure measure) {
      const auto groups = withheld.find(measure);
      return groups != withheld.end() && groups->second.count(*scope.group) > 0;
    };
    v1::QueryStatisticsResponse::Row& row = *page.add_rows();
    for (const std::string& key : group->first) {
      row.add_keys(key);
      const auto name = facts.names.find(key);
      row.add_display_names(name == facts.names.end() ? key : name->second);
    }
    for (const v1::Measure measure : measures) {
      v1::Figure& figure = *row.add_figures();
      figure.set_measure(measure);
      figure.set_unit(UnitOf(measure));
      *figure.mutable_current() = ValueOf(measure, scope, policy_);
      if (std::optional<v1::Design> design =
              DesignOf(measure, scope, figure.current())) {
        *figure.mutable_design() = *std::move(design);
      }
    }
  }
  return page;
}

grpc::ServerUnaryReactor* StatisticsHandler::QueryStatistics(
    grpc::CallbackServerContext* context,
    const v1::QueryStatisticsRequest* request,
    v1::QueryStatisticsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kQuery, request, response,
      [this](const rpc::Call& call, const v1::QueryStatisticsRequest& asked) {
        return Query(call, asked);
      });
}

}  // namespace huifang::reporting
