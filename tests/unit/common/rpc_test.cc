// Admission, RunUnary, error details.
#include "services/common/rpc.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "huifang/common/v1/error_info.pb.h"
#include "huifang/common/v1/queue_service.grpc.pb.h"
#include "services/common/admission.h"
#include "services/common/client.h"
#include "services/common/crypto.h"
#include "services/common/deadline.h"
#include "services/common/grpc_time.h"
#include "services/common/queue_handler.h"
#include "services/common/steady_time.h"
#include "tests/support/fake_lease_queue.h"
#include "tests/support/matchers.h"
#include "tests/support/test_runtime.h"

namespace huifang {
namespace {

namespace v1 = ::huifang::common::v1;
using ::huifang::testing::HasReason;
using ::huifang::testing::StatusIs;

// A server behind the real token admission.
class AdmissionTest : public ::testing::Test {
 protected:
  AdmissionTest() {
    admission_ = *TokenAdmission::FromJson(
        absl::StrCat(R"({"tokens": [{"sha256": ")", Sha256Hex("good"),
                     R"(", "principal": "p", "role": "admin", )",
                     R"("courts": ["*"]}, {"sha256": ")", Sha256Hex("agent"),
                     R"(", "principal": "a", "role": "agent", )",
                     R"("courts": ["110102"]}, {"sha256": ")",
                     Sha256Hex("local"),
                     R"(", "principal": "l", "role": "admin", )",
                     R"("courts": ["110102"]}]})"),
        clock_);
    runtime_.reset(new rpc::Runtime{"ticket", *admission_, executor_, metrics_,
                                    clock_, hub_});
    handler_ = std::make_unique<QueueHandler>(
        *runtime_, std::vector<LeaseQueue*>{&queue_});
    grpc::ServerBuilder builder;
    builder.RegisterService(handler_.get());
    server_ = builder.BuildAndStart();
    stub_ = v1::QueueService::NewStub(server_->InProcessChannel({}));
  }
  ~AdmissionTest() override { server_->Shutdown(); }

  absl::Status List(const std::string& token) {
    grpc::ClientContext context;
    if (!token.empty()) {
      context.AddMetadata("authorization", "Bearer " + token);
    }
    v1::ListQueuesResponse response;
    return rpc::FromGrpcStatus(stub_->ListQueues(&context, {}, &response));
  }

  testing::FakeClock clock_;
  Metrics metrics_;
  WakeHub hub_;
  ThreadPool executor_{2, 10};
  testing::FakeLeaseQueue queue_{3};
  std::unique_ptr<TokenAdmission> admission_;
  std::unique_ptr<rpc::Runtime> runtime_;
  std::unique_ptr<QueueHandler> handler_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::QueueService::Stub> stub_;
};

TEST_F(AdmissionTest, TasksOfAllCourtsAreForThoseOfAllCourts) {
  const auto list = [this](const std::string& token) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + token);
    v1::ListDeadTasksRequest request;
    request.set_queue(queue_.name());
    v1::ListDeadTasksResponse response;
    return rpc::FromGrpcStatus(
        stub_->ListDeadTasks(&context, request, &response));
  };
  EXPECT_OK(list("good"));
  EXPECT_THAT(list("local"), HasReason("FOREIGN_COURT"));
}

TEST_F(AdmissionTest, OnlyKnownTokensOfARightRoleComeIn) {
  EXPECT_OK(List("good"));
  EXPECT_THAT(List(""), HasReason("NO_TOKEN"));
  EXPECT_THAT(List("stolen"), HasReason("UNKNOWN_TOKEN"));
  EXPECT_THAT(List("agent"), HasReason("WRONG_ROLE"));
}

TEST_F(AdmissionTest, CallsBeyondTheRateAreRefusedUntilTimePasses) {
  RateLimits limits(clock_, metrics_, {.per_principal = 1});
  runtime_->limits = &limits;
  EXPECT_OK(List("good"));
  EXPECT_OK(List("good"));
  EXPECT_THAT(List("good"), HasReason("RATE_LIMITED"));
  // Only who is admitted has a bucket.
  EXPECT_THAT(List("stolen"), HasReason("UNKNOWN_TOKEN"));
  clock_.Advance(absl::Seconds(1));
  EXPECT_OK(List("good"));
}

// Handlers that answer after they have returned, or never.
class ReplyTest : public ::testing::Test {
 protected:
  using Work = std::function<void(rpc::Reply<v1::ListQueuesResponse>&)>;

