#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "clients/cli/named_command.h"
#include "clients/cli/reporting_commands.h"
#include "clients/cli/reporting_download.h"
#include "huifang/reporting/v1/roll_up_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = reporting::v1;
using Stub = v1::RollUpService::Stub;

struct Options {
  std::shared_ptr<std::string> court;
  std::string week, month;
  std::vector<std::string> formats = {"html"};
  std::string folder = ".";
  std::string locale = "zh-CN";
  bool trend = false;
};

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::RollUpService::NewStub(context.Channel(Service::kReporting));
}

// courts/110000/rollUps/2019-W30.
absl::StatusOr<std::string> NameOf(const Options& options,
                                   absl::string_view collection) {
  if (options.week.empty() == options.month.empty()) {
    return absl::InvalidArgumentError("give either --week or --month");
  }
  return CompleteName(collection, *options.court,
                      options.week.empty() ? options.month : options.week);
}

absl::StatusOr<std::string> Save(Context& context, const std::string& name,
                                 v1::ReportFormat format,
                                 const Options& options) {
  grpc::ClientContext call;
  RETURN_IF_ERROR(context.PrepareStream(call));
  v1::DownloadRollUpRequest request;
  request.set_name(name);
  request.set_format(format);
  request.set_locale(options.locale);
  return SaveDownload(NewStub(context)->DownloadRollUp(&call, request),
                      options.folder);
}

absl::Status Download(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(const std::string name, NameOf(options, "rollUps"));
  return SaveFormats(context, options.formats, [&](v1::ReportFormat format) {
    return Save(context, name, format, options);
  });
}

std::string MeasureName(v1::Measure measure) {
  return absl::AsciiStrToLower(
      absl::StripPrefix(v1::Measure_Name(measure), "MEASURE_"));
}

// NOT_COMPARABLE and why, or where the court stands.
std::vector<std::string> JudgementOf(const v1::RollUp::Line& line,
                                     v1::Measure measure) {
  std::vector<std::string> reasons;
  for (const v1::RollUp::Obstacle& obstacle : line.obstacles()) {
    if (obstacle.measure() != measure) continue;
    reasons.push_back(absl::StrCat(
        EnumLabel(obstacle.kind()), " ",
        absl::StrJoin(obstacle.versions(), "+"), ", compared ",
        obstacle.compared_version().empty() ? "none"
                                            : obstacle.compared_version()));
  }
  if (!reasons.empty()) {
    return {"NOT_COMPARABLE", absl::StrJoin(reasons, "; ")};
  }
  for (const v1::Comparison& comparison : line.comparisons()) {
    if (comparison.measure() == measure) {
      return {std::string(EnumLabel(comparison.flag())), ""};
    }
  }
  return {"", ""};
}

// The cells from the measure to the bounds.
std::vector<Cell> FigureCells(const v1::Figure& figure) {
  const v1::Figure::Value& value = figure.current();
  const bool ok = value.state() == v1::Figure::STATE_OK;
  const bool interval = ok && value.has_interval();
  const bool bounds = ok && figure.has_design();
  const auto number = [](bool there, double number) {
    return there ? Cell(number) : Cell("");
  };
  return {MeasureName(figure.measure()),
          EnumLabel(value.state()),
          number(ok, value.value()),
          number(interval, value.interval().lower()),
          number(interval, value.interval().upper()),
          value.numerator(),
          value.denominator(),
          number(bounds, figure.design().worst_case()),
          number(bounds, figure.design().best_case())};
}

// How many of the callers drawn were heard, as if it were a figure.
v1::Figure ResponseFigure(const v1::CourtFigures::Response& response) {
  v1::Figure figure;
  figure.set_measure(v1::MEASURE_RESPONSE_RATE);
  v1::Figure::Value& value = *figure.mutable_current();
  value.set_state(response.rates().has_rr1() ? v1::Figure::STATE_OK
                                             : v1::Figure::STATE_NO_DATA);
  value.set_value(response.rates().rr1());
  value.set_numerator(response.completed());
  value.set_denominator(response.eligible());
  return figure;
}

void AddFigureRow(const std::string& head, const v1::Figure& figure,
                  const std::vector<std::string>& tail, RowWriter& rows) {
  std::vector<Cell> cells = {head};
  for (Cell& cell : FigureCells(figure)) cells.push_back(std::move(cell));
  for (const std::string& text : tail) cells.emplace_back(text);
  rows.Add(cells);
}

void AddCourtRows(const v1::RollUp::Line& line, RowWriter& rows) {
  const v1::CourtFigures& court = line.court();
  const std::string name =
      absl::StrCat(court.name().substr(sizeof("courts/") - 1, 6), " ",
                   court.court_display_name());
  if (court.state() != v1::CourtFigures::STATE_DELIVERED) {
    rows.Add({name, "", "MISSING", "", "", "", "", "", "", "", "",
              "no report was delivered"});
  }
  for (const v1::Figure& figure : court.figures()) {
    AddFigureRow(name, figure, JudgementOf(line, figure.measure()), rows);
  }
  if (court.has_response()) {
    AddFigureRow(name, ResponseFigure(court.response()), {"", ""}, rows);
  }
}

