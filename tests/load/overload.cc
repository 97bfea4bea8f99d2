// A ticket service at, below and beyond what it can carry; or one steady rate.
// Usage: load_overload ADDRESS TOKEN_FILE [CALLS_PER_SECOND SECONDS]
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>

#include "absl/strings/numbers.h"
#include "tests/load/ticket_caller.h"

namespace huifang::load {
namespace {

constexpr absl::Duration kTime = absl::Seconds(10);
// At twice the load of the peak: what must still be served, and how much slower
// than at 0.8 of it.
constexpr double kGoodputMin = 0.8;
constexpr double kSlowerMax = 3;

void Print(const std::string& what, const LoadResult& result) {
  std::printf(
      "%-22s served %8.0f /s  p50 %7.1f ms  p99 %7.1f ms  shed %7lld  "
      "failed %5lld %s\n",
      what.c_str(), result.good_per_second, result.p50_ms, result.p99_ms,
      static_cast<long long>(result.shed),
      static_cast<long long>(result.failed), result.first_failure.c_str());
  std::fflush(stdout);
}

int Overload(TicketCaller& caller) {
  caller.Closed(32, kTime / 2);  // warm up
  double peak = 0;
  for (const int in_flight : {16, 32, 64, 128, 256}) {
    const LoadResult result = caller.Closed(in_flight, kTime / 2);
    Print("closed, in flight " + std::to_string(in_flight), result);
    peak = std::max(peak, result.good_per_second);
  }
  const LoadResult below = caller.Open(0.8 * peak, kTime);
  Print("open, 0.8 x peak", below);
  const LoadResult beyond = caller.Open(2 * peak, kTime);
  Print("open, 2 x peak", beyond);
  const LoadResult after = caller.Open(0.8 * peak, kTime);
  Print("open, 0.8 x peak again", after);
  const double goodput = beyond.good_per_second / peak;
  const double slower = beyond.p99_ms / below.p99_ms;
  std::printf("goodput at 2 x peak    %.2f x peak (at least %.2f)\n", goodput,
              kGoodputMin);
  std::printf(
      "p99 at 2 x peak        %.2f x that at 0.8 x peak (at most %.0f)\n",
      slower, kSlowerMax);
  return goodput >= kGoodputMin && slower <= kSlowerMax ? 0 : 1;
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
  if (argc != 3 && argc != 5) {
    std::cerr << "usage: load_overload ADDRESS TOKEN_FILE "
                 "[CALLS_PER_SECOND SECONDS]\n";
    return 2;
  }
  huifang::load::TicketCaller caller(argv[1], argv[2]);
  if (argc == 3) return huifang::load::Overload(caller);
  double rate = 0;
  double seconds = 0;
  if (!absl::SimpleAtod(argv[3], &rate) ||
      !absl::SimpleAtod(argv[4], &seconds) || rate <= 0) {
    return 2;
  }
  return huifang::load::Steady(caller, rate, absl::Seconds(seconds));
}
