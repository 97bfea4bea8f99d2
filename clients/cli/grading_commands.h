#ifndef HUIFANG_CLIENTS_CLI_GRADING_COMMANDS_H_
#define HUIFANG_CLIENTS_CLI_GRADING_COMMANDS_H_

#include <CLI/CLI.hpp>

#include "clients/cli/cli.h"

namespace huifang::cli {

// The groups that AddGradingCommands is made of.
void AddInspectionCommands(CLI::App& root, Context& context);
void AddReviewCommands(CLI::App& root, Context& context);
void AddRubricCommands(CLI::App& root, Context& context);
void AddGradeCommands(CLI::App& root, Context& context);
void AddAppealCommands(CLI::App& root, Context& context);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_GRADING_COMMANDS_H_
