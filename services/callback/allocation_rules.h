// How many tickets to draw, in all and of each stratum (样本量与分配).
#ifndef HUIFANG_SERVICES_CALLBACK_ALLOCATION_RULES_H_
#define HUIFANG_SERVICES_CALLBACK_ALLOCATION_RULES_H_

#include <cstdint>
#include <vector>

namespace huifang::callback {

// A margin to be met. The caller keeps each value in its range.
struct PrecisionGoal {
  double margin = 0.05;         // half width of the interval, 0 < margin < 0.5
  double expected_share = 0.5;  // 0 < share < 1
  double response_rate = 1;     // 0 < rate <= 1
  double confidence = 0.95;     // 0 < confidence < 1
};

// Answers that meet the goal, not rounded: n0 = z² p (1-p) / d², with the
// finite population correction n0 / (1 + (n0 - 1) / N). `population` 0 means an
// infinite one. Cochran 1977, §4.
double AnswersFor(const PrecisionGoal& goal, std::int64_t population);

// Tickets to draw for them: divided by the response rate, rounded up, at most
// `population`.
std::int64_t SampleSizeFor(const PrecisionGoal& goal, std::int64_t population);

// Same numbers as huifang.callback.v1.Allocation.
enum class AllocationMethod { kProportional = 1, kNeyman = 2, kEqual = 3 };

struct StratumSize {
  std::int64_t population = 0;  // N_h
  double deviation = 1;         // S_h, for Neyman; not negative
};

// n_h for a sample of exactly n, or of all there is room for.
//
// Every stratum gets at least `floor` (or all of it, if it is smaller) and at
// most N_h, and at most `cap` unless that is 0; what is left is shared by the
// method, whole tickets by largest remainder, ties to the larger and then to
// the earlier stratum. If the floors alone ask for more than n, the floor is
// lowered to the largest that fits.
std::vector<std::int64_t> Allocate(const std::vector<StratumSize>& strata,
                                   std::int64_t n, AllocationMethod method,
                                   std::int64_t floor, std::int64_t cap = 0);

// What `Allocate` rounds: the shares of n within floors and caps.
std::vector<double> Quotas(const std::vector<StratumSize>& strata,
                           std::int64_t n, AllocationMethod method,
                           std::int64_t floor, std::int64_t cap = 0);

// Half width of the 95 % interval of a stratified share whose spread p_h
// (1-p_h) in each stratum is as given: with the finite population correction,
// p_h (1-p_h) / (n_h - 1) as Cochran has it. A stratum of which only one was
// drawn counts as if two were; one of which none was drawn counts with the
// variance of a single draw.
double ExpectedMargin(const std::vector<StratumSize>& strata,
                      const std::vector<std::int64_t>& sampled,
                      const std::vector<double>& spreads);

// What calling takes.
struct CallingPace {
  double contact_rate = 1;       // share of calls that find the caller, > 0
  double minutes_per_call = 15;  // of those, with the record, > 0
  double minutes_per_miss = 3;   // of the others
  int max_attempts = 3;          // calls until a caller counts as not reached
  double recall_share = 0;       // of interviews, made again by somebody else
};

// Minutes that a drawn ticket takes on average: it is called until the caller
// is found, at most `max_attempts` times. 1 / r (1 - (1-r)^A) calls, of which
// 1 - (1-r)^A find the caller. A share of those costs as much again.
double MinutesPerTicket(const CallingPace& pace);

// Tickets that `minutes` suffice for, at least 1.
std::int64_t CapacityFor(double minutes, const CallingPace& pace);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_ALLOCATION_RULES_H_
