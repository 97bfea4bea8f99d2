// The part of ReviewDesk that takes grades.
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/common/ids.h"
#include "services/common/request_log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/grading/appeal_store.h"
#include "services/grading/desk_events.h"
#include "services/grading/grade_store.h"
#include "services/grading/inspection_store.h"
#include "services/grading/proto_convert.h"
#include "services/grading/review_desk.h"
#include "services/grading/review_rules.h"
#include "services/grading/rubric_store.h"

namespace huifang::grading {
namespace {

using Review = v1::Review;

// What the rubric makes of the reviewer's points.
absl::StatusOr<Verdict> JudgeScores(const RubricData& rubric,
                                    const v1::SubmitGradeRequest& request) {
  const std::vector<CriterionScore> scores = ToData(request.scores());
  FieldErrors errors;
  const absl::Status fit = CheckScores(rubric, scores);
  if (!fit.ok()) errors.Add("scores", fit.message());
  RETURN_IF_ERROR(errors.ToStatus());
  Verdict verdict = Judge(rubric, scores);
  if (!verdict.passed && request.comment().empty()) {
    errors.Add("comment", "say why it does not pass");
  }
  RETURN_IF_ERROR(errors.ToStatus());
  return verdict;
}

void FillFromReview(const Review& review, v1::Grade& grade) {
  grade.set_subject(review.subject());
  grade.set_ticket(review.ticket());
  grade.set_review(review.name());
  grade.set_reason(review.reason());
  grade.set_reviewer(review.reviewer());
  grade.set_counts(review.reason() != Review::REASON_BLIND_SECOND);
  grade.set_division(review.division());
  grade.set_team(review.team());
  grade.set_handler(review.handler());
  grade.set_inclusion_probability(review.inclusion_probability());
}

void FillFromRequest(const v1::SubmitGradeRequest& request,
                     const v1::Inspection& inspection, v1::Grade& grade) {
  *grade.mutable_scores() = request.scores();
  grade.set_comment(request.comment());
  grade.set_suggestion(request.suggestion());
  const auto& rejected = request.rejected_rules();
  for (const v1::Finding& finding : inspection.findings()) {
    const bool no = std::find(rejected.begin(), rejected.end(),
                              finding.rule_id()) != rejected.end();
    *(no ? grade.add_rejected_rules() : grade.add_confirmed_rules()) =
        finding.rule_id();
  }
}

void FillFromVerdict(const v1::Rubric& rubric, const Verdict& verdict,
                     v1::Grade& grade) {
  grade.set_rubric(rubric.name());
  grade.set_rubric_version(rubric.version());
  grade.set_total(verdict.total);
  grade.set_tier(verdict.tier);
  grade.set_tier_display_name(verdict.tier_display_name);
  grade.set_passed(verdict.passed);
}

absl::StatusOr<GradeStore::Extras> ExtrasOf(const Review& review,
                                            const ticket::v1::Ticket& ticket,
                                            const RubricData& rubric,
                                            const Verdict& verdict) {
  GradeStore::Extras extras;
  if (!review.earlier_grade().empty()) {
    ASSIGN_OR_RETURN(const ResourceName earlier,
                     ParseResourceName(review.earlier_grade(), "grades"));
    extras.compares = earlier.id;
  }
  const auto tier =
      std::find_if(rubric.tiers.begin(), rubric.tiers.end(),
                   [&](const RubricTier& t) { return t.code == verdict.tier; });
  extras.tier_rank = static_cast<int>(tier - rubric.tiers.begin());
  extras.ticket_version = ticket.version();
  return extras;
}

}  // namespace

absl::Status ReviewDesk::SubmitIn(sql::Session& session,
                                  const std::string& court,
                                  const v1::SubmitGradeRequest& request,
                                  v1::Grade& grade) const {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(request.name(), "reviews"));
  ASSIGN_OR_RETURN(ReviewRow row, ReviewStore::Find(session, court, name.id));
  Review& review = row.review;
  if (!IsOpen(review)) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "REVIEW_SETTLED",
                     "this review was graded or withdrawn");
  }
  RETURN_IF_ERROR(CheckLease(row, request.lease_token()));
  ASSIGN_OR_RETURN(const v1::Inspection inspection,
                   InspectionStore::GetIn(session, court, row.ticket));
  ASSIGN_OR_RETURN(const ticket::v1::Ticket ticket,
                   InspectionStore::TicketIn(session, court, row.ticket));
  ASSIGN_OR_RETURN(const v1::Rubric rubric,
                   RubricStore::Current(session, court, review.subject()));
  const RubricData data = ToData(rubric);
  ASSIGN_OR_RETURN(const Verdict verdict, JudgeScores(data, request));
  ASSIGN_OR_RETURN(
      const std::optional<v1::Grade> counting,
      GradeStore::Counting(session, court, row.ticket, review.subject()));
  // The newest of several counts, so none may be as old as another, whatever
  // the clocks of two replicas say.
  absl::Time now = clock_.Now();
  if (counting.has_value()) {
    now = std::max(
        now, FromTimestamp(counting->create_time()) + absl::Microseconds(1));
  }
  grade.set_name(MakeResourceName(court, "grades", NewUuid7(now)));
  FillFromReview(review, grade);
  FillFromRequest(request, inspection, grade);
  FillFromVerdict(rubric, verdict, grade);
  if (grade.counts() && counting.has_value()) {
    grade.set_supersedes(counting->name());
  }
  const bool of_ticket = review.subject() == v1::SUBJECT_TICKET;
  grade.set_inspection_version(of_ticket ? inspection.version() : 0);
  grade.set_source_id(ticket.source_id());
  *grade.mutable_closed_time() = ticket.close_time();
  *grade.mutable_create_time() = ToTimestamp(now);
  *grade.mutable_appeal_end_time() = ToTimestamp(now + policy_.appeal_window);
  grade.set_etag(ShortHash(grade.SerializeAsString()));
  ASSIGN_OR_RETURN(const GradeStore::Extras extras,
                   ExtrasOf(review, ticket, data, verdict));
  RETURN_IF_ERROR(GradeStore::Insert(session, court, grade, extras));
  EndLease(Review::STATE_GRADED, row);
  review.set_grade(grade.name());
  RETURN_IF_ERROR(ReviewStore::Update(session, court, row));
  v1::GradeEvent event;
  event.set_type(v1::GradeEvent::TYPE_GRADED);
  *event.mutable_grade() = grade;
  if (of_ticket) *event.mutable_inspection() = inspection;
  EmitGradeEvent(session, court, now, std::move(event));
  if (grade.reason() == Review::REASON_APPEAL) {
    return DecideAppeal(session, court, row.ticket, grade, now);
  }
  return DrawBlindSecond(session, court, row.ticket, grade);
}

