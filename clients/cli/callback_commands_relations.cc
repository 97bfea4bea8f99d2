// Whose tickets an officer must not check (回避).
#include <memory>
#include <string>

#include "clients/cli/callback_commands.h"
#include "clients/cli/named_command.h"
#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = callback::v1;
using Stub = v1::CallService::Stub;

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::CallService::NewStub(context.Channel(Service::kCallback));
}

struct RelationOptions {
  std::shared_ptr<std::string> court;
  std::string name, officer, staff, team, division, ticket, reason;
};

absl::Status Declare(Context& context, const RelationOptions& options) {
  v1::CreateRelationRequest request;
  request.set_parent(CourtName(*options.court));
  v1::Relation& relation = *request.mutable_relation();
  relation.set_officer(options.officer);
  for (const auto& [collection, id] :
       {std::pair{"staff", &options.staff}, std::pair{"teams", &options.team},
        std::pair{"divisions", &options.division},
        std::pair{"tickets", &options.ticket}}) {
    if (id->empty()) continue;
    relation.set_subject(CompleteName(collection, *options.court, *id));
  }
  relation.set_reason(options.reason);
  request.set_request_id(NewRequestId());
  ASSIGN_OR_RETURN(
      const v1::Relation created,
      context.Call(*NewStub(context), &Stub::CreateRelation, request));
  context.PrintMessage(created);
  return absl::OkStatus();
}

absl::Status List(Context& context, const std::string& court) {
  v1::ListRelationsRequest request;
  request.set_parent(CourtName(court));
  request.set_page_size(500);
  const auto stub = NewStub(context);
  auto rows = context.Rows({"relation", "officer", "subject", "reason",
                            "declarer", "created_at", "ended_at", "ender"});
  while (true) {
    ASSIGN_OR_RETURN(const v1::ListRelationsResponse page,
                     context.Call(*stub, &Stub::ListRelations, request));
    for (const v1::Relation& relation : page.relations()) {
      rows->Add({ResourceId(relation.name()), relation.officer(),
                 relation.subject(), relation.reason(), relation.declarer(),
                 FormatTime(relation.create_time()),
                 FormatTime(relation.end_time()), relation.ender()});
    }
    if (page.next_page_token().empty()) break;
    request.set_page_token(page.next_page_token());
  }
  rows->Finish();
  return absl::OkStatus();
}

absl::Status End(Context& context, const RelationOptions& options) {
  v1::DeleteRelationRequest request;
  request.set_name(CompleteName("relations", *options.court, options.name));
  return context.Call(*NewStub(context), &Stub::DeleteRelation, request)
      .status();
}

void AddDeclare(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "declare",
      "Keeps an officer from the calls about somebody's tickets.",
      "huifangctl relations declare --court 110102 officer-yang --staff "
      "judge-1 --reason 夫妻\n"
      "huifangctl relations declare --court 110102 courts/110102/staff/yang "
      "--division civil-1 --reason 曾在该庭工作");
  const auto options = std::make_shared<RelationOptions>();
  options->court = AddCourtOption(*command);
  command
      ->add_option("officer", options->officer,
                   "The officer: a principal, or a staff name in full")
      ->required();
  auto* subject = command->add_option_group("subject");
  subject->add_option("--staff", options->staff, "Whose tickets: staff id");
  subject->add_option("--team", options->team, "A team's");
  subject->add_option("--division", options->division, "A division's");
  subject->add_option("--ticket", options->ticket, "This one only");
  subject->require_option(1);
  command->add_option("--reason", options->reason, "Why")->required();
  context.OnRun(*command,
                [&context, options] { return Declare(context, *options); });
}

}  // namespace

void AddRelationCommands(CLI::App& root, Context& context) {
  CLI::App* group =
      AddGroup(root, "relations", "Officers' ties to others (回避).",
               "huifangctl relations list --court 110102");
  CLI::App* list =
      AddCommand(*group, "list", "Lists relations, those taken back too.",
                 "huifangctl relations list --court 110102");
  const auto court = AddCourtOption(*list);
  context.OnRun(*list, [&context, court] { return List(context, *court); });
  AddDeclare(*group, context);
  auto [end, options] = AddNamedCommand<RelationOptions>(
      *group, "relation", "end", "Takes a relation back; it stays on record.",
      "huifangctl relations end --court 110102 RELATION");
  context.OnRun(
      *end, [&context, options = options] { return End(context, *options); });
}

}  // namespace huifang::cli
