#ifndef HUIFANG_CLIENTS_CLI_ADMIN_FINDINGS_H_
#define HUIFANG_CLIENTS_CLI_ADMIN_FINDINGS_H_

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "absl/strings/string_view.h"
#include "clients/cli/cli.h"
#include "clients/cli/output.h"

namespace huifang::cli::admin {

// What a check found wrong, written as it is found. Of problems that read the
// same at most `shown` are written, the rest is counted. Keys are ids and
// numbers; no text of a caller may be handed in. Not thread safe.
class Findings {
 public:
  Findings(RowWriter& rows, int shown) : rows_(rows), shown_(shown) {}

  // `problem` is the same text for all rows it befalls; what differs from row
  // to row goes into `key`.
  void Add(Service service, absl::string_view table, absl::string_view key,
           absl::string_view problem, absl::string_view next);
  // Writes the counts of what was not shown.
  void Finish();

  std::int64_t count() const { return count_; }

 private:
  RowWriter& rows_;
  const int shown_;
  std::int64_t count_ = 0;
  // By service, table, problem and what to do.
  std::map<std::tuple<std::string, std::string, std::string, std::string>,
           std::int64_t>
      seen_;
};

// Columns of the rows that Findings writes.
std::vector<std::string> FindingColumns();

}  // namespace huifang::cli::admin

#endif  // HUIFANG_CLIENTS_CLI_ADMIN_FINDINGS_H_