  absl::Status CallWith(Work work) {
    class Handler final : public v1::QueueService::CallbackService {
     public:
      Handler(rpc::Runtime& runtime, Work work)
          : runtime_(runtime), work_(std::move(work)) {}
      grpc::ServerUnaryReactor* ListQueues(
          grpc::CallbackServerContext* context,
          const v1::ListQueuesRequest* request,
          v1::ListQueuesResponse* response) override {
        static constexpr rpc::Method kMethod{"Later", "", "*"};
        return rpc::RunUnaryLater(
            runtime_, context, kMethod, request, response,
            [this](const rpc::Call&, const v1::ListQueuesRequest&,
                   rpc::Reply<v1::ListQueuesResponse>& reply) {
              work_(reply);
            });
      }

     private:
      rpc::Runtime& runtime_;
      Work work_;
    } handler(host_.runtime(), std::move(work));
    const auto stub = v1::QueueService::NewStub(host_.Start({&handler}));
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    const absl::Status status =
        rpc::FromGrpcStatus(stub->ListQueues(&context, {}, &response_));
    host_.Stop();
    return status;
  }

  testing::TestRuntime host_{"ticket"};
  v1::ListQueuesResponse response_;
};

TEST_F(ReplyTest, AnswerMayComeFromAnotherThreadLater) {
  std::thread answering;
  EXPECT_OK(CallWith([&](rpc::Reply<v1::ListQueuesResponse>& reply) {
    answering = std::thread([later = std::move(reply)]() mutable {
      v1::ListQueuesResponse response;
      response.add_queues()->set_name("q");
      later(std::move(response));
    });
  }));
  answering.join();
  EXPECT_EQ(response_.queues_size(), 1);
}

TEST_F(ReplyTest, DroppedCallIsAnswered) {
  EXPECT_THAT(CallWith([](rpc::Reply<v1::ListQueuesResponse>&) {}),
              StatusIs(absl::StatusCode::kInternal));
}

TEST_F(ReplyTest, LibrarysExceptionIsAnswered) {
  EXPECT_THAT(CallWith([](rpc::Reply<v1::ListQueuesResponse>&) {
                throw std::runtime_error("of a library");
              }),
              HasReason("EXCEPTION"));
}

// What a handler and all that it calls have left, in the test's own method.
class DeadlineTest : public ::testing::Test {
 protected:
  // A call with `timeout` of a method of ten seconds; how long its work has.
  absl::Duration Left(absl::Duration timeout) {
    constexpr absl::Duration kMax = absl::Seconds(10);
    static constexpr rpc::Method kMethod{"Left", "", "*", kMax};
    absl::Duration left;
    class Handler final : public v1::QueueService::CallbackService {
     public:
      Handler(rpc::Runtime& runtime, absl::Duration& left)
          : runtime_(runtime), left_(left) {}
      grpc::ServerUnaryReactor* ListQueues(
          grpc::CallbackServerContext* context,
          const v1::ListQueuesRequest* request,
          v1::ListQueuesResponse* response) override {
        return rpc::RunUnary(
            runtime_, context, kMethod, request, response,
            [this](const rpc::Call&, const v1::ListQueuesRequest&)
                -> absl::StatusOr<v1::ListQueuesResponse> {
              grpc::ClientContext peer;
              PrepareContext(peer, "t", absl::Minutes(1));
              left_ = TimeUntil(peer.raw_deadline());
              return v1::ListQueuesResponse();
            });
      }

     private:
      rpc::Runtime& runtime_;
      absl::Duration& left_;
    } handler(host_.runtime(), left);
    host_.admission().SetCaller({.principal = "tester",
                                 .role = "admin",
                                 .staff = "",
                                 .court = "",
                                 .deadline = timeout == kNone
                                                 ? absl::InfinitePast()
                                                 : SteadyNow() + timeout,
                                 .trace_id = "test"});
    const auto stub = v1::QueueService::NewStub(host_.Start({&handler}));
    grpc::ClientContext context;
    v1::ListQueuesResponse response;
    status_ = rpc::FromGrpcStatus(stub->ListQueues(&context, {}, &response));
    host_.Stop();
    return left;
  }

  static constexpr absl::Duration kNone = absl::ZeroDuration();
  testing::TestRuntime host_{"ticket"};
  absl::Status status_;
};

TEST_F(DeadlineTest, PeersAreCalledWithWhatTheCallerHasLeft) {
  const absl::Duration left = Left(absl::Seconds(3));
  EXPECT_OK(status_);
  EXPECT_LE(left, absl::Seconds(3));
  EXPECT_GT(left, absl::ZeroDuration());
}

TEST_F(DeadlineTest, CallThatSetsNoneHasTheMethodsTime) {
  const absl::Duration left = Left(kNone);
  EXPECT_OK(status_);
  EXPECT_LE(left, absl::Seconds(10));
  EXPECT_GT(left, absl::Seconds(3));
}

