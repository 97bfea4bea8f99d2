#include "services/common/rpc.h"

#include <grpcpp/support/proto_buffer_reader.h>

#include <exception>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/rpc/status.pb.h"
#include "huifang/common/v1/error_info.pb.h"
#include "services/common/log.h"
#include "services/common/resource_name.h"
#include "services/common/steady_time.h"

namespace huifang::rpc {
namespace {

constexpr char kErrorInfo[] = "type.googleapis.com/google.rpc.ErrorInfo";

const char* CodeName(absl::StatusCode code) {
  static const char* const kNames[] = {"OK",
                                       "CANCELLED",
                                       "UNKNOWN",
                                       "INVALID_ARGUMENT",
                                       "DEADLINE_EXCEEDED",
                                       "NOT_FOUND",
                                       "ALREADY_EXISTS",
                                       "PERMISSION_DENIED",
                                       "RESOURCE_EXHAUSTED",
                                       "FAILED_PRECONDITION",
                                       "ABORTED",
                                       "OUT_OF_RANGE",
                                       "UNIMPLEMENTED",
                                       "INTERNAL",
                                       "UNAVAILABLE",
                                       "DATA_LOSS",
                                       "UNAUTHENTICATED"};
  const auto at = static_cast<std::size_t>(code);
  return at < std::size(kNames) ? kNames[at] : "UNKNOWN";
}

}  // namespace

absl::StatusOr<std::string> CourtOfRequest(
    const google::protobuf::Message& request, const Method& method) {
  const google::protobuf::Message* message = &request;
  std::string name;
  for (const absl::string_view part : absl::StrSplit(method.court_field, '.')) {
    const auto* field =
        message->GetDescriptor()->FindFieldByName(std::string(part));
    if (field == nullptr) {
      return absl::InternalError(
          absl::StrCat(method.name, " has no field ", method.court_field));
    }
    const auto* reflection = message->GetReflection();
    if (field->cpp_type() ==
        google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
      message = &reflection->GetMessage(*message, field);
    } else {
      name = reflection->GetString(*message, field);
    }
  }
  std::string court = CourtOfName(name);
  if (!court.empty() && (court != "-" || method.all_courts)) return court;
  FieldErrors errors;
  errors.Add(method.court_field,
             "must start with courts/{court}, six digits, for example "
             "courts/110102");
  return errors.ToStatus();
}

absl::StatusOr<Call> Admit(Runtime& runtime,
                           const grpc::ServerContextBase& context,
                           const Method& method,
                           const google::protobuf::Message& request) {
  absl::StatusOr<std::string> court = std::string();
  if (*method.court_field != '\0') {
    court = CourtOfRequest(request, method);
  } else if (method.all_courts) {
    court = "-";
  }
  // Who has no token learns nothing about what a good request looks like.
  absl::StatusOr<Call> call =
      runtime.admission.Admit(context, method, court.ok() ? *court : "");
  if (!call.ok()) return call;
  if (runtime.limits != nullptr) {
    const absl::Status limited =
        runtime.limits->Admit(call->principal, call->court);
    if (!limited.ok()) return limited;
  }
  if (!court.ok()) return court.status();
  return call;
}

absl::StatusOr<Call> Admit(Runtime& runtime,
                           const grpc::ServerContextBase& context,
                           const Method& method, const grpc::ByteBuffer& bytes,
                           google::protobuf::Message& request) {
  // Reading takes the buffer's slices, not its contents.
  grpc::ByteBuffer copy = bytes;
  grpc::ProtoBufferReader reader(&copy);
  const bool parsed =
      reader.status().ok() && request.ParseFromZeroCopyStream(&reader);
  if (!parsed) request.Clear();
  absl::StatusOr<Call> call = Admit(runtime, context, method, request);
  if (parsed || absl::IsUnauthenticated(call.status()) ||
      absl::IsPermissionDenied(call.status())) {
    return call;
  }
  return MakeError(
      absl::StatusCode::kInvalidArgument, "NOT_A_MESSAGE",
      absl::StrCat("the request is not a ", request.GetTypeName()));
}

absl::Status Overloaded(absl::string_view reason) {
  return BusyError(reason, "the server is busy; try again soon",
                   absl::Milliseconds(500));
}

// Made to cost little: there are many.
bool TurnedAway(Runtime& runtime, const Method& method,
                grpc::ServerUnaryReactor* reactor, LoadShedder::Caller caller,
                absl::Time start) {
  if (runtime.shedder == nullptr || !runtime.shedder->Refuses(caller)) {
    return false;
  }
  static const absl::Status& busy = *new absl::Status(Overloaded("OVERLOADED"));
  thread_local std::string service;
  thread_local grpc::Status reply;  // of `service`
  if (service != runtime.service) {
    service = runtime.service;
    reply = ToGrpcStatus(busy, service);
  }
  FinishCall(runtime, method, nullptr, start, busy);
  reactor->Finish(reply);
  return true;
}

void Refuse(Runtime& runtime, const Method& method,
            grpc::ServerUnaryReactor* reactor, absl::Time start,
            const absl::Status& why) {
  FinishCall(runtime, method, nullptr, start, why);
  reactor->Finish(ToGrpcStatus(why, runtime.service));
}

LoadShedder::Caller CallerOf(const grpc::ServerContextBase& context) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find("authorization");
  if (found == metadata.end()) return 0;
  return absl::HashOf(
      absl::string_view(found->second.data(), found->second.size()));
}

