#include "services/ticket/case_number_rules.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "services/common/text.h"

namespace huifang::ticket {
namespace {

constexpr absl::string_view kSupremeCourt = "最高法";
constexpr std::size_t kLegacyCharactersMax = 64;
constexpr std::size_t kSerialDigitsMax = 9;
// Special-trial character (1) and type (3).
constexpr std::size_t kTypeCharactersMax = 4;

struct Province {
  absl::string_view name;
  // First two digits of its administrative codes (GB/T 2260).
  absl::string_view code;
};

constexpr std::array<Province, 33> kProvinces = {{
    {"京", "11"}, {"津", "12"}, {"冀", "13"}, {"晋", "14"}, {"内", "15"},
    {"辽", "21"}, {"吉", "22"}, {"黑", "23"}, {"沪", "31"}, {"苏", "32"},
    {"浙", "33"}, {"皖", "34"}, {"闽", "35"}, {"赣", "36"}, {"鲁", "37"},
    {"豫", "41"}, {"鄂", "42"}, {"湘", "43"}, {"粤", "44"}, {"桂", "45"},
    {"琼", "46"}, {"渝", "50"}, {"川", "51"}, {"贵", "52"}, {"云", "53"},
    {"藏", "54"}, {"陕", "61"}, {"甘", "62"}, {"青", "63"}, {"宁", "64"},
    {"新", "65"}, {"兵", ""},   {"军", ""},
}};

constexpr absl::string_view kTypes[] = {
    "民初",   "民终",   "民申",   "民再",   "民监",   "民辖",   "民辖终",
    "民特",   "民特监", "民撤",   "民催",   "民督",   "民破",   "民他",
    "民抗",   "刑初",   "刑终",   "刑申",   "刑再",   "刑监",   "刑核",
    "刑更",   "刑他",   "刑抗",   "刑辖",   "刑医",   "刑没",   "刑附民初",
    "行初",   "行终",   "行申",   "行再",   "行监",   "行审",   "行赔初",
    "行赔终", "行赔申", "行辖",   "行他",   "行抗",   "执",     "执恢",
    "执异",   "执复",   "执监",   "执保",   "执协",   "执他",   "执请",
    "财保",   "行保",   "诉前调", "破",     "破申",   "破终",   "破监",
    "强清",   "清申",   "清终",   "法赔",   "委赔",   "委赔监", "赔他",
    "司救执", "司救民", "司救刑", "司救行", "司救他", "司惩",   "司惩复",
    "认台",   "认港",   "认澳",   "协外认", "协他",   "非诉调", "民诉前调",
};

absl::Status Bad(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(
      "case number ", why, "; the form is (2021)京0102民初7664号"));
}

std::string Fold(absl::string_view text) {
  return absl::StrReplaceAll(
      FoldFullWidth(TrimText(text)),
      {{"〔", "("}, {"〕", ")"}, {" ", ""}, {"\u00A0", ""}, {"\u200B", ""}});
}

std::string TakeDigits(absl::string_view& rest) {
  std::size_t length = 0;
  while (length < rest.size() &&
         absl::ascii_isdigit(static_cast<unsigned char>(rest[length]))) {
    ++length;
  }
  std::string digits(rest.substr(0, length));
  rest.remove_prefix(length);
  return digits;
}

absl::StatusOr<int> TakeYear(absl::string_view& rest) {
  if (!absl::ConsumePrefix(&rest, "(")) {
    return Bad("must begin with the year in brackets");
  }
  const std::string digits = TakeDigits(rest);
  int year = 0;
  if (digits.size() != 4 || !absl::SimpleAtoi(digits, &year) || year < 1949 ||
      year > 2199 || !absl::ConsumePrefix(&rest, ")")) {
    return Bad("must begin with a year of four digits in brackets");
  }
  return year;
}

absl::StatusOr<std::string> TakeCourt(absl::string_view& rest) {
  if (absl::ConsumePrefix(&rest, kSupremeCourt)) {
    return std::string(kSupremeCourt);
  }
  for (const Province& province : kProvinces) {
    if (!absl::ConsumePrefix(&rest, province.name)) continue;
    const std::string digits = TakeDigits(rest);
    if (digits.size() != 0 && digits.size() != 2 && digits.size() != 4) {
      return Bad("has a court code that is not none, two or four digits");
    }
    return absl::StrCat(province.name, digits);
  }
  return Bad("has no known court code after the year");
}

bool IsKnownType(absl::string_view type) {
  return std::find(std::begin(kTypes), std::end(kTypes), type) !=
         std::end(kTypes);
}

absl::Status TakeType(absl::string_view& rest, CaseNumber& number) {
  const absl::string_view start = rest;
  std::size_t count = 0;
  for (absl::string_view next = rest;; rest = next) {
    const std::optional<char32_t> c = NextCodePoint(next);
    if (!c.has_value() || !IsHan(*c)) break;
    // The style before 2016: 初字第2459号.
    if (*c == U'字' || *c == U'第') return Bad("is of the style before 2016");
    ++count;
  }
  const absl::string_view run = start.substr(0, start.size() - rest.size());
  if (count == 0 || count > kTypeCharactersMax) {
    return Bad("needs a case type of one to four characters");
  }
  const absl::string_view first = FirstCodePoints(run, 1);
  const absl::string_view after = run.substr(first.size());
  number.type_known = IsKnownType(run);
  number.type = std::string(run);
  if (!number.type_known && IsKnownType(after)) {
    number.special = std::string(first);
    number.type = std::string(after);
    number.type_known = true;
  }
  return absl::OkStatus();
}

absl::Status TakeEnd(absl::string_view& rest, CaseNumber& number) {
  number.serial = TakeDigits(rest);
  if (number.serial.empty() || number.serial.size() > kSerialDigitsMax) {
    return Bad("needs a serial number");
  }
  if (!absl::ConsumePrefix(&rest, "号")) return Bad("must end with 号");
  if (rest.empty()) return absl::OkStatus();
  if (!absl::StartsWith(rest, "之")) return Bad("has text after 号");
  number.suffix = std::string(rest);
  absl::ConsumePrefix(&rest, "之");
  const bool digits = !TakeDigits(rest).empty();
  bool numeral = false;
  while (!digits && !rest.empty() &&
         absl::StrContains("一二三四五六七八九十", FirstCodePoints(rest, 1))) {
    rest.remove_prefix(FirstCodePoints(rest, 1).size());
    numeral = true;
  }
  if (!rest.empty() || (!digits && !numeral)) {
    return Bad("may only be followed by 之 and a number");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CaseNumber> ParseCaseNumber(absl::string_view text) {
  if (FindInvalidUtf8(text).has_value()) return Bad("is not valid UTF-8");
  const std::string folded = Fold(text);
  absl::string_view rest = folded;
  CaseNumber number;
  const absl::StatusOr<int> year = TakeYear(rest);
  if (!year.ok()) return year.status();
  number.year = *year;
  absl::StatusOr<std::string> court = TakeCourt(rest);
  if (!court.ok()) return court.status();
  number.court_code = *std::move(court);
  if (absl::Status status = TakeType(rest, number); !status.ok()) return status;
  if (absl::Status status = TakeEnd(rest, number); !status.ok()) return status;
  return number;
}

std::string FormatCaseNumber(const CaseNumber& number) {
  return absl::StrCat("(", number.year, ")", number.court_code, number.special,
                      number.type, number.serial, "号", number.suffix);
}

absl::StatusOr<StoredCaseNumber> AcceptCaseNumber(absl::string_view text) {
  const absl::StatusOr<CaseNumber> number = ParseCaseNumber(text);
  if (number.ok()) return StoredCaseNumber{FormatCaseNumber(*number), false};
  if (FindInvalidUtf8(text).has_value()) return number.status();
  std::string folded = Fold(text);
  absl::string_view rest = folded;
  const bool dated = TakeYear(rest).ok();
  const bool old_style =
      absl::StrContains(rest, "字") || absl::StrContains(rest, "第");
  if (!dated || !old_style || !absl::StrContains(rest, "号") ||
      CodePointCount(folded) > kLegacyCharactersMax) {
    return number.status();
  }
  return StoredCaseNumber{std::move(folded), true};
}

std::string AdministrativeCode(absl::string_view court_code) {
  for (const Province& province : kProvinces) {
    if (!absl::ConsumePrefix(&court_code, province.name)) continue;
    if (court_code.size() != 4 || province.code.empty()) return "";
    return absl::StrCat(province.code, court_code);
  }
  return "";
}

}  // namespace huifang::ticket
