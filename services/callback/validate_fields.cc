#include "services/callback/validate_fields.h"

#include "absl/strings/str_cat.h"
#include "services/callback/period_rules.h"
#include "services/common/resource_name.h"
#include "services/common/text.h"

namespace huifang::callback {
namespace {

constexpr int kMaxPeriodDays = 400;

}  // namespace

void CheckText(const std::string& text, const char* field, std::size_t least,
               std::size_t most, FieldErrors& errors) {
  if (FindInvalidUtf8(text).has_value()) {
    errors.Add(field, "must be UTF-8");
    return;
  }
  const std::size_t length = CodePointCount(text);
  if (length < least || length > most) {
    errors.Add(field,
               absl::StrCat("must have ", least, " to ", most, " characters"));
  }
}

void CheckPeriod(const std::string& from, const std::string& to,
                 FieldErrors& errors) {
  const auto from_day = ParseDate(from);
  const auto to_day = ParseDate(to);
  if (!from_day.ok()) errors.Add("from_date", from_day.status().message());
  if (!to_day.ok()) errors.Add("to_date", to_day.status().message());
  if (!from_day.ok() || !to_day.ok()) return;
  if (*to_day < *from_day)
    errors.Add("to_date", "must not be before from_date");
  if (*to_day - *from_day >= kMaxPeriodDays) {
    errors.Add("to_date", absl::StrCat("the period may have at most ",
                                       kMaxPeriodDays, " days"));
  }
}

void CheckName(const std::string& name, const char* collection,
               const char* field, FieldErrors& errors) {
  const auto parsed = ParseResourceName(name, collection);
  if (!parsed.ok()) errors.Add(field, parsed.status().message());
}

void CheckNameIn(const std::string& name, const char* collection,
                 const std::string& parent, const char* field,
                 FieldErrors& errors) {
  const auto parsed = ParseResourceName(name, collection);
  if (!parsed.ok()) {
    errors.Add(field, parsed.status().message());
  } else if (absl::StrCat("courts/", parsed->court) != parent) {
    errors.Add(field, "must be of the same court");
  }
}

void CheckValues(const google::protobuf::RepeatedField<int>& values,
                 bool (*is_known)(int), const char* field,
                 FieldErrors& errors) {
  constexpr int kMaxValues = 20;
  if (values.size() > kMaxValues) {
    return errors.Add(field, absl::StrCat("at most ", kMaxValues, " values"));
  }
  for (const int value : values) {
    if (!is_known(value)) {
      return errors.Add(field, absl::StrCat("has no value ", value));
    }
  }
}

}  // namespace huifang::callback
