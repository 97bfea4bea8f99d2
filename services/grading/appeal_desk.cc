// The appeals' part of ReviewDesk.
#include <utility>

#include "services/common/ids.h"
#include "services/common/request_log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/grading/appeal_store.h"
#include "services/grading/desk_events.h"
#include "services/grading/grade_store.h"
#include "services/grading/review_desk.h"

namespace huifang::grading {
namespace {

absl::Status Refused(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kFailedPrecondition, reason, message);
}

void Emit(sql::Session& session, const std::string& court, absl::Time now,
          v1::GradeEvent::Type type, const v1::Appeal& appeal,
          const v1::Grade* grade) {
  v1::GradeEvent event;
  event.set_type(type);
  *event.mutable_appeal() = appeal;
  if (grade != nullptr) *event.mutable_grade() = *grade;
  EmitGradeEvent(session, court, now, std::move(event));
}

// What the grade was given with holds, whatever the settings became.
absl::Time AppealEnd(const v1::Grade& grade, absl::Duration window) {
  return grade.has_appeal_end_time()
             ? FromTimestamp(grade.appeal_end_time())
             : FromTimestamp(grade.create_time()) + window;
}

absl::Status CheckEtag(const std::string& given, const v1::Appeal& appeal) {
  if (given.empty() || given == appeal.etag()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted, "APPEAL_CHANGED",
                   "etag is not the current one; read the appeal again");
}

}  // namespace

absl::Status ReviewDesk::AppealIn(sql::Session& session,
                                  const std::string& court,
                                  const v1::CreateAppealRequest& request,
                                  const Actor& actor,
                                  v1::Appeal& appeal) const {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(request.appeal().grade(), "grades"));
  ASSIGN_OR_RETURN(const v1::Grade grade,
                   GradeStore::Get(session, court, name.id));
  ASSIGN_OR_RETURN(const ResourceName ticket,
                   ParseResourceName(grade.ticket(), "tickets"));
  if (actor.role == "handler" && actor.name() != grade.handler()) {
    return MakeError(absl::StatusCode::kPermissionDenied, "NOT_YOUR_GRADE",
                     "a handler appeals grades of their own tickets; the head "
                     "of the division may appeal for the division");
  }
  const absl::Time now = clock_.Now();
  if (now > AppealEnd(grade, policy_.appeal_window)) {
    return Refused("APPEAL_WINDOW_OVER",
                   "the time for appeals against this grade is over");
  }
  ASSIGN_OR_RETURN(
      const std::optional<v1::Grade> counting,
      GradeStore::Counting(session, court, ticket.id, grade.subject()));
  if (!counting.has_value() || counting->name() != grade.name()) {
    return Refused("GRADE_DOES_NOT_COUNT",
                   "this grade does not count; appeal the one that does");
  }
  ASSIGN_OR_RETURN(const std::optional<v1::Appeal> open,
                   AppealStore::OpenFor(session, court, ticket.id));
  if (open.has_value()) {
    return Refused("APPEAL_OPEN", "an appeal about this ticket is open");
  }
  ASSIGN_OR_RETURN(ReviewRow row, NewReview(session, court, ticket.id,
                                            v1::Review::REASON_APPEAL));
  row.review.set_subject(grade.subject());
  row.review.set_earlier_grade(grade.name());
  RETURN_IF_ERROR(ReviewStore::Insert(session, court, row));
  appeal.set_name(MakeResourceName(court, "appeals", NewUuid7(now)));
  appeal.set_grade(grade.name());
  appeal.set_ticket(grade.ticket());
  appeal.set_grounds(request.appeal().grounds());
  appeal.set_appellant(actor.name());
  appeal.set_state(v1::Appeal::STATE_OPEN);
  appeal.set_review(row.review.name());
  appeal.set_division(grade.division());
  *appeal.mutable_create_time() = ToTimestamp(now);
  RETURN_IF_ERROR(AppealStore::Put(session, court, appeal));
  Emit(session, court, now, v1::GradeEvent::TYPE_APPEALED, appeal, &grade);
  return absl::OkStatus();
}

absl::StatusOr<v1::Appeal> ReviewDesk::Appeal(
    const v1::CreateAppealRequest& request, const Actor& actor) {
  ASSIGN_OR_RETURN(const std::string court, ParseCourt(request.parent()));
  v1::Appeal appeal;
  RETURN_IF_ERROR(db_.Write(court, [&](sql::Session& session) {
    appeal.Clear();
    return RunOnce(session, {court, "CreateAppeal", request.request_id()},
                   clock_.Now(), request, appeal, [&] {
                     return AppealIn(session, court, request, actor, appeal);
                   });
  }));
  return appeal;
}

absl::StatusOr<v1::Appeal> ReviewDesk::WithdrawAppeal(
    const v1::WithdrawAppealRequest& request, const Actor& actor) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(request.name(), "appeals"));
  v1::Appeal appeal;
  const auto withdraw = [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(appeal, AppealStore::Get(session, name.court, name.id));
    RETURN_IF_ERROR(CheckEtag(request.etag(), appeal));
    if (appeal.state() != v1::Appeal::STATE_OPEN) {
      return Refused("APPEAL_SETTLED", "this appeal is settled");
    }
    if (actor.role != "admin" && actor.name() != appeal.appellant()) {
      return MakeError(absl::StatusCode::kPermissionDenied, "NOT_YOUR_APPEAL",
                       "only who made the appeal takes it back");
    }
    ASSIGN_OR_RETURN(const ResourceName review_name,
                     ParseResourceName(appeal.review(), "reviews"));
    ASSIGN_OR_RETURN(ReviewRow row,
                     ReviewStore::Find(session, name.court, review_name.id));
    EndLease(v1::Review::STATE_WITHDRAWN, row);
    RETURN_IF_ERROR(ReviewStore::Update(session, name.court, row));
    const absl::Time now = clock_.Now();
    appeal.set_state(v1::Appeal::STATE_WITHDRAWN);
    *appeal.mutable_settle_time() = ToTimestamp(now);
    RETURN_IF_ERROR(AppealStore::Put(session, name.court, appeal));
    Emit(session, name.court, now, v1::GradeEvent::TYPE_APPEAL_WITHDRAWN,
         appeal, nullptr);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(db_.Write(name.court, [&](sql::Session& session) {
    appeal.Clear();
    return RunOnce(
        session, {name.court, "WithdrawAppeal", request.request_id()},
        clock_.Now(), request, appeal, [&] { return withdraw(session); });
  }));
  return appeal;
}

absl::StatusOr<v1::Appeal> ReviewDesk::SetPrecedent(
    const v1::SetPrecedentRequest& request) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(request.name(), "appeals"));
  v1::Appeal appeal;
  const auto set = [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(appeal, AppealStore::Get(session, name.court, name.id));
    RETURN_IF_ERROR(CheckEtag(request.etag(), appeal));
    if (appeal.state() != v1::Appeal::STATE_UPHELD &&
        appeal.state() != v1::Appeal::STATE_CHANGED) {
      return Refused("APPEAL_NOT_DECIDED",
                     "only a decided appeal can be a precedent");
    }
    appeal.set_precedent(request.precedent());
    appeal.set_precedent_note(request.note());
    return AppealStore::Put(session, name.court, appeal);
  };
  RETURN_IF_ERROR(db_.Write(name.court, [&](sql::Session& session) {
    appeal.Clear();
    return RunOnce(session, {name.court, "SetPrecedent", request.request_id()},
                   clock_.Now(), request, appeal, [&] { return set(session); });
  }));
  return appeal;
}

}  // namespace huifang::grading
