// What follows from how a call ended (拨打结果与最终处置), after AAPOR.
#ifndef HUIFANG_SERVICES_CALLBACK_DISPOSITION_RULES_H_
#define HUIFANG_SERVICES_CALLBACK_DISPOSITION_RULES_H_

#include <map>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "services/callback/window_rules.h"

namespace huifang::callback {

// Same numbers as huifang.callback.v1.Outcome.
enum class Outcome {
  kNone = 0,
  kCompleted = 1,     // 接通并完成
  kBrokenOff = 2,     // 中途挂断
  kRefused = 3,       // 拒访
  kNoAnswer = 4,      // 无人接听
  kBusy = 5,          // 占线
  kSwitchedOff = 6,   // 关机
  kOutOfService = 7,  // 停机/空号
  kWrongNumber = 8,   // 号码错误/非本人
  kUnable = 9,        // 语言/疾病
  kAppointment = 10,  // 预约再拨
  kNoNumber = 11,     // 无号码
};

// Whether somebody answered who is, or knows, the caller.
bool FindsCaller(Outcome outcome);

// Same numbers as huifang.callback.v1.Disposition.
enum class Disposition {
  kOpen = 0,
  kComplete = 1,          // I
  kPartial = 2,           // P
  kRefusal = 3,           // R
  kNonContact = 4,        // NC
  kOther = 5,             // O
  kUnknownHousehold = 6,  // UH
  kUnknownOther = 7,      // UO
  kNotEligible = 8,       // NE
};

// Beside the general rule; zero: no rule of its own.
struct OutcomePolicy {
  absl::Duration delay = absl::ZeroDuration();
  int max_attempts = 0;
};

// One call that was made.
struct Tried {
  Outcome outcome = Outcome::kNone;
  absl::Time time;
};

// Defaults as call centres for surveys use them (queXS).
struct AttemptPolicy {
  int max_attempts = 3;
  absl::Duration no_answer_delay = absl::Minutes(180);
  absl::Duration busy_delay = absl::Minutes(30);
  // Zero: a refusal is final. Otherwise the caller is asked once more.
  absl::Duration refusal_cooling = absl::ZeroDuration();
  bool out_of_service_is_unknown = false;
  std::vector<CallWindow> windows = DefaultWindows();
  std::map<Outcome, OutcomePolicy> outcomes = {};
  // Of one caller, whatever the ticket.
  int daily_cap = 3;
  absl::Duration refusal_pause = absl::Hours(24 * 7);
};

// Either closed with a disposition, or to be tried again.
struct NextStep {
  Disposition disposition = Disposition::kOpen;
  absl::Time next_attempt_time;  // if open
};

// What follows from `tried`, all calls of one ticket, the last one ended at
// `now`. An appointment does not use up an attempt: the caller asked for it;
// but more than `2 * max_attempts` calls are never made. Who did not answer is
// tried next in the window of the day that was tried least.
NextStep DecideNextStep(const std::vector<Tried>& tried, absl::Time now,
                        std::optional<absl::Time> appointment,
                        const AttemptPolicy& policy,
                        IsWorkingDay is_working_day);

// Until when a caller is left alone, whatever the ticket.
struct ContactHistory {
  int calls_today = 0;
  absl::Time paused_until = absl::InfinitePast();  // after a refusal
};

// When the caller may be called at the earliest; not after `now`: at once. An
// `appointment` is kept although the day's calls are used up.
absl::Time EarliestCall(const ContactHistory& contact, bool appointment,
                        absl::Time now, const AttemptPolicy& policy);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_DISPOSITION_RULES_H_
