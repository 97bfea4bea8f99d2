#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "clients/cli/grading_commands.h"
#include "clients/cli/named_command.h"
#include "huifang/grading/v1/grading_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = grading::v1;
using Stub = v1::ReviewService::Stub;

constexpr int kPageSize = 1000;

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::ReviewService::NewStub(context.Channel(Service::kGrading));
}

void PrintField(const char* name, const std::string& value) {
  if (!value.empty()) std::printf("%-10s %s\n", name, value.c_str());
}

// One screen: what to judge, what the machine saw, how to judge it.
void PrintLease(const v1::LeaseReviewResponse& lease) {
  const v1::Review& review = lease.review();
  PrintField("review", std::string(ResourceId(review.name())));
  PrintField("token", review.lease_token());
  PrintField("until", FormatTime(review.lease_expire_time()));
  PrintField("reason", EnumLabel(review.reason()));
  PrintField("division", std::string(ResourceId(review.division())));
  PrintField("title", lease.title());
  PrintField("content", lease.content());
  PrintField("reply", lease.reply());
  for (const v1::Finding& finding : lease.inspection().findings()) {
    std::printf("finding    %s %s: %s\n", finding.rule_id().c_str(),
                finding.display_name().c_str(), finding.explanation().c_str());
    for (const v1::QuotedSpan& quote : finding.quotes()) {
      std::printf("           %s “%s”\n", quote.field().c_str(),
                  quote.text().c_str());
    }
  }
  PrintField("proposed", lease.inspection().proposed_tier());
  for (const v1::Criterion& criterion : lease.rubric().criteria()) {
    std::printf("criterion  %s %s, 0 to %d%s%s\n", criterion.id().c_str(),
                criterion.display_name().c_str(), criterion.max_points(),
                criterion.critical() ? ", critical" : "",
                criterion.not_applicable_allowed() ? ", or n/a" : "");
  }
}

struct NextOptions {
  std::shared_ptr<std::string> court;
  std::string division, reviewer;
  bool calls = false;
  int minutes = 0;
};

absl::Status Next(Context& context, const NextOptions& options) {
  v1::LeaseReviewRequest request;
  request.set_parent(CourtName(*options.court));
  if (!options.division.empty()) {
    request.set_division(
        CompleteName("divisions", *options.court, options.division));
  }
  if (!options.reviewer.empty()) {
    request.set_reviewer(
        CompleteName("staff", *options.court, options.reviewer));
  }
  if (options.calls) request.set_subject(v1::SUBJECT_CALL);
  request.set_lease_minutes(options.minutes);
  request.set_request_id(NewRequestId());
  ASSIGN_OR_RETURN(
      const v1::LeaseReviewResponse lease,
      context.Call(*NewStub(context), &Stub::LeaseReview, request));
  if (context.options().format == Format::kTable) {
    PrintLease(lease);
  } else {
    context.PrintMessage(lease);
  }
  return absl::OkStatus();
}

void AddNext(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "next", "Leases the next review you may judge, and shows it.",
      "huifangctl reviews next --court 110102\n"
      "huifangctl reviews next --court 110102 --division civil1 --format json");
  auto options = std::make_shared<NextOptions>();
  options->court = AddCourtOption(*command);
  command->add_option("--division", options->division, "Division's id or name");
  command->add_option("--reviewer", options->reviewer,
                      "Member of staff on whose behalf (administrators only)");
  command->add_flag("--calls", options->calls, "Recorded calls only");
  command->add_option("--minutes", options->minutes, "How long to hold it")
      ->check(CLI::Range(1, 240));
  context.OnRun(*command,
                [&context, options] { return Next(context, *options); });
}

// substance=8 or completeness=n/a
absl::StatusOr<v1::Score> ParseScore(const std::string& text) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(text, absl::MaxSplits('=', 1));
  v1::Score score;
  score.set_criterion_id(parts.first);
  double points = 0;
  if (parts.second == "n/a" || parts.second == "na") {
    score.set_not_applicable(true);
  } else if (absl::SimpleAtod(parts.second, &points)) {
    score.set_points(points);
  } else {
    return absl::InvalidArgumentError(absl::StrCat("--score ", text,
                                                   ": say criterion=points or "
                                                   "criterion=n/a"));
  }
  return score;
}

struct GradeOptions {
  std::shared_ptr<std::string> court;
  std::string review, token, comment, suggestion;
  std::vector<std::string> scores, rejected;
};

absl::Status Grade(Context& context, const GradeOptions& options) {
  v1::SubmitGradeRequest request;
  request.set_name(CompleteName("reviews", *options.court, options.review));
  request.set_lease_token(options.token);
  for (const std::string& text : options.scores) {
    ASSIGN_OR_RETURN(*request.add_scores(), ParseScore(text));
  }
  request.set_comment(options.comment);
  request.set_suggestion(options.suggestion);
  for (const std::string& rule : options.rejected) {
    request.add_rejected_rules(rule);
  }
  request.set_request_id(NewRequestId());
  ASSIGN_OR_RETURN(
      const v1::Grade grade,
      context.Call(*NewStub(context), &Stub::SubmitGrade, request));
  context.PrintMessage(grade);
  return absl::OkStatus();
}

