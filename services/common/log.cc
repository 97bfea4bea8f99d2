#include "services/common/log.h"

#include <cstdio>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace huifang::log {
namespace {

struct State {
  std::string service = "huifang";
  Level min_level = Level::kInfo;
};

State& GetState() {
  static State& state = *new State;
  return state;
}

const char* LevelName(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "error";
}

void AppendQuoted(std::string& line, absl::string_view text) {
  line.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      line.push_back('\\');
      line.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppend(&line, "\\u00", absl::Hex(c, absl::kZeroPad2));
    } else {
      line.push_back(c);
    }
  }
  line.push_back('"');
}

}  // namespace

void Init(absl::string_view service, Level min_level) {
  GetState() = {std::string(service), min_level};
}

void Write(Level level, absl::string_view event,
           std::initializer_list<Field> fields) {
  const State& state = GetState();
  if (level < state.min_level) return;
  std::string line =
      absl::StrCat(R"({"ts":")",
                   absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(),
                                    absl::UTCTimeZone()),
                   R"(","level":")", LevelName(level), R"(","service":)");
  AppendQuoted(line, state.service);
  line += R"(,"event":)";
  AppendQuoted(line, event);
  for (const Field& field : fields) {
    line.push_back(',');
    AppendQuoted(line, field.key);
    line.push_back(':');
    if (field.is_number) {
      absl::StrAppend(&line, field.number);
    } else {
      AppendQuoted(line, field.text);
    }
  }
  line += "}\n";
  // One write a line, so that lines of threads do not mix.
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace huifang::log
