#include "services/callback/frame_planner.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "services/callback/allocation_rules.h"
#include "services/callback/plan_policy.h"
#include "services/common/deadline.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

// Streams on which a frame is pulled at once.
constexpr int kSlices = 4;

// Weeks of verdicts that a Neyman allocation learns from, and what it assumes
// of a court without any.
constexpr int kHistoryWeeks = 12;
constexpr double kUnknownDefectShare = 0.1;
constexpr std::int64_t kLeastHistory = 5;
// Calls from which on their contact rate and length are believed.
constexpr std::int64_t kLeastCalls = 30;

// Half an answer more of each kind: five satisfied of five do not say that
// nobody is unsatisfied, and a share of 0 would leave the stratum its floor.
double ShareOf(const StratumHistory& history, double fallback) {
  return history.judged < kLeastHistory
             ? fallback
             : (static_cast<double>(history.unsatisfied) + 0.5) /
                   (static_cast<double>(history.judged) + 1);
}

// Writes the share that each stratum is allocated by into the plan, so that
// the draw keeps it: history moves on.
void FillPriors(const std::vector<std::string>& strata,
                const std::map<std::string, StratumHistory>& history,
                v1::SamplingPlan& plan) {
  StratumHistory all;
  for (const auto& [key, one] : history) {
    all.judged += one.judged;
    all.unsatisfied += one.unsatisfied;
  }
  const double mean = ShareOf(all, kUnknownDefectShare);
  std::map<std::string, double> shares;
  for (const v1::StratumPrior& prior : plan.priors()) {
    shares[prior.key()] = prior.defect_share();
  }
  plan.clear_priors();
  for (const std::string& key : strata) {
    const auto given = shares.find(key);
    const auto seen = history.find(key);
    v1::StratumPrior& prior = *plan.add_priors();
    prior.set_key(key);
    prior.set_defect_share(given != shares.end()   ? given->second
                           : seen != history.end() ? ShareOf(seen->second, mean)
                                                   : mean);
  }
}

}  // namespace

std::int64_t DeviationMillionths(const v1::SamplingPlan& plan,
                                 std::size_t stratum) {
  if (MethodOf(plan) != AllocationMethod::kNeyman ||
      stratum >= static_cast<std::size_t>(plan.priors_size())) {
    return 1000000;
  }
  const double p = plan.priors(static_cast<int>(stratum)).defect_share();
  return std::llround(std::sqrt(p * (1 - p)) * 1000000);
}

double ExpectedSpread(const v1::SamplingPlan& plan, std::size_t stratum) {
  if (MethodOf(plan) == AllocationMethod::kNeyman) {
    const double deviation =
        static_cast<double>(DeviationMillionths(plan, stratum)) / 1000000;
    return deviation * deviation;
  }
  const double share = plan.size().precision().expected_share();
  return share > 0 ? share * (1 - share) : 0.25;
}

