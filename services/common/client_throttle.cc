#include "services/common/client_throttle.h"

#include <cmath>
#include <string>
#include <utility>

#include "absl/random/random.h"
#include "services/common/error.h"
#include "services/common/rpc.h"

namespace huifang {
namespace {

using ::grpc::experimental::ClientInterceptorFactoryInterface;
using ::grpc::experimental::ClientRpcInfo;
using ::grpc::experimental::InterceptionHookPoints;
using ::grpc::experimental::Interceptor;
using ::grpc::experimental::InterceptorBatchMethods;

// After this a call counts for 1 / e. Short, so that little is held back once a
// service has recovered: what is sent then doubles within about four seconds.
constexpr absl::Duration kMemory = absl::Seconds(1);
// Calls sent for each that is taken. The book's 2 leaves a service as many to
// refuse as to serve; nearer to 1 it takes long to notice that it recovered.
constexpr double kSentPerTaken = 1.2;

// Whether a service answers so that has too much to do. Limits of one caller or
// one court do not count: others are served meanwhile.
bool IsBusy(const grpc::Status& status) {
  if (status.error_code() != grpc::StatusCode::RESOURCE_EXHAUSTED) return false;
  const std::string reason = ErrorReason(rpc::FromGrpcStatus(status));
  return reason == "OVERLOADED" || reason == "WAITED_TOO_LONG" ||
         reason == "BACKLOG_FULL";
}

// One call that is sent.
class Sent final : public Interceptor {
 public:
  explicit Sent(std::shared_ptr<ClientThrottle> throttle)
      : throttle_(std::move(throttle)) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(
            InterceptionHookPoints::POST_RECV_STATUS)) {
      // Any other answer counts as taken, UNAVAILABLE too: were it left out, a
      // service that was busy and then away for five seconds would have all its
      // calls again only half a minute after it is back.
      throttle_->Answered(IsBusy(*methods->GetRecvStatus()));
    }
    methods->Proceed();
  }

 private:
  const std::shared_ptr<ClientThrottle> throttle_;
};

// One call that is not.
class NotSent final : public Interceptor {
 public:
  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(
            InterceptionHookPoints::PRE_RECV_MESSAGE)) {
      methods->FailHijackedRecvMessage();
    }
    if (methods->QueryInterceptionHookPoint(
            InterceptionHookPoints::PRE_RECV_STATUS)) {
      *methods->GetRecvStatus() = Refusal();
    }
    if (methods->QueryInterceptionHookPoint(
            InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      return methods->Hijack();
    }
    methods->Proceed();
  }

 private:
  static const grpc::Status& Refusal() {
    static const grpc::Status& refusal = *new grpc::Status(
        rpc::ToGrpcStatus(rpc::Overloaded("NOT_SENT"), "client"));
    return refusal;
  }
};

class ThrottleFactory final : public ClientInterceptorFactoryInterface {
 public:
  explicit ThrottleFactory(std::function<void()> not_sent)
      : not_sent_(std::move(not_sent)) {}

  Interceptor* CreateClientInterceptor(ClientRpcInfo* info) override {
    if (info->type() != ClientRpcInfo::Type::UNARY) return nullptr;
    thread_local absl::InsecureBitGen random;
    if (throttle_->Sends(absl::Uniform(random, 0.0, 1.0))) {
      return new Sent(throttle_);
    }
    not_sent_();
    return new NotSent();
  }

 private:
  static Clock& TheClock() {
    static Clock& clock = *new SteadyClock();
    return clock;
  }

  const std::function<void()> not_sent_;
  // Calls may outlive their channel.
  const std::shared_ptr<ClientThrottle> throttle_ =
      std::make_shared<ClientThrottle>(TheClock());
};

}  // namespace

void ClientThrottle::Age() {
  const absl::Time now = clock_.Now();
  const double left = std::exp(-absl::FDivDuration(now - aged_, kMemory));
  wanted_ *= left;
  taken_ *= left;
  aged_ = now;
}

bool ClientThrottle::Sends(double uniform) {
  absl::MutexLock lock(&mutex_);
  Age();
  const double refused = (wanted_ - kSentPerTaken * taken_) / (wanted_ + 1);
  const bool sends = uniform >= refused;
  // One that is sent counts when its answer is there: a service that has not
  // answered yet has not refused.
  if (!sends) wanted_ += 1;
  return sends;
}

void ClientThrottle::Answered(bool busy) {
  absl::MutexLock lock(&mutex_);
  Age();
  wanted_ += 1;
  if (!busy) taken_ += 1;
}

std::vector<std::unique_ptr<ClientInterceptorFactoryInterface>>
ThrottleInterceptors(std::function<void()> not_sent) {
  std::vector<std::unique_ptr<ClientInterceptorFactoryInterface>> made;
  made.push_back(std::make_unique<ThrottleFactory>(std::move(not_sent)));
  return made;
}

}  // namespace huifang
