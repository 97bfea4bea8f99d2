#include "services/common/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "google/rpc/error_details.pb.h"
#include "huifang/common/v1/error_info.pb.h"

namespace huifang {
namespace {

constexpr char kTypePrefix[] = "type.googleapis.com/";

void Attach(absl::Status& status, absl::string_view type,
            const google::protobuf::Message& detail) {
  status.SetPayload(absl::StrCat(kTypePrefix, type),
                    absl::Cord(detail.SerializeAsString()));
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view reason,
                       absl::string_view message,
                       const std::map<std::string, std::string>& metadata) {
  absl::Status status(code, message);
  common::v1::ErrorInfo info;
  info.set_reason(std::string(reason));
  for (const auto& [key, value] : metadata) {
    (*info.mutable_metadata())[key] = value;
  }
  Attach(status, "google.rpc.ErrorInfo", info);
  return status;
}

absl::Status BusyError(absl::string_view reason, absl::string_view message,
                       absl::Duration retry_after) {
  absl::Status status =
      MakeError(absl::StatusCode::kResourceExhausted, reason, message);
  google::rpc::RetryInfo retry;
  *retry.mutable_retry_delay() =
      google::protobuf::util::TimeUtil::MillisecondsToDuration(
          absl::ToInt64Milliseconds(retry_after));
  Attach(status, "google.rpc.RetryInfo", retry);
  return status;
}

std::string ErrorReason(const absl::Status& status) {
  const auto payload =
      status.GetPayload(absl::StrCat(kTypePrefix, "google.rpc.ErrorInfo"));
  common::v1::ErrorInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) {
    return "";
  }
  return info.reason();
}

void FieldErrors::Add(absl::string_view field, absl::string_view description) {
  if (fields_.size() >= kMaxFields) {
    ++more_;
    return;
  }
  fields_.push_back({std::string(field), std::string(description)});
}

absl::Status FieldErrors::ToStatus() const {
  if (fields_.empty()) return absl::OkStatus();
  google::rpc::BadRequest bad;
  std::string message;
  for (const Field& field : fields_) {
    auto* violation = bad.add_field_violations();
    violation->set_field(field.path);
    violation->set_description(field.description);
    absl::StrAppend(&message, message.empty() ? "" : "; ", field.path, ": ",
                    field.description);
  }
  if (more_ > 0) absl::StrAppend(&message, "; and ", more_, " more");
  absl::Status status =
      MakeError(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS", message);
  Attach(status, "google.rpc.BadRequest", bad);
  return status;
}

}  // namespace huifang
