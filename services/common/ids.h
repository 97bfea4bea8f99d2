#ifndef HUIFANG_SERVICES_COMMON_IDS_H_
#define HUIFANG_SERVICES_COMMON_IDS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace huifang {

// A UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits. Ids made
// later sort later, to the millisecond. Thread safe.
std::string NewUuid7(absl::Time now);

// A UUID that depends only on `seed`: version 8 over SHA-256. For request ids
// derived from what is asked, so that a second attempt is the same request.
std::string DerivedUuid(absl::string_view seed);

// Whether `text` is a UUID in the usual 8-4-4-4-12 form, lower or upper case.
bool IsUuid(absl::string_view text);

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_IDS_H_
