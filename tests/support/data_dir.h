#ifndef HUIFANG_TESTS_SUPPORT_DATA_DIR_H_
#define HUIFANG_TESTS_SUPPORT_DATA_DIR_H_

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/support/source_dir.h"

namespace huifang::testing {

// Path of a file of real rows, which are read in place: under
// $HUIFANG_DATA_DIR, else ../shared/data beside the source tree. Empty when it
// is not there.
inline std::string DataFile(const std::string& name) {
  const char* dir = std::getenv("HUIFANG_DATA_DIR");
  const std::string path =
      std::string(dir != nullptr ? dir : HUIFANG_SOURCE_DIR "/../shared/data") +
      "/" + name;
  return std::filesystem::exists(path) ? path : "";
}

}  // namespace huifang::testing

// Names the path of a data file, or skips the test where it is absent; in CI
// ($CI is set) absence is a failure.
#define HUIFANG_DATA_OR_SKIP(path, name)                              \
  const std::string path = ::huifang::testing::DataFile(name);        \
  if (path.empty()) {                                                 \
    if (std::getenv("CI") != nullptr) FAIL() << name << " is absent"; \
    GTEST_SKIP() << name << " is absent: set HUIFANG_DATA_DIR";       \
  }

#endif  // HUIFANG_TESTS_SUPPORT_DATA_DIR_H_
