#ifndef HUIFANG_SERVICES_REPORTING_VERB_OF_H_
#define HUIFANG_SERVICES_REPORTING_VERB_OF_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/common/resource_name.h"
#include "services/common/rpc.h"
#include "services/common/status_macros.h"
#include "services/reporting/change_once.h"
#include "services/reporting/validate.h"

namespace huifang::reporting {

// The verb that a request with name, etag and request_id asks for, once it is
// valid. `collection` is that of the name, "reports".
template <typename Request>
absl::StatusOr<Verb> VerbOf(const rpc::Method& method, const rpc::Call& call,
                            absl::string_view collection,
                            const Request& request) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(request.name(), collection));
  return Verb{call.court,
              name.id,
              request.etag(),
              {call.court, method.name, request.request_id()}};
}

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_VERB_OF_H_
