#ifndef HUIFANG_CLIENTS_CLI_REPORTING_COMMANDS_H_
#define HUIFANG_CLIENTS_CLI_REPORTING_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "clients/cli/cli.h"
#include "huifang/reporting/v1/reporting_service.grpc.pb.h"

namespace huifang::cli {

std::unique_ptr<reporting::v1::ReportService::Stub> NewReportStub(
    Context& context);

// html,xlsx,docx,csv,pb to formats; INVALID_ARGUMENT names what is unknown.
absl::StatusOr<std::vector<reporting::v1::ReportFormat>> ParseReportFormats(
    const std::vector<std::string>& names);

// Writes one report in one form into a folder; the path of the file.
absl::StatusOr<std::string> DownloadReportFile(
    Context& context, const std::string& name,
    reporting::v1::ReportFormat format, const std::string& locale,
    const std::string& folder);

// reports build|download.
void AddReportBuildCommands(CLI::App& reports, Context& context);
// alerts list|get|ack|mute|resolve.
void AddAlertCommands(CLI::App& root, Context& context);
// suggestions create|list|get|respond.
void AddSuggestionCommands(CLI::App& root, Context& context);
// trainings create|list|get|hold|cancel.
void AddTrainingCommands(CLI::App& root, Context& context);
// appraisals create|list|get|download|exclude|exclusions|approve|reject.
void AddAppraisalCommands(CLI::App& root, Context& context);
// supervisions list.
void AddSupervisionCommands(CLI::App& root, Context& context);
// statistics query.
void AddStatisticsCommands(CLI::App& root, Context& context);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_REPORTING_COMMANDS_H_
