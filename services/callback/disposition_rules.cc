#include "services/callback/disposition_rules.h"

#include <algorithm>

#include "services/common/clock.h"

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

std::ptrdiff_t Count(const std::vector<Tried>& tried, Outcome outcome) {
  return std::count_if(tried.begin(), tried.end(), [&](const Tried& one) {
    return one.outcome == outcome;
  });
}

// Someone spoke to the caller once, so giving up is not a non-contact.
Disposition ExhaustedClass(const std::vector<Tried>& tried) {
  if (Count(tried, Outcome::kRefused) > 0) return Disposition::kRefusal;
  if (Count(tried, Outcome::kAppointment) > 0) return Disposition::kOther;
  return Disposition::kNonContact;
}

OutcomePolicy PolicyOf(Outcome outcome, const AttemptPolicy& policy) {
  const auto it = policy.outcomes.find(outcome);
  return it == policy.outcomes.end() ? OutcomePolicy{} : it->second;
}

absl::Duration DelayAfter(Outcome outcome, const AttemptPolicy& policy) {
  if (outcome == Outcome::kRefused) return policy.refusal_cooling;
  const absl::Duration own = PolicyOf(outcome, policy).delay;
  if (own > absl::ZeroDuration()) return own;
  return outcome == Outcome::kBusy ? policy.busy_delay : policy.no_answer_delay;
}

bool IsExhausted(const std::vector<Tried>& tried, const AttemptPolicy& policy) {
  const auto calls = static_cast<std::ptrdiff_t>(tried.size());
  const Outcome last = tried.back().outcome;
  const int own = PolicyOf(last, policy).max_attempts;
  return calls - Count(tried, Outcome::kAppointment) >= policy.max_attempts ||
         calls >= 2 * policy.max_attempts ||
         (own > 0 && Count(tried, last) >= own);
}

bool IsIn(absl::Time time, const CallWindow& window) {
  const absl::CivilDay day = absl::ToCivilDay(time, CourtTimeZone());
  return time >= At(day, window.begin) && time < At(day, window.end);
}

// The windows of the day that were tried least. A caller who does not answer in
// the morning may do so in the afternoon.
std::vector<CallWindow> LeastTried(const std::vector<Tried>& tried,
                                   const std::vector<CallWindow>& windows) {
  std::vector<std::ptrdiff_t> counts;
  for (const CallWindow& window : windows) {
    counts.push_back(std::count_if(
        tried.begin(), tried.end(),
        [&](const Tried& one) { return IsIn(one.time, window); }));
  }
  std::vector<CallWindow> least;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (counts[i] == *std::min_element(counts.begin(), counts.end())) {
      least.push_back(windows[i]);
    }
  }
  return least;
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

NextStep DecideNextStep(const std::vector<Tried>& tried, absl::Time now,
                        std::optional<absl::Time> appointment,
                        const AttemptPolicy& policy,
                        IsWorkingDay is_working_day) {
  if (tried.empty()) return {Disposition::kOpen, now};
  const Outcome last = tried.back().outcome;
  if (const Disposition closed = FinalClass(last, policy);
      closed != Disposition::kOpen) {
    return {closed, now};
  }
  if (last == Outcome::kAppointment && appointment.has_value() &&
      static_cast<std::ptrdiff_t>(tried.size()) < 2 * policy.max_attempts) {
    // The caller chose the time; windows do not apply.
    return {Disposition::kOpen, std::max(*appointment, now)};
  }
  if (last == Outcome::kRefused) {
    const bool again = policy.refusal_cooling > absl::ZeroDuration() &&
                       Count(tried, Outcome::kRefused) == 1;
    if (!again) return {Disposition::kRefusal, now};
  }
  if (IsExhausted(tried, policy)) return {ExhaustedClass(tried), now};
  const bool missed =
      last == Outcome::kNoAnswer || last == Outcome::kSwitchedOff;
  return {
      Disposition::kOpen,
      NextCallTime(now + DelayAfter(last, policy),
                   missed ? LeastTried(tried, policy.windows) : policy.windows,
                   is_working_day)};
}

absl::Time EarliestCall(const ContactHistory& contact, bool appointment,
                        absl::Time now, const AttemptPolicy& policy) {
  const absl::Time tomorrow = absl::FromCivil(
      absl::ToCivilDay(now, CourtTimeZone()) + 1, CourtTimeZone());
  const bool enough = !appointment && contact.calls_today >= policy.daily_cap;
  return std::max({now, contact.paused_until, enough ? tomorrow : now});
}

}  // namespace huifang::callback
