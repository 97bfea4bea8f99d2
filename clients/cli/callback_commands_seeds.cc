// draws commit and reveal: a party's part of a seed.
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/callback_commands.h"
#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/callback/draw_rules.h"
#include "services/common/crypto.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = callback::v1;
using Stub = v1::DrawService::Stub;

struct SeedOptions {
  std::shared_ptr<std::string> court;
  std::string draw, party, secret, salt;
  std::string Name() const { return CompleteName("draws", *court, draw); }
};

std::shared_ptr<SeedOptions> AddSeedOptions(CLI::App& command) {
  auto options = std::make_shared<SeedOptions>();
  options->court = AddCourtOption(command);
  command.add_option("draw", options->draw, "Draw's id or name")->required();
  command.add_option("--party", options->party, "The party you act for")
      ->required();
  return options;
}

void PrintParts(Context& context, const v1::Draw& draw) {
  auto rows = context.Rows({"party", "commitment", "committer", "revealer"});
  for (const v1::SeedPart& part : draw.seed_parts()) {
    rows->Add(
        {part.party(), part.commitment(), part.committer(), part.revealer()});
  }
  rows->Finish();
}

absl::Status Commit(Context& context, const SeedOptions& options) {
  const auto stub =
      v1::DrawService::NewStub(context.Channel(Service::kCallback));
  v1::GetDrawRequest get;
  get.set_name(options.Name());
  ASSIGN_OR_RETURN(v1::Draw draw, context.Call(*stub, &Stub::GetDraw, get));
  if (draw.frame_digest().empty()) {
    return absl::FailedPreconditionError("the draw's frame is not frozen yet");
  }
  callback::SeedSecret secret{options.party, options.secret, options.salt};
  const auto random = [] { return absl::BytesToHexString(RandomBytes(16)); };
  if (secret.secret.empty()) secret.secret = random();
  if (secret.salt.empty()) secret.salt = random();
  v1::CommitSeedRequest request;
  request.set_name(options.Name());
  request.set_party(options.party);
  request.set_commitment(callback::SeedCommitment(secret, draw.frame_digest()));
  request.set_request_id(NewRequestId());
  // Shown before it is sent: a commitment whose secret was lost ends the draw.
  std::fprintf(stderr,
               "keep this to yourself until all parties have committed:\n"
               "  huifangctl draws reveal %s --party %s --secret \"%s\" --salt "
               "%s\n",
               options.Name().c_str(), options.party.c_str(),
               secret.secret.c_str(), secret.salt.c_str());
  ASSIGN_OR_RETURN(draw, context.Call(*stub, &Stub::CommitSeed, request));
  PrintParts(context, draw);
  return absl::OkStatus();
}

absl::Status Reveal(Context& context, const SeedOptions& options) {
  v1::RevealSeedRequest request;
  request.set_name(options.Name());
  request.set_party(options.party);
  request.set_secret(options.secret);
  request.set_salt(options.salt);
  request.set_request_id(NewRequestId());
  const auto stub =
      v1::DrawService::NewStub(context.Channel(Service::kCallback));
  ASSIGN_OR_RETURN(const v1::Draw draw,
                   context.Call(*stub, &Stub::RevealSeed, request));
  PrintParts(context, draw);
  return absl::OkStatus();
}

}  // namespace

void AddDrawSeedCommands(CLI::App& draws, Context& context) {
  CLI::App* commit = AddCommand(
      draws, "commit",
      "Binds your party to a secret, and shows what to keep until the reveal.",
      "huifangctl draws commit --court 110102 DRAW --party quality-office");
  const auto bound = AddSeedOptions(*commit);
  commit->add_option("--secret", bound->secret, "Random when it is missing");
  commit->add_option("--salt", bound->salt, "Random when it is missing");
  context.OnRun(*commit, [&context, bound] { return Commit(context, *bound); });

  CLI::App* reveal = AddCommand(
      draws, "reveal",
      "Reveals your party's secret; the last party's draws the sample.",
      "huifangctl draws reveal --court 110102 DRAW --party quality-office "
      "--secret \"ssq 2019086\" --salt 5f0c64a1b2c3d4e5f60718293a4b5c6d");
  const auto shown = AddSeedOptions(*reveal);
  reveal->add_option("--secret", shown->secret, "As committed to")->required();
  reveal->add_option("--salt", shown->salt, "As committed with")->required();
  context.OnRun(*reveal, [&context, shown] { return Reveal(context, *shown); });
}

}  // namespace huifang::cli
