// The road every call takes: admission, bounded executor, handler, one reply.
#ifndef HUIFANG_SERVICES_COMMON_RPC_H_
#define HUIFANG_SERVICES_COMMON_RPC_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "services/common/clock.h"
#include "services/common/crash_point.h"
#include "services/common/deadline.h"
#include "services/common/error.h"
#include "services/common/executor.h"
#include "services/common/load_shedder.h"
#include "services/common/metrics.h"
#include "services/common/rate_limit.h"
#include "services/common/steady_time.h"
#include "services/common/stream_slots.h"
#include "services/common/wake_hub.h"

namespace huifang::rpc {

// Who calls, for which court, until when.
struct Call {
  std::string principal;
  std::string role;
  std::string staff;    // courts/{court}/staff/{staff} of the caller, or empty
  std::string court;    // six digits; "-" when the method allows courts/-
  absl::Time deadline;  // of SteadyNow()
  std::string trace_id;
};

// What admission must know of a method. A constant beside its handler.
struct Method {
  const char* name;         // "CreateTicket"
  const char* court_field;  // dotted path of the field that names the court;
                            // empty: the method is not about one court
  const char* roles;        // who may call, separated by spaces; "*": everyone
                            // with a token
  absl::Duration max_duration = absl::Seconds(10);  // deadline if none is set
  bool all_courts = false;  // courts/- may be named; no court_field: is meant
  bool watch = false;       // a stream that follows what happens
};

// Decides who comes in. Thread safe.
class Admission {
 public:
  virtual ~Admission() = default;
  // UNAUTHENTICATED without a known token; PERMISSION_DENIED when the role or
  // the court does not fit. `court` is empty for methods without one.
  virtual absl::StatusOr<Call> Admit(const grpc::ServerContextBase& context,
                                     const Method& method,
                                     const std::string& court) = 0;
};

// What every handler needs of its process.
struct Runtime {
  std::string service;  // "ticket"; part of ErrorInfo's domain
  Admission& admission;
  Executor& executor;
  Metrics& metrics;
  Clock& clock;
  WakeHub& hub;
  std::atomic<bool> draining{false};
  RateLimits* limits = nullptr;    // none: no limits
  LoadShedder* shedder = nullptr;  // none: only a full backlog sheds
  // Where streams work, so that calls do not queue behind them: a thousand that
  // watch, woken by one commit, and imports, exports and files, which take long
  // and would keep the watching ones waiting. None: the calls' executor.
  Executor* watch_executor = nullptr;
  Executor* bulk_executor = nullptr;
  StreamSlots* streams = nullptr;  // none: no limits
};

// The court named by `field` (a dotted path) of `request`. INVALID_ARGUMENT if
// it does not start with courts/{six digits} or courts/-.
absl::StatusOr<std::string> CourtOfRequest(
    const google::protobuf::Message& request, const Method& method);

// The one place where an absl::Status becomes a grpc::Status: same code, and
// the payloads as google.rpc.Status details. UNKNOWN never leaves.
grpc::Status ToGrpcStatus(const absl::Status& status,
                          absl::string_view service);
// The other way round, for clients.
absl::Status FromGrpcStatus(const grpc::Status& status);

// One access line and the call's metrics.
void FinishCall(Runtime& runtime, const Method& method, const Call* call,
                absl::Time start, const absl::Status& status);

// `work` with exceptions of libraries turned into INTERNAL.
absl::Status Guard(absl::FunctionRef<absl::Status()> work);

// Admission, then the rate limits. Each message of a client's stream is
// admitted like a call.
absl::StatusOr<Call> Admit(Runtime& runtime,
                           const grpc::ServerContextBase& context,
                           const Method& method,
                           const google::protobuf::Message& request);

// The same for a request that comes as bytes, which it parses into `request`.
// INVALID_ARGUMENT too if they are not one.
absl::StatusOr<Call> Admit(Runtime& runtime,
                           const grpc::ServerContextBase& context,
                           const Method& method, const grpc::ByteBuffer& bytes,
                           google::protobuf::Message& request);

// What a call is told that is not worked on because there is too much.
absl::Status Overloaded(absl::string_view reason);

// The turn of a call that waited: OK, or why it is not worked on. It was
// counted with runtime.shedder->Enter, if there is a shedder.
absl::Status Turn(Runtime& runtime, const grpc::ServerContextBase& context,
                  const Call& call, const LoadShedder::Wait& wait);
// Who calls, before admission: by the token that is shown, whatever it is.
LoadShedder::Caller CallerOf(const grpc::ServerContextBase& context);

// What a call is answered with, and where: a message or, from a handler of
// bytes, its bytes.
template <typename Response>
struct Answering {
  Runtime& runtime;
  const Method& method;
  grpc::ServerUnaryReactor* reactor;
  Response* response;       // null: bytes
  grpc::ByteBuffer* bytes;  // null: response
  absl::Time start;
  Call call;
  // Parsed from bytes, which gRPC does not keep for the handler.
  std::unique_ptr<google::protobuf::Message> request;

