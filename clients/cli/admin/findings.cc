#include "clients/cli/admin/findings.h"

#include "absl/strings/str_cat.h"
#include "clients/cli/admin/databases.h"

namespace huifang::cli::admin {

std::vector<std::string> FindingColumns() {
  return {"service", "table", "key", "problem", "next"};
}

void Findings::Add(Service service, absl::string_view table,
                   absl::string_view key, absl::string_view problem,
                   absl::string_view next) {
  ++count_;
  std::int64_t& times = seen_[{NameOf(service), std::string(table),
                               std::string(problem), std::string(next)}];
  if (++times > shown_) return;
  rows_.Add({NameOf(service), table, key, problem, next});
}

void Findings::Finish() {
  for (const auto& [what, times] : seen_) {
    if (times <= shown_) continue;
    const auto& [service, table, problem, next] = what;
    rows_.Add({service, table, absl::StrCat("… ", times - shown_, " more"),
               problem, next});
  }
  rows_.Finish();
}

}  // namespace huifang::cli::admin
