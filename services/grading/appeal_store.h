#ifndef HUIFANG_SERVICES_GRADING_APPEAL_STORE_H_
#define HUIFANG_SERVICES_GRADING_APPEAL_STORE_H_

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

// Keeps appeals (申诉).
class AppealStore {
 public:
  // Inserts, or writes state, precedent and body; the etag is made here.
  static absl::Status Put(sql::Session& session, const std::string& court,
                          v1::Appeal& appeal);
  // NOT_FOUND.
  static absl::StatusOr<v1::Appeal> Get(sql::Session& session,
                                        const std::string& court,
                                        const std::string& appeal);
  // The open appeal about a ticket, if there is one.
  static absl::StatusOr<std::optional<v1::Appeal>> OpenFor(
      sql::Session& session, const std::string& court,
      const std::string& ticket);

  using Cursor = std::optional<TimeCursor>;
  static absl::StatusOr<std::vector<v1::Appeal>> List(
      sql::Session& session, const v1::ListAppealsRequest& request,
      const std::string& court, const Cursor& cursor, int limit);
};

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_APPEAL_STORE_H_
