#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "clients/cli/callback_commands.h"
#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = callback::v1;
using Stub = v1::DrawService::Stub;

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::DrawService::NewStub(context.Channel(Service::kCallback));
}

std::string StateOf(const v1::Draw& draw) {
  return std::string(
      absl::StripPrefix(v1::Draw::State_Name(draw.state()), "STATE_"));
}

// The strata of a draw as rows, or the draw whole as JSON.
void PrintDraw(Context& context, const v1::Draw& draw) {
  if (context.options().format == Format::kJson) {
    context.PrintMessage(draw);
    return;
  }
  if (context.options().format == Format::kTable) {
    std::printf("draw          %s\nperiod        %s\nstate         %s\n",
                draw.name().c_str(), draw.period_label().c_str(),
                StateOf(draw).c_str());
    if (!draw.failure().empty()) {
      std::printf("reason        %s\n", draw.failure().c_str());
    }
    std::printf("tickets       %s closed, %s in the frame, %s drawn\n",
                WithCommas(draw.closed_count()).c_str(),
                WithCommas(draw.population()).c_str(),
                WithCommas(draw.sampled()).c_str());
    for (const v1::ExclusionCount& left_out : draw.exclusions()) {
      std::printf(
          "left out      %s %s\n", WithCommas(left_out.count()).c_str(),
          v1::ExclusionCount::Reason_Name(left_out.reason()).c_str() + 7);
    }
    for (const v1::SeedPart& part : draw.seed_parts()) {
      const char* stage = "silent";
      if (!part.commitment().empty()) stage = "committed";
      if (!part.secret().empty()) stage = "revealed";
      std::printf("party         %s: %s %s\n", part.party().c_str(), stage,
                  part.commitment().c_str());
    }
    std::printf(
        "frame digest  %s\nof strata     %s\nof allocation %s\n"
        "bundle digest %s\nseed          %s\n\n",
        draw.frame_digest().c_str(), draw.strata_digest().c_str(),
        draw.allocation_digest().c_str(), draw.bundle_digest().c_str(),
        draw.seed().c_str());
  }
  auto rows = context.Rows(
      {"stratum", "population", "sampled", "weight", "reserve", "margin"});
  for (const v1::Stratum& s : draw.strata()) {
    rows->Add({s.key(), s.population(), s.sampled(), s.weight(),
               s.reserve_count(), s.margin()});
  }
  rows->Finish();
}

// A person must give the seed, or a part of it.
bool WaitsForPeople(const v1::Draw& draw) {
  const auto source = draw.applied_plan().seed_source();
  return draw.public_seed().empty() &&
         (source == v1::SamplingPlan::SEED_SOURCE_PUBLIC ||
          source == v1::SamplingPlan::SEED_SOURCE_PARTIES);
}

// Polls until the draw needs nothing more that a worker could do.
absl::StatusOr<v1::Draw> WaitForDraw(Context& context, Stub& stub,
                                     v1::Draw draw) {
  constexpr absl::Duration kMaxWait = absl::Minutes(10);
  const absl::Time start = absl::Now();
  Progress progress("drawing", 0);
  absl::Duration pause = absl::Milliseconds(20);
  while (draw.state() == v1::Draw::STATE_FREEZING ||
         (draw.state() == v1::Draw::STATE_FROZEN && !WaitsForPeople(draw))) {
    if (absl::Now() - start > kMaxWait) {
      return absl::DeadlineExceededError(
          absl::StrCat(draw.name(), " is still ", StateOf(draw),
                       "; look again with draws show"));
    }
    progress.Set(0, StateOf(draw));
    absl::SleepFor(pause);
    pause = std::min(pause * 2, absl::Milliseconds(500));
    v1::GetDrawRequest request;
    request.set_name(draw.name());
    ASSIGN_OR_RETURN(draw, context.Call(stub, &Stub::GetDraw, request));
  }
  progress.Finish(absl::StrCat(StateOf(draw), ", ", WithCommas(draw.sampled()),
                               " of ", WithCommas(draw.population()),
                               " tickets"));
  return draw;
}

absl::Status Ended(const v1::Draw& draw) {
  if (draw.state() == v1::Draw::STATE_FAILED) {
    return absl::FailedPreconditionError(
        absl::StrCat("the draw failed: ", draw.failure()));
  }
  return absl::OkStatus();
}

struct CreateOptions {
  std::shared_ptr<std::string> court;
  std::string from, to, seed, plan;
  int size = 0;
  bool no_wait = false;
};

absl::Status Create(Context& context, const CreateOptions& options) {
  v1::CreateDrawRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_from_date(options.from);
  request.set_to_date(options.to);
  request.set_size(options.size);
  request.set_public_seed(options.seed);
  if (!options.plan.empty()) {
    request.set_plan(CompleteName("plans", *options.court, options.plan));
  }
  request.set_request_id(NewRequestId());
  const auto stub = NewStub(context);
  ASSIGN_OR_RETURN(v1::Draw draw,
                   context.Call(*stub, &Stub::CreateDraw, request));
  if (!options.no_wait) {
    ASSIGN_OR_RETURN(draw, WaitForDraw(context, *stub, std::move(draw)));
  }
  PrintDraw(context, draw);
  return Ended(draw);
}

