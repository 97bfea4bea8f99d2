#ifndef HUIFANG_CLIENTS_CLI_REPORTING_COMMANDS_H_
#define HUIFANG_CLIENTS_CLI_REPORTING_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "clients/cli/cli.h"
#include "huifang/reporting/v1/reporting_service.grpc.pb.h"
#include "huifang/reporting/v1/timeline_service.grpc.pb.h"

namespace huifang::cli {

std::unique_ptr<reporting::v1::ReportService::Stub> NewReportStub(
    Context& context);

// html,xlsx,docx,csv,pb to formats; INVALID_ARGUMENT names what is unknown.
absl::StatusOr<std::vector<reporting::v1::ReportFormat>> ParseReportFormats(
    const std::vector<std::string>& names);

// Saves a file in each of the formats named, and prints the paths.
absl::Status SaveFormats(
    Context& context, const std::vector<std::string>& formats,
    absl::FunctionRef<absl::StatusOr<std::string>(reporting::v1::ReportFormat)>
        save);

// Writes one report in one form into a folder; the path of the file.
absl::StatusOr<std::string> DownloadReportFile(
    Context& context, const std::string& name,
    reporting::v1::ReportFormat format, const std::string& locale,
    const std::string& folder);

// A group's `timeline` command: who did what when about one `noun`, oldest
// first. `read` asks for the timeline of a full name; `collection` is its kind.
void AddTimelineCommand(
    CLI::App& group, Context& context, const std::string& noun,
    const std::string& collection, const std::string& description,
    std::function<absl::StatusOr<reporting::v1::Timeline>(
        reporting::v1::TimelineService::Stub& stub, const std::string& name)>
        read);

// reports build|download.
void AddReportBuildCommands(CLI::App& reports, Context& context);
// reports rollup|courts|figures.
void AddRollUpCommands(CLI::App& reports, Context& context);
// alerts list|get|tickets|ack|mute|resolve.
void AddAlertCommands(CLI::App& root, Context& context);
// suggestions create|list|get|timeline|respond.
void AddSuggestionCommands(CLI::App& root, Context& context);
// trainings create|list|get|timeline|hold|cancel.
void AddTrainingCommands(CLI::App& root, Context& context);
// appraisals create|list|get|download|exclude|exclusions|approve|reject.
void AddAppraisalCommands(CLI::App& root, Context& context);
// supervisions list|timeline.
void AddSupervisionCommands(CLI::App& root, Context& context);
// statistics query.
void AddStatisticsCommands(CLI::App& root, Context& context);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_REPORTING_COMMANDS_H_
