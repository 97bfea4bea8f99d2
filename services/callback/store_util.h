// Small things all stores of this service need.
#ifndef HUIFANG_SERVICES_CALLBACK_STORE_UTIL_H_
#define HUIFANG_SERVICES_CALLBACK_STORE_UTIL_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message_lite.h"
#include "google/protobuf/timestamp.pb.h"
#include "services/common/error.h"
#include "services/common/listing.h"
#include "services/common/sql.h"

namespace huifang::callback {

inline std::string EtagOf(std::int64_t version) {
  return absl::StrCat("v", version);
}
inline std::int64_t VersionOf(absl::string_view etag) {
  std::int64_t version = 0;
  if (etag.empty() || !absl::SimpleAtoi(etag.substr(1), &version)) return 0;
  return version;
}

// Id and version of "weekly.2"; version 0 if it is no such id.
struct VersionedId {
  std::string id;
  int version = 0;
};
inline VersionedId ParseVersionedId(absl::string_view id) {
  const std::size_t dot = id.rfind('.');
  int version = 0;
  if (dot == absl::string_view::npos ||
      !absl::SimpleAtoi(id.substr(dot + 1), &version) || version < 1) {
    return {};
  }
  return {std::string(id.substr(0, dot)), version};
}

inline absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) +
         absl::Nanoseconds(time.nanos());
}
inline google::protobuf::Timestamp ToProto(absl::Time time) {
  google::protobuf::Timestamp proto;
  const std::int64_t micros = absl::ToUnixMicros(time);
  std::int64_t seconds = micros / 1000000;
  if (micros % 1000000 < 0) --seconds;
  proto.set_seconds(seconds);
  proto.set_nanos(
      static_cast<std::int32_t>((micros - seconds * 1000000) * 1000));
  return proto;
}

inline sql::Bytes BodyOf(const google::protobuf::MessageLite& message) {
  return {message.SerializeAsString()};
}
inline absl::Status ParseBody(const std::string& body,
                              google::protobuf::MessageLite& message) {
  if (!message.ParseFromString(body)) {
    return absl::DataLossError("a stored resource cannot be read");
  }
  return absl::OkStatus();
}

inline absl::Status NoSuch(absl::string_view what, absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, "NOT_FOUND",
                   absl::StrCat("there is no ", what, " ", name));
}
inline absl::Status MovedOn(absl::string_view what) {
  return MakeError(
      absl::StatusCode::kAborted, "CHANGED_MEANWHILE",
      absl::StrCat("the ", what, " was changed meanwhile; read it again"));
}
// ABORTED if the caller's etag is set and is not the current one.
inline absl::Status CheckEtag(absl::string_view sent, absl::string_view now,
                              absl::string_view what) {
  return sent.empty() || sent == now ? absl::OkStatus() : MovedOn(what);
}

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_STORE_UTIL_H_
