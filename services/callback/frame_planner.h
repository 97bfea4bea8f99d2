#ifndef HUIFANG_SERVICES_CALLBACK_FRAME_PLANNER_H_
#define HUIFANG_SERVICES_CALLBACK_FRAME_PLANNER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "services/callback/allocation_rules.h"
#include "services/callback/callback_store.h"
#include "services/callback/contact_store.h"
#include "services/callback/court_info.h"
#include "services/callback/frame_rules.h"
#include "services/callback/period_rules.h"
#include "services/callback/ticket_client.h"
#include "services/common/clock.h"

namespace huifang::callback {

// A frame with what is to be drawn of it.
struct PlannedFrame {
  BuiltFrame built;
  v1::SamplingPlan plan;            // with the priors that were used
  std::vector<v1::Stratum> strata;  // N_h, n_h, weights
  std::int64_t wanted = 0;
  std::int64_t sampled = 0;
  CallingPace pace;
  std::int64_t observed_calls = 0;  // that the pace was observed on
  // What is still to be called, if that was asked for.
  std::int64_t open_calls = 0;
  double open_minutes = 0;
};

// S_h as the plan's priors give it, in millionths; 1000000 unless the
// allocation is Neyman's.
std::int64_t DeviationMillionths(const v1::SamplingPlan& plan,
                                 std::size_t stratum);

// p (1-p) to be expected of a stratum's answers: by the priors of a Neyman
// allocation, else by the share that the plan's precision expects, else the
// most there is.
double ExpectedSpread(const v1::SamplingPlan& plan, std::size_t stratum);

// Pulls frames from the ticket service. Thread safe.
class FramePlanner {
 public:
  FramePlanner(CallbackStore& callbacks, ContactStore& contacts,
               TicketClient& tickets, CourtInfo& courts, Clock& clock)
      : callbacks_(callbacks),
        contacts_(contacts),
        tickets_(tickets),
        courts_(courts),
        clock_(clock) {}

  // Pulls the closed tickets of a period, applies the plan and allocates,
  // without keeping anything. The plan has its defaults written out.
  absl::StatusOr<PlannedFrame> Plan(const std::string& court,
                                    const v1::SamplingPlan& plan,
                                    const Period& period);
  // The same beside the calls still open: as many as `capacity_minutes` leave
  // room for, or the plan's size if that is 0.
  absl::StatusOr<PlannedFrame> Preview(const std::string& court,
                                       const v1::SamplingPlan& plan,
                                       const Period& period,
                                       int capacity_minutes);

 private:
  absl::StatusOr<PlannedFrame> Build(const std::string& court,
                                     const v1::SamplingPlan& plan,
                                     const Period& period);
  static void Size(PlannedFrame& planned);
  absl::Status SetPace(const std::string& court, PlannedFrame& planned);
  absl::Status SetOpen(const std::string& court, PlannedFrame& planned);
  absl::Status Pull(const std::string& court, const v1::SamplingPlan& plan,
                    const Period& period, const StaffBook& staff,
                    FrameBuilder& builder);

  CallbackStore& callbacks_;
  ContactStore& contacts_;
  TicketClient& tickets_;
  CourtInfo& courts_;
  Clock& clock_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_FRAME_PLANNER_H_
