#ifndef HUIFANG_SERVICES_GRADING_REVIEW_DESK_H_
#define HUIFANG_SERVICES_GRADING_REVIEW_DESK_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/grading/v1/grading_service.pb.h"
#include "services/common/clock.h"
#include "services/common/crypto.h"
#include "services/common/sql.h"
#include "services/grading/review_store.h"

namespace huifang::grading {

// How much people look at.
struct ReviewPolicy {
  // Percent of the tickets that were not flagged.
  double random_percent = 5;
  // Percent of first grades that get a blind second one.
  double blind_percent = 10;
  // How long after a grade an appeal may be made.
  absl::Duration appeal_window = absl::Hours(24 * 10);
};

// Who does it: the call's principal and, where there is one, its staff name.
struct Actor {
  std::string principal;
  std::string staff;
  std::string role;

  // The name that is written down.
  const std::string& name() const { return staff.empty() ? principal : staff; }
};

// Runs the reviewers' queue: what enters, who may take it, what a submitted
// grade sets in motion. Every verb is one transaction. Thread safe.
class ReviewDesk {
 public:
  ReviewDesk(sql::Database& db, Clock& clock, const Sealer& sealer,
             const ReviewPolicy& policy)
      : db_(db), clock_(clock), sealer_(sealer), policy_(policy) {}

  // Puts an inspected ticket into the queue if it is flagged or falls into the
  // random share, unless it waits there already or this version of it was
  // graded. In the worker's transaction.
  absl::Status Offer(sql::Session& session, const std::string& court,
                     const v1::Inspection& inspection) const;

  absl::StatusOr<v1::LeaseReviewResponse> Lease(
      const v1::LeaseReviewRequest& request, const Actor& actor);
  // Who holds the lease token graded or gives back; the review says who.
  absl::StatusOr<v1::Grade> Submit(const v1::SubmitGradeRequest& request);
  absl::StatusOr<v1::Review> Release(const v1::ReleaseReviewRequest& request);
  absl::StatusOr<v1::Review> Create(const v1::CreateReviewRequest& request);

  absl::StatusOr<v1::Appeal> Appeal(const v1::CreateAppealRequest& request,
                                    const Actor& actor);
  absl::StatusOr<v1::Appeal> WithdrawAppeal(
      const v1::WithdrawAppealRequest& request, const Actor& actor);
  absl::StatusOr<v1::Appeal> SetPrecedent(
      const v1::SetPrecedentRequest& request);

 private:
  absl::StatusOr<ReviewRow> NewReview(sql::Session& session,
                                      const std::string& court,
                                      const std::string& ticket,
                                      v1::Review::Reason reason) const;
  absl::StatusOr<ReviewRow> Pick(sql::Session& session,
                                 const std::string& court,
                                 const v1::LeaseReviewRequest& request,
                                 const Actor& reviewer, absl::Time now) const;
  absl::Status LeaseIn(sql::Session& session,
                       const v1::LeaseReviewRequest& request,
                       const Actor& reviewer,
                       v1::LeaseReviewResponse& response) const;
  absl::Status SubmitIn(sql::Session& session, const std::string& court,
                        const v1::SubmitGradeRequest& request,
                        v1::Grade& grade) const;
  // Settles the appeal that the grade was made for.
  absl::Status DecideAppeal(sql::Session& session, const std::string& court,
                            const std::string& ticket, const v1::Grade& grade,
                            absl::Time now) const;
  absl::Status DrawBlindSecond(sql::Session& session, const std::string& court,
                               const std::string& ticket,
                               const v1::Grade& grade) const;
  absl::Status AppealIn(sql::Session& session, const std::string& court,
                        const v1::CreateAppealRequest& request,
                        const Actor& actor, v1::Appeal& appeal) const;

  sql::Database& db_;
  Clock& clock_;
  const Sealer& sealer_;
  const ReviewPolicy policy_;
};

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_REVIEW_DESK_H_
