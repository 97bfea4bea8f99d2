// Questionnaires.
#include <google/protobuf/util/json_util.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/cli/callback_commands.h"
#include "clients/cli/commands.h"
#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = callback::v1;
using Stub = v1::SamplingPlanService::Stub;

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::SamplingPlanService::NewStub(context.Channel(Service::kCallback));
}

absl::Status List(Context& context, const std::string& court) {
  v1::ListScriptsRequest request;
  request.set_parent(CourtName(court));
  request.set_page_size(500);
  const auto stub = NewStub(context);
  auto rows = context.Rows({"script", "display_name", "version", "questions",
                            "creator", "created_at"});
  while (true) {
    ASSIGN_OR_RETURN(const v1::ListScriptsResponse page,
                     context.Call(*stub, &Stub::ListScripts, request));
    for (const v1::Script& script : page.scripts()) {
      rows->Add({ResourceId(script.name()), script.display_name(),
                 script.version(), script.questions_size(), script.creator(),
                 FormatTime(script.create_time())});
    }
    if (page.next_page_token().empty()) break;
    request.set_page_token(page.next_page_token());
  }
  rows->Finish();
  return absl::OkStatus();
}

absl::Status Put(Context& context, const std::string& court,
                 const std::string& id, const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  v1::CreateScriptRequest request;
  request.set_parent(CourtName(court));
  request.set_script_id(id);
  const auto parsed = google::protobuf::util::JsonStringToMessage(
      text, request.mutable_script());
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, " is not a script in JSON: ", std::string(parsed.message())));
  }
  request.set_request_id(NewRequestId());
  ASSIGN_OR_RETURN(
      const v1::Script created,
      context.Call(*NewStub(context), &Stub::CreateScript, request));
  context.PrintMessage(created);
  return absl::OkStatus();
}

}  // namespace

void AddScriptCommands(CLI::App& root, Context& context) {
  CLI::App* group =
      AddGroup(root, "scripts", "Questionnaires of callback calls (回访问卷).",
               "huifangctl scripts list --court 110102");
  CLI::App* list = AddCommand(*group, "list", "Lists all versions.",
                              "huifangctl scripts list --court 110102");
  const auto list_court = AddCourtOption(*list);
  context.OnRun(*list,
                [&context, list_court] { return List(context, *list_court); });

  CLI::App* show = AddCommand(
      *group, "show", "Shows one version; items.1 is the built-in one.",
      "huifangctl scripts show --court 110102 items.1 --format json");
  const auto show_court = AddCourtOption(*show);
  const auto shown = std::make_shared<std::string>();
  show->add_option("script", *shown, "Script's id with version")->required();
  context.OnRun(*show, [&context, show_court, shown]() -> absl::Status {
    v1::GetScriptRequest request;
    request.set_name(CompleteName("scripts", *show_court, *shown));
    ASSIGN_OR_RETURN(
        const v1::Script script,
        context.Call(*NewStub(context), &Stub::GetScript, request));
    context.PrintMessage(script);
    return absl::OkStatus();
  });

  CLI::App* put = AddCommand(
      *group, "put", "Stores a script from JSON as the next version of its id.",
      "huifangctl scripts put --court 110102 weekly script.json");
  const auto put_court = AddCourtOption(*put);
  const auto id = std::make_shared<std::string>();
  const auto path = std::make_shared<std::string>();
  put->add_option("script", *id, "Script's id, without version")->required();
  put->add_option("file", *path, "Script as JSON")->required();
  context.OnRun(*put, [&context, put_court, id, path] {
    return Put(context, *put_court, *id, *path);
  });
}

}  // namespace huifang::cli
