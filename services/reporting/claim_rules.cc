#include "services/reporting/claim_rules.h"

namespace huifang::reporting {

Reading ReadingOf(std::int64_t respondents, const DisclosurePolicy& policy) {
  if (respondents <= 0) return Reading::kNoData;
  if (respondents < policy.min_people) return Reading::kSuppressed;
  if (respondents < policy.min_respondents) return Reading::kNotEnoughData;
  return Reading::kOk;
}

Claim ClaimOf(double value, double lower, double target) {
  if (target <= 0) return Claim::kNone;
  if (value < target) return Claim::kMissed;
  return lower >= target ? Claim::kSupported : Claim::kNotSupported;
}

}  // namespace huifang::reporting
