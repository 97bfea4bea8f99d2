// One JSON line per event on stderr. No payload, phone number, name or token
// ever goes into a field.
#ifndef HUIFANG_SERVICES_COMMON_LOG_H_
#define HUIFANG_SERVICES_COMMON_LOG_H_

#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"

namespace huifang::log {

enum class Level { kDebug, kInfo, kWarning, kError };

// A field of a line: text or whole number.
struct Field {
  Field(absl::string_view k, absl::string_view v) : key(k), text(v) {}
  Field(absl::string_view k, const char* v) : key(k), text(v) {}
  Field(absl::string_view k, const std::string& v) : key(k), text(v) {}
  Field(absl::string_view k, std::int64_t v)
      : key(k), number(v), is_number(true) {}
  Field(absl::string_view k, int v) : Field(k, std::int64_t{v}) {}

  absl::string_view key;
  absl::string_view text;
  std::int64_t number = 0;
  bool is_number = false;
};

// Names the service in every line and sets what is worth a line. Called once,
// before threads start.
void Init(absl::string_view service, Level min_level);

// `event` is snake_case, noun then verb: "ticket_closed". Thread safe.
void Write(Level level, absl::string_view event,
           std::initializer_list<Field> fields = {});

inline void Info(absl::string_view event,
                 std::initializer_list<Field> fields = {}) {
  Write(Level::kInfo, event, fields);
}
inline void Warning(absl::string_view event,
                    std::initializer_list<Field> fields = {}) {
  Write(Level::kWarning, event, fields);
}
inline void Error(absl::string_view event,
                  std::initializer_list<Field> fields = {}) {
  Write(Level::kError, event, fields);
}

}  // namespace huifang::log

#endif  // HUIFANG_SERVICES_COMMON_LOG_H_
