// Trainings (专题培训): what may become of one, and what came of it. Pure.
#ifndef HUIFANG_SERVICES_REPORTING_TRAINING_RULES_H_
#define HUIFANG_SERVICES_REPORTING_TRAINING_RULES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "huifang/reporting/v1/reporting_service.pb.h"
#include "services/reporting/comparison_rules.h"
#include "services/reporting/item_rules.h"

namespace huifang::reporting {

// Whole weeks, so that each side has the same weekdays.
inline constexpr int kEffectDays = 28;
// With ten tickets on either side a fall from three defects to none is still
// within chance; with twenty the same shares differ by more than chance.
inline constexpr std::int64_t kEffectMinimum = 20;

// The training as it begins: planned, with the names of its divisions and
// rules. FAILED_PRECONDITION for a division, attendee or rule that the court
// does not have: a rule misspelt would read as a defect cured.
absl::StatusOr<v1::Training> NewTraining(const v1::Training& asked,
                                         const DisplayNames& names,
                                         const DisplayNames& rule_names,
                                         const std::string& principal,
                                         absl::Time now);

// Marks a planned training as held. FAILED_PRECONDITION if it is not planned,
// if its day is still to come, or for an attendee that the court does not have.
absl::Status HoldTraining(const v1::HoldTrainingRequest& request,
                          const DisplayNames& names, absl::Time now,
                          v1::Training& training);

// FAILED_PRECONDITION if it is not planned.
absl::Status CancelTraining(const v1::CancelTrainingRequest& request,
                            absl::Time now, v1::Training& training);

// First and last day of both sides, inclusive; the day held is on neither.
struct EffectDays {
  absl::CivilDay before_first;
  absl::CivilDay before_last;
  absl::CivilDay after_first;
  absl::CivilDay after_last;
};
EffectDays DaysAround(absl::CivilDay held);

// What came of a training: defects among the inspected tickets of those who
// attended, before and after. Days before `today` are over.
v1::Training::Effect EffectOf(const EffectDays& days, const Tally& before,
                              const Tally& after, absl::CivilDay today);

// Whether the rule is one of those it treats.
bool Treats(const v1::Training& training, const std::string& rule);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_TRAINING_RULES_H_