absl::Status Turn(Runtime& runtime, const grpc::ServerContextBase& context,
                  const Call& call, const LoadShedder::Wait& wait) {
  const bool fresh = runtime.shedder == nullptr || runtime.shedder->Start(wait);
  // The caller may have given up while this waited.
  if (context.IsCancelled()) return absl::CancelledError("the caller gave up");
  if (call.deadline <= SteadyNow()) {
    return DeadlineError("the call ended before it began");
  }
  return fresh ? absl::OkStatus() : Overloaded("WAITED_TOO_LONG");
}

grpc::Status ToGrpcStatus(const absl::Status& status,
                          absl::string_view service) {
  if (status.ok()) return grpc::Status::OK;
  absl::StatusCode code = status.code();
  if (code == absl::StatusCode::kUnknown) code = absl::StatusCode::kInternal;
  google::rpc::Status details;
  details.set_code(static_cast<int>(code));
  details.set_message(std::string(status.message()));
  common::v1::ErrorInfo info;
  info.set_reason(CodeName(code));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    if (url == kErrorInfo) {
      info.ParseFromString(std::string(payload));
      return;
    }
    auto* any = details.add_details();
    any->set_type_url(std::string(url));
    any->set_value(std::string(payload));
  });
  info.set_domain(absl::StrCat(service, ".huifang"));
  auto* any = details.add_details();
  any->set_type_url(kErrorInfo);
  any->set_value(info.SerializeAsString());
  return grpc::Status(static_cast<grpc::StatusCode>(code),
                      std::string(status.message()),
                      details.SerializeAsString());
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
  google::rpc::Status details;
  if (details.ParseFromString(status.error_details())) {
    for (const auto& any : details.details()) {
      result.SetPayload(any.type_url(), absl::Cord(any.value()));
    }
  }
  return result;
}

void FinishCall(Runtime& runtime, const Method& method, const Call* call,
                absl::Time start, const absl::Status& status) {
  const absl::Duration took = runtime.clock.Now() - start;
  const char* code = CodeName(status.code());
  runtime.metrics.CountCall(method.name, code, took);
  const bool ours = status.code() == absl::StatusCode::kInternal ||
                    status.code() == absl::StatusCode::kDataLoss;
  log::Write(ours ? log::Level::kError : log::Level::kDebug, "rpc_finished",
             {{"method", method.name},
              {"code", code},
              {"principal", call == nullptr ? "" : call->principal},
              {"trace_id", call == nullptr ? "" : call->trace_id},
              {"latency_us", absl::ToInt64Microseconds(took)},
              // Messages of our own faults only: others may quote the caller.
              {"error", ours ? status.message() : absl::string_view()}});
}

absl::Status Guard(absl::FunctionRef<absl::Status()> work) {
  try {
    return work();
  } catch (const std::exception& error) {
    return MakeError(absl::StatusCode::kInternal, "EXCEPTION", error.what());
  }
}

}  // namespace huifang::rpc
