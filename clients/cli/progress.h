#ifndef HUIFANG_CLIENTS_CLI_PROGRESS_H_
#define HUIFANG_CLIENTS_CLI_PROGRESS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace huifang::cli {

// Progress of long work on stderr: a bar that redraws itself on a terminal, a
// single line at the end elsewhere. Not thread-safe.
class Progress {
 public:
  // `total` is in units of whatever Advance counts; 0 when it is not known.
  Progress(absl::string_view what, std::int64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `done` in all so far; `note` stands behind the bar ("12,345 rows").
  void Set(std::int64_t done, absl::string_view note);

  // Leaves `summary` as the last line.
  void Finish(absl::string_view summary);

 private:
  const std::string what_;
  const std::int64_t total_;
  const absl::Time start_;
  const bool terminal_;
  std::int64_t done_ = 0;
  std::string note_;
  absl::Time drawn_ = absl::InfinitePast();
  bool finished_ = false;
};

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_PROGRESS_H_
