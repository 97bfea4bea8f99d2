// Times of imported files: what is accepted can be stored, and the usual form
// reads as it prints.
#include <string>

#include "clients/cli/import/time_parser.h"
#include "services/common/proto_time.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang;
  using fuzz::Require;
  absl::string_view rest = fuzz::Text(data, size);
  static constexpr const char* kFormats[] = {
      "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M",        "%Y年%m月%d日",
      "excel_serial",      "unix_seconds",          "unix_milliseconds",
      "%d.%m.%Y %I:%M %p", "%Y-%m-%dT%H:%M:%E*S%Ez"};
  const std::size_t first = fuzz::TakeChoice(rest, 8);
  const std::size_t second = fuzz::TakeChoice(rest, 8);
  cli::TimeStyle style{{kFormats[first], kFormats[second]},
                       absl::FixedTimeZone(8 * 60 * 60),
                       absl::Hours(9)};
  const auto time = cli::ParseLocalTime(style, rest);
  if (!time.has_value()) return 0;
  Require(*time > absl::InfinitePast() && *time < absl::InfiniteFuture(),
          "a time that was read is finite");
  Require(absl::AbsDuration(FromTimestamp(ToTimestamp(*time)) - *time) <
              absl::Microseconds(1),
          "a time survives storage, to the microsecond");
  const absl::Time second_only =
      absl::FromUnixSeconds(absl::ToUnixSeconds(*time));
  const absl::CivilSecond civil = absl::ToCivilSecond(second_only, style.zone);
  if (civil.year() < 1000 || civil.year() > 9999) return 0;
  const std::string text =
      absl::FormatTime("%Y-%m-%d %H:%M:%S", second_only, style.zone);
  style.formats = {"%Y-%m-%d %H:%M:%S"};
  Require(cli::ParseLocalTime(style, text) == second_only,
          "the usual form reads as it prints");
  return 0;
}
