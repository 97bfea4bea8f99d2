#include "services/reporting/validate_fields.h"

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "services/common/ids.h"
#include "services/common/resource_name.h"
#include "services/common/text.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {

void CheckRequestId(const std::string& id, FieldErrors& errors) {
  if (!id.empty() && !IsUuid(id)) errors.Add("request_id", "must be a UUID");
}

void CheckName(const std::string& field, const std::string& name,
               const char* collection, FieldErrors& errors) {
  if (!ParseResourceName(name, collection).ok()) {
    errors.Add(field,
               absl::StrCat("want courts/{court}/", collection, "/{id}"));
  }
}

void CheckFormat(v1::ReportFormat format, FieldErrors& errors) {
  switch (format) {
    case v1::REPORT_FORMAT_HTML:
    case v1::REPORT_FORMAT_XLSX:
    case v1::REPORT_FORMAT_DOCX:
    case v1::REPORT_FORMAT_CSV:
    case v1::REPORT_FORMAT_PROTO:
      return;
    default:
      errors.Add("format", "want HTML, XLSX, DOCX, CSV or PROTO");
  }
}

void CheckPeriod(const std::string& period, FieldErrors& errors) {
  const absl::StatusOr<Span> span = ParseSpan(period);
  if (!span.ok()) errors.Add("period", span.status().message());
}

void CheckDay(const std::string& field, const std::string& day,
              FieldErrors& errors) {
  const absl::StatusOr<absl::CivilDay> parsed = ParseDay(day);
  if (!parsed.ok()) errors.Add(field, parsed.status().message());
}

void CheckUnit(const std::string& field, const std::string& name,
               const std::string& parent, const char* collection,
               FieldErrors& errors) {
  if (name.empty()) return;
  const absl::StatusOr<ResourceName> parsed =
      ParseResourceName(name, collection);
  if (!parsed.ok()) {
    errors.Add(field,
               absl::StrCat("want courts/{court}/", collection, "/{id}"));
  } else if (parent != "courts/-" &&
             parent != absl::StrCat("courts/", parsed->court)) {
    errors.Add(field, "must be of the court named by parent");
  }
}

void CheckText(const std::string& field, const std::string& text,
               std::size_t most, FieldErrors& errors) {
  if (FindInvalidUtf8(text).has_value()) {
    errors.Add(field, "must be UTF-8");
  } else if (CodePointCount(text) > most) {
    errors.Add(field, absl::StrCat("at most ", most, " characters"));
  }
}

void CheckWords(const std::string& field, const std::string& text,
                std::size_t most, FieldErrors& errors) {
  if (TrimText(text).empty()) {
    errors.Add(field, absl::StrCat("want 1 to ", most, " characters"));
  } else {
    CheckText(field, text, most, errors);
  }
}

}  // namespace huifang::reporting