  grpc::Status Put(Response answer) {
    if (response != nullptr) {
      *response = std::move(answer);
      return grpc::Status::OK;
    }
    bool own_buffer = false;  // bytes count their owners themselves
    return grpc::SerializationTraits<Response>::Serialize(answer, bytes,
                                                          &own_buffer);
  }
};

// The one answer of a call; it may come after the handler has returned, from
// any thread. Dropped without one, the call ends with INTERNAL. Move only.
template <typename Response>
class Reply {
 public:
  explicit Reply(std::unique_ptr<Answering<Response>> to)
      : to_(std::move(to)) {}
  Reply(Reply&&) noexcept = default;
  Reply& operator=(Reply&&) = delete;
  ~Reply() {
    if (is_open()) (*this)(absl::InternalError("the call was dropped"));
  }

  bool is_open() const { return to_ != nullptr; }
  const Call& call() const { return to_->call; }

  void operator()(absl::StatusOr<Response> result) {
    const std::unique_ptr<Answering<Response>> to = std::move(to_);
    absl::Status status = result.status();
    if (result.ok()) status = FromGrpcStatus(to->Put(*std::move(result)));
    FinishCall(to->runtime, to->method, &to->call, to->start, status);
    MaybeCrash(CrashPoint::kBeforeReply);
    to->reactor->Finish(ToGrpcStatus(status, to->runtime.service));
    MaybeCrash(CrashPoint::kAfterReply);
  }

