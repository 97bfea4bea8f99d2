#include "services/common/memory.h"

#ifdef HUIFANG_JEMALLOC
#include <jemalloc/jemalloc.h>
#endif

#include <cstddef>

namespace huifang {

std::int64_t AllocatedBytes() {
  std::size_t bytes = 0;
#ifdef HUIFANG_JEMALLOC
  // The numbers are those of the last epoch.
  std::uint64_t epoch = 1;
  std::size_t size = sizeof(epoch);
  mallctl("epoch", &epoch, &size, &epoch, size);
  size = sizeof(bytes);
  mallctl("stats.allocated", &bytes, &size, nullptr, 0);
#endif
  return static_cast<std::int64_t>(bytes);
}

}  // namespace huifang
