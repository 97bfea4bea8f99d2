// What officers explain by (知识话术).
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/callback_commands.h"
#include "clients/cli/named_command.h"
#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = callback::v1;
using Stub = v1::SamplingPlanService::Stub;

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::SamplingPlanService::NewStub(context.Channel(Service::kCallback));
}

struct SnippetOptions {
  std::shared_ptr<std::string> court;
  std::string name, title, text, file, verified;
  std::vector<std::string> kinds;
};

std::string KindsOf(const v1::Snippet& snippet) {
  std::vector<std::string> kinds;
  for (const int kind : snippet.kinds()) {
    kinds.push_back(EnumLabel(static_cast<ticket::v1::Kind>(kind)));
  }
  return absl::StrJoin(kinds, " ");
}

absl::Status List(Context& context, const SnippetOptions& options) {
  v1::ListSnippetsRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_page_size(500);
  const auto stub = NewStub(context);
  auto rows = context.Rows({"snippet", "title", "kinds", "verified_on",
                            "verifier", "stale", "retired", "text"});
  while (true) {
    ASSIGN_OR_RETURN(const v1::ListSnippetsResponse page,
                     context.Call(*stub, &Stub::ListSnippets, request));
    for (const v1::Snippet& snippet : page.snippets()) {
      rows->Add({ResourceId(snippet.name()), snippet.display_name(),
                 KindsOf(snippet), snippet.verify_date(), snippet.verifier(),
                 snippet.stale(), snippet.retired(), snippet.text()});
    }
    if (page.next_page_token().empty()) break;
    request.set_page_token(page.next_page_token());
  }
  rows->Finish();
  return absl::OkStatus();
}

absl::StatusOr<v1::Snippet> Get(Context& context,
                                const SnippetOptions& options) {
  v1::GetSnippetRequest request;
  request.set_name(CompleteName("snippets", *options.court, options.name));
  return context.Call(*NewStub(context), &Stub::GetSnippet, request);
}

absl::Status Create(Context& context, const SnippetOptions& options,
                    const v1::Snippet& snippet) {
  v1::CreateSnippetRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_snippet_id(options.name);
  *request.mutable_snippet() = snippet;
  request.set_request_id(NewRequestId());
  ASSIGN_OR_RETURN(
      const v1::Snippet created,
      context.Call(*NewStub(context), &Stub::CreateSnippet, request));
  context.PrintMessage(created);
  return absl::OkStatus();
}

absl::Status Put(Context& context, const SnippetOptions& options) {
  v1::Snippet snippet;
  snippet.set_display_name(options.title);
  snippet.set_text(options.text);
  if (!options.file.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(options.file));
    snippet.set_text(std::string(absl::StripAsciiWhitespace(text)));
  }
  for (const std::string& text : options.kinds) {
    ASSIGN_OR_RETURN(const auto kind,
                     ParseEnum<ticket::v1::Kind>("--kind", text));
    snippet.add_kinds(kind);
  }
  snippet.set_verify_date(options.verified);
  return Create(context, options, snippet);
}

// The words stay, marked as over.
absl::Status Retire(Context& context, const SnippetOptions& options) {
  ASSIGN_OR_RETURN(v1::Snippet snippet, Get(context, options));
  snippet.set_retired(true);
  return Create(context, options, snippet);
}

absl::Status Verify(Context& context, const SnippetOptions& options) {
  v1::VerifySnippetRequest request;
  request.set_name(CompleteName("snippets", *options.court, options.name));
  request.set_verify_date(options.verified);
  ASSIGN_OR_RETURN(
      const v1::Snippet verified,
      context.Call(*NewStub(context), &Stub::VerifySnippet, request));
  context.PrintMessage(verified);
  return absl::OkStatus();
}

void AddPut(CLI::App& group, Context& context) {
  auto [put, options] = AddNamedCommand<SnippetOptions>(
      group, "snippet", "put",
      "Stores a text as the next version of its id, verified today unless "
      "--verified says when.",
      "huifangctl snippets put --court 110102 evidence --title 怎么补充证据 "
      "--text-file evidence.txt\n"
      "huifangctl snippets put --court 110102 fees --title 网上如何交费 "
      "--text 登录… --kind CONSULT --verified 2019-07-01");
  put->add_option("--title", options->title, "What callers ask")->required();
  auto* text = put->add_option("--text", options->text, "What to tell them");
  auto* file =
      put->add_option("--text-file", options->file, "The same, from a file");
  text->excludes(file);
  put->add_option("--kind", options->kinds,
                  "Kind of ticket whose callers ask it; all when it is "
                  "missing");
  put->add_option("--verified", options->verified,
                  "Day on which the text was found right");
  context.OnRun(
      *put, [&context, options = options] { return Put(context, *options); });
}

}  // namespace

void PrintSnippets(
    const google::protobuf::RepeatedPtrField<v1::Snippet>& snippets) {
  if (snippets.empty()) return;
  std::printf("\n");
  for (const v1::Snippet& snippet : snippets) {
    std::printf("  --snippet %s  %s%s\n    %s\n",
                std::string(ResourceId(snippet.name())).c_str(),
                snippet.display_name().c_str(),
                snippet.stale()
                    ? absl::StrCat("  STALE (过期), verified ",
                                   snippet.verify_date(), ": ask first")
                          .c_str()
                    : "",
                snippet.text().c_str());
  }
}

void AddSnippetCommands(CLI::App& root, Context& context) {
  CLI::App* group =
      AddGroup(root, "snippets", "Texts to explain by in calls (知识话术).",
               "huifangctl snippets list --court 110102");
  CLI::App* list =
      AddCommand(*group, "list", "Lists the newest version of each.",
                 "huifangctl snippets list --court 110102");
  const auto listed = std::make_shared<SnippetOptions>();
  listed->court = AddCourtOption(*list);
  context.OnRun(*list, [&context, listed] { return List(context, *listed); });

  auto [show, shown] = AddNamedCommand<SnippetOptions>(
      *group, "snippet", "show", "Shows one version, or the newest of an id.",
      "huifangctl snippets show --court 110102 evidence\n"
      "huifangctl snippets show --court 110102 evidence.1 --format json");
  context.OnRun(*show, [&context, options = shown]() -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Snippet snippet, Get(context, *options));
    context.PrintMessage(snippet);
    return absl::OkStatus();
  });

  AddPut(*group, context);

  auto [verify, verified] = AddNamedCommand<SnippetOptions>(
      *group, "snippet", "verify", "Somebody looked it up: it is still right.",
      "huifangctl snippets verify --court 110102 evidence.2");
  verify->add_option("--verified", verified->verified,
                     "Day on which that was; today when it is missing");
  context.OnRun(*verify, [&context, options = verified] {
    return Verify(context, *options);
  });

  auto [retire, retired] = AddNamedCommand<SnippetOptions>(
      *group, "snippet", "retire",
      "Ends an id: officers do not see it any more.",
      "huifangctl snippets retire --court 110102 evidence");
  context.OnRun(*retire, [&context, options = retired] {
    return Retire(context, *options);
  });
}

}  // namespace huifang::cli
