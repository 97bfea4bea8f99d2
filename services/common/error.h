// Errors that tell the caller what to do: a code, a machine-readable reason
// and, for bad requests, the fields at fault (AIP-193). They travel as payloads
// of an absl::Status and become google.rpc.Status details at the edge.
#ifndef HUIFANG_SERVICES_COMMON_ERROR_H_
#define HUIFANG_SERVICES_COMMON_ERROR_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace huifang {

// `reason` is UPPER_SNAKE and stable; `message` is for people and says what to
// do next. Neither may hold personal data or secrets.
absl::Status MakeError(absl::StatusCode code, absl::string_view reason,
                       absl::string_view message,
                       const std::map<std::string, std::string>& metadata = {});

// RESOURCE_EXHAUSTED with RetryInfo.
absl::Status BusyError(absl::string_view reason, absl::string_view message,
                       absl::Duration retry_after);

// The reason given to MakeError; empty if there is none.
std::string ErrorReason(const absl::Status& status);

// Collects what is wrong with a request, field by field.
//
//   FieldErrors errors;
//   if (request.size() < 1) errors.Add("size", "must be at least 1");
//   return errors.ToStatus();
class FieldErrors {
 public:
  // Beyond the first 20 only their number is told: a status must fit into a
  // call's trailers.
  void Add(absl::string_view field, absl::string_view description);
  bool empty() const { return fields_.empty(); }
  // OK when nothing was added, else INVALID_ARGUMENT with a BadRequest.
  absl::Status ToStatus() const;

 private:
  struct Field {
    std::string path;
    std::string description;
  };
  static constexpr std::size_t kMaxFields = 20;
  std::vector<Field> fields_;
  std::size_t more_ = 0;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_ERROR_H_
