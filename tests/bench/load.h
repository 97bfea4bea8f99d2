// A closed loop of calls with a fixed number in flight, and its numbers.
#ifndef HUIFANG_TESTS_BENCH_LOAD_H_
#define HUIFANG_TESTS_BENCH_LOAD_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace huifang::bench {

struct LoadResult {
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
  std::int64_t errors = 0;
};

inline LoadResult Summarize(std::vector<double>& micros, double seconds,
                            std::int64_t errors) {
  LoadResult result;
  result.errors = errors;
  if (micros.empty()) return result;
  std::sort(micros.begin(), micros.end());
  const auto at = [&](double share) {
    return micros[static_cast<std::size_t>(
        share * static_cast<double>(micros.size() - 1))];
  };
  result.per_second = static_cast<double>(micros.size()) / seconds;
  result.p50_us = at(0.5);
  result.p99_us = at(0.99);
  return result;
}

// `start(done)` begins one call and calls `done(ok)` when it is over, from any
// thread. Keeps `in_flight` going for `time`, the first fifth of which is
// warm-up and does not count.
inline LoadResult RunLoad(
    int in_flight, absl::Duration time,
    const std::function<void(std::function<void(bool)>)>& start) {
  absl::Mutex mutex;
  std::vector<double> micros;
  std::int64_t errors = 0;
  int running = in_flight;
  const absl::Time begin = absl::Now();
  const absl::Time counted = begin + time / 5;
  const absl::Time end = begin + time;
  std::function<void()> next = [&] {
    const absl::Time sent = absl::Now();
    start([&, sent](bool ok) {
      const absl::Time now = absl::Now();
      {
        absl::MutexLock lock(&mutex);
        if (!ok) ++errors;
        if (ok && sent >= counted && now <= end) {
          micros.push_back(absl::ToDoubleMicroseconds(now - sent));
        }
        if (now >= end) {
          --running;
          return;
        }
      }
      next();
    });
  };
  for (int i = 0; i < in_flight; ++i) next();
  absl::MutexLock lock(&mutex);
  mutex.Await(absl::Condition(
      +[](int* left) { return *left == 0; }, &running));
  return Summarize(micros, absl::ToDoubleSeconds(end - counted), errors);
}

}  // namespace huifang::bench

#endif  // HUIFANG_TESTS_BENCH_LOAD_H_
