// Linked into every program with --wrap (docs/adr/0014). Of every call that a
// server answers with an error, gRPC 1.51 makes an error object with the place
// in its source and the time as text, and prints it when the call is gone, for
// a tracer that nobody has: a fifth of what it costs to refuse a call, and so
// of what is left to serve others when too many come. The caller gets none of
// it. That one is made without; all other errors of gRPC, which are logged, are
// made as they were.

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// grpc_core::StatusCreate(). The place is handed through. Weak: programs
// without gRPC have none.
#define HUIFANG_STATUS_CREATE                                                 \
  "_ZN9grpc_core12StatusCreateEN4absl7debian310StatusCodeENS1_11string_viewE" \
  "RKNS_13DebugLocationESt6vectorINS1_6StatusESaIS8_EE"

absl::Status RealStatusCreate(
    absl::StatusCode code, absl::string_view message, const void* place,
    std::vector<absl::Status> children) asm("__real_" HUIFANG_STATUS_CREATE)
    __attribute__((weak));

absl::Status WrapStatusCreate(
    absl::StatusCode code, absl::string_view message, const void* place,
    std::vector<absl::Status> children) asm("__wrap_" HUIFANG_STATUS_CREATE);

absl::Status WrapStatusCreate(absl::StatusCode code, absl::string_view message,
                              const void* place,
                              std::vector<absl::Status> children) {
  if (message == "Server returned error") return {code, message};
  return RealStatusCreate(code, message, place, std::move(children));
}
