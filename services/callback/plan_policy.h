// From a sampling plan to what the rules understand.
#ifndef HUIFANG_SERVICES_CALLBACK_PLAN_POLICY_H_
#define HUIFANG_SERVICES_CALLBACK_PLAN_POLICY_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "services/callback/allocation_rules.h"
#include "services/callback/court_info.h"
#include "services/callback/disposition_rules.h"
#include "services/callback/frame_rules.h"
#include "services/callback/verdict_rules.h"

namespace huifang::callback {

inline constexpr std::int64_t kDefaultSize = 60;
inline constexpr int kDefaultFloor = 2;
inline constexpr int kDefaultReminderDays = 3;
inline constexpr int kDefaultRecallDays = 14;
inline constexpr char kDefaultDrawTime[] = "08:30";

// The plan of a court that has none: all closed tickets, by division,
// proportional, at least 2 of each.
v1::SamplingPlan BuiltInPlan(absl::string_view court);

// Whether the schedule draws for it.
bool DrawsWeekly(const v1::SamplingPlan& plan);

// With every default written out.
v1::SamplingPlan WithDefaults(v1::SamplingPlan plan);
v1::VerdictRule WithDefaults(v1::VerdictRule rule);

FramePolicy FramePolicyOf(const v1::SamplingPlan& plan);
// The plan must be valid.
AttemptPolicy AttemptPolicyOf(const v1::SamplingPlan& plan);
VerdictPolicy VerdictPolicyOf(const v1::VerdictRule& rule);
// From the first interview until its re-call expires.
absl::Duration RecallLifeOf(const v1::SamplingPlan& plan);
AllocationMethod MethodOf(const v1::SamplingPlan& plan);

// Tickets wanted from a frame of `population`, of officers who call at `pace`.
std::int64_t WantedOf(const v1::SampleSize& size, const CallingPace& pace,
                      std::int64_t population);

// Values of the plan's stratum keys for a ticket, joined by "|".
std::string StratumOf(const v1::SamplingPlan& plan,
                      const ticket::v1::Ticket& ticket, const StaffBook& staff);

// All that FactsOf reads of a ticket: what else there is costs a sixth of the
// pull.
std::vector<const char*> FrameFields();

// What the frame rules look at. `ticket` must outlive the result.
TicketFacts FactsOf(const v1::SamplingPlan& plan,
                    const ticket::v1::Ticket& ticket, const StaffBook& staff);

ItemAnswers ItemsOf(const v1::Items& items);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_PLAN_POLICY_H_
