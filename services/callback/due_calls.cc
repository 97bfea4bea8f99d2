#include "services/callback/due_calls.h"

#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr int kPage = 50;
// An officer with many conflicts sees several pages.
constexpr int kMaxPages = 20;

}  // namespace

absl::StatusOr<const v1::Callback*> DueCalls::Head(Lane& lane) {
  if (lane.at == lane.page.size() && !lane.ended) {
    std::optional<TimeCursor> cursor;
    if (!lane.page.empty()) {
      const v1::Callback& last = lane.page.back();
      cursor = {absl::ToUnixMicros(CallbackStore::DueTimeOf(last)),
                IdOf(last.name())};
    }
    ASSIGN_OR_RETURN(lane.page, store_.Due(court_, draw_id_, lane.recalls, now_,
                                           cursor, kPage));
    lane.at = 0;
    ++lane.pages;
    lane.ended = lane.page.size() < kPage || lane.pages == kMaxPages;
  }
  return lane.at == lane.page.size() ? nullptr : &lane.page[lane.at];
}

absl::StatusOr<std::optional<v1::Callback>> DueCalls::Next() {
  ASSIGN_OR_RETURN(const v1::Callback* const first, Head(first_calls_));
  ASSIGN_OR_RETURN(const v1::Callback* const recall, Head(recalls_));
  if (first == nullptr && recall == nullptr) return std::nullopt;
  const bool take_first =
      recall == nullptr ||
      (first != nullptr &&
       CallbackStore::DueTimeOf(*first) <= CallbackStore::DueTimeOf(*recall));
  Lane& lane = take_first ? first_calls_ : recalls_;
  return lane.page[lane.at++];
}

}  // namespace huifang::callback
