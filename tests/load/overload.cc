// A ticket service at, below and beyond what it can carry; or one steady rate.
// Usage: load_overload ADDRESS TOKEN_FILE [CALLS_PER_SECOND SECONDS]
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/synchronization/mutex.h"
#include "tests/load/ticket_caller.h"

namespace huifang::load {
namespace {

constexpr absl::Duration kTime = absl::Seconds(10);
constexpr absl::Duration kGrow = absl::Seconds(40);
constexpr int kRounds = 9;  // one differs from the next by a tenth
// At twice the load of the peak: what must still be served, and how much slower
// than at 0.8 of it.
constexpr double kGoodputMin = 0.8;
constexpr double kSlowerMax = 3;

void Print(const std::string& what, const LoadResult& result) {
  std::printf(
      "%-22s served %8.0f /s  p50 %7.1f ms  p99 %7.1f ms  sent late "
      "p99 %6.1f ms  shed %7lld  failed %5lld  not sent %7lld %s %s\n",
      what.c_str(), result.good_per_second, result.p50_ms, result.p99_ms,
      result.late_p99_ms, static_cast<long long>(result.shed),
      static_cast<long long>(result.failed),
      static_cast<long long>(result.not_sent), result.first_shed.c_str(),
      result.first_failure.c_str());
  std::fflush(stdout);
}

// What rounds found of callers of one kind.
struct Beyond {
  std::vector<double> goodputs;  // at 2 x a round's peak, of that peak
  std::vector<double> slowers;   // p99 there, of that at 0.8 x the peak
  // At 2 x the peak, of what is served where as many calls are sent as the peak
  // served. Not judged. Calls that come one by one cost more than those of a
  // closed loop, which follow the replies of a commit in groups; this tells
  // what too many cost from what it costs that they come one by one.
  std::vector<double> helds;
};

double Median(std::vector<double> values) {
  const auto middle =
      values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Each load right after the peak that it is held against: the machine's own
// speed changes within minutes, and the greatest of several peaks would be the
// peak of its best moment.
class Rounds {
 public:
  Rounds(TicketCaller& insistent, TicketCaller& throttled, int in_flight)
      : insistent_(insistent), throttled_(throttled), in_flight_(in_flight) {}

  void Run() {
    const double peak = Peak();
    const LoadResult below = insistent_.Open(0.8 * peak, kTime);
    Print("open, 0.8 x peak", below);
    Add("2 x peak, throttled", throttled_, below, asked_less_);
    Add("2 x peak, insistent", insistent_, below, asked_on_);
  }
  // Whether callers of both kinds reach the goals.
  bool Judge() {
    const bool insistent = Summarize("insistent callers", asked_on_);
    const bool throttled =
        Summarize("throttled callers (as our clients are)", asked_less_);
    return insistent && throttled;
  }

 private:
  double Peak() {
    const LoadResult peak = insistent_.Closed(in_flight_, kTime / 2);
    Print("closed, in flight " + std::to_string(in_flight_), peak);
    return peak.good_per_second;
  }
  void Add(const char* what, TicketCaller& caller, const LoadResult& below,
           Beyond& found) {
    const double peak = Peak();
    const LoadResult result = caller.Open(2 * peak, kTime);
    Print(what, result);
    const LoadResult even = caller.Open(peak, kTime / 2);
    Print("1 x peak, the same", even);
    found.goodputs.push_back(result.good_per_second / peak);
    found.slowers.push_back(result.p99_ms / below.p99_ms);
    found.helds.push_back(result.good_per_second / even.good_per_second);
    std::printf(
        "  goodput %.2f x the peak, p99 %.2f x; %.2f x what is served of 1 x\n",
        found.goodputs.back(), found.slowers.back(), found.helds.back());
  }
  static bool Summarize(const char* who, const Beyond& found) {
    const double goodput = Median(found.goodputs);
    const double slower = Median(found.slowers);
    std::printf(
        "%s at 2 x peak, medians of %d: goodput %.2f x the peak (at least "
        "%.2f), p99 %.2f x that at 0.8 x the peak (at most %.0f); %.2f x what "
        "is served of 1 x the peak\n",
        who, kRounds, goodput, kGoodputMin, slower, kSlowerMax,
        Median(found.helds));
    return goodput >= kGoodputMin && slower <= kSlowerMax;
  }

  TicketCaller& insistent_;
  TicketCaller& throttled_;
  const int in_flight_;
  Beyond asked_on_;
  Beyond asked_less_;
};

// The callers differ in what they do when refused.
int Overload(TicketCaller& insistent, TicketCaller& throttled) {
  insistent.Closed(32, kTime / 2);  // warm up
  int best = 0;
  double peak = 0;
  for (const int in_flight : {16, 32, 64, 128, 256}) {
    const LoadResult result = insistent.Closed(in_flight, kTime / 2);
    Print("closed, in flight " + std::to_string(in_flight), result);
    if (result.good_per_second <= peak) continue;
    peak = result.good_per_second;
    best = in_flight;
  }
  // A young database is a quarter faster and would have the first round's peak.
  Print("growing", insistent.Closed(best, kGrow));
  Rounds rounds(insistent, throttled, best);
  for (int i = 0; i < kRounds; ++i) rounds.Run();
  return rounds.Judge() ? 0 : 1;
}

int Steady(TicketCaller& caller, double rate, absl::Duration time) {
  const LoadResult result = caller.Open(rate, time);
  Print("steady", result);
  const std::int64_t all = result.served + result.shed + result.failed;
  // On a busy machine a little may be shed; nothing may fail.
  return result.failed == 0 && result.shed * 10 < all ? 0 : 1;
}

}  // namespace
}  // namespace huifang::load

int main(int argc, char** argv) {
  // As the services do: looking for deadlocks at every lock takes the callers'
  // core longer.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  if (argc != 3 && argc != 5) {
    std::cerr << "usage: load_overload ADDRESS TOKEN_FILE "
                 "[CALLS_PER_SECOND SECONDS]\n";
    return 2;
  }
  using huifang::load::Manners;
  using huifang::load::Mix;
  using huifang::load::TicketCaller;
  if (argc == 3) {
    // Writes only: one core must be able to ask for twice what another carries,
    // or it is the caller that is measured. A GetTicket costs it as much.
    TicketCaller insistent(argv[1], argv[2], Mix::kWrites);
    TicketCaller throttled(argv[1], argv[2], Mix::kWrites, Manners::kThrottled);
    return huifang::load::Overload(insistent, throttled);
  }
  TicketCaller caller(argv[1], argv[2]);
  double rate = 0;
  double seconds = 0;
  if (!absl::SimpleAtod(argv[3], &rate) ||
      !absl::SimpleAtod(argv[4], &seconds) || rate <= 0) {
    return 2;
  }
  return huifang::load::Steady(caller, rate, absl::Seconds(seconds));
}
