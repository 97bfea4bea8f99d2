#ifndef HUIFANG_SERVICES_REPORTING_ROLL_UP_READER_H_
#define HUIFANG_SERVICES_REPORTING_ROLL_UP_READER_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "huifang/reporting/v1/roll_up_service.pb.h"
#include "services/common/sql.h"
#include "services/reporting/court_tree.h"
#include "services/reporting/figure_rules.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {

// Reads what courts have delivered, court by court: no query is about two.
// Thread safe.
class RollUpReader {
 public:
  RollUpReader(sql::Database& db, const CourtTree& tree, FigurePolicy policy)
      : db_(db), tree_(tree), policy_(std::move(policy)) {}

  // NOT_FOUND if the court delivered no report of itself for `span`.
  absl::StatusOr<v1::CourtFigures> Figures(const std::string& court,
                                           const Span& span);
  // With its trend. NOT_FOUND if the court is the superior of none.
  absl::StatusOr<v1::RollUp> Read(const std::string& court, const Span& span);

 private:
  // What the court delivered for each of the periods, in their order.
  absl::StatusOr<std::vector<std::optional<v1::CourtFigures>>> Delivered(
      const std::string& court, const std::vector<Span>& spans);

  sql::Database& db_;
  const CourtTree& tree_;
  const FigurePolicy policy_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ROLL_UP_READER_H_
