#ifndef HUIFANG_TESTS_SUPPORT_MATCHERS_H_
#define HUIFANG_TESTS_SUPPORT_MATCHERS_H_

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/common/error.h"

namespace huifang::testing {

inline const absl::Status& StatusOf(const absl::Status& status) {
  return status;
}
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& value) {
  return value.status();
}

// EXPECT_THAT(status_or_statusor, StatusIs(absl::StatusCode::kNotFound));
MATCHER_P(StatusIs, code,
          std::string(negation ? "is not " : "is ") +
              absl::StatusCodeToString(code)) {
  *result_listener << "which is " << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}

// The code, and a matcher of the message.
MATCHER_P2(StatusIs, code, message,
           std::string(negation ? "is not " : "is ") +
               absl::StatusCodeToString(code) + " with such a message") {
  *result_listener << "which is " << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code &&
         ::testing::ExplainMatchResult(
             message, std::string(StatusOf(arg).message()), result_listener);
}

MATCHER(IsOk, negation ? "is an error" : "is OK") {
  *result_listener << "which is " << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// The machine-readable reason of an error: "ETAG_MISMATCH".
MATCHER_P(HasReason, reason,
          std::string(negation ? "has not reason " : "has reason ") + reason) {
  *result_listener << "which is " << StatusOf(arg).ToString() << " with reason "
                   << ErrorReason(StatusOf(arg));
  return ErrorReason(StatusOf(arg)) == reason;
}

}  // namespace huifang::testing

// Stops the test unless `expression` (a StatusOr) is OK; names its value.
#define HUIFANG_TEST_CONCAT_(a, b) a##b
#define HUIFANG_TEST_CONCAT(a, b) HUIFANG_TEST_CONCAT_(a, b)
#define ASSERT_OK_AND_ASSIGN(declaration, expression)                          \
  ASSERT_OK_AND_ASSIGN_(HUIFANG_TEST_CONCAT(value_or_, __LINE__), declaration, \
                        expression)
#define ASSERT_OK_AND_ASSIGN_(temporary, declaration, expression) \
  auto temporary = (expression);                                  \
  ASSERT_TRUE(temporary.ok()) << temporary.status();              \
  declaration = *std::move(temporary)

#define ASSERT_OK(expression) \
  ASSERT_THAT(expression, ::huifang::testing::IsOk())
#define EXPECT_OK(expression) \
  EXPECT_THAT(expression, ::huifang::testing::IsOk())

#endif  // HUIFANG_TESTS_SUPPORT_MATCHERS_H_
