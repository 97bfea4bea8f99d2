#ifndef HUIFANG_SERVICES_GRADING_REVIEW_STORE_H_
#define HUIFANG_SERVICES_GRADING_REVIEW_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/grading/v1/grading_service.pb.h"
#include "services/common/listing.h"
#include "services/common/sql.h"

namespace huifang::grading {

// A review with what its row holds beside it.
struct ReviewRow {
  v1::Review review;
  std::string ticket;  // id
  std::int64_t ticket_version = 0;
  std::int64_t priority = 0;  // smaller is sooner
  std::vector<std::string> answered_by;
  std::string lease_token;
};

// Keeps the reviewers' queue. A lease is a column with an expiry: who takes a
// review is decided by people's names and teams, which the database knows.
class ReviewStore {
 public:
  // Makes the first etag, in `row` too.
  static absl::Status Insert(sql::Session& session, const std::string& court,
                             ReviewRow& row);
  // Writes state, lease and body; the etag is made here.
  static absl::Status Update(sql::Session& session, const std::string& court,
                             ReviewRow& row);

  // NOT_FOUND.
  static absl::StatusOr<ReviewRow> Find(sql::Session& session,
                                        const std::string& court,
                                        const std::string& review);
  // All reviews of a ticket.
  static absl::StatusOr<std::vector<ReviewRow>> OfTicket(
      sql::Session& session, const std::string& court,
      const std::string& ticket);
  // Takes the open ones out of the queue, but for those of appeals.
  static absl::Status WithdrawFor(sql::Session& session,
                                  const std::string& court,
                                  const std::string& ticket);

  // The lease `reviewer` holds at `now`, if any.
  static absl::StatusOr<std::optional<ReviewRow>> HeldBy(
      sql::Session& session, const std::string& court,
      const std::string& reviewer, absl::Time now);
  // Reviews free at `now`, best first: waiting ones, then lost leases.
  static absl::StatusOr<std::vector<ReviewRow>> Free(
      sql::Session& session, const std::string& court, v1::Subject subject,
      const std::string& division, absl::Time now, int limit);

  using Cursor = std::optional<TimeCursor>;
  static absl::StatusOr<std::vector<v1::Review>> List(
      sql::Session& session, const v1::ListReviewsRequest& request,
      const std::string& court, const Cursor& cursor, int limit);

  // The team of a member of staff; empty if unknown.
  static absl::StatusOr<std::string> TeamOf(sql::Session& session,
                                            const std::string& court,
                                            const std::string& staff);
};

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_REVIEW_STORE_H_
