#ifndef HUIFANG_SERVICES_REPORTING_XML_CHECK_H_
#define HUIFANG_SERVICES_REPORTING_XML_CHECK_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace huifang::reporting {

// Whether what `file` printed is well-formed XML; INVALID_ARGUMENT tells line
// and reason.
absl::Status CheckXml(absl::string_view file, absl::string_view text);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_XML_CHECK_H_
