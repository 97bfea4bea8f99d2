// Pages of lists that are ordered by a time and an id.
#ifndef HUIFANG_SERVICES_GRADING_PAGE_H_
#define HUIFANG_SERVICES_GRADING_PAGE_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/common/listing.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"

namespace huifang::grading {

inline constexpr int kPageDefault = 50;
inline constexpr int kPageMax = 1000;

// Half of what a message may have, since a row more must still fit.
inline constexpr std::size_t kPageBytesMax = std::size_t{2} << 20;

// Cuts the rows that are too many, by number or by size, and says where to go
// on; `time` gives the timestamp of a row.
template <typename Row, typename Time>
std::string CutPage(const PageStart& page, std::vector<Row>& rows, Time time) {
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
  const std::string id = IdOf(last.name());
  return NextPage(page, {absl::ToUnixMicros(FromTimestamp(time(last))), id});
}

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_PAGE_H_
