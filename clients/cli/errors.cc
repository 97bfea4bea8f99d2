#include "clients/cli/errors.h"

#include <grpcpp/grpcpp.h>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "services/common/error.h"
#include "services/common/rpc.h"

namespace huifang::cli {
namespace {

constexpr char kPartialUrl[] = "huifang.cli/partial";
constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
constexpr char kRetryInfoUrl[] = "type.googleapis.com/google.rpc.RetryInfo";

// What somebody at a terminal can do about `code`; empty if the message has
// to say it.
absl::string_view NextStep(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
      return "is the service running, and its --…-address right? The same "
             "command may be repeated";
    case absl::StatusCode::kUnauthenticated:
      return "give a token: --token-file FILE or HUIFANG_TOKEN_FILE";
    case absl::StatusCode::kPermissionDenied:
      return "the token's role or court does not allow this; use another";
    case absl::StatusCode::kDeadlineExceeded:
      return "raise --deadline; look whether it was done before repeating";
    case absl::StatusCode::kResourceExhausted:
      return "the service is busy; repeat the same command later";
    case absl::StatusCode::kNotFound:
      return "check the name and the court";
    case absl::StatusCode::kAborted:
      return "somebody changed it meanwhile; get it again and repeat";
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      return "a fault of the service; its log says more";
    case absl::StatusCode::kDataLoss:
      return "what was stored or given is damaged; go back to a good copy";
    default:
      return "";
  }
}

template <typename Message>
bool Detail(const absl::Status& status, const char* url, Message& message) {
  const absl::optional<absl::Cord> payload = status.GetPayload(url);
  return payload.has_value() && message.ParseFromString(std::string(*payload));
}

}  // namespace

absl::Status FromGrpc(const grpc::Status& status) {
  return rpc::FromGrpcStatus(status);
}

absl::Status PartialError(absl::string_view message) {
  absl::Status status = absl::FailedPreconditionError(message);
  status.SetPayload(kPartialUrl, absl::Cord("1"));
  return status;
}

std::string DescribeError(const absl::Status& status) {
  std::string text = absl::StrCat("error: ", status.message(), "\n");
  if (status.GetPayload(kPartialUrl).has_value()) return text;
  const std::string reason = ErrorReason(status);
  absl::StrAppend(&text, "  code: ", absl::StatusCodeToString(status.code()),
                  reason.empty() ? "" : absl::StrCat(" (", reason, ")"), "\n");
  google::rpc::BadRequest bad;
  if (Detail(status, kBadRequestUrl, bad)) {
    for (const auto& violation : bad.field_violations()) {
      absl::StrAppend(&text, "  ", violation.field(), ": ",
                      violation.description(), "\n");
    }
  }
  google::rpc::RetryInfo retry;
  if (Detail(status, kRetryInfoUrl, retry)) {
    absl::StrAppend(&text, "  retry after: ", retry.retry_delay().seconds(),
                    ".", retry.retry_delay().nanos() / 100000000, " s\n");
  }
  const absl::string_view next = NextStep(status.code());
  if (!next.empty()) absl::StrAppend(&text, "  next: ", next, "\n");
  return text;
}

ExitCode ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return kOk;
  if (status.GetPayload(kPartialUrl).has_value()) return kPartial;
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return kUsage;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kDeadlineExceeded:
      return kUnavailable;
    default:
      return kFailed;
  }
}

}  // namespace huifang::cli