// One stream of tickets keeps one core of the ticket service busy, so the
// period is pulled in slices at once. The frame does not depend on the order in
// which tickets arrive.
absl::Status FramePlanner::Pull(const std::string& court,
                                const v1::SamplingPlan& plan,
                                const Period& period, const StaffBook& staff,
                                FrameBuilder& builder) {
  absl::Mutex mutex;
  std::vector<absl::Status> outcomes(kSlices);
  const absl::Time start = StartOf(period);
  const absl::Duration slice = (EndOf(period) - start) / kSlices;
  const absl::Time deadline = CurrentDeadline();  // of this thread
  std::vector<std::thread> threads;
  for (int i = 0; i < kSlices; ++i) {
    threads.emplace_back([&, i] {
      const ScopedDeadline same(deadline);
      outcomes[static_cast<std::size_t>(i)] = tickets_.ExportClosed(
          court, start + slice * i,
          i + 1 == kSlices ? EndOf(period) : start + slice * (i + 1),
          [&](const ticket::v1::Ticket& ticket) {
            const TicketFacts facts = FactsOf(plan, ticket, staff);
            absl::MutexLock lock(&mutex);
            builder.Add(facts);
            return absl::OkStatus();
          });
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& outcome : outcomes) RETURN_IF_ERROR(outcome);
  return absl::OkStatus();
}

// How fast officers call: as the plan says, else as they did lately, else as
// assumed. The rate that was reckoned with stays in the draw's plan.
absl::Status FramePlanner::SetPace(const std::string& court,
                                   PlannedFrame& planned) {
  ASSIGN_OR_RETURN(const CallHistory seen,
                   callbacks_.Calls(court, clock_.Now() - absl::Hours(24 * 7) *
                                                              kHistoryWeeks));
  CallingPace& pace = planned.pace;
  planned.observed_calls = seen.calls;
  pace.max_attempts = AttemptPolicyOf(planned.plan).max_attempts;
  pace.recall_share = planned.plan.recall_share();
  const std::int64_t misses = seen.calls - seen.contacts;
  if (seen.calls >= kLeastCalls) {
    // Nobody found yet does not mean that nobody will be.
    pace.contact_rate =
        static_cast<double>(std::max<std::int64_t>(seen.contacts, 1)) /
        static_cast<double>(seen.calls);
    // Lengths need not be recorded.
    if (seen.contact_minutes > 0) {
      pace.minutes_per_call =
          seen.contact_minutes / static_cast<double>(seen.contacts);
    }
    if (seen.miss_minutes > 0) {
      pace.minutes_per_miss = seen.miss_minutes / static_cast<double>(misses);
    }
  }
  if (!planned.plan.size().has_capacity()) return absl::OkStatus();
  v1::SampleSize::Capacity& capacity =
      *planned.plan.mutable_size()->mutable_capacity();
  if (capacity.minutes_per_call() > 0) {
    pace.minutes_per_call = capacity.minutes_per_call();
  }
  if (capacity.contact_rate() > 0) pace.contact_rate = capacity.contact_rate();
  capacity.set_contact_rate(pace.contact_rate);
  return absl::OkStatus();
}

// What the calls still open ask for, at the pace of the new ones: each has the
// attempts left that it was not given yet.
absl::Status FramePlanner::SetOpen(const std::string& court,
                                   PlannedFrame& planned) {
  ASSIGN_OR_RETURN(const std::vector<OpenWork> open,
                   callbacks_.OpenWorkOf(court));
  for (const OpenWork& work : open) {
    CallingPace pace = planned.pace;
    pace.max_attempts = std::max(pace.max_attempts - work.attempts, 1);
    if (work.recall) pace.recall_share = 0;
    planned.open_calls += work.calls;
    planned.open_minutes +=
        static_cast<double>(work.calls) * MinutesPerTicket(pace);
  }
  return absl::OkStatus();
}

// The frame, and what its sizes are reckoned with.
absl::StatusOr<PlannedFrame> FramePlanner::Build(const std::string& court,
                                                 const v1::SamplingPlan& plan,
                                                 const Period& period) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const StaffBook> staff,
                   courts_.Staff(court));
  std::unordered_set<std::string> recent;
  if (plan.frame().exclude_called_within_days() > 0) {
    ASSIGN_OR_RETURN(
        recent, callbacks_.RecentCallers(
                    court, clock_.Now() -
                               absl::Hours(24) *
                                   plan.frame().exclude_called_within_days()));
  }
  ASSIGN_OR_RETURN(std::unordered_set<std::string> barred,
                   contacts_.Barred(court, clock_.Now()));
  FrameBuilder builder(FramePolicyOf(plan), std::move(recent),
                       std::move(barred));
  RETURN_IF_ERROR(Pull(court, plan, period, *staff, builder));

  PlannedFrame planned;
  planned.built = std::move(builder).Finish();
  planned.plan = plan;
  if (MethodOf(plan) == AllocationMethod::kNeyman) {
    ASSIGN_OR_RETURN(
        const auto history,
        callbacks_.History(court,
                           clock_.Now() - absl::Hours(24 * 7) * kHistoryWeeks));
    FillPriors(planned.built.strata, history, planned.plan);
  }
  return planned;
}

// What is drawn of each stratum.
void FramePlanner::Size(PlannedFrame& planned) {
  const v1::SamplingPlan& plan = planned.plan;
  const auto population = static_cast<std::int64_t>(planned.built.frame.size());
  planned.wanted = WantedOf(plan.size(), planned.pace, population);
  std::vector<StratumSize> sizes;
  for (std::size_t h = 0; h < planned.built.strata.size(); ++h) {
    sizes.push_back(
        {planned.built.counts[h],
         static_cast<double>(DeviationMillionths(planned.plan, h)) / 1000000});
  }
  const std::vector<std::int64_t> counts =
      Allocate(sizes, planned.wanted, MethodOf(plan), plan.floor(), plan.cap());
  for (std::size_t h = 0; h < counts.size(); ++h) {
    v1::Stratum& stratum = planned.strata.emplace_back();
    const auto all = static_cast<double>(sizes[h].population);
    const auto some = static_cast<double>(counts[h]);
    stratum.set_key(planned.built.strata[h]);
    stratum.set_population(sizes[h].population);
    stratum.set_sampled(counts[h]);
    stratum.set_weight(counts[h] > 0 ? all / some : 0);
    stratum.set_inclusion_probability(some / all);
    stratum.set_reserve_count(sizes[h].population - counts[h]);
    stratum.set_margin(
        ExpectedMargin({sizes[h]}, {counts[h]}, {ExpectedSpread(plan, h)}));
    planned.sampled += counts[h];
  }
}

absl::StatusOr<PlannedFrame> FramePlanner::Plan(const std::string& court,
                                                const v1::SamplingPlan& plan,
                                                const Period& period) {
  ASSIGN_OR_RETURN(PlannedFrame planned, Build(court, plan, period));
  RETURN_IF_ERROR(SetPace(court, planned));
  Size(planned);
  return planned;
}

absl::StatusOr<PlannedFrame> FramePlanner::Preview(const std::string& court,
                                                   const v1::SamplingPlan& plan,
                                                   const Period& period,
                                                   int capacity_minutes) {
  ASSIGN_OR_RETURN(PlannedFrame planned, Build(court, plan, period));
  v1::SampleSize& size = *planned.plan.mutable_size();
  if (capacity_minutes > 0) {
    size.mutable_capacity()->set_minutes(capacity_minutes);
  }
  RETURN_IF_ERROR(SetPace(court, planned));
  RETURN_IF_ERROR(SetOpen(court, planned));
  if (capacity_minutes > 0) {
    // A sample has at least one ticket.
    const double left = capacity_minutes - planned.open_minutes;
    size.mutable_capacity()->set_minutes(
        static_cast<std::int32_t>(std::max(left, 1.0)));
  }
  Size(planned);
  return planned;
}

}  // namespace huifang::callback
