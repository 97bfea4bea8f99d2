// A client that is refused by a busy service asks it less: to refuse a call
// costs a service a fifth to a third of serving one, so callers that go on
// asking would leave it less time for what it does serve.
//
// Adaptive throttling: Beyer et al. (eds.), "Site Reliability Engineering"
// (O'Reilly 2016), chapter 21, https://sre.google/sre-book/handling-overload/.
#ifndef HUIFANG_SERVICES_COMMON_CLIENT_THROTTLE_H_
#define HUIFANG_SERVICES_COMMON_CLIENT_THROTTLE_H_

#include <grpcpp/support/client_interceptor.h>

#include <functional>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/common/clock.h"

namespace huifang {

// Of the calls that its owner wants to make, sends about 1.2 times as many as
// the service lately took: all while it takes them all, and enough more than it
// takes to find out when it takes more. A call is kept back with the
// probability max(0, (wanted - 1.2 taken) / (wanted + 1)), where both count
// calls of the last seconds, older ones for less, and none that is still on its
// way. Thread safe.
class ClientThrottle {
 public:
  // `clock`: one that nobody sets.
  explicit ClientThrottle(Clock& clock) : clock_(clock) {}

  // A call is wanted. Whether to send it; `uniform` is a random number in
  // [0, 1). One that is sent must be told of by Answered.
  bool Sends(double uniform);
  // A call that was sent is over. `busy`: it was refused by a busy service.
  void Answered(bool busy);

 private:
  void Age() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Clock& clock_;
  absl::Mutex mutex_;
  double wanted_ ABSL_GUARDED_BY(mutex_) = 0;
  double taken_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time aged_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

// For a channel: its unary calls are throttled, streams are not. A call that is
// not sent ends with RESOURCE_EXHAUSTED (NOT_SENT) and RetryInfo, like one that
// the service refused, and `not_sent` is called, by any thread.
std::vector<
    std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>
ThrottleInterceptors(std::function<void()> not_sent = [] {});

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_CLIENT_THROTTLE_H_
