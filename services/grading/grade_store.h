#ifndef HUIFANG_SERVICES_GRADING_GRADE_STORE_H_
#define HUIFANG_SERVICES_GRADING_GRADE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "huifang/grading/v1/grading_service.pb.h"
#include "services/common/listing.h"
#include "services/common/sql.h"

namespace huifang::grading {

// Keeps grades. There is no update and no delete.
class GradeStore {
 public:
  // What is stored beside the grade itself.
  struct Extras {
    std::string compares;  // id of the grade it is compared with
    int tier_rank = 0;     // 0 is the best tier
    std::int64_t ticket_version = 0;
  };
  static absl::Status Insert(sql::Session& session, const std::string& court,
                             const v1::Grade& grade, const Extras& extras);

  // NOT_FOUND.
  static absl::StatusOr<v1::Grade> Get(sql::Session& session,
                                       const std::string& court,
                                       const std::string& grade);
  // The grade that counts for the ticket, if there is one.
  static absl::StatusOr<std::optional<v1::Grade>> Counting(
      sql::Session& session, const std::string& court,
      const std::string& ticket, v1::Subject subject);
  // Which version of the ticket was graded last; -1 if none was.
  static absl::StatusOr<std::int64_t> GradedVersion(sql::Session& session,
                                                    const std::string& court,
                                                    const std::string& ticket);
  // Everyone who graded the ticket.
  static absl::StatusOr<std::vector<std::string>> Graders(
      sql::Session& session, const std::string& court,
      const std::string& ticket);

  // Newest first, after `cursor` (create time in microseconds, id); at most
  // limit + 1.
  using Cursor = std::optional<TimeCursor>;
  static absl::StatusOr<std::vector<v1::Grade>> List(
      sql::Session& session, const v1::ListGradesRequest& request,
      const std::string& court, const Cursor& cursor, int limit);

  // Tier ranks of every blind second review and the grade it was compared
  // with: (first, second).
  static absl::StatusOr<std::vector<std::pair<int, int>>> AgreementPairs(
      sql::Session& session, const v1::GetAgreementRequest& request,
      const std::string& court);
};

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_GRADE_STORE_H_
