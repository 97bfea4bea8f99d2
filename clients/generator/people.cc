#include "clients/generator/people.h"

#include <algorithm>
#include <optional>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/generator/random.h"
#include "clients/generator/truth.h"
#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "huifang/callback/v1/callback_service_config.h"
#include "huifang/grading/v1/grading_service.grpc.pb.h"
#include "huifang/grading/v1/grading_service_config.h"
#include "services/common/client.h"
#include "services/common/ids.h"
#include "services/common/rpc.h"
#include "services/common/status_macros.h"

namespace huifang::generator {
namespace {

namespace cb = callback::v1;
namespace gr = grading::v1;

constexpr absl::Duration kTimeout = absl::Seconds(10);
// Replies shorter than this (bytes) leave callers wondering.
constexpr std::size_t kThinReply = 240;
// Share of the sampled callers who are reached and talk.
constexpr double kReached = 0.72;

template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(Stub& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                           const Request&,
                                                           Response*),
                              const std::string& token,
                              const Request& request) {
  grpc::ClientContext context;
  PrepareContext(context, token, kTimeout);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return rpc::FromGrpcStatus(status);
  return response;
}

cb::Answer Answer(Random& random, double yes, double partly) {
  const double at = random.Real();
  if (at < yes) return cb::ANSWER_YES;
  return at < yes + partly ? cb::ANSWER_PARTLY : cb::ANSWER_NO;
}

bool ThinReply(const ticket::v1::Ticket& ticket) {
  return ticket.replies().empty() ||
         ticket.replies().rbegin()->text().size() < kThinReply;
}

void FillItems(const cb::LeaseCallbackResponse& call, Random& random,
               cb::Items& items) {
  const ticket::v1::Ticket& ticket = call.ticket();
  const bool thin = ThinReply(ticket);
  const bool phoned =
      ticket.contact_recorded() ||
      ticket.state() == ticket::v1::Ticket::STATE_ANSWERED_AT_DESK;
  items.set_judge_called(Answer(random, phoned ? 0.97 : 0.55, 0.02));
  items.set_in_time(Answer(random, ticket.overdue() ? 0.15 : 0.98,
                           ticket.overdue() ? 0.2 : 0.03));
  items.set_attitude(Answer(random, thin ? 0.85 : 0.985, 0.01));
  items.set_clear(Answer(random, thin ? 0.45 : 0.975, thin ? 0.25 : 0.02));
  items.set_solved(Answer(random, thin ? 0.40 : 0.93, thin ? 0.25 : 0.05));
}

void FillWords(Random& random, cb::CompleteCallbackRequest& request) {
  constexpr const char* kGood[] = {
      "法官讲得很清楚，没有意见。", "比以前快多了，希望保持。",     "",
      "书记员态度很好。",           "希望开庭改期能再早一点通知。", ""};
  constexpr const char* kBad[] = {
      "只说等通知，没说什么时候。", "希望法官本人回个电话，把进度讲明白。",
      "打了几次都没说到点子上。", "希望给一个明确的时间。",
      "答复的不是我问的问题。"};
  const cb::Items& items = request.items();
  const bool bad = items.solved() == cb::ANSWER_NO ||
                   items.clear() == cb::ANSWER_NO ||
                   items.judge_called() == cb::ANSWER_NO;
  request.set_opinion(bad ? random.Pick(kBad) : random.Pick(kGood));
  if (!bad) return;
  request.set_emotional(random.Chance(0.1));
  request.set_explanation("已记录意见并说明将转达承办人。");
  if (random.Chance(0.7)) {
    request.set_convey_text(
        absl::StrCat("来电人意见：", request.opinion(), "请承办人联系说明。"));
  }
}

cb::Outcome MissedOutcome(Random& random) {
  constexpr cb::Outcome kOutcomes[] = {
      cb::OUTCOME_NO_ANSWER,    cb::OUTCOME_NO_ANSWER,
      cb::OUTCOME_NO_ANSWER,    cb::OUTCOME_BUSY,
      cb::OUTCOME_REFUSED,      cb::OUTCOME_REFUSED,
      cb::OUTCOME_SWITCHED_OFF, cb::OUTCOME_OUT_OF_SERVICE,
      cb::OUTCOME_WRONG_NUMBER};
  return random.Pick(kOutcomes);
}

// Of what a court's story says about the ticket.
absl::StatusOr<Truth> FindTruth(const Truths& truths, const std::string& id) {
  const auto it = truths.find(id);
  if (it != truths.end()) return it->second;
  return absl::NotFoundError(absl::StrCat("the truth file has no ticket ", id));
}

// Every item good, or the matter not solved.
void FillItems(const Truth& truth, cb::Items& items) {
  items.set_judge_called(cb::ANSWER_YES);
  items.set_in_time(cb::ANSWER_YES);
  items.set_attitude(cb::ANSWER_YES);
  items.set_clear(truth.satisfied ? cb::ANSWER_YES : cb::ANSWER_NO);
  items.set_solved(truth.satisfied ? cb::ANSWER_YES : cb::ANSWER_NO);
}

constexpr char kNote[] = "模拟回访（simulated）";

absl::Status Talk(cb::CallService::StubInterface& stub,
                  const std::string& token,
                  const cb::LeaseCallbackResponse& call, const Truth* truth,
                  Random& random, CallCounts& counts) {
  using Stub = cb::CallService::StubInterface;
  const std::string id = NewUuid7(absl::Now());
  if (truth == nullptr ? !random.Chance(kReached) : !truth->reached) {
    cb::RecordAttemptRequest request;
    request.set_name(call.callback().name());
    request.set_lease_token(call.lease_token());
    // A refusal would keep the caller from being called about other tickets.
    request.set_outcome(truth == nullptr ? MissedOutcome(random)
                                         : cb::OUTCOME_NO_ANSWER);
    request.set_minutes(0.5);
    request.set_note(kNote);
    request.set_simulated(true);
    request.set_request_id(id);
    ++counts.without_interview;
    return Call(stub, &Stub::RecordAttempt, token, request).status();
  }
  cb::CompleteCallbackRequest request;
  request.set_name(call.callback().name());
  request.set_lease_token(call.lease_token());
  if (truth == nullptr) {
    FillItems(call, random, *request.mutable_items());
  } else {
    FillItems(*truth, *request.mutable_items());
  }
  request.set_minutes(random.Between(3, 14));
  request.set_note(kNote);
  if (truth == nullptr) FillWords(random, request);
  request.set_simulated(true);
  request.set_request_id(id);
  ++counts.completed;
  return Call(stub, &Stub::CompleteCallback, token, request).status();
}

// The rubric's deductions for what the machine found; a person is a point
// stricter here and there.
gr::SubmitGradeRequest GradeOf(const gr::LeaseReviewResponse& lease,
                               const Truth* truth, Random& random) {
  gr::SubmitGradeRequest request;
  request.set_name(lease.review().name());
  request.set_lease_token(lease.review().lease_token());
  std::set<std::string> found;
  std::string comment = "模拟评级（simulated）。";
  for (const gr::Finding& finding : lease.inspection().findings()) {
    found.insert(finding.rule_id());
    absl::StrAppend(&comment, finding.explanation());
    if (request.suggestion().empty()) {
      request.set_suggestion(finding.suggestion());
    }
  }
  for (const gr::Criterion& criterion : lease.rubric().criteria()) {
    double points = criterion.max_points();
    for (const gr::Deduction& deduction : criterion.deductions()) {
      if (found.contains(deduction.rule_id())) points -= deduction.points();
    }
    if (points >= 3 && random.Chance(0.15)) points -= 1;
    if (truth != nullptr) {
      points = truth->good_reply ? criterion.max_points() : 0;
    }
    gr::Score& score = *request.add_scores();
    score.set_criterion_id(criterion.id());
    score.set_points(std::max(points, 0.0));
  }
  request.set_comment(comment.substr(0, 1500));
  request.set_request_id(NewUuid7(absl::Now()));
  return request;
}

}  // namespace

