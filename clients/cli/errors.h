#ifndef HUIFANG_CLIENTS_CLI_ERRORS_H_
#define HUIFANG_CLIENTS_CLI_ERRORS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace grpc {
class Status;
}

namespace huifang::cli {

// Exit codes of huifangctl; scripts may rely on them.
enum ExitCode {
  kOk = 0,
  // The server refused, or the call failed for good.
  kFailed = 1,
  // Wrong use of the command line, or bad input files.
  kUsage = 2,
  // The service cannot be reached or is busy: the same command may be repeated.
  kUnavailable = 3,
  // The work was done but not for every row; the rejects are listed.
  kPartial = 4,
};

// Keeps the server's details (ErrorInfo, BadRequest, …) for DescribeError.
absl::Status FromGrpc(const grpc::Status& status);

// Says that the work was done for some rows only: exits with kPartial.
absl::Status PartialError(absl::string_view message);

// Message, reason, bad fields, and what to do next: several lines.
std::string DescribeError(const absl::Status& status);

ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_ERRORS_H_
