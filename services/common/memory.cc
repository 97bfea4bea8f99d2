#include "services/common/memory.h"

#ifdef HUIFANG_JEMALLOC
#include <jemalloc/jemalloc.h>
#endif

#include <cstddef>

namespace huifang {
#ifdef HUIFANG_JEMALLOC
namespace {

std::int64_t Statistic(const char* name) {
  std::size_t bytes = 0;
  std::size_t size = sizeof(bytes);
  mallctl(name, &bytes, &size, nullptr, 0);
  return static_cast<std::int64_t>(bytes);
}

}  // namespace
#endif

std::int64_t AllocatedBytes() {
#ifdef HUIFANG_JEMALLOC
  // The numbers are those of the last epoch.
  std::uint64_t epoch = 1;
  std::size_t size = sizeof(epoch);
  mallctl("epoch", &epoch, &size, &epoch, size);
  static_assert(MALLCTL_ARENAS_ALL == 4096);
  // What each thread keeps to give out again counts as allocated there: some
  // 200 KB a thread.
  return Statistic("stats.allocated") -
         Statistic("stats.arenas.4096.tcache_bytes");
#else
  return 0;
#endif
}

}  // namespace huifang
