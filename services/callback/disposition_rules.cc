#include "services/callback/disposition_rules.h"

#include <algorithm>

namespace huifang::callback {
namespace {

// The class of an outcome that ends a call for good; kOpen for the others.
Disposition FinalClass(Outcome outcome, const AttemptPolicy& policy) {
  switch (outcome) {
    case Outcome::kCompleted:
      return Disposition::kComplete;
    case Outcome::kBrokenOff:
      return Disposition::kPartial;
    case Outcome::kOutOfService:
      return policy.out_of_service_is_unknown ? Disposition::kUnknownOther
                                              : Disposition::kNotEligible;
    case Outcome::kWrongNumber:
      return Disposition::kNotEligible;
    case Outcome::kUnable:
      return Disposition::kOther;
    case Outcome::kNoNumber:
      return Disposition::kUnknownOther;
    case Outcome::kNone:
    case Outcome::kRefused:
    case Outcome::kNoAnswer:
    case Outcome::kBusy:
    case Outcome::kSwitchedOff:
    case Outcome::kAppointment:
      return Disposition::kOpen;
  }
  return Disposition::kOpen;
}

std::ptrdiff_t Count(const std::vector<Outcome>& outcomes, Outcome outcome) {
  return std::count(outcomes.begin(), outcomes.end(), outcome);
}

// Someone spoke to the caller once, so giving up is not a non-contact.
Disposition ExhaustedClass(const std::vector<Outcome>& outcomes) {
  if (Count(outcomes, Outcome::kRefused) > 0) return Disposition::kRefusal;
  if (Count(outcomes, Outcome::kAppointment) > 0) return Disposition::kOther;
  return Disposition::kNonContact;
}

}  // namespace

bool FindsCaller(Outcome outcome) {
  switch (outcome) {
    case Outcome::kCompleted:
    case Outcome::kBrokenOff:
    case Outcome::kRefused:
    case Outcome::kUnable:
    case Outcome::kAppointment:
      return true;
    default:
      return false;
  }
}

NextStep DecideNextStep(const std::vector<Outcome>& outcomes, absl::Time now,
                        std::optional<absl::Time> appointment,
                        const AttemptPolicy& policy,
                        IsWorkingDay is_working_day) {
  if (outcomes.empty()) return {Disposition::kOpen, now};
  const Outcome last = outcomes.back();
  if (const Disposition closed = FinalClass(last, policy);
      closed != Disposition::kOpen) {
    return {closed, now};
  }

  const auto appointments = Count(outcomes, Outcome::kAppointment);
  const auto calls = static_cast<std::ptrdiff_t>(outcomes.size());
  if (last == Outcome::kAppointment && appointment.has_value() &&
      calls < 2 * policy.max_attempts) {
    // The caller chose the time; windows do not apply.
    return {Disposition::kOpen, std::max(*appointment, now)};
  }
  if (last == Outcome::kRefused) {
    const bool again = policy.refusal_cooling > absl::ZeroDuration() &&
                       Count(outcomes, Outcome::kRefused) == 1;
    if (!again) return {Disposition::kRefusal, now};
  }
  if (calls - appointments >= policy.max_attempts ||
      calls >= 2 * policy.max_attempts) {
    return {ExhaustedClass(outcomes), now};
  }

  absl::Duration delay = policy.no_answer_delay;
  if (last == Outcome::kBusy) delay = policy.busy_delay;
  if (last == Outcome::kRefused) delay = policy.refusal_cooling;
  return {Disposition::kOpen,
          NextCallTime(now + delay, policy.windows, is_working_day)};
}

}  // namespace huifang::callback