std::vector<std::string> ColumnsOf(const char* head, const char* judgement) {
  return {head,         "measure",   "state",     "value",
          "lower",      "upper",     "numerator", "denominator",
          "worst_case", "best_case", judgement,   "reason"};
}

void ShowCourts(const v1::RollUp& roll_up, RowWriter& rows) {
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    AddCourtRows(line, rows);
  }
  for (const v1::RollUp::Total& total : roll_up.totals()) {
    AddFigureRow(absl::StrCat("total of ", total.courts()), total.figure(),
                 {"", absl::StrCat(total.incomparable(), " not comparable, ",
                                   total.unreadable(), " without data, ",
                                   roll_up.missing(), " missing")},
                 rows);
  }
  AddFigureRow(absl::StrCat("total of ", roll_up.response_courts()),
               ResponseFigure(roll_up.response()), {"", ""}, rows);
}

void ShowTrend(const v1::RollUp& roll_up, RowWriter& rows) {
  for (const v1::RollUp::TrendPoint& point : roll_up.trend()) {
    for (const v1::RollUp::TrendRate& rate : point.rates()) {
      AddFigureRow(point.period(), rate.total().figure(),
                   {std::string(EnumLabel(rate.standing())),
                    absl::StrCat(rate.total().courts(), " courts in it, ",
                                 point.delivered(), " delivered, ",
                                 point.missing(), " missing")},
                   rows);
    }
  }
}

absl::Status Show(Context& context, const Options& options) {
  v1::GetRollUpRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(options, "rollUps"));
  ASSIGN_OR_RETURN(const v1::RollUp roll_up,
                   context.Call(*NewStub(context), &Stub::GetRollUp, request));
  const auto rows =
      context.Rows(options.trend ? ColumnsOf("period", "standing")
                                 : ColumnsOf("court", "judgement"));
  if (options.trend) {
    ShowTrend(roll_up, *rows);
  } else {
    ShowCourts(roll_up, *rows);
  }
  rows->Finish();
  return absl::OkStatus();
}

absl::Status Figures(Context& context, const Options& options) {
  v1::GetCourtFiguresRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(options, "courtFigures"));
  ASSIGN_OR_RETURN(
      const v1::CourtFigures figures,
      context.Call(*NewStub(context), &Stub::GetCourtFigures, request));
  context.PrintMessage(figures);
  return absl::OkStatus();
}

std::shared_ptr<Options> AddPeriodOptions(CLI::App& command) {
  auto options = std::make_shared<Options>();
  options->court = AddCourtOption(command);
  command.add_option("--week", options->week, "ISO week, 2019-W30");
  command.add_option("--month", options->month, "Month, 2019-07");
  return options;
}

}  // namespace

void AddRollUpCommands(CLI::App& reports, Context& context) {
  CLI::App* roll_up = AddCommand(
      reports, "rollup",
      "Saves the courts of a superior court side by side, from the reports "
      "that they have delivered.",
      "huifangctl reports rollup --court 110000 --week 2019-W30 "
      "--format html,docx,xlsx,csv -o out\n"
      "huifangctl reports rollup --court 110000 --month 2019-07 --locale en");
  auto saved = AddPeriodOptions(*roll_up);
  roll_up->add_option("--format", saved->formats, "html, xlsx, docx, csv or pb")
      ->delimiter(',')
      ->capture_default_str();
  roll_up->add_option("-o,--output", saved->folder, "Folder for the files")
      ->capture_default_str();
  roll_up->add_option("--locale", saved->locale, "zh-CN or en")
      ->capture_default_str();
  context.OnRun(*roll_up,
                [&context, saved] { return Download(context, *saved); });

  CLI::App* courts = AddCommand(
      reports, "courts",
      "Lists the courts of a superior court with their figures, whether they "
      "truly differ, and those that are missing or not comparable.",
      "huifangctl reports courts --court 110000 --month 2019-07\n"
      "huifangctl reports courts --court 110000 --week 2019-W30 --format csv\n"
      "huifangctl reports courts --court 110000 --week 2019-W30 --trend");
  auto shown = AddPeriodOptions(*courts);
  courts->add_flag("--trend", shown->trend,
                   "The courts together over the last 8 weeks or 6 months");
  context.OnRun(*courts, [&context, shown] { return Show(context, *shown); });

  CLI::App* figures = AddCommand(
      reports, "figures",
      "Shows what a court's delivered report tells its superior court.",
      "huifangctl reports figures --court 110102 --month 2019-07 --format "
      "json");
  auto told = AddPeriodOptions(*figures);
  context.OnRun(*figures, [&context, told] { return Figures(context, *told); });
}

}  // namespace huifang::cli
