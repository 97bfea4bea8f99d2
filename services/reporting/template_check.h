#ifndef HUIFANG_SERVICES_REPORTING_TEMPLATE_CHECK_H_
#define HUIFANG_SERVICES_REPORTING_TEMPLATE_CHECK_H_

#include <string>

#include "absl/status/statusor.h"
#include "services/reporting/template_set.h"

namespace huifang::reporting {

// The templates of `folder`, those that ship where it is empty, after reports
// were printed from them on trial: one that has everything and one that has
// nothing, for each court with templates of its own. INVALID_ARGUMENT says
// which template is broken, and how.
absl::StatusOr<TemplateSet> LoadTemplates(const std::string& folder);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_TEMPLATE_CHECK_H_