 private:
  std::unique_ptr<Answering<Response>> to_;
};

// Whether the call was turned away, because there is too much.
bool TurnedAway(Runtime& runtime, const Method& method,
                grpc::ServerUnaryReactor* reactor, LoadShedder::Caller caller,
                absl::Time start);
// Ends a call that was not let in.
void Refuse(Runtime& runtime, const Method& method,
            grpc::ServerUnaryReactor* reactor, absl::Time start,
            const absl::Status& why);

// Has an executor do `work` for a call that was admitted.
template <typename Request, typename Response, typename Work>
void Submit(std::unique_ptr<Answering<Response>> to,
            grpc::CallbackServerContext* context, LoadShedder::Caller caller,
            const Request* request, Work work) {
  Runtime& runtime = to->runtime;
  const Method& method = to->method;
  grpc::ServerUnaryReactor* const reactor = to->reactor;
  const absl::Time start = to->start;
  const LoadShedder::Wait wait = runtime.shedder != nullptr
                                     ? runtime.shedder->Enter(caller)
                                     : LoadShedder::Wait{start};
  const bool taken = runtime.executor.TrySubmit(
      [&runtime, context, request, wait, to = std::move(to),
       work = std::move(work)]() mutable {
        Reply<Response> reply(std::move(to));
        const Call& call = reply.call();
        const ScopedDeadline deadline(call.deadline);
        const absl::Status turn = Turn(runtime, *context, call, wait);
        if (!turn.ok()) return reply(turn);
        const absl::Status thrown = Guard([&] {
          work(call, *request, reply);
          return absl::OkStatus();
        });
        if (!thrown.ok() && reply.is_open()) reply(thrown);
      });
  if (taken) return;
  if (runtime.shedder != nullptr) runtime.shedder->Leave();
  Refuse(runtime, method, reactor, start, Overloaded("BACKLOG_FULL"));
}

// Admits the call, moves `work` off gRPC's threads and finishes exactly once.
// `work` is (const Call&, const Request&, Reply<Response>&) -> void. It moves
// the reply to whoever will answer, or answers itself; call and request live
// until then. What it waits for is bounded by the call's deadline
// (ScopedDeadline).
//
// gRPC 1.51 runs callback handlers on clamp(cores / 2, 2, 16) threads, and a
// server interceptor can observe a call but not stop its handler. So blocking
// (SQL, Redis) and refusing (admission, overload) both belong here.
template <typename Request, typename Response, typename Work>
grpc::ServerUnaryReactor* RunUnaryLater(Runtime& runtime,
                                        grpc::CallbackServerContext* context,
                                        const Method& method,
                                        const Request* request,
                                        Response* response, Work work) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const absl::Time start = runtime.clock.Now();
  const LoadShedder::Caller caller = CallerOf(*context);
  if (TurnedAway(runtime, method, reactor, caller, start)) return reactor;
  absl::StatusOr<Call> call = Admit(runtime, *context, method, *request);
  if (!call.ok()) {
    Refuse(runtime, method, reactor, start, call.status());
    return reactor;
  }
  Submit(std::unique_ptr<Answering<Response>>(new Answering<Response>{
             runtime, method, reactor, response, nullptr, start,
             *std::move(call), nullptr}),
         context, caller, request, std::move(work));
  return reactor;
}

// The same for a method whose requests are long and come in floods. A call that
// is turned away is not parsed: to parse three thousand bytes of Chinese is a
// fifth of what refusing it takes. The handler is registered with the
// generated WithRawCallbackMethod_*.
template <typename Request, typename Response, typename Work>
grpc::ServerUnaryReactor* RunUnaryOfBytes(Runtime& runtime,
                                          grpc::CallbackServerContext* context,
                                          const Method& method,
                                          const grpc::ByteBuffer* bytes,
                                          grpc::ByteBuffer* response,
                                          Work work) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const absl::Time start = runtime.clock.Now();
  const LoadShedder::Caller caller = CallerOf(*context);
  if (TurnedAway(runtime, method, reactor, caller, start)) return reactor;
  auto request = std::make_unique<Request>();
  absl::StatusOr<Call> call =
      Admit(runtime, *context, method, *bytes, *request);
  if (!call.ok()) {
    Refuse(runtime, method, reactor, start, call.status());
    return reactor;
  }
  const Request* const parsed = request.get();
  Submit(std::unique_ptr<Answering<Response>>(new Answering<Response>{
             runtime, method, reactor, nullptr, response, start,
             *std::move(call), std::move(request)}),
         context, caller, parsed, std::move(work));
  return reactor;
}

// The same for `work` that answers when it returns:
// (const Call&, const Request&) -> absl::StatusOr<Response>.
template <typename Request, typename Response, typename Work>
grpc::ServerUnaryReactor* RunUnary(Runtime& runtime,
                                   grpc::CallbackServerContext* context,
                                   const Method& method, const Request* request,
                                   Response* response, Work work) {
  return RunUnaryLater(
      runtime, context, method, request, response,
      [work = std::move(work)](const Call& call, const Request& asked,
                               Reply<Response>& reply) mutable {
        reply(work(call, asked));
      });
}

}  // namespace huifang::rpc

#endif  // HUIFANG_SERVICES_COMMON_RPC_H_
