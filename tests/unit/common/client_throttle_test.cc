#include "services/common/client_throttle.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <random>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "huifang/common/v1/queue_service.grpc.pb.h"
#include "services/common/error.h"
#include "services/common/rpc.h"
#include "tests/support/fake_clock.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

namespace v1 = ::huifang::common::v1;
using ::huifang::testing::HasReason;

class ClientThrottleTest : public ::testing::Test {
 protected:
  // Wants `wanted` calls a second of a service that takes `taken`, both evenly
  // spread, for `seconds`; how many were sent in the last one.
  int Sent(int wanted, int taken, int seconds) {
    int sent = 0;
    for (int second = 0; second < seconds; ++second) {
      sent = 0;
      int answered = 0;
      for (int i = 0; i < wanted; ++i) {
        clock_.Advance(absl::Seconds(1) / wanted);
        if (!throttle_.Sends(uniform_(random_))) continue;
        ++sent;
        const bool takes = answered * wanted < taken * (i + 1);
        answered += takes ? 1 : 0;
        throttle_.Answered(!takes);
      }
    }
    return sent;
  }

  testing::FakeClock clock_;
  ClientThrottle throttle_{clock_};
  std::mt19937 random_{1};
  std::uniform_real_distribution<double> uniform_{0, 1};
};

TEST_F(ClientThrottleTest, AllIsSentWhileAllIsTaken) {
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(throttle_.Sends(0));
    throttle_.Answered(false);
    clock_.Advance(absl::Milliseconds(1));
  }
}

TEST_F(ClientThrottleTest, ServiceIsAskedLittleMoreThanItTakes) {
  const int sent = Sent(2000, 1000, 10);
  EXPECT_GE(sent, 1100);
  EXPECT_LE(sent, 1300);
}

TEST_F(ClientThrottleTest, RecoveredServiceSoonHasAllCallsAgain) {
  Sent(1000, 500, 10);
  EXPECT_LT(Sent(1000, 500, 1), 700);
  EXPECT_GE(Sent(1000, 1000, 8), 990);
}

TEST_F(ClientThrottleTest, ServiceThatTakesNothingIsStillAskedNowAndThen) {
  const int sent = Sent(1000, 0, 10);
  EXPECT_GE(sent, 1);
  EXPECT_LE(sent, 10);
}

TEST_F(ClientThrottleTest, CallWithoutAnAnswerYetIsNoRefusal) {
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(throttle_.Sends(0));
}

TEST_F(ClientThrottleTest, OneRefusalAmongManyStopsNothing) {
  Sent(1000, 1000, 1);
  throttle_.Answered(true);
  EXPECT_TRUE(throttle_.Sends(0));
}

TEST_F(ClientThrottleTest, RefusalsAreForgotten) {
  Sent(1000, 0, 3);
  EXPECT_FALSE(throttle_.Sends(0.5));
  clock_.Advance(absl::Seconds(10));
  EXPECT_TRUE(throttle_.Sends(0.1));
}

// A service that answers all calls alike, and a throttled channel.
class ThrottledChannelTest : public ::testing::Test {
 protected:
  class Handler final : public v1::QueueService::CallbackService {
   public:
    grpc::ServerUnaryReactor* ListQueues(
        grpc::CallbackServerContext* context, const v1::ListQueuesRequest*,
        v1::ListQueuesResponse* response) override {
      ++asked;
      response->add_queues()->set_name("q");
      grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
      absl::MutexLock lock(&mutex_);
      reactor->Finish(rpc::ToGrpcStatus(answer_, "ticket"));
      return reactor;
    }
    void Answer(absl::Status answer) {
      absl::MutexLock lock(&mutex_);
      answer_ = std::move(answer);
    }
    std::atomic<int> asked{0};

   private:
    absl::Mutex mutex_;
    absl::Status answer_ ABSL_GUARDED_BY(mutex_);
  };

  ThrottledChannelTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&handler_);
    server_ = builder.BuildAndStart();
    stub_ = v1::QueueService::NewStub(
        server_->experimental().InProcessChannelWithInterceptors(
            {}, ThrottleInterceptors([this] { ++not_sent_; })));
  }
  ~ThrottledChannelTest() override { server_->Shutdown(); }

  absl::Status Ask() {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    response_.Clear();
    return rpc::FromGrpcStatus(stub_->ListQueues(&context, {}, &response_));
  }
  // Asks until a call is not sent, 10,000 times at most; that call's status.
  absl::Status AskUntilNotSent() {
    absl::Status status;
    for (wanted_ = 1; wanted_ <= 10'000; ++wanted_) {
      status = Ask();
      if (ErrorReason(status) == "NOT_SENT") break;
    }
    return status;
  }

  Handler handler_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::QueueService::Stub> stub_;
  v1::ListQueuesResponse response_;
  int wanted_ = 0;
  std::atomic<int> not_sent_{0};
};

TEST_F(ThrottledChannelTest, BusyServiceIsSpared) {
  handler_.Answer(rpc::Overloaded("OVERLOADED"));
  const absl::Status status = AskUntilNotSent();
  EXPECT_THAT(status, HasReason("NOT_SENT"));
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  // When to come back is said as the service would.
  EXPECT_TRUE(status.GetPayload("type.googleapis.com/google.rpc.RetryInfo")
                  .has_value());
  EXPECT_EQ(handler_.asked, wanted_ - 1);
  EXPECT_EQ(not_sent_, 1);
  EXPECT_EQ(response_.queues_size(), 0);
}

TEST_F(ThrottledChannelTest, ServiceThatIsAwayHoldsNothingBack) {
  handler_.Answer(absl::UnavailableError("away"));
  for (int i = 0; i < 200; ++i) EXPECT_FALSE(Ask().ok());
  EXPECT_EQ(handler_.asked, 200);
}

TEST_F(ThrottledChannelTest, LimitOfOneCallerHoldsNothingBack) {
  handler_.Answer(BusyError("RATE_LIMITED", "", absl::Seconds(1)));
  for (int i = 0; i < 200; ++i) EXPECT_THAT(Ask(), HasReason("RATE_LIMITED"));
  EXPECT_EQ(handler_.asked, 200);
}

TEST_F(ThrottledChannelTest, AnswersComeThrough) {
  EXPECT_OK(Ask());
  EXPECT_EQ(response_.queues_size(), 1);
}

}  // namespace
}  // namespace huifang
