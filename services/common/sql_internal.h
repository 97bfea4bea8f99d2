// Between the files of the SQL layer.
#ifndef HUIFANG_SERVICES_COMMON_SQL_INTERNAL_H_
#define HUIFANG_SERVICES_COMMON_SQL_INTERNAL_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace huifang::sql {

// Reasons of errors that the layer itself acts on.
inline constexpr char kRetryReason[] = "SQL_RETRY";
inline constexpr char kConnectionReason[] = "DATABASE_UNREACHABLE";

// `work` with SOCI's exceptions turned into Status.
absl::Status CatchSql(absl::FunctionRef<absl::Status()> work);

}  // namespace huifang::sql

#endif  // HUIFANG_SERVICES_COMMON_SQL_INTERNAL_H_
