#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "clients/cli/commands.h"
#include "clients/cli/import/directory_file.h"
#include "clients/cli/named_command.h"
#include "huifang/ticket/v1/directory_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = ticket::v1;
using Stub = v1::DirectoryService::Stub;

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::DirectoryService::NewStub(context.Channel(Service::kTicket));
}

absl::Status Import(Context& context, const std::string& court,
                    const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  v1::ImportDirectoryRequest request;
  request.set_parent(CourtName(court));
  request.set_request_id(NewRequestId());
  ASSIGN_OR_RETURN(*request.mutable_directory(), ParseDirectory(text, court));
  ASSIGN_OR_RETURN(
      const v1::ImportDirectoryResponse response,
      context.Call(*NewStub(context), &Stub::ImportDirectory, request));
  const auto rows = context.Rows({"created", "updated", "unchanged"});
  rows->Add({response.created_count(), response.updated_count(),
             response.unchanged_count()});
  rows->Finish();
  return absl::OkStatus();
}

std::string KindsOf(const v1::Staff& staff) {
  std::vector<std::string> kinds;
  for (const int kind : staff.kinds()) {
    kinds.push_back(EnumLabel(static_cast<v1::Kind>(kind)));
  }
  return absl::StrJoin(kinds, "|");
}

absl::Status Show(Context& context, const std::string& court) {
  v1::GetDirectoryRequest request;
  request.set_name(CourtName(court));
  ASSIGN_OR_RETURN(
      const v1::Directory directory,
      context.Call(*NewStub(context), &Stub::GetDirectory, request));
  const auto rows =
      context.Rows({"type", "id", "display_name", "division", "team", "role",
                    "aliases", "languages", "kinds"});
  rows->Add({"court", ResourceId(directory.court().name()),
             directory.court().display_name(), "", "", "", "", "", ""});
  for (const v1::Division& division : directory.divisions()) {
    rows->Add({"division", ResourceId(division.name()), division.display_name(),
               "", "", "", absl::StrJoin(division.aliases(), "|"), "", ""});
  }
  for (const v1::Team& team : directory.teams()) {
    rows->Add({"team", ResourceId(team.name()), team.display_name(),
               ResourceId(team.division()), "", "", "", "", ""});
  }
  for (const v1::Staff& staff : directory.staff()) {
    rows->Add({"staff", ResourceId(staff.name()), staff.display_name(),
               ResourceId(staff.division()), ResourceId(staff.team()),
               absl::StripPrefix(v1::Staff::Role_Name(staff.role()), "ROLE_"),
               "", absl::StrJoin(staff.languages(), "|"), KindsOf(staff)});
  }
  rows->Finish();
  return absl::OkStatus();
}

}  // namespace

void AddDirectoryCommands(CLI::App& root, Context& context) {
  CLI::App* directory = AddGroup(
      root, "directory", "Who is who in a court: divisions, teams, staff.",
      "huifangctl directory import --court 110102 court.json\n"
      "huifangctl directory show --court 110102 --format csv > court.csv");
  CLI::App* import = AddCommand(
      *directory, "import",
      "Adds or updates divisions, teams and staff from JSON or CSV; those not "
      "named stay.",
      "huifangctl directory import --court 110102 court.json\n"
      "huifangctl directory import --court 110102 court.csv");
  const auto import_court = AddCourtOption(*import);
  auto file = std::make_shared<std::string>();
  import
      ->add_option("FILE", *file,
                   "JSON, or CSV with type,id,display_name,division,team,"
                   "role,aliases,languages,kinds")
      ->required();
  context.OnRun(*import, [&context, import_court, file] {
    return Import(context, *import_court, *file);
  });
  CLI::App* show = AddCommand(*directory, "show", "Shows a court's directory.",
                              "huifangctl directory show --court 110102");
  const auto show_court = AddCourtOption(*show);
  context.OnRun(*show,
                [&context, show_court] { return Show(context, *show_court); });
}

}  // namespace huifang::cli