TEST_F(DeadlineTest, CallThatIsOverIsNotBegun) {
  EXPECT_EQ(Left(-absl::Seconds(1)), absl::ZeroDuration());
  EXPECT_THAT(status_, StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST(ScopedDeadlineTest, EarlierOneCountsAndTheOuterComesBack) {
  const absl::Time now = SteadyNow();
  EXPECT_EQ(CurrentDeadline(), absl::InfiniteFuture());
  {
    const ScopedDeadline outer(now + absl::Seconds(5));
    {
      const ScopedDeadline inner(now + absl::Seconds(9));
      EXPECT_EQ(CurrentDeadline(), now + absl::Seconds(5));
    }
    const ScopedDeadline inner(now + absl::Seconds(1));
    EXPECT_EQ(CurrentDeadline(), now + absl::Seconds(1));
  }
  EXPECT_EQ(CurrentDeadline(), absl::InfiniteFuture());
}

TEST(TokenFile, BadOnesAreRefused) {
  testing::FakeClock clock;
  for (const char* json : {"", "[]", R"({"tokens": [{}]})",
                           R"({"tokens": [{"sha256": "ab", "principal": "x",
                               "role": "admin", "courts": []}]})"}) {
    EXPECT_THAT(TokenAdmission::FromJson(json, clock),
                HasReason("BAD_TOKEN_FILE"))
        << json;
  }
}

TEST(TokenFile, OfficerWithoutAPersonIsRefused) {
  testing::FakeClock clock;
  const auto file = [](const std::string& staff) {
    return absl::StrCat(R"({"tokens": [{"sha256": ")", std::string(64, 'a'),
                        R"(", "principal": "yang", "role": "officer", )", staff,
                        R"("courts": ["110102"]}]})");
  };
  EXPECT_THAT(TokenAdmission::FromJson(file(""), clock),
              HasReason("BAD_TOKEN_FILE"));
  EXPECT_OK(TokenAdmission::FromJson(
                file(R"("staff": "courts/110102/staff/yang", )"), clock)
                .status());
}

TEST(ErrorDetails, ReasonFieldsAndRetryReachTheCaller) {
  FieldErrors errors;
  errors.Add("ticket.title", "is too long");
  const grpc::Status bad = rpc::ToGrpcStatus(errors.ToStatus(), "ticket");
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(bad.error_details()));
  bool field = false;
  bool info = false;
  for (const auto& any : details.details()) {
    google::rpc::BadRequest request;
    if (any.UnpackTo(&request)) {
      field = request.field_violations(0).field() == "ticket.title";
    }
    v1::ErrorInfo error_info;
    if (any.type_url() == "type.googleapis.com/google.rpc.ErrorInfo") {
      ASSERT_TRUE(error_info.ParseFromString(any.value()));
      info = error_info.domain() == "ticket.huifang";
    }
  }
  EXPECT_TRUE(field);
  EXPECT_TRUE(info);
  EXPECT_THAT(rpc::FromGrpcStatus(rpc::ToGrpcStatus(
                  BusyError("FULL", "later", absl::Seconds(1)), "x")),
              HasReason("FULL"));
}

TEST(ErrorDetails, UnknownNeverLeaves) {
  EXPECT_EQ(rpc::ToGrpcStatus(absl::UnknownError("?"), "x").error_code(),
            grpc::StatusCode::INTERNAL);
}

TEST(Guard, LibraryExceptionsBecomeInternal) {
  EXPECT_THAT(
      rpc::Guard([]() -> absl::Status { throw std::runtime_error("lib"); }),
      StatusIs(absl::StatusCode::kInternal));
}

TEST(ThreadPoolTest, FullBacklogIsRefusedAndTakenWorkIsDone) {
  absl::Mutex mutex;
  bool begun = false;
  bool open = false;
  int done = 0;
  {
    ThreadPool pool(1, 2);
    const auto work = [&] {
      absl::MutexLock lock(&mutex);
      begun = true;
      mutex.Await(absl::Condition(&open));
      ++done;
    };
    ASSERT_TRUE(pool.TrySubmit(work));
    {
      absl::MutexLock lock(&mutex);
      mutex.Await(absl::Condition(&begun));
    }
    EXPECT_TRUE(pool.TrySubmit(work));
    EXPECT_TRUE(pool.TrySubmit(work));
    EXPECT_FALSE(pool.TrySubmit(work));
    absl::MutexLock lock(&mutex);
    open = true;
  }
  EXPECT_EQ(done, 3);
}

}  // namespace
}  // namespace huifang
