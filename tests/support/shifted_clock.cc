// Preloaded into a process, gives it a wrong time of day, which may be set
// while it runs: CLOCK_OFFSET_FILE names a file of eight bytes, the nanoseconds
// to be added, in the machine's order of bytes. Clocks that only count
// (CLOCK_MONOTONIC) stay right, as they do when somebody sets a clock.
//
// Waits for a time of day that a program tells the kernel itself, as Abseil
// does, end as the kernel would end them: when it is that time by the clock as
// it is set then. Those of the C library (pthread_cond_timedwait,
// sem_timedwait) are not shifted.
//
// Takes no memory: an allocator asks for the time before it can give any. So
// nothing is looked up either; the kernel is asked directly.

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <ctime>

#ifndef __x86_64__
#error "how to ask the kernel is written down for x86-64 only"
#endif

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kLookEvery = kSecond / 50;

std::atomic<const std::atomic<std::int64_t>*> g_offset = nullptr;

__attribute__((constructor)) void OpenOffset() {
  const char* path = std::getenv("CLOCK_OFFSET_FILE");
  if (path == nullptr) return;
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) std::abort();
  void* bytes =
      mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (bytes == MAP_FAILED) std::abort();
  g_offset = static_cast<const std::atomic<std::int64_t>*>(bytes);
}

long Kernel(long number, long a, long b, long c, long d, long e, long f) {
  long answer = 0;
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  asm volatile("syscall"
               : "=a"(answer)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return answer;
}

long WithErrno(long answer) {
  if (answer >= 0 || answer < -4095) return answer;
  errno = static_cast<int>(-answer);
  return -1;
}

std::int64_t Nanoseconds(const timespec& time) {
  return time.tv_sec * kSecond + time.tv_nsec;
}

timespec Time(std::int64_t nanoseconds) {
  return {nanoseconds / kSecond, nanoseconds % kSecond};
}

std::int64_t Ahead() {
  const auto* offset = g_offset.load();
  return offset == nullptr ? 0 : offset->load();
}

bool IsTimeOfDay(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

std::int64_t Read(clockid_t clock) {
  timespec now{};
  Kernel(SYS_clock_gettime, clock, reinterpret_cast<long>(&now), 0, 0, 0, 0);
  return Nanoseconds(now);
}

// Looks at the time of day often, as it may be set meanwhile. `a`: what futex
// takes to wait until a time of CLOCK_MONOTONIC, but for that.
long WaitUntil(const timespec& time_of_day, const long (&a)[6]) {
  while (true) {
    const std::int64_t left =
        Nanoseconds(time_of_day) - (Read(CLOCK_REALTIME) + Ahead());
    if (left <= 0) return WithErrno(-ETIMEDOUT);
    const timespec until =
        Time(Read(CLOCK_MONOTONIC) + std::min(left, kLookEvery));
    const long answer = Kernel(SYS_futex, a[0], a[1], a[2],
                               reinterpret_cast<long>(&until), a[4], a[5]);
    if (answer != -ETIMEDOUT) return WithErrno(answer);
  }
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const long failed = WithErrno(Kernel(
      SYS_clock_gettime, clock, reinterpret_cast<long>(time), 0, 0, 0, 0));
  if (failed == 0 && IsTimeOfDay(clock)) {
    *time = Time(Nanoseconds(*time) + Ahead());
  }
  return static_cast<int>(failed);
}

int gettimeofday(timeval* time, void* /*zone*/) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  *time = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

time_t time(time_t* result) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (result != nullptr) *result = now.tv_sec;
  return now.tv_sec;
}

long syscall(long number, ...) noexcept {
  va_list list;
  va_start(list, number);
  long a[6];
  for (long& one : a) one = va_arg(list, long);
  va_end(list);
  const bool until_time_of_day = number == SYS_futex && a[3] != 0 &&
                                 (a[1] & FUTEX_CLOCK_REALTIME) != 0 &&
                                 (a[1] & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET;
  if (until_time_of_day) {
    a[1] &= ~static_cast<long>(FUTEX_CLOCK_REALTIME);
    return WaitUntil(*reinterpret_cast<const timespec*>(a[3]), a);
  }
  return WithErrno(Kernel(number, a[0], a[1], a[2], a[3], a[4], a[5]));
}

}  // extern "C"
