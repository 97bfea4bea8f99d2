#include "services/grading/review_desk.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/ids.h"
#include "services/common/proto_time.h"
#include "services/common/request_log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/grading/appeal_store.h"
#include "services/grading/desk_events.h"
#include "services/grading/grade_store.h"
#include "services/grading/inspection_store.h"
#include "services/grading/proto_convert.h"
#include "services/grading/review_rules.h"
#include "services/grading/rubric_store.h"

namespace huifang::grading {
namespace {

constexpr int kCandidates = 200;
constexpr int kDefaultLeaseMinutes = 30;
constexpr int kPrecedents = 5;

using Review = v1::Review;

// Appeals first, then what the machine flagged, then the rest.
std::int64_t PriorityOf(Review::Reason reason) {
  switch (reason) {
    case Review::REASON_APPEAL:
      return 0;
    case Review::REASON_FLAGGED:
      return 2;
    case Review::REASON_REQUESTED:
      return 3;
    default:
      return 4;
  }
}

// A flagged ticket goes before others if its text has a critical defect, and
// after them if it is only late: that is computed and needs no second look.
std::int64_t PriorityOfFlagged(const v1::Inspection& inspection) {
  std::int64_t priority = PriorityOf(Review::REASON_FLAGGED);
  bool only_late = true;
  for (const v1::Finding& finding : inspection.findings()) {
    if (finding.rule_id() == "overdue") continue;
    only_late = only_late && finding.severity() == v1::SEVERITY_NOTICE;
    if (finding.severity() == v1::SEVERITY_CRITICAL) priority = 1;
  }
  return only_late ? PriorityOf(Review::REASON_REQUESTED) : priority;
}

bool MustBeIndependentOfEarlierGrades(const Review& review) {
  return review.reason() == Review::REASON_BLIND_SECOND ||
         review.reason() == Review::REASON_APPEAL;
}

// What the reviewer sees: a blind review hides who was graded and what the
// machine and the first reviewer thought.
void Blind(v1::LeaseReviewResponse& response) {
  response.mutable_review()->clear_handler();
  response.mutable_review()->clear_earlier_grade();
  v1::Inspection* inspection = response.mutable_inspection();
  inspection->clear_handler();
  inspection->clear_proposed_tier();
  inspection->clear_proposed_score();
  inspection->clear_proposed_pass();
}

absl::Status FillPrecedents(sql::Session& session, const std::string& court,
                            v1::LeaseReviewResponse& response) {
  v1::ListAppealsRequest request;
  request.set_precedents_only(true);
  ASSIGN_OR_RETURN(const std::vector<v1::Appeal> precedents,
                   AppealStore::List(session, request, court, std::nullopt,
                                     kPrecedents - 1));
  for (const v1::Appeal& appeal : precedents) {
    *response.add_precedents() = appeal;
  }
  return absl::OkStatus();
}

// Whether a grade was given in the light of what the caller said: callbacks
// come after grades as a rule, and one that contradicts the record is new.
absl::StatusOr<bool> KnewContradiction(sql::Session& session,
                                       const std::string& court,
                                       const ReviewRow& row,
                                       const v1::Inspection& inspection) {
  constexpr absl::string_view kRule = "contradiction";
  const auto holds = [&](const auto& rules) {
    return std::find(rules.begin(), rules.end(), kRule) != rules.end();
  };
  const bool contradicted =
      std::any_of(inspection.findings().begin(), inspection.findings().end(),
                  [&](const v1::Finding& f) { return f.rule_id() == kRule; });
  if (!contradicted) return true;
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(row.review.grade(), "grades"));
  ASSIGN_OR_RETURN(const v1::Grade grade,
                   GradeStore::Get(session, court, name.id));
  return holds(grade.confirmed_rules()) || holds(grade.rejected_rules());
}

}  // namespace