absl::StatusOr<CallCounts> SimulateOfficer(const PeopleOptions& options) {
  ASSIGN_OR_RETURN(const std::string token, ReadTokenFile(options.token_file));
  const auto stub = cb::CallService::NewStub(
      MakeChannel(options.address, cb::kServiceConfig[0].text));
  cb::CallService::StubInterface& calls = *stub;
  cb::LeaseCallbackRequest lease;
  lease.set_parent(absl::StrCat("courts/", options.court));
  // A trial runs at any hour.
  lease.set_ignore_windows(true);
  ASSIGN_OR_RETURN(const Truths truths, ReadTruths(options.truth_file));
  CallCounts counts;
  for (int i = 0; i < options.limit; ++i) {
    const auto call = Call(
        calls, &cb::CallService::StubInterface::LeaseCallback, token, lease);
    if (absl::IsNotFound(call.status())) break;
    if (!call.ok()) return call.status();
    const std::string& id = call->callback().ticket_source_id();
    Random random = RandomFor(options.seed, id);
    std::optional<Truth> truth;
    if (!truths.empty()) {
      ASSIGN_OR_RETURN(truth, FindTruth(truths, id));
    }
    RETURN_IF_ERROR(Talk(calls, token, *call,
                         truth.has_value() ? &*truth : nullptr, random,
                         counts));
  }
  return counts;
}

absl::StatusOr<int> SimulateReviewer(const PeopleOptions& options) {
  ASSIGN_OR_RETURN(const std::string token, ReadTokenFile(options.token_file));
  const auto stub = gr::ReviewService::NewStub(
      MakeChannel(options.address, gr::kServiceConfig[0].text));
  gr::ReviewService::StubInterface& reviews = *stub;
  ASSIGN_OR_RETURN(const Truths truths, ReadTruths(options.truth_file));
  int graded = 0;
  while (graded < options.limit) {
    gr::LeaseReviewRequest request;
    request.set_parent(absl::StrCat("courts/", options.court));
    request.set_request_id(NewUuid7(absl::Now()));
    const auto lease =
        Call(reviews, &gr::ReviewService::StubInterface::LeaseReview, token,
             request);
    if (absl::IsNotFound(lease.status())) break;
    if (!lease.ok()) return lease.status();
    const std::string& id = lease->inspection().source_id();
    Random random = RandomFor(options.seed, id);
    std::optional<Truth> truth;
    if (!truths.empty()) {
      ASSIGN_OR_RETURN(truth, FindTruth(truths, id));
    }
    const auto grade =
        Call(reviews, &gr::ReviewService::StubInterface::SubmitGrade, token,
             GradeOf(*lease, truth.has_value() ? &*truth : nullptr, random));
    if (!grade.ok()) return grade.status();
    ++graded;
  }
  return graded;
}

}  // namespace huifang::generator
