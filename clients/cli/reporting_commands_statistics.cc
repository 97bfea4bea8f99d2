#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "clients/cli/named_command.h"
#include "clients/cli/reporting_commands.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = reporting::v1;
using Stub = v1::StatisticsService::Stub;

struct Options {
  std::shared_ptr<std::string> court;
  std::string from, to, division, team, handler, channel, kind;
  std::vector<std::string> by, measures;
};

std::string LowerName(const std::string& name, const char* prefix) {
  return absl::AsciiStrToLower(absl::StripPrefix(name, prefix));
}

// What can be read of a value: the number, or why there is none.
std::string ValueCell(const v1::Figure::Value& value) {
  if (value.state() == v1::Figure::STATE_OK) {
    return absl::StrFormat("%.6g", value.value());
  }
  return LowerName(v1::Figure::State_Name(value.state()), "STATE_");
}

std::string LimitCell(const v1::Figure::Value& value, double limit) {
  return value.has_interval() && value.state() == v1::Figure::STATE_OK
             ? absl::StrFormat("%.6g", limit)
             : "";
}

// What the rate would be if all who did not answer were of one mind.
std::string BoundCell(const v1::Figure& figure, double bound) {
  return figure.has_design() ? absl::StrFormat("%.6g", bound) : "";
}

absl::StatusOr<v1::QueryStatisticsRequest> MakeRequest(const Options& options) {
  v1::QueryStatisticsRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_start_day(options.from);
  request.set_end_day(options.to);
  request.set_page_size(1000);
  for (const std::string& name : options.by) {
    ASSIGN_OR_RETURN(
        const auto dimension,
        ParseEnum<v1::QueryStatisticsRequest::Dimension>("--by", name));
    request.add_group_by(dimension);
  }
  for (const std::string& name : options.measures) {
    ASSIGN_OR_RETURN(const auto measure,
                     ParseEnum<v1::Measure>("--measure", name));
    request.add_measures(measure);
  }
  const auto unit = [&](const char* collection, const std::string& id) {
    return id.empty() ? "" : CompleteName(collection, *options.court, id);
  };
  request.set_division(unit("divisions", options.division));
  request.set_team(unit("teams", options.team));
  request.set_handler(unit("staff", options.handler));
  if (!options.channel.empty()) {
    request.set_channel(
        absl::StrCat("CHANNEL_", absl::AsciiStrToUpper(options.channel)));
  }
  if (!options.kind.empty()) {
    request.set_kind(
        absl::StrCat("KIND_", absl::AsciiStrToUpper(options.kind)));
  }
  return request;
}

absl::Status Query(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(v1::QueryStatisticsRequest request, MakeRequest(options));
  std::vector<std::string> columns;
  for (const std::string& dimension : options.by) {
    columns.push_back(dimension);
    columns.push_back(dimension + "_name");
  }
  for (const char* column : {"measure", "value", "lower", "upper", "numerator",
                             "denominator", "worst_case", "best_case"}) {
    columns.push_back(column);
  }
  const auto rows = context.Rows(columns);
  const auto stub =
      v1::StatisticsService::NewStub(context.Channel(Service::kReporting));
  do {
    ASSIGN_OR_RETURN(const v1::QueryStatisticsResponse page,
                     context.Call(*stub, &Stub::QueryStatistics, request));
    for (const auto& row : page.rows()) {
      for (const v1::Figure& figure : row.figures()) {
        const v1::Figure::Value& value = figure.current();
        std::vector<Cell> cells;
        for (int i = 0; i < row.keys_size(); ++i) {
          cells.emplace_back(ResourceId(row.keys(i)));
          cells.emplace_back(row.display_names(i));
        }
        cells.emplace_back(
            LowerName(v1::Measure_Name(figure.measure()), "MEASURE_"));
        cells.emplace_back(ValueCell(value));
        cells.emplace_back(LimitCell(value, value.interval().lower()));
        cells.emplace_back(LimitCell(value, value.interval().upper()));
        cells.emplace_back(value.numerator());
        cells.emplace_back(value.denominator());
        cells.emplace_back(BoundCell(figure, figure.design().worst_case()));
        cells.emplace_back(BoundCell(figure, figure.design().best_case()));
        rows->Add(cells);
      }
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  rows->Finish();
  return absl::OkStatus();
}

}  // namespace

void AddStatisticsCommands(CLI::App& root, Context& context) {
  CLI::App* statistics = AddGroup(
      root, "statistics", "Counts and compares what the reports are made of.",
      "huifangctl statistics query --court 110102 --from 2019-07-01 "
      "--to 2019-07-31 --by division --measure on_time_rate,pass_rate");
  CLI::App* query = AddCommand(
      *statistics, "query",
      "Computes measures, with their intervals, by up to two dimensions.",
      "huifangctl statistics query --court 110102 --from 2019-07-22 "
      "--to 2019-07-28 --by division,kind --format csv");
  auto options = std::make_shared<Options>();
  options->court = AddCourtOption(*query);
  query->add_option("--from", options->from, "First day")->required();
  query->add_option("--to", options->to, "Last day")->required();
  query
      ->add_option("--by", options->by,
                   "court, division, team, handler, channel, kind, category "
                   "or day; at most two")
      ->delimiter(',');
  query
      ->add_option("--measure", options->measures,
                   "Measures such as on_time_rate; all if none is given")
      ->delimiter(',');
  query->add_option("--division", options->division, "Only this division");
  query->add_option("--team", options->team, "Only this team");
  query->add_option("--handler", options->handler, "Only this handler");
  query->add_option("--channel", options->channel, "Only phone, app, …");
  query->add_option("--kind", options->kind, "Only consult, complaint, …");
  context.OnRun(*query,
                [&context, options] { return Query(context, *options); });
}

}  // namespace huifang::cli
