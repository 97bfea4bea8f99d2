#include "services/common/deadline.h"

#include <algorithm>

#include "services/common/error.h"

namespace huifang {
namespace {

thread_local absl::Time current = absl::InfiniteFuture();

}  // namespace

ScopedDeadline::ScopedDeadline(absl::Time deadline) : outer_(current) {
  current = std::min(current, deadline);
}

ScopedDeadline::~ScopedDeadline() { current = outer_; }

absl::Time CurrentDeadline() { return current; }

absl::Status DeadlineError(absl::string_view message) {
  return MakeError(absl::StatusCode::kDeadlineExceeded, "DEADLINE", message);
}

}  // namespace huifang
