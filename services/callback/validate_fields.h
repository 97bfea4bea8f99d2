// Checks of single fields, shared by the validators of this service.
#ifndef HUIFANG_SERVICES_CALLBACK_VALIDATE_FIELDS_H_
#define HUIFANG_SERVICES_CALLBACK_VALIDATE_FIELDS_H_

#include <cstddef>
#include <string>

#include "google/protobuf/repeated_field.h"
#include "services/common/error.h"

namespace huifang::callback {

// Why something is done or not: at most so many characters.
inline constexpr std::size_t kMaxReason = 500;

// From `least` to `most` characters of UTF-8.
void CheckText(const std::string& text, const char* field, std::size_t least,
               std::size_t most, FieldErrors& errors);

// Two days, in order, not too far apart.
void CheckPeriod(const std::string& from, const std::string& to,
                 FieldErrors& errors);

// Format: courts/{court}/{collection}/{id}
void CheckName(const std::string& name, const char* collection,
               const char* field, FieldErrors& errors);

// The same, and it must lie in the same court as the request.
void CheckNameIn(const std::string& name, const char* collection,
                 const std::string& parent, const char* field,
                 FieldErrors& errors);

// Values of an enum in a filter: known ones, at most 20. They become part of a
// statement's text.
void CheckValues(const google::protobuf::RepeatedField<int>& values,
                 bool (*is_known)(int), const char* field, FieldErrors& errors);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_VALIDATE_FIELDS_H_
