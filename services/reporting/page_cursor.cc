#include "services/reporting/page_cursor.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/common/error.h"

namespace huifang::reporting {

absl::StatusOr<std::optional<PageCursor>> ParseCursor(
    const std::vector<std::string>& parts) {
  if (parts.empty()) return std::optional<PageCursor>();
  PageCursor cursor;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &cursor.create_time)) {
    return MakeError(absl::StatusCode::kInvalidArgument, "BAD_PAGE_TOKEN",
                     "page_token: is damaged; start again without one");
  }
  cursor.id = parts[1];
  return std::optional<PageCursor>(std::move(cursor));
}

std::vector<std::string> CursorParts(const PageCursor& cursor) {
  return {absl::StrCat(cursor.create_time), cursor.id};
}

}  // namespace huifang::reporting