absl::Status ReviewDesk::DecideAppeal(sql::Session& session,
                                      const std::string& court,
                                      const std::string& ticket,
                                      const v1::Grade& grade,
                                      absl::Time now) const {
  ASSIGN_OR_RETURN(std::optional<v1::Appeal> appeal,
                   AppealStore::OpenFor(session, court, ticket));
  if (!appeal.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const ResourceName earlier,
                   ParseResourceName(appeal->grade(), "grades"));
  ASSIGN_OR_RETURN(const v1::Grade before,
                   GradeStore::Get(session, court, earlier.id));
  appeal->set_state(before.tier() == grade.tier() ? v1::Appeal::STATE_UPHELD
                                                  : v1::Appeal::STATE_CHANGED);
  appeal->set_deciding_grade(grade.name());
  *appeal->mutable_settle_time() = ToTimestamp(now);
  RETURN_IF_ERROR(AppealStore::Put(session, court, *appeal));
  v1::GradeEvent event;
  event.set_type(v1::GradeEvent::TYPE_APPEAL_DECIDED);
  *event.mutable_appeal() = *appeal;
  *event.mutable_grade() = grade;
  EmitGradeEvent(session, court, now, std::move(event));
  return absl::OkStatus();
}

absl::Status ReviewDesk::DrawBlindSecond(sql::Session& session,
                                         const std::string& court,
                                         const std::string& ticket,
                                         const v1::Grade& grade) const {
  const bool drawn =
      grade.counts() && grade.subject() == v1::SUBJECT_TICKET &&
      InRandomShare(sealer_.Index(court, absl::StrCat("blind/", grade.name())),
                    policy_.blind_percent);
  if (!drawn) return absl::OkStatus();
  ASSIGN_OR_RETURN(ReviewRow second, NewReview(session, court, ticket,
                                               Review::REASON_BLIND_SECOND));
  second.review.set_earlier_grade(grade.name());
  second.review.set_inclusion_probability(policy_.blind_percent / 100);
  return ReviewStore::Insert(session, court, second);
}

absl::StatusOr<v1::Grade> ReviewDesk::Submit(
    const v1::SubmitGradeRequest& request) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(request.name(), "reviews"));
  v1::Grade grade;
  RETURN_IF_ERROR(db_.Write(name.court, [&](sql::Session& session) {
    grade.Clear();
    return RunOnce(session, {name.court, "SubmitGrade", request.request_id()},
                   clock_.Now(), request, grade, [&] {
                     return SubmitIn(session, name.court, request, grade);
                   });
  }));
  return grade;
}

}  // namespace huifang::grading
