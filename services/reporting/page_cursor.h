#ifndef HUIFANG_SERVICES_REPORTING_PAGE_CURSOR_H_
#define HUIFANG_SERVICES_REPORTING_PAGE_CURSOR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace huifang::reporting {

// A position in a listing, newest first: the last resource shown.
struct PageCursor {
  std::int64_t create_time = 0;  // microseconds
  std::string id;
};

// From the parts of a page token; nothing for the first page.
absl::StatusOr<std::optional<PageCursor>> ParseCursor(
    const std::vector<std::string>& parts);

// The other way round.
std::vector<std::string> CursorParts(const PageCursor& cursor);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_PAGE_CURSOR_H_
