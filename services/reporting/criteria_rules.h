// Whether figures of two courts were judged by the same criteria.
#ifndef HUIFANG_SERVICES_REPORTING_CRITERIA_RULES_H_
#define HUIFANG_SERVICES_REPORTING_CRITERIA_RULES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "huifang/reporting/v1/reporting_resources.pb.h"

namespace huifang::reporting {

// The version of what was counted before versions were kept.
inline constexpr char kUnknownVersion[] = "?";

// What a measure is judged by; a difference in anything else does not matter.
const std::vector<v1::Criterion::Kind>& CriteriaOf(v1::Measure measure);

// One version of each kind.
using CriteriaKey = std::map<v1::Criterion::Kind, std::string>;

// A court's criteria and how much it counted by them.
struct CriteriaUse {
  std::vector<v1::Criterion> criteria;
  std::int64_t trials = 0;
};

// The versions of a kind; `?` where the court does not tell the kind at all.
std::vector<std::string> VersionsOf(const std::vector<v1::Criterion>& criteria,
                                    v1::Criterion::Kind kind);

// The criteria that most of `uses` share for the measure, those with most
// trials where several are as common, the first where these are equal too. A
// court that changed a criterion within the period, or does not know it, has no
// vote. Empty when nobody has.
CriteriaKey SharedCriteria(v1::Measure measure,
                           const std::vector<CriteriaUse>& uses);

// The kinds in which the court differs from `shared`; all of the measure's when
// `shared` is empty.
std::vector<v1::Criterion::Kind> Differences(
    v1::Measure measure, const std::vector<v1::Criterion>& criteria,
    const CriteriaKey& shared);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_CRITERIA_RULES_H_
