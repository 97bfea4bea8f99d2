#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "clients/cli/named_command.h"
#include "clients/cli/reporting_commands.h"
#include "clients/cli/reporting_download.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = reporting::v1;
using Stub = v1::ReportService::Stub;

constexpr absl::Duration kPollEvery = absl::Milliseconds(150);

struct Options {
  std::shared_ptr<std::string> court;
  std::string week, month, division, reason;
  std::vector<std::string> formats = {"html"};
  std::string folder = ".";
  std::string locale = "zh-CN";
  std::string name;
  double wait_seconds = 120;
};

absl::StatusOr<std::vector<v1::Report>> Request(Context& context,
                                                const Options& options) {
  const std::string period =
      options.week.empty() ? options.month : options.week;
  const auto stub = NewReportStub(context);
  if (!options.division.empty()) {
    v1::BuildReportRequest request;
    request.set_parent(CourtName(*options.court));
    request.set_period(period);
    request.set_division(
        CompleteName("divisions", *options.court, options.division));
    request.set_correction_reason(options.reason);
    request.set_request_id(NewRequestId());
    ASSIGN_OR_RETURN(v1::Report report,
                     context.Call(*stub, &Stub::BuildReport, request));
    return std::vector<v1::Report>{std::move(report)};
  }
  v1::BatchBuildReportsRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_period(period);
  request.set_correction_reason(options.reason);
  request.set_request_id(NewRequestId());
  ASSIGN_OR_RETURN(const v1::BatchBuildReportsResponse batch,
                   context.Call(*stub, &Stub::BatchBuildReports, request));
  return std::vector<v1::Report>(batch.reports().begin(),
                                 batch.reports().end());
}

// Waits until none is BUILDING any more.
absl::Status WaitForAll(Context& context, double wait_seconds,
                        std::vector<v1::Report>& reports) {
  const auto stub = NewReportStub(context);
  const absl::Time give_up = absl::Now() + absl::Seconds(wait_seconds);
  Progress progress("reports", static_cast<std::int64_t>(reports.size()));
  while (true) {
    std::int64_t done = 0;
    for (v1::Report& report : reports) {
      if (report.state() == v1::Report::STATE_BUILDING) {
        v1::GetReportRequest request;
        request.set_name(report.name());
        ASSIGN_OR_RETURN(report,
                         context.Call(*stub, &Stub::GetReport, request));
      }
      done += report.state() != v1::Report::STATE_BUILDING ? 1 : 0;
    }
    progress.Set(done, "built");
    if (done == static_cast<std::int64_t>(reports.size())) break;
    if (absl::Now() > give_up) {
      return absl::DeadlineExceededError(absl::StrCat(
          reports.size() - static_cast<std::size_t>(done),
          " reports are still being built; see `reports list`, or wait "
          "longer with --wait"));
    }
    absl::SleepFor(kPollEvery);
  }
  progress.Finish(absl::StrCat(reports.size(), " reports built"));
  return absl::OkStatus();
}

absl::Status Build(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(const std::vector<v1::ReportFormat> formats,
                   ParseReportFormats(options.formats));
  if (options.week.empty() == options.month.empty()) {
    return absl::InvalidArgumentError("give either --week or --month");
  }
  ASSIGN_OR_RETURN(std::vector<v1::Report> reports, Request(context, options));
  RETURN_IF_ERROR(WaitForAll(context, options.wait_seconds, reports));
  const auto rows = context.Rows(
      {"report", "period", "division", "version", "state", "files"});
  int failed = 0;
  for (const v1::Report& report : reports) {
    std::vector<std::string> files;
    if (report.state() == v1::Report::STATE_FAILED) {
      ++failed;
      files.push_back(report.failure_reason());
    } else {
      for (const v1::ReportFormat format : formats) {
        ASSIGN_OR_RETURN(std::string path,
                         DownloadReportFile(context, report.name(), format,
                                            options.locale, options.folder));
        files.push_back(std::move(path));
      }
    }
    rows->Add({ResourceId(report.name()), report.period().label(),
               report.division().empty()
                   ? std::string("(court)")
                   : std::string(ResourceId(report.division())),
               report.version(), EnumLabel(report.state()),
               absl::StrJoin(files, " ")});
  }
  rows->Finish();
  if (failed > 0) {
    return PartialError(absl::StrCat(failed, " reports could not be built"));
  }
  return absl::OkStatus();
}

