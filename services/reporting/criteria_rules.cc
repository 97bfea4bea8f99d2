#include "services/reporting/criteria_rules.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace huifang::reporting {
namespace {

using Kind = v1::Criterion::Kind;

// Nothing if the court used several versions of a kind, or one unknown.
std::optional<CriteriaKey> KeyOf(v1::Measure measure,
                                 const std::vector<v1::Criterion>& criteria) {
  CriteriaKey key;
  for (const Kind kind : CriteriaOf(measure)) {
    const std::vector<std::string> versions = VersionsOf(criteria, kind);
    if (versions.size() != 1 || versions[0] == kUnknownVersion) {
      return std::nullopt;
    }
    key[kind] = versions[0];
  }
  return key;
}

}  // namespace

const std::vector<Kind>& CriteriaOf(v1::Measure measure) {
  static const auto& satisfaction = *new std::vector<Kind>{
      v1::Criterion::KIND_REPORT_RULES, v1::Criterion::KIND_SCRIPT,
      v1::Criterion::KIND_VERDICT_RULE, v1::Criterion::KIND_SCORE_SCALE};
  static const auto& answers = *new std::vector<Kind>{
      v1::Criterion::KIND_REPORT_RULES, v1::Criterion::KIND_SCRIPT};
  static const auto& quality = *new std::vector<Kind>{
      v1::Criterion::KIND_REPORT_RULES, v1::Criterion::KIND_RUBRIC};
  static const auto& handling =
      *new std::vector<Kind>{v1::Criterion::KIND_REPORT_RULES};
  switch (measure) {
    case v1::MEASURE_SATISFACTION_RATE:
      return satisfaction;
    case v1::MEASURE_RESOLUTION_RATE:
      return answers;
    case v1::MEASURE_PASS_RATE:
      return quality;
    default:
      return handling;
  }
}

std::vector<std::string> VersionsOf(const std::vector<v1::Criterion>& criteria,
                                    Kind kind) {
  for (const v1::Criterion& criterion : criteria) {
    if (criterion.kind() == kind) {
      return {criterion.versions().begin(), criterion.versions().end()};
    }
  }
  return {kUnknownVersion};
}

CriteriaKey SharedCriteria(v1::Measure measure,
                           const std::vector<CriteriaUse>& uses) {
  struct Group {
    CriteriaKey key;
    int courts = 0;
    std::int64_t trials = 0;
  };
  std::vector<Group> groups;  // in the order of their first court
  for (const CriteriaUse& use : uses) {
    std::optional<CriteriaKey> key = KeyOf(measure, use.criteria);
    if (!key.has_value()) continue;
    auto group =
        std::find_if(groups.begin(), groups.end(),
                     [&](const Group& one) { return one.key == *key; });
    if (group == groups.end()) {
      group = groups.insert(groups.end(), {*std::move(key), 0, 0});
    }
    ++group->courts;
    group->trials += use.trials;
  }
  const auto largest = std::max_element(
      groups.begin(), groups.end(), [](const Group& a, const Group& b) {
        return std::pair(a.courts, a.trials) < std::pair(b.courts, b.trials);
      });
  return largest == groups.end() ? CriteriaKey() : largest->key;
}

std::vector<Kind> Differences(v1::Measure measure,
                              const std::vector<v1::Criterion>& criteria,
                              const CriteriaKey& shared) {
  std::vector<Kind> kinds;
  for (const Kind kind : CriteriaOf(measure)) {
    const auto version = shared.find(kind);
    if (version == shared.end() ||
        VersionsOf(criteria, kind) !=
            std::vector<std::string>{version->second}) {
      kinds.push_back(kind);
    }
  }
  return kinds;
}

}  // namespace huifang::reporting
