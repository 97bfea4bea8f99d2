// Pages of lists that are ordered by a time and an id.
#ifndef HUIFANG_SERVICES_GRADING_PAGE_H_
#define HUIFANG_SERVICES_GRADING_PAGE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/page_token.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::grading {

struct Page {
  int size = 0;
  std::optional<std::pair<std::int64_t, std::string>> cursor;
};

// Reads page_size and page_token of a list request.
template <typename Request>
absl::StatusOr<Page> ReadPage(const Request& request) {
  Page page;
  ASSIGN_OR_RETURN(page.size, PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> cursor,
                   DecodePageToken(request.page_token(), QueryHash(request)));
  if (cursor.empty()) return page;
  std::int64_t at = 0;
  if (cursor.size() != 2 || !absl::SimpleAtoi(cursor[0], &at)) {
    return MakeError(absl::StatusCode::kInvalidArgument, "BAD_PAGE_TOKEN",
                     "page_token: it is damaged");
  }
  page.cursor.emplace(at, cursor[1]);
  return page;
}

// Half of what a message may have, since a row more must still fit.
inline constexpr std::size_t kPageBytesMax = std::size_t{2} << 20;

// Cuts the rows that are too many, by number or by size, and says where to go
// on; `time` gives the timestamp of a row.
template <typename Request, typename Row, typename Time>
std::string CutPage(const Request& request, const Page& page,
                    std::vector<Row>& rows, Time time) {
  const std::size_t found = rows.size();
  std::size_t keep = 0;
  std::size_t bytes = 0;
  while (keep < std::min(found, static_cast<std::size_t>(page.size)) &&
         (keep == 0 || bytes < kPageBytesMax)) {
    bytes += rows[keep++].ByteSizeLong();
  }
  if (keep == found) return "";
  rows.resize(keep);
  const Row& last = rows.back();
  const std::string id = last.name().substr(last.name().rfind('/') + 1);
  return EncodePageToken(
      QueryHash(request),
      {absl::StrCat(absl::ToUnixMicros(FromTimestamp(time(last)))), id});
}

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_PAGE_H_
