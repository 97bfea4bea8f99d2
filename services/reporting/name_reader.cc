// What things are called.
#include <utility>

#include "services/common/status_macros.h"
#include "services/reporting/facts_reader.h"

namespace huifang::reporting {

absl::StatusOr<DisplayNames> FactsReader::Names() {
  ReportFacts facts;
  RETURN_IF_ERROR(ReadNames(facts));
  return std::move(facts.names);
}

absl::StatusOr<DisplayNames> FactsReader::RuleNames() {
  ReportFacts facts;
  RETURN_IF_ERROR(ReadNames(facts));
  return std::move(facts.rule_names);
}

absl::StatusOr<std::vector<TierInfo>> FactsReader::Tiers() {
  ReportFacts facts;
  RETURN_IF_ERROR(ReadTiers(facts));
  return std::move(facts.tiers);
}

absl::Status FactsReader::ReadNames(ReportFacts& facts) {
  constexpr absl::string_view kRulePrefix = "rules/";
  return session_.Query(
      "SELECT name, display_name FROM display_names WHERE court = :court",
      {{"court", court_}}, [&](const sql::Row& row) {
        const std::string name = row.Text(0);
        if (name.compare(0, kRulePrefix.size(), kRulePrefix.data(),
                         kRulePrefix.size()) == 0) {
          facts.rule_names[name.substr(kRulePrefix.size())] = row.Text(1);
        } else {
          facts.names[name] = row.Text(1);
        }
        return absl::OkStatus();
      });
}

absl::Status FactsReader::ReadTiers(ReportFacts& facts) {
  std::vector<TierInfo> tiers;
  RETURN_IF_ERROR(session_.Query(
      "SELECT code, display_name, passes FROM tiers WHERE court = :court "
      "ORDER BY position",
      {{"court", court_}}, [&](const sql::Row& row) {
        tiers.push_back({row.Text(0), row.Text(1), row.Int(2) != 0});
        return absl::OkStatus();
      }));
  if (!tiers.empty()) facts.tiers = std::move(tiers);
  return absl::OkStatus();
}

}  // namespace huifang::reporting
