#include "clients/cli/grading_commands.h"

#include "clients/cli/commands.h"

namespace huifang::cli {

void AddGradingCommands(CLI::App& root, Context& context) {
  AddInspectionCommands(root, context);
  AddReviewCommands(root, context);
  AddRubricCommands(root, context);
  AddGradeCommands(root, context);
  AddAppealCommands(root, context);
}

}  // namespace huifang::cli
