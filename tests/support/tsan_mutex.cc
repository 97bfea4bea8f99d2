// Tells the thread sanitizer what absl::Mutex orders. Debian's abseil is built
// without the sanitizer, which therefore sees no order at all in code that is
// guarded by it. The linker sends our calls here (--wrap, see CMakeLists.txt).
#include <sanitizer/tsan_interface.h>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

// Names after the inline namespace of Debian 12's abseil.
#define WRAPPED(result, name, symbol, ...)              \
  result Real##name(__VA_ARGS__) asm("__real_" symbol); \
  result Wrap##name(__VA_ARGS__) asm("__wrap_" symbol)

extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
}

namespace {

// While a mutex is let go, its holder may look at the conditions that others
// wait for; what it reads there is guarded, but invisibly so.
class IgnoreReads {
 public:
  IgnoreReads() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~IgnoreReads() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
};

}  // namespace

using absl::Condition;
using absl::Duration;
using absl::Mutex;
using absl::Notification;
using absl::Time;

WRAPPED(void, Lock, "_ZN4absl7debian35Mutex4LockEv", Mutex*);
WRAPPED(void, Unlock, "_ZN4absl7debian35Mutex6UnlockEv", Mutex*);
WRAPPED(void, Await, "_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE", Mutex*,
        const Condition&);
WRAPPED(bool, AwaitWithTimeout,
        "_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_"
        "8DurationE",
        Mutex*, const Condition&, Duration);
WRAPPED(bool, AwaitWithDeadline,
        "_ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE",
        Mutex*, const Condition&, Time);
WRAPPED(void, LockWhen, "_ZN4absl7debian35Mutex8LockWhenERKNS0_9ConditionE",
        Mutex*, const Condition&);
WRAPPED(void, Notify, "_ZN4absl7debian312Notification6NotifyEv", Notification*);
WRAPPED(void, WaitForNotification,
        "_ZNK4absl7debian312Notification19WaitForNotificationEv",
        const Notification*);

void WrapLock(Mutex* mutex) {
  RealLock(mutex);
  __tsan_acquire(mutex);
}

void WrapUnlock(Mutex* mutex) {
  __tsan_release(mutex);
  const IgnoreReads ignore;
  RealUnlock(mutex);
}

void WrapAwait(Mutex* mutex, const Condition& condition) {
  __tsan_release(mutex);
  {
    const IgnoreReads ignore;
    RealAwait(mutex, condition);
  }
  __tsan_acquire(mutex);
}

bool WrapAwaitWithTimeout(Mutex* mutex, const Condition& condition,
                          Duration timeout) {
  __tsan_release(mutex);
  bool met = false;
  {
    const IgnoreReads ignore;
    met = RealAwaitWithTimeout(mutex, condition, timeout);
  }
  __tsan_acquire(mutex);
  return met;
}

bool WrapAwaitWithDeadline(Mutex* mutex, const Condition& condition,
                           Time deadline) {
  __tsan_release(mutex);
  bool met = false;
  {
    const IgnoreReads ignore;
    met = RealAwaitWithDeadline(mutex, condition, deadline);
  }
  __tsan_acquire(mutex);
  return met;
}

void WrapLockWhen(Mutex* mutex, const Condition& condition) {
  {
    const IgnoreReads ignore;
    RealLockWhen(mutex, condition);
  }
  __tsan_acquire(mutex);
}

void WrapNotify(Notification* notification) {
  __tsan_release(notification);
  RealNotify(notification);
}

void WrapWaitForNotification(const Notification* notification) {
  RealWaitForNotification(notification);
  __tsan_acquire(const_cast<Notification*>(notification));
}
