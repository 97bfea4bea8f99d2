// What may be said of a rate: whether it may be shown at all, and whether it
// may be called "at least 95 %".
#ifndef HUIFANG_SERVICES_REPORTING_CLAIM_RULES_H_
#define HUIFANG_SERVICES_REPORTING_CLAIM_RULES_H_

#include <cstdint>

namespace huifang::reporting {

enum class Reading {
  kOk,
  kNotEnoughData,  // 数据不足
  kSuppressed,     // 隐去: so few that people could be known
  kNoData,
};

// Sizes below which a rate from interviews is not shown.
struct DisclosurePolicy {
  std::int64_t min_respondents = 5;  // fewer: not enough data
  std::int64_t min_people = 3;       // fewer: suppressed
};

// How a rate from `respondents` interviews may be shown.
Reading ReadingOf(std::int64_t respondents, const DisclosurePolicy& policy);

enum class Claim {
  kNone,          // no target
  kSupported,     // 达标
  kNotSupported,  // 尚不能认定
  kMissed,        // 未达标
};

// The claim "at least `target`" stands only when the lower confidence limit
// supports it: 57 of 60 are 95 %, but their interval starts at 86 %.
Claim ClaimOf(double value, double lower, double target);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_CLAIM_RULES_H_