absl::StatusOr<ReviewRow> ReviewDesk::NewReview(sql::Session& session,
                                                const std::string& court,
                                                const std::string& ticket,
                                                Review::Reason reason) const {
  ASSIGN_OR_RETURN(const ticket::v1::Ticket body,
                   InspectionStore::TicketIn(session, court, ticket));
  const absl::Time now = clock_.Now();
  ReviewRow row;
  row.ticket = ticket;
  row.ticket_version = body.version();
  row.priority = PriorityOf(reason);
  row.answered_by = AnsweredBy(body);
  Review& review = row.review;
  review.set_name(MakeResourceName(court, "reviews", NewUuid7(now)));
  review.set_subject(v1::SUBJECT_TICKET);
  review.set_reason(reason);
  review.set_state(Review::STATE_WAITING);
  review.set_ticket(MakeResourceName(court, "tickets", ticket));
  review.set_inspection(MakeResourceName(court, "inspections", ticket));
  review.set_division(body.division());
  review.set_team(body.team());
  review.set_handler(body.handler());
  review.set_inclusion_probability(1);
  *review.mutable_create_time() = ToTimestamp(now);
  return row;
}

absl::Status ReviewDesk::Offer(sql::Session& session, const std::string& court,
                               const v1::Inspection& inspection) const {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(inspection.ticket(), "tickets"));
  const bool drawn =
      InRandomShare(sealer_.Index(court, absl::StrCat("review/", name.id)),
                    policy_.random_percent);
  if (!inspection.flagged() && !drawn) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<ReviewRow> rows,
                   ReviewStore::OfTicket(session, court, name.id));
  for (const ReviewRow& row : rows) {
    if (row.review.subject() != v1::SUBJECT_TICKET) continue;
    if (IsOpen(row.review)) return absl::OkStatus();
    if (row.ticket_version != inspection.ticket_version() ||
        row.review.state() != Review::STATE_GRADED) {
      continue;
    }
    ASSIGN_OR_RETURN(const bool judged,
                     KnewContradiction(session, court, row, inspection));
    if (judged) return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(ReviewRow row,
                   NewReview(session, court, name.id,
                             inspection.flagged() ? Review::REASON_FLAGGED
                                                  : Review::REASON_RANDOM));
  if (inspection.flagged()) row.priority = PriorityOfFlagged(inspection);
  if (!inspection.flagged()) {
    row.review.set_inclusion_probability(policy_.random_percent / 100);
  }
  return ReviewStore::Insert(session, court, row);
}

absl::StatusOr<ReviewRow> ReviewDesk::Pick(
    sql::Session& session, const std::string& court,
    const v1::LeaseReviewRequest& request, const Actor& actor,
    absl::Time now) const {
  ASSIGN_OR_RETURN(std::optional<ReviewRow> held,
                   ReviewStore::HeldBy(session, court, actor.name(), now));
  if (held.has_value()) return *std::move(held);
  ASSIGN_OR_RETURN(std::vector<ReviewRow> rows,
                   ReviewStore::Free(session, court, request.subject(),
                                     request.division(), now, kCandidates));
  Reviewer reviewer{actor.principal, actor.staff, ""};
  ASSIGN_OR_RETURN(reviewer.team,
                   ReviewStore::TeamOf(session, court, actor.staff));
  for (ReviewRow& row : rows) {
    ReviewSubject subject;
    subject.team = row.review.team();
    subject.answered_by = row.answered_by;
    for (const v1::Recusal& recusal : row.review.recusals()) {
      subject.recused.push_back(recusal.reviewer());
    }
    if (MustBeIndependentOfEarlierGrades(row.review)) {
      ASSIGN_OR_RETURN(subject.graded_by,
                       GradeStore::Graders(session, court, row.ticket));
    }
    if (WhyNotIndependent(reviewer, subject).empty()) return std::move(row);
  }
  return MakeError(absl::StatusCode::kNotFound, "NOTHING_TO_REVIEW",
                   "no review waits that you may judge");
}

