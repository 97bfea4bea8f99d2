#ifndef HUIFANG_TESTS_SUPPORT_FAKE_CLOCK_H_
#define HUIFANG_TESTS_SUPPORT_FAKE_CLOCK_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/common/clock.h"

namespace huifang::testing {

// A clock that stands still until a test moves it. Thread safe.
class FakeClock final : public Clock {
 public:
  // Monday 2019-07-22 09:00 in Asia/Shanghai, the start of week 2019-W30.
  FakeClock() : FakeClock(absl::FromUnixSeconds(1563757200)) {}
  explicit FakeClock(absl::Time now) : now_(now) {}

  absl::Time Now() override {
    absl::MutexLock lock(&mutex_);
    return now_;
  }
  void Advance(absl::Duration by) {
    absl::MutexLock lock(&mutex_);
    now_ += by;
  }
  void Set(absl::Time now) {
    absl::MutexLock lock(&mutex_);
    now_ = now;
  }
  // A civil time of the court, for example SetCourtTime({2019, 7, 26, 17}).
  void SetCourtTime(absl::CivilSecond time) {
    Set(absl::FromCivil(time, CourtTimeZone()));
  }

 private:
  absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace huifang::testing

#endif  // HUIFANG_TESTS_SUPPORT_FAKE_CLOCK_H_
