#ifndef HUIFANG_TESTS_SUPPORT_INLINE_EXECUTOR_H_
#define HUIFANG_TESTS_SUPPORT_INLINE_EXECUTOR_H_

#include "services/common/executor.h"

namespace huifang::testing {

// Runs work at once, in the caller's thread.
class InlineExecutor final : public Executor {
 public:
  bool TrySubmit(absl::AnyInvocable<void()> work) override {
    work();
    return true;
  }
};

// Has no room for anything.
class FullExecutor final : public Executor {
 public:
  bool TrySubmit(absl::AnyInvocable<void()>) override { return false; }
};

}  // namespace huifang::testing

#endif  // HUIFANG_TESTS_SUPPORT_INLINE_EXECUTOR_H_