void AddCreate(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "create", "Draws a sample of the tickets closed in a period.",
      "huifangctl draws create --court 110102 --from 2019-07-22 --to "
      "2019-07-28 --size 60\n"
      "huifangctl draws create --court 110102 --from 2019-07-22 --to "
      "2019-07-28 --plan weekly");
  auto options = std::make_shared<CreateOptions>();
  options->court = AddCourtOption(*command);
  command->add_option("--from", options->from, "First day, YYYY-MM-DD")
      ->required();
  command->add_option("--to", options->to, "Last day, YYYY-MM-DD")->required();
  command->add_option("--size", options->size,
                      "Tickets to draw; the plan decides when it is missing");
  command->add_option("--seed", options->seed,
                      "Public seed; only with a plan that lets it be given "
                      "before the frame is frozen");
  command->add_option("--plan", options->plan,
                      "Plan's id; without one the built-in plan is used");
  command->add_flag("--no-wait", options->no_wait,
                    "Do not wait until it is drawn");
  context.OnRun(*command,
                [&context, options] { return Create(context, *options); });
}

void AddList(CLI::App& group, Context& context) {
  CLI::App* command =
      AddCommand(group, "list", "Lists a court's draws, newest first.",
                 "huifangctl draws list --court 110102 --format csv");
  const auto court = AddCourtOption(*command);
  context.OnRun(*command, [&context, court]() -> absl::Status {
    v1::ListDrawsRequest request;
    request.set_parent(CourtName(*court));
    request.set_page_size(500);
    const auto stub = NewStub(context);
    auto rows =
        context.Rows({"draw", "period", "state", "population", "sampled",
                      "created_at", "creator", "frame_digest"});
    while (true) {
      ASSIGN_OR_RETURN(const v1::ListDrawsResponse page,
                       context.Call(*stub, &Stub::ListDraws, request));
      for (const v1::Draw& draw : page.draws()) {
        rows->Add({ResourceId(draw.name()), draw.period_label(), StateOf(draw),
                   draw.population(), draw.sampled(),
                   FormatTime(draw.create_time()), draw.creator(),
                   draw.frame_digest()});
      }
      if (page.next_page_token().empty()) break;
      request.set_page_token(page.next_page_token());
    }
    rows->Finish();
    return absl::OkStatus();
  });
}

// Commands that name one draw.
struct OneDraw {
  std::shared_ptr<std::string> court;
  std::string draw, text;
  int count = 0;
  std::string Name() const { return CompleteName("draws", *court, draw); }
};

std::shared_ptr<OneDraw> AddOneDraw(CLI::App& command) {
  auto options = std::make_shared<OneDraw>();
  options->court = AddCourtOption(command);
  command.add_option("draw", options->draw, "Draw's id or name")->required();
  return options;
}

void AddShow(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(group, "show", "Shows one draw.",
                                 "huifangctl draws show --court 110102 DRAW");
  const auto options = AddOneDraw(*command);
  context.OnRun(*command, [&context, options]() -> absl::Status {
    v1::GetDrawRequest request;
    request.set_name(options->Name());
    ASSIGN_OR_RETURN(const v1::Draw draw,
                     context.Call(*NewStub(context), &Stub::GetDraw, request));
    PrintDraw(context, draw);
    return absl::OkStatus();
  });
}

void AddSeed(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "seed", "Gives a frozen draw its public seed, and draws.",
      "huifangctl draws seed --court 110102 DRAW \"ssq 03 09 12 13 26 32 06\"");
  const auto options = AddOneDraw(*command);
  command->add_option("seed", options->text, "Public seed")->required();
  context.OnRun(*command, [&context, options]() -> absl::Status {
    v1::SeedDrawRequest request;
    request.set_name(options->Name());
    request.set_public_seed(options->text);
    request.set_request_id(NewRequestId());
    const auto stub = NewStub(context);
    ASSIGN_OR_RETURN(v1::Draw draw,
                     context.Call(*stub, &Stub::SeedDraw, request));
    ASSIGN_OR_RETURN(draw, WaitForDraw(context, *stub, std::move(draw)));
    PrintDraw(context, draw);
    return Ended(draw);
  });
}

void AddAbort(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "abort", "Gives a draw up; its open calls are withdrawn.",
      "huifangctl draws abort --court 110102 DRAW --reason \"wrong week\"");
  const auto options = AddOneDraw(*command);
  command->add_option("--reason", options->text, "Why")->required();
  context.OnRun(*command, [&context, options]() -> absl::Status {
    v1::AbortDrawRequest request;
    request.set_name(options->Name());
    request.set_reason(options->text);
    request.set_request_id(NewRequestId());
    ASSIGN_OR_RETURN(
        const v1::Draw draw,
        context.Call(*NewStub(context), &Stub::AbortDraw, request));
    PrintDraw(context, draw);
    return absl::OkStatus();
  });
}

void AddReserve(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "reserve", "Takes the next tickets of a stratum's reserve.",
      "huifangctl draws reserve --court 110102 DRAW --stratum min-1 --count 3");
  const auto options = AddOneDraw(*command);
  command->add_option("--stratum", options->text, "Stratum's key")->required();
  command->add_option("--count", options->count, "How many")->required();
  context.OnRun(*command, [&context, options]() -> absl::Status {
    v1::ActivateReserveRequest request;
    request.set_name(options->Name());
    request.set_stratum(options->text);
    request.set_count(options->count);
    request.set_request_id(NewRequestId());
    ASSIGN_OR_RETURN(
        const v1::Draw draw,
        context.Call(*NewStub(context), &Stub::ActivateReserve, request));
    PrintDraw(context, draw);
    return absl::OkStatus();
  });
}

}  // namespace

void AddDrawCommands(CLI::App& root, Context& context) {
  CLI::App* group =
      AddGroup(root, "draws", "Random samples of closed tickets (抽样).",
               "huifangctl draws create --court 110102 --from 2019-07-22 --to "
               "2019-07-28 --size 60");
  AddCreate(*group, context);
  AddList(*group, context);
  AddShow(*group, context);
  AddSeed(*group, context);
  AddAbort(*group, context);
  AddReserve(*group, context);
  AddDrawSeedCommands(*group, context);
  AddDrawFileCommands(*group, context);
}

}  // namespace huifang::cli
