#include "services/common/crash_point.h"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/common/error.h"

namespace huifang {
namespace {

// In the order of the points.
constexpr std::array<absl::string_view, 11> kNames = {
    "before_commit",  "after_commit",  "before_reply", "after_reply",
    "before_enqueue", "after_enqueue", "after_take",   "before_settle",
    "after_settle",   "before_apply",  "after_apply"};

constexpr int kNone = -1;
std::atomic<int> armed{kNone};
std::atomic<int> left{0};

}  // namespace

absl::Status ArmCrashPoint(absl::string_view spec) {
  armed = kNone;
  if (spec.empty()) return absl::OkStatus();
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(spec, absl::MaxSplits(':', 1));
  int times = 1;
  const bool counted = parts.second.empty() ||
                       (absl::SimpleAtoi(parts.second, &times) && times > 0);
  for (std::size_t i = 0; counted && i < kNames.size(); ++i) {
    if (kNames[i] != parts.first) continue;
    left = times;
    armed = static_cast<int>(i);
    return absl::OkStatus();
  }
  return MakeError(
      absl::StatusCode::kInvalidArgument, "BAD_CRASH_POINT",
      absl::StrCat("\"", spec, "\" is no crash point; say NAME or NAME:N with ",
                   absl::StrJoin(kNames, ", ")));
}

void MaybeCrash(CrashPoint point) {
  if (armed != static_cast<int>(point)) return;
  if (--left != 0) return;
  kill(getpid(), SIGKILL);
  pause();
}

}  // namespace huifang