absl::Status Download(Context& context, const Options& options) {
  return SaveFormats(context, options.formats, [&](v1::ReportFormat format) {
    return DownloadReportFile(
        context, CompleteName("reports", *options.court, options.name), format,
        options.locale, options.folder);
  });
}

void AddOutputOptions(CLI::App& command, Options& options) {
  command
      .add_option("--format", options.formats, "html, xlsx, docx, csv or pb")
      ->delimiter(',')
      ->capture_default_str();
  command.add_option("-o,--output", options.folder, "Folder for the files")
      ->capture_default_str();
  command.add_option("--locale", options.locale, "zh-CN or en")
      ->capture_default_str();
}

}  // namespace

absl::StatusOr<std::vector<v1::ReportFormat>> ParseReportFormats(
    const std::vector<std::string>& names) {
  std::vector<v1::ReportFormat> formats;
  for (const std::string& name : names) {
    const std::string lower = absl::AsciiStrToLower(name);
    if (lower == "html") {
      formats.push_back(v1::REPORT_FORMAT_HTML);
    } else if (lower == "xlsx") {
      formats.push_back(v1::REPORT_FORMAT_XLSX);
    } else if (lower == "docx") {
      formats.push_back(v1::REPORT_FORMAT_DOCX);
    } else if (lower == "csv") {
      formats.push_back(v1::REPORT_FORMAT_CSV);
    } else if (lower == "pb" || lower == "proto") {
      formats.push_back(v1::REPORT_FORMAT_PROTO);
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("--format ", name,
                       ": want html, xlsx, docx, csv or "
                       "pb"));
    }
  }
  return formats;
}

absl::Status SaveFormats(
    Context& context, const std::vector<std::string>& formats,
    absl::FunctionRef<absl::StatusOr<std::string>(v1::ReportFormat)> save) {
  ASSIGN_OR_RETURN(const std::vector<v1::ReportFormat> parsed,
                   ParseReportFormats(formats));
  const auto rows = context.Rows({"file"});
  for (const v1::ReportFormat format : parsed) {
    ASSIGN_OR_RETURN(const std::string path, save(format));
    rows->Add({path});
  }
  rows->Finish();
  return absl::OkStatus();
}

absl::StatusOr<std::string> DownloadReportFile(Context& context,
                                               const std::string& name,
                                               v1::ReportFormat format,
                                               const std::string& locale,
                                               const std::string& folder) {
  grpc::ClientContext call;
  RETURN_IF_ERROR(context.PrepareStream(call));
  v1::DownloadReportRequest request;
  request.set_name(name);
  request.set_format(format);
  request.set_locale(locale);
  return SaveDownload(NewReportStub(context)->DownloadReport(&call, request),
                      folder);
}

void AddReportBuildCommands(CLI::App& reports, Context& context) {
  CLI::App* build = AddCommand(
      reports, "build",
      "Builds the court's report and one for each division, waits for them "
      "and saves the files.",
      "huifangctl reports build --court 110102 --week 2019-W30 "
      "--format html,docx,xlsx,csv -o out\n"
      "huifangctl reports build --court 110102 --month 2019-07 "
      "--division civil-1 -o out\n"
      "huifangctl reports build --court 110102 --week 2019-W30 "
      "--reason 补录两件漏报工单 -o out");
  auto options = std::make_shared<Options>();
  options->court = AddCourtOption(*build);
  build->add_option("--week", options->week, "ISO week, 2019-W30");
  build->add_option("--month", options->month, "Month, 2019-07");
  build->add_option("--division", options->division,
                    "Only this division's report");
  build->add_option("--reason", options->reason,
                    "Why delivered reports of the period are corrected");
  build
      ->add_option("--wait", options->wait_seconds,
                   "Seconds to wait for the builds")
      ->check(CLI::Range(0.0, 86400.0))
      ->capture_default_str();
  AddOutputOptions(*build, *options);
  context.OnRun(*build,
                [&context, options] { return Build(context, *options); });

  CLI::App* download = AddCommand(
      reports, "download", "Saves a report that is built.",
      "huifangctl reports download --court 110102 REPORT --format xlsx -o out");
  auto saved = std::make_shared<Options>();
  saved->court = AddCourtOption(*download);
  download->add_option("report", saved->name, "The report's id or name")
      ->required();
  AddOutputOptions(*download, *saved);
  context.OnRun(*download,
                [&context, saved] { return Download(context, *saved); });
}

}  // namespace huifang::cli
