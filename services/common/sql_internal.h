// Between the files of the SQL layer.
#ifndef HUIFANG_SERVICES_COMMON_SQL_INTERNAL_H_
#define HUIFANG_SERVICES_COMMON_SQL_INTERNAL_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace huifang::sql {

// Reasons of errors that the layer itself acts on.
inline constexpr char kRetryReason[] = "SQL_RETRY";
inline constexpr char kConnectionReason[] = "DATABASE_UNREACHABLE";

// `work` with SOCI's exceptions turned into Status.
absl::Status CatchSql(absl::FunctionRef<absl::Status()> work);

// What libpq is asked to connect to, for a postgresql:// URL: with our timeouts
// where the operator has set none.
absl::StatusOr<std::string> ConnectString(const std::string& url);

}  // namespace huifang::sql

#endif  // HUIFANG_SERVICES_COMMON_SQL_INTERNAL_H_
