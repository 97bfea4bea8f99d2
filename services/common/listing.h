// Pages of listings that are sorted by a time and an id.
#ifndef HUIFANG_SERVICES_COMMON_LISTING_H_
#define HUIFANG_SERVICES_COMMON_LISTING_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/page_token.h"
#include "services/common/status_macros.h"

namespace huifang {

// A message is filled up to this many bytes: clients receive 4 MiB unless told
// otherwise, and each call under way holds one.
inline constexpr std::size_t kMessageBytes = std::size_t{2} << 20;

// How many rows go into one message: no more than asked for, nor than fill it,
// and always one.
class MessageRoom {
 public:
  explicit MessageRoom(int rows) : rows_(rows) {}
  // Whether another row of this size goes in, which it then does.
  bool Takes(std::size_t bytes) {
    if (taken_ > 0 && (taken_ >= rows_ || bytes > kMessageBytes - bytes_)) {
      return false;
    }
    ++taken_;
    bytes_ = std::min(kMessageBytes, bytes_ + bytes);
    return true;
  }

 private:
  const int rows_;
  int taken_ = 0;
  std::size_t bytes_ = 0;
};

// The rows of one page.
template <typename RowType>
struct Listing {
  std::vector<RowType> rows;
  bool more = false;  // whether there are rows behind them
};

// A place in such a listing: the last row shown.
struct TimeCursor {
  std::int64_t time = 0;  // microseconds
  std::string id;
};

// Where a page starts and how long it is.
struct PageStart {
  int size = 0;
  std::uint64_t query_hash = 0;
  std::optional<TimeCursor> cursor;  // none: the first page
};

// From page_size and page_token of a list request. INVALID_ARGUMENT if the
// token is damaged or of another query.
template <typename Request>
absl::StatusOr<PageStart> StartPage(const Request& request,
                                    int default_size = 50, int max_size = 500) {
  PageStart start;
  ASSIGN_OR_RETURN(start.size,
                   PageSize(request.page_size(), default_size, max_size));
  start.query_hash = QueryHash(request);
  ASSIGN_OR_RETURN(const std::vector<std::string> parts,
                   DecodePageToken(request.page_token(), start.query_hash));
  if (parts.empty()) return start;
  TimeCursor cursor;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &cursor.time)) {
    FieldErrors errors;
    errors.Add("page_token", "is damaged; start again without one");
    return errors.ToStatus();
  }
  cursor.id = parts[1];
  start.cursor = std::move(cursor);
  return start;
}

inline std::string NextPage(const PageStart& start, const TimeCursor& last) {
  return EncodePageToken(start.query_hash, {absl::StrCat(last.time), last.id});
}

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_LISTING_H_
