#ifndef HUIFANG_SERVICES_COMMON_MEMORY_H_
#define HUIFANG_SERVICES_COMMON_MEMORY_H_

#include <cstdint>

namespace huifang {

// Bytes that the program holds now, without what its allocator keeps beside
// them; 0 where the allocator does not tell (sanitizers). Thread safe; costs
// some microseconds.
std::int64_t AllocatedBytes();

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_MEMORY_H_
