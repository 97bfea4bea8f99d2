#ifndef HUIFANG_SERVICES_REPORTING_ZIP_PACKAGE_H_
#define HUIFANG_SERVICES_REPORTING_ZIP_PACKAGE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace huifang::reporting {

struct ZipPart {
  std::string name;  // word/document.xml
  std::string bytes;
};

// A ZIP file in memory, the parts in their order, as Open Packaging wants it.
// INTERNAL when the library refuses.
absl::StatusOr<std::string> ZipPackage(const std::vector<ZipPart>& parts);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ZIP_PACKAGE_H_
