// Preloaded into a process, gives it a wrong time of day, which may be set
// while it runs: CLOCK_OFFSET_FILE names a file of eight bytes, the nanoseconds
// to be added, in the machine's order of bytes. Clocks that only count
// (CLOCK_MONOTONIC) stay right, as they do when somebody sets a clock.
//
// Timed waits of Abseil and so of gRPC are told to the kernel as a time of day,
// so they are shifted back. What waits while the clock is set ends as it would
// have without.
//
// Takes no memory: an allocator asks for the time before it can give any. So
// nothing is looked up either; the kernel is asked directly.

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

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

timespec Shifted(timespec time, int sign) {
  const auto* offset = g_offset.load();
  if (offset == nullptr) return time;
  const std::int64_t total =
      time.tv_sec * kSecond + time.tv_nsec + sign * offset->load();
  return {total / kSecond, total % kSecond};
}

bool IsTimeOfDay(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const long failed = WithErrno(Kernel(
      SYS_clock_gettime, clock, reinterpret_cast<long>(time), 0, 0, 0, 0));
  if (failed == 0 && IsTimeOfDay(clock)) *time = Shifted(*time, +1);
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
  timespec until{};
  const bool timed = number == SYS_futex && a[3] != 0 &&
                     (a[1] & FUTEX_CLOCK_REALTIME) != 0 &&
                     (a[1] & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET;
  if (timed) {
    until = Shifted(*reinterpret_cast<const timespec*>(a[3]), -1);
    a[3] = reinterpret_cast<long>(&until);
  }
  return WithErrno(Kernel(number, a[0], a[1], a[2], a[3], a[4], a[5]));
}

}  // extern "C"