void AddGrade(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "grade", "Grades a leased review.",
      "huifangctl reviews grade --court 110102 0197e0c2-… --token 5f2c… \\\n"
      "  --score timeliness=10 --score substance=4 --score helpfulness=5 \\\n"
      "  --score relevance=8 --score completeness=n/a --score record=10 \\\n"
      "  --comment '未写明退费时间' --reject off_topic");
  auto options = std::make_shared<GradeOptions>();
  options->court = AddCourtOption(*command);
  command->add_option("REVIEW", options->review, "Id or full name")->required();
  command->add_option("--token", options->token, "From `reviews next`")
      ->required();
  command
      ->add_option("--score", options->scores,
                   "criterion=points or criterion=n/a; one each")
      ->required()
      ->delimiter(',');
  command->add_option("--comment", options->comment,
                      "Why; needed when it does not pass");
  command->add_option("--suggestion", options->suggestion,
                      "What the handler should do");
  command
      ->add_option("--reject", options->rejected,
                   "A rule whose finding is wrong; repeatable")
      ->delimiter(',');
  context.OnRun(*command,
                [&context, options] { return Grade(context, *options); });
}

struct ReleaseOptions {
  std::shared_ptr<std::string> court;
  std::string review, token, reason;
  bool recuse = false;
};

void AddRelease(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "release", "Gives a leased review back.",
      "huifangctl reviews release --court 110102 0197e0c2-… --token 5f2c…\n"
      "huifangctl reviews release --court 110102 0197e0c2-… --token 5f2c… "
      "--recuse --reason 与当事人相识");
  auto options = std::make_shared<ReleaseOptions>();
  options->court = AddCourtOption(*command);
  command->add_option("REVIEW", options->review, "Id or full name")->required();
  command->add_option("--token", options->token, "From `reviews next`")
      ->required();
  command->add_flag("--recuse", options->recuse, "Never offer it to me again");
  command->add_option("--reason", options->reason, "Why");
  context.OnRun(*command, [&context, options]() -> absl::Status {
    v1::ReleaseReviewRequest request;
    request.set_name(CompleteName("reviews", *options->court, options->review));
    request.set_lease_token(options->token);
    request.set_recuse(options->recuse);
    request.set_reason(options->reason);
    request.set_request_id(NewRequestId());
    ASSIGN_OR_RETURN(
        const v1::Review review,
        context.Call(*NewStub(context), &Stub::ReleaseReview, request));
    context.PrintMessage(review);
    return absl::OkStatus();
  });
}

absl::Status List(Context& context, const std::string& court,
                  const std::string& state) {
  const auto stub = NewStub(context);
  v1::ListReviewsRequest request;
  request.set_parent(CourtName(court));
  request.set_page_size(kPageSize);
  if (!state.empty()) {
    ASSIGN_OR_RETURN(const auto wanted,
                     ParseEnum<v1::Review::State>("--state", state));
    request.set_state(wanted);
  }
  const auto rows = context.Rows({"review", "state", "reason", "ticket",
                                  "division", "reviewer", "created_at"});
  do {
    ASSIGN_OR_RETURN(const v1::ListReviewsResponse page,
                     context.Call(*stub, &Stub::ListReviews, request));
    for (const v1::Review& review : page.reviews()) {
      rows->Add({ResourceId(review.name()), EnumLabel(review.state()),
                 EnumLabel(review.reason()), ResourceId(review.ticket()),
                 ResourceId(review.division()), ResourceId(review.reviewer()),
                 FormatTime(review.create_time())});
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  rows->Finish();
  return absl::OkStatus();
}

void AddList(CLI::App& group, Context& context) {
  CLI::App* command =
      AddCommand(group, "list", "Lists reviews, oldest first.",
                 "huifangctl reviews list --court 110102 --state WAITING");
  auto court = AddCourtOption(*command);
  auto state = std::make_shared<std::string>();
  command->add_option("--state", *state,
                      "WAITING, LEASED, GRADED or WITHDRAWN");
  context.OnRun(*command, [&context, court, state] {
    return List(context, *court, *state);
  });
}

}  // namespace

void AddReviewCommands(CLI::App& root, Context& context) {
  CLI::App* group =
      AddGroup(root, "reviews", "The reviewers' queue (人工复核).",
               "huifangctl reviews next --court 110102");
  AddNext(*group, context);
  AddGrade(*group, context);
  AddRelease(*group, context);
  AddList(*group, context);
}

}  // namespace huifang::cli
