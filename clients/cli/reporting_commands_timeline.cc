#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/named_command.h"
#include "clients/cli/reporting_commands.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = reporting::v1;

struct Options {
  std::shared_ptr<std::string> court;
  std::string name;
};

void Print(Context& context, const v1::Timeline& timeline) {
  const auto rows =
      context.Rows({"time", "type", "actor", "division", "detail"});
  for (const v1::TimelineEntry& entry : timeline.entries()) {
    rows->Add({FormatTime(entry.entry_time()), EnumLabel(entry.type()),
               ResourceId(entry.actor()), ResourceId(entry.division()),
               entry.detail()});
  }
  rows->Finish();
}

}  // namespace

void AddTimelineCommand(
    CLI::App& group, Context& context, const std::string& noun,
    const std::string& collection, const std::string& description,
    std::function<absl::StatusOr<v1::Timeline>(v1::TimelineService::Stub& stub,
                                               const std::string& name)>
        read) {
  const std::string example =
      absl::StrCat("huifangctl ", collection, " timeline --court 110102 ",
                   absl::AsciiStrToUpper(noun));
  const auto [command, options] = AddNamedCommand<Options>(
      group, noun, "timeline", description,
      absl::StrCat(example, "\n", example, " --format json"));
  context.OnRun(
      *command,
      [&context, collection, read = std::move(read),
       options = options]() -> absl::Status {
        const auto stub =
            v1::TimelineService::NewStub(context.Channel(Service::kReporting));
        ASSIGN_OR_RETURN(const v1::Timeline timeline,
                         read(*stub, CompleteName(collection, *options->court,
                                                  options->name)));
        Print(context, timeline);
        return absl::OkStatus();
      });
}

}  // namespace huifang::cli
