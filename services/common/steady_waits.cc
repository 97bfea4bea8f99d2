// Linked into every program with --wrap (docs/adr/0014): what Abseil, and
// through it gRPC, waits for ends after the time it was given, whatever is done
// to the clock.
//
// Abseil tells the kernel a time of day until which to wait. If the clock is
// set back by an hour meanwhile, a wait of a second takes an hour: gRPC's
// timers stand, so no deadline of a call to a peer ends, no keepalive is sent,
// no connection is tried again. Here such a wait is told as a time of the clock
// that nobody sets.
//
// And absl::Now() follows the processor's counter and looks at the clock every
// two seconds, so for as long it tells the time that was. Here it always looks.

#include <linux/futex.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstdarg>
#include <cstdint>
#include <ctime>

#include "absl/time/time.h"

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

timespec Read(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return now;
}

std::int64_t Nanoseconds(const timespec& time) {
  return time.tv_sec * kSecond + time.tv_nsec;
}

timespec Steady(const timespec& time_of_day) {
  const std::int64_t left =
      Nanoseconds(time_of_day) - Nanoseconds(Read(CLOCK_REALTIME));
  const std::int64_t end =
      Nanoseconds(Read(CLOCK_MONOTONIC)) + std::max<std::int64_t>(left, 0);
  return {end / kSecond, end % kSecond};
}

}  // namespace

// The names are the linker's.
// NOLINTBEGIN(bugprone-reserved-identifier)

extern "C" long __real_syscall(long number, ...) noexcept;

extern "C" long __wrap_syscall(long number, ...) noexcept {
  long a[6];
  va_list list;
  va_start(list, number);
  for (long& one : a) one = va_arg(list, long);
  va_end(list);
  timespec until{};
  if (number == SYS_futex && (a[1] & FUTEX_CLOCK_REALTIME) != 0 &&
      (a[1] & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET && a[3] != 0) {
    until = Steady(*reinterpret_cast<const timespec*>(a[3]));
    a[1] &= ~static_cast<long>(FUTEX_CLOCK_REALTIME);
    a[3] = reinterpret_cast<long>(&until);
  }
  return __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

// absl::Now(), in Debian's inline namespace.
absl::Time WrapNow() asm("__wrap__ZN4absl7debian33NowEv");
absl::Time WrapNow() { return absl::TimeFromTimespec(Read(CLOCK_REALTIME)); }

// NOLINTEND(bugprone-reserved-identifier)
