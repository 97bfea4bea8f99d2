#ifndef HUIFANG_SERVICES_COMMON_STATUS_MACROS_H_
#define HUIFANG_SERVICES_COMMON_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define HUIFANG_CONCAT_(a, b) a##b
#define HUIFANG_CONCAT(a, b) HUIFANG_CONCAT_(a, b)

// Returns the error of `expr`, a Status, to the caller of this function.
#define RETURN_IF_ERROR(expr)              \
  do {                                     \
    absl::Status huifang_status_ = (expr); \
    if (!huifang_status_.ok()) {           \
      return huifang_status_;              \
    }                                      \
  } while (false)

// Puts the value of `expr`, a StatusOr, into `lhs`, or returns its error.
#define ASSIGN_OR_RETURN(lhs, expr) \
  ASSIGN_OR_RETURN_(HUIFANG_CONCAT(huifang_or_, __LINE__), lhs, expr)
#define ASSIGN_OR_RETURN_(tmp, lhs, expr)        \
  auto tmp = (expr);                             \
  if (!tmp.ok()) return std::move(tmp).status(); \
  lhs = *std::move(tmp)

#endif  // HUIFANG_SERVICES_COMMON_STATUS_MACROS_H_
