// Checks of single fields, shared by the validators of this service.
#ifndef HUIFANG_SERVICES_REPORTING_VALIDATE_FIELDS_H_
#define HUIFANG_SERVICES_REPORTING_VALIDATE_FIELDS_H_

#include <cstddef>
#include <string>

#include "huifang/reporting/v1/reporting_service.pb.h"
#include "services/common/error.h"

namespace huifang::reporting {

void CheckRequestId(const std::string& id, FieldErrors& errors);

// Format: courts/{court}/{collection}/{id}
void CheckName(const std::string& field, const std::string& name,
               const char* collection, FieldErrors& errors);

// One of those that files are printed in.
void CheckFormat(v1::ReportFormat format, FieldErrors& errors);

void CheckPeriod(const std::string& period, FieldErrors& errors);

void CheckDay(const std::string& field, const std::string& day,
              FieldErrors& errors);

// Empty, or a unit of the court named by `parent`: one of another court must
// not slip in.
void CheckUnit(const std::string& field, const std::string& name,
               const std::string& parent, const char* collection,
               FieldErrors& errors);

// At most `most` characters of UTF-8.
void CheckText(const std::string& field, const std::string& text,
               std::size_t most, FieldErrors& errors);
// The same, and not blank.
void CheckWords(const std::string& field, const std::string& text,
                std::size_t most, FieldErrors& errors);

// What all verbs on one resource have: its name and a request id.
template <typename Request>
void CheckVerb(const Request& request, const char* collection,
               FieldErrors& errors) {
  CheckName("name", request.name(), collection, errors);
  CheckRequestId(request.request_id(), errors);
}

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_VALIDATE_FIELDS_H_
