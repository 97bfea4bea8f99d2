#include "services/common/probe.h"

#include <atomic>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace huifang {
namespace {

// Looks until it is as `wanted` says.
void LookUntil(Probe& probe, bool wanted) {
  while (probe.Look().ok() != wanted) absl::SleepFor(absl::Milliseconds(1));
}

TEST(ProbeTest, WhatDoesNotAnswerIsNotThereUntilItDoes) {
  absl::Notification answer;
  Probe probe(
      [&] {
        answer.WaitForNotification();
        return absl::OkStatus();
      },
      absl::ZeroDuration());
  LookUntil(probe, false);
  answer.Notify();
  LookUntil(probe, true);
}

TEST(ProbeTest, TheLastAnswerCounts) {
  std::atomic<bool> there{true};
  Probe probe(
      [&] { return there ? absl::OkStatus() : absl::UnavailableError("away"); },
      absl::InfiniteDuration());
  EXPECT_TRUE(probe.Look().ok());
  there = false;
  LookUntil(probe, false);
  EXPECT_EQ(probe.Look().message(), "away");
  there = true;
  LookUntil(probe, true);
}

}  // namespace
}  // namespace huifang