absl::Status ReviewDesk::LeaseIn(sql::Session& session,
                                 const v1::LeaseReviewRequest& request,
                                 const Actor& reviewer,
                                 v1::LeaseReviewResponse& response) const {
  ASSIGN_OR_RETURN(const std::string court, ParseCourt(request.parent()));
  const absl::Time now = clock_.Now();
  ASSIGN_OR_RETURN(ReviewRow row, Pick(session, court, request, reviewer, now));
  const int minutes = request.lease_minutes() == 0 ? kDefaultLeaseMinutes
                                                   : request.lease_minutes();
  if (row.review.reviewer() != reviewer.name() || row.lease_token.empty()) {
    row.lease_token = absl::BytesToHexString(RandomBytes(16));
  }
  row.review.set_state(Review::STATE_LEASED);
  row.review.set_reviewer(reviewer.name());
  *row.review.mutable_lease_expire_time() =
      ToTimestamp(now + absl::Minutes(minutes));
  RETURN_IF_ERROR(ReviewStore::Update(session, court, row));
  ASSIGN_OR_RETURN(*response.mutable_rubric(),
                   RubricStore::Current(session, court, row.review.subject()));
  ASSIGN_OR_RETURN(*response.mutable_inspection(),
                   InspectionStore::GetIn(session, court, row.ticket));
  ASSIGN_OR_RETURN(const ticket::v1::Ticket ticket,
                   InspectionStore::TicketIn(session, court, row.ticket));
  *response.mutable_review() = row.review;
  response.mutable_review()->set_lease_token(row.lease_token);
  response.set_title(ticket.title());
  response.set_content(ticket.content());
  response.set_reply(JoinReplies(ticket));
  if (MustBeIndependentOfEarlierGrades(row.review)) Blind(response);
  return FillPrecedents(session, court, response);
}

absl::StatusOr<v1::LeaseReviewResponse> ReviewDesk::Lease(
    const v1::LeaseReviewRequest& request, const Actor& actor) {
  ASSIGN_OR_RETURN(const std::string court, ParseCourt(request.parent()));
  Actor reviewer = actor;
  if (!request.reviewer().empty()) reviewer.staff = request.reviewer();
  v1::LeaseReviewResponse response;
  RETURN_IF_ERROR(db_.Write(court, [&](sql::Session& session) {
    response.Clear();
    return RunOnce(session, {court, "LeaseReview", request.request_id()},
                   clock_.Now(), request, response, [&] {
                     return LeaseIn(session, request, reviewer, response);
                   });
  }));
  return response;
}

absl::StatusOr<Review> ReviewDesk::Release(
    const v1::ReleaseReviewRequest& request) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(request.name(), "reviews"));
  Review review;
  const auto release = [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(ReviewRow row,
                     ReviewStore::Find(session, name.court, name.id));
    RETURN_IF_ERROR(CheckLease(row, request.lease_token()));
    if (request.recuse()) {
      v1::Recusal* recusal = row.review.add_recusals();
      recusal->set_reviewer(row.review.reviewer());
      recusal->set_reason(request.reason());
      *recusal->mutable_create_time() = ToTimestamp(clock_.Now());
    }
    EndLease(Review::STATE_WAITING, row);
    RETURN_IF_ERROR(ReviewStore::Update(session, name.court, row));
    review = row.review;
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(db_.Write(name.court, [&](sql::Session& session) {
    review.Clear();
    return RunOnce(session, {name.court, "ReleaseReview", request.request_id()},
                   clock_.Now(), request, review,
                   [&] { return release(session); });
  }));
  return review;
}

absl::StatusOr<Review> ReviewDesk::Create(
    const v1::CreateReviewRequest& request) {
  ASSIGN_OR_RETURN(const std::string court, ParseCourt(request.parent()));
  ASSIGN_OR_RETURN(const ResourceName ticket,
                   ParseResourceName(request.review().ticket(), "tickets"));
  Review review;
  const auto create = [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<ReviewRow> rows,
                     ReviewStore::OfTicket(session, court, ticket.id));
    for (const ReviewRow& row : rows) {
      if (IsOpen(row.review) &&
          row.review.subject() == request.review().subject() &&
          row.review.recording() == request.review().recording()) {
        return MakeError(absl::StatusCode::kAlreadyExists, "REVIEW_WAITS",
                         "it waits in the queue already");
      }
    }
    ASSIGN_OR_RETURN(ReviewRow row, NewReview(session, court, ticket.id,
                                              Review::REASON_REQUESTED));
    row.review.set_subject(request.review().subject());
    if (row.review.subject() == v1::SUBJECT_CALL) {
      row.review.set_recording(request.review().recording());
      row.review.clear_inspection();
    }
    RETURN_IF_ERROR(ReviewStore::Insert(session, court, row));
    review = row.review;
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(db_.Write(court, [&](sql::Session& session) {
    review.Clear();
    return RunOnce(session, {court, "CreateReview", request.request_id()},
                   clock_.Now(), request, review,
                   [&] { return create(session); });
  }));
  return review;
}

}  // namespace huifang::grading
