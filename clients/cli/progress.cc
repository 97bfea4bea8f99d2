#include "clients/cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace huifang::cli {
namespace {

constexpr absl::Duration kRedraw = absl::Milliseconds(100);
constexpr int kBarWidth = 24;

std::string Bar(double share) {
  const int full = static_cast<int>(share * kBarWidth);
  std::string bar = "[";
  for (int i = 0; i < kBarWidth; ++i) bar += i < full ? '#' : '.';
  return absl::StrCat(bar, "] ", static_cast<int>(share * 100), "%");
}

}  // namespace

Progress::Progress(absl::string_view what, std::int64_t total)
    : what_(what),
      total_(total),
      start_(absl::Now()),
      terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (!finished_ && terminal_ && drawn_ != absl::InfinitePast()) {
    std::fputc('\n', stderr);
  }
}

void Progress::Set(std::int64_t done, absl::string_view note) {
  done_ = done;
  note_ = std::string(note);
  if (!terminal_) return;
  const absl::Time now = absl::Now();
  if (now - drawn_ < kRedraw) return;
  drawn_ = now;
  std::string line = absl::StrCat("\r", what_, " ");
  if (total_ > 0) {
    const double share =
        std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
    absl::StrAppend(&line, Bar(share), " ");
    const absl::Duration spent = now - start_;
    if (share > 0.02 && spent > absl::Seconds(2)) {
      const absl::Duration left = spent * ((1 - share) / share);
      absl::StrAppend(&line, absl::ToInt64Seconds(left), " s left ");
    }
  }
  // Clears what a longer line before it left behind.
  absl::StrAppend(&line, note_, "\x1b[K");
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

void Progress::Finish(absl::string_view summary) {
  finished_ = true;
  const std::string line = absl::StrCat(terminal_ ? "\r" : "", what_, ": ",
                                        summary, terminal_ ? "\x1b[K" : "");
  std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace huifang::cli
