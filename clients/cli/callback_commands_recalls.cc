// Interviews made again by another officer.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "clients/cli/callback_commands.h"
#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = callback::v1;
using Stub = v1::CallService::Stub;

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::CallService::NewStub(context.Channel(Service::kCallback));
}

struct RecallOptions {
  std::shared_ptr<std::string> court;
  std::string draw;
  bool differing = false;
};

std::string DrawName(const RecallOptions& options) {
  return options.draw.empty()
             ? ""
             : CompleteName("draws", *options.court, options.draw);
}

// "solved YES/NO verdict SATISFIED/UNSATISFIED"
std::string Differences(const v1::Recall& recall) {
  std::string text;
  for (const v1::Recall::Item& item : recall.items()) {
    if (!item.differs()) continue;
    absl::StrAppend(&text, text.empty() ? "" : " ", item.question(), " ",
                    item.first(), "/", item.second());
  }
  return text;
}

absl::Status Recalls(Context& context, const RecallOptions& options) {
  v1::ListRecallsRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_page_size(500);
  request.set_draw(DrawName(options));
  request.set_differing(options.differing);
  const auto stub = NewStub(context);
  auto rows = context.Rows({"recall", "first", "state", "first_officer",
                            "second_officer", "differs", "differences",
                            "division", "ticket", "first_at", "second_at"});
  while (true) {
    ASSIGN_OR_RETURN(const v1::ListRecallsResponse page,
                     context.Call(*stub, &Stub::ListRecalls, request));
    for (const v1::Recall& recall : page.recalls()) {
      rows->Add({ResourceId(recall.recall()), ResourceId(recall.first()),
                 absl::StripPrefix(v1::Callback::State_Name(recall.state()),
                                   "STATE_"),
                 recall.first_officer(), recall.second_officer(),
                 recall.differs(), Differences(recall),
                 ResourceId(recall.division()), ResourceId(recall.ticket()),
                 FormatTime(recall.create_time()),
                 FormatTime(recall.complete_time())});
    }
    if (page.next_page_token().empty()) break;
    request.set_page_token(page.next_page_token());
  }
  rows->Finish();
  return absl::OkStatus();
}

std::string Estimate(bool known, const v1::AgreementCoefficient& coefficient) {
  if (!known) return "";
  std::string text = absl::StrFormat("%.3f", coefficient.value());
  if (coefficient.has_lower()) {
    absl::StrAppendFormat(&text, " (%.3f to %.3f)", coefficient.lower(),
                          coefficient.upper());
  }
  return text;
}

absl::Status Agreement(Context& context, const RecallOptions& options) {
  v1::GetRecallAgreementRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_draw(DrawName(options));
  ASSIGN_OR_RETURN(
      const v1::RecallAgreement agreement,
      context.Call(*NewStub(context), &Stub::GetRecallAgreement, request));
  if (context.options().format == Format::kJson) {
    context.PrintMessage(agreement);
    return absl::OkStatus();
  }
  if (context.options().format == Format::kTable) {
    std::printf(
        "%d chosen, %d made, %d not reached, %d not made in time, %d with "
        "other "
        "answers\n\n",
        agreement.chosen(), agreement.completed(), agreement.unreached(),
        agreement.expired(), agreement.differing());
  }
  auto rows = context.Rows({"question", "pairs", "equal", "observed", "kappa",
                            "weighted_kappa", "gwet_ac1", "alpha"});
  for (const v1::QuestionAgreement& q : agreement.questions()) {
    rows->Add({q.question(), q.pairs(), q.equal_pairs(),
               q.has_observed() ? absl::StrFormat("%.3f", q.observed()) : "",
               Estimate(q.has_kappa(), q.kappa()),
               Estimate(q.has_weighted_kappa(), q.weighted_kappa()),
               Estimate(q.has_gwet_ac1(), q.gwet_ac1()),
               Estimate(q.has_krippendorff_alpha(), q.krippendorff_alpha())});
  }
  rows->Finish();
  return absl::OkStatus();
}

}  // namespace

void AddRecallCommands(CLI::App& callbacks, Context& context) {
  CLI::App* list =
      AddCommand(callbacks, "recalls",
                 "Lists interviews that another officer makes again (盲复访).",
                 "huifangctl callbacks recalls --court 110102 --differing");
  const auto options = std::make_shared<RecallOptions>();
  options->court = AddCourtOption(*list);
  list->add_option("--draw", options->draw, "Only of this draw");
  list->add_flag("--differing", options->differing,
                 "Only those whose answers differ");
  context.OnRun(*list,
                [&context, options] { return Recalls(context, *options); });

  CLI::App* agreement = AddCommand(
      callbacks, "agreement",
      "How far first and second interviews agree, question by question.",
      "huifangctl callbacks agreement --court 110102 --draw DRAW");
  const auto asked = std::make_shared<RecallOptions>();
  asked->court = AddCourtOption(*agreement);
  agreement->add_option("--draw", asked->draw, "Only of this draw");
  context.OnRun(*agreement,
                [&context, asked] { return Agreement(context, *asked); });
}

}  // namespace huifang::cli
