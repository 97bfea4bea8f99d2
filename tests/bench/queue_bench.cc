// Enqueue, and lease and complete, against as many bare Redis round trips, and
// p99 as the queue grows. peers/ holds the same for other queues. Usage:
// queue_bench REDIS_URL
#include <atomic>
#include <cstdio>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/common/ids.h"
#include "services/common/redis_lease_queue.h"
#include "tests/bench/load.h"

namespace huifang::bench {
namespace {

constexpr int kTasks = 20'000;
constexpr int kEnqueueBatch = 500;

void Must(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << "\n";
  std::exit(1);
}

void Fill(LeaseQueue& queue, int count, absl::Duration delay) {
  std::vector<QueueTask> tasks;
  for (int i = 0; i < count; ++i) {
    tasks.push_back({NewUuid7(absl::Now()), std::string(200, 'x'), delay});
    if (static_cast<int>(tasks.size()) == kEnqueueBatch || i + 1 == count) {
      Must(queue.EnqueueAll(tasks).status());
      tasks.clear();
    }
  }
}

// Runs `step` in `workers` threads until it says no; steps a second.
template <typename Step>
double PerSecond(int workers, int count, Step step) {
  std::vector<std::thread> threads;
  const absl::Time begin = absl::Now();
  for (int w = 0; w < workers; ++w) {
    threads.emplace_back([&] {
      while (step()) {
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return count / absl::ToDoubleSeconds(absl::Now() - begin);
}

// Tasks that other queues would be given one by one; removed again.
double EnqueueOneByOne(LeaseQueue& queue, int callers) {
  std::atomic<int> left{kTasks};
  const double rate = PerSecond(callers, kTasks, [&] {
    if (left-- <= 0) return false;
    Must(queue
             .Enqueue({NewUuid7(absl::Now()), std::string(200, 'x'),
                       absl::ZeroDuration()})
             .status());
    return true;
  });
  while (true) {
    const auto taken = queue.Take(100, absl::Minutes(10));
    Must(taken.status());
    if (taken->leases.empty()) return rate;
    for (const Lease& lease : taken->leases) Must(queue.Complete(lease));
  }
}

// As Worker does it: what is done is settled with the call that takes the next.
double LeaseAndComplete(LeaseQueue& queue, int workers, int at_once) {
  Fill(queue, kTasks, absl::ZeroDuration());
  return PerSecond(workers, kTasks, [&] {
    thread_local std::vector<Settlement> done;
    const TurnResult turn =
        queue.SettleAndTake(done, at_once, absl::Minutes(10));
    for (const absl::Status& settled : turn.settled) Must(settled);
    Must(turn.taken.status());
    done.clear();
    for (const Lease& lease : turn.taken->leases) done.push_back({lease});
    return !done.empty();
  });
}

// Two round trips a task: one to take it, one to settle it.
double RoundTrips(redis::Pool& pool, int workers) {
  std::atomic<int> left{2 * kTasks};
  return PerSecond(workers, kTasks, [&] {
    if (left-- <= 0) return false;
    Must(pool.Run({"PING"}).status());
    return true;
  });
}

double LeaseP99(LeaseQueue& queue) {
  std::vector<double> micros;
  Fill(queue, 5000, absl::ZeroDuration());
  for (int i = 0; i < 5000; ++i) {
    const absl::Time begin = absl::Now();
    const auto taken = queue.Take(1, absl::Minutes(10));
    Must(taken.status());
    micros.push_back(absl::ToDoubleMicroseconds(absl::Now() - begin));
    for (const Lease& lease : taken->leases) Must(queue.Complete(lease));
  }
  return Summarize(micros, 1, 0).p99_us;
}

int Main(const std::string& url) {
  const auto pool = redis::Pool::Create({.url = url, .connections = 128});
  Must(pool.status());
  const std::string prefix =
      absl::StrCat("bench", absl::ToUnixMicros(absl::Now()));
  RedisLeaseQueue queue(**pool, {.name = "speed", .prefix = prefix});
  for (const int workers : {1, 16, 128}) {
    const double trips = RoundTrips(**pool, workers);
    const double enqueued = EnqueueOneByOne(queue, workers);
    const double single = LeaseAndComplete(queue, workers, 1);
    const double ten = LeaseAndComplete(queue, workers, 10);
    std::printf(
        "%3d workers: 2 round trips %7.0f tasks/s; enqueue one by one %7.0f "
        "/s; lease+complete one at a time %7.0f /s (%.2f x), ten at a time "
        "%7.0f /s (%.2f x)\n",
        workers, trips, enqueued, single, single / trips, ten, ten / trips);
  }
  RedisLeaseQueue depth(**pool, {.name = "depth", .prefix = prefix});
  Fill(depth, 10'000, absl::Hours(10));
  const double small = LeaseP99(depth);
  Fill(depth, 990'000, absl::Hours(10));
  const double large = LeaseP99(depth);
  std::printf(
      "p99 lease, 10,000 -> 1,000,000 waiting: %.0f -> %.0f us  %.2f x\n",
      small, large, large / small);
  return 0;
}

}  // namespace
}  // namespace huifang::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: queue_bench REDIS_URL\n";
    return 2;
  }
  return huifang::bench::Main(argv[1]);
}
