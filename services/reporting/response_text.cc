#include "services/reporting/response_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/descriptor.h"

namespace huifang::reporting {

std::string OutcomeText(const v1::MethodNote::Dispositions& d) {
  const std::pair<const char*, std::int64_t> outcomes[] = {
      {"I", d.complete()},      {"P", d.partial()}, {"R", d.refusal()},
      {"NC", d.non_contact()},  {"O", d.other()},   {"UH+UO", d.unknown()},
      {"NE", d.not_eligible()}, {"…", d.pending()}};
  std::vector<std::string> parts;
  for (const auto& [code, count] : outcomes) {
    if (count > 0) parts.push_back(absl::StrCat(code, " ", CountText(count)));
  }
  return absl::StrJoin(parts, " · ");
}

std::vector<std::pair<std::string, double>> ResponseValues(
    const v1::MethodNote::ResponseRates& rates) {
  std::vector<std::pair<std::string, double>> values;
  const google::protobuf::Descriptor& type = *rates.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = type.field(i);
    if (!rates.GetReflection()->HasField(rates, field)) continue;
    values.emplace_back(field->name() == "eligible_share"
                            ? "e"
                            : absl::AsciiStrToUpper(field->name()),
                        rates.GetReflection()->GetDouble(rates, field));
  }
  return values;
}

std::vector<std::pair<std::string, std::string>> ResponseTable(
    const v1::MethodNote& method, Locale locale) {
  std::vector<std::pair<std::string, std::string>> table;
  const std::string outcomes = OutcomeText(method.dispositions());
  if (outcomes.empty()) return table;
  table.emplace_back(PageLabel("outcomes", locale), outcomes);
  const std::pair<const char*, const char*> families[] = {
      {"response_rates", "RR"},
      {"cooperation_rates", "COOP"},
      {"refusal_rates", "REF"},
      {"contact_rates", "CON"},
      {"located_rates", "LOC"}};
  const auto values = ResponseValues(method.response_rates());
  for (const auto& [label, prefix] : families) {
    std::vector<std::string> parts;
    for (const auto& [code, value] : values) {
      if (absl::StartsWith(code, prefix) ||
          (code == "e" && absl::string_view(prefix) == "LOC")) {
        parts.push_back(absl::StrCat(code, " ", PercentText(value)));
      }
    }
    if (parts.empty()) continue;
    table.emplace_back(PageLabel(label, locale), absl::StrJoin(parts, " · "));
  }
  return table;
}

}  // namespace huifang::reporting
