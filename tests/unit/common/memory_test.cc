#include "services/common/memory.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "absl/synchronization/barrier.h"

namespace huifang {
namespace {

// Threads that live on keep what they gave back, to give it out again.
TEST(AllocatedBytesTest, WhatThreadsGaveBackIsNotHeld) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers bring an allocator of their own";
#endif
  ASSERT_GT(AllocatedBytes(), 0);
  constexpr int kThreads = 16;
  constexpr int kEach = 300;
  auto* given_back = new absl::Barrier(kThreads + 1);
  auto* looked = new absl::Barrier(kThreads + 1);
  std::vector<std::thread> threads;
  const std::int64_t before = AllocatedBytes();
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (std::size_t size = 16; size <= 8192; size *= 2) {
        std::vector<std::unique_ptr<char[]>> blocks;
        for (int n = 0; n < kEach; ++n) {
          blocks.push_back(std::make_unique<char[]>(size));
        }
      }
      if (given_back->Block()) delete given_back;
      if (looked->Block()) delete looked;
    });
  }
  if (given_back->Block()) delete given_back;
  const std::int64_t after = AllocatedBytes();
  if (looked->Block()) delete looked;
  for (std::thread& thread : threads) thread.join();
  // A thread costs something of its own, where it may keep more.
  EXPECT_LT(after - before, kThreads * 64 * 1024);
}

}  // namespace
}  // namespace huifang
