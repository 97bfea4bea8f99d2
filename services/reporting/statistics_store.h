#ifndef HUIFANG_SERVICES_REPORTING_STATISTICS_STORE_H_
#define HUIFANG_SERVICES_REPORTING_STATISTICS_STORE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "huifang/reporting/v1/reporting_service.pb.h"
#include "services/common/sql.h"
#include "services/reporting/facts.h"
#include "services/reporting/item_rules.h"

namespace huifang::reporting {

// Facts of one group of a statistic, by its keys.
struct GroupFacts {
  TicketTotals tickets;
  QualityTotals quality;
};
using GroupKey = std::vector<std::string>;

struct StatisticsFacts {
  std::map<GroupKey, GroupFacts> groups;
  // Every call of every draw of the days; `group` is JoinKey of the group a
  // call counts in, kNoGroup where the filters leave it out.
  std::vector<CallFact> calls;
  // Of each call: what the request groups by and filters by, whether the
  // filters leave it out or not.
  std::vector<GroupKey> cells;
  DisplayNames names;
};

// One string that equal keys share.
std::string JoinKey(const GroupKey& key);

// Counts facts along the dimensions of a request. Thread safe.
class StatisticsStore {
 public:
  explicit StatisticsStore(sql::Database& db) : db_(db) {}

  // `court` is the six-digit code, or "-" for all courts. The request is
  // valid.
  absl::StatusOr<StatisticsFacts> Query(
      const std::string& court, const v1::QueryStatisticsRequest& request);

  // The same in the session's transaction. `condition` on a ticket `t`, with a
  // leading AND, leaves tickets out; their calls are still there.
  static absl::StatusOr<StatisticsFacts> QueryIn(
      sql::Session& session, const std::string& court,
      const v1::QueryStatisticsRequest& request,
      absl::string_view condition = "");

 private:
  sql::Database& db_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_STATISTICS_STORE_H_
