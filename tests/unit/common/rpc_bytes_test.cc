// Methods that take their request as bytes: RunUnaryOfBytes.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "huifang/common/v1/queue_service.grpc.pb.h"
#include "services/common/load_shedder.h"
#include "services/common/rpc.h"
#include "tests/support/matchers.h"
#include "tests/support/test_runtime.h"

namespace huifang {
namespace {

namespace v1 = ::huifang::common::v1;
using ::huifang::testing::HasReason;

constexpr rpc::Method kMethod{"ListDeadTasks", "queue", "admin"};

// Answers with what it was asked for.
class Handler final
    : public v1::QueueService::WithRawCallbackMethod_ListDeadTasks<
          v1::QueueService::CallbackService> {
 public:
  explicit Handler(rpc::Runtime& runtime) : runtime_(runtime) {}

  grpc::ServerUnaryReactor* ListDeadTasks(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override {
    return rpc::RunUnaryOfBytes<v1::ListDeadTasksRequest,
                                v1::ListDeadTasksResponse>(
        runtime_, context, kMethod, request, response,
        [](const rpc::Call&, const v1::ListDeadTasksRequest& asked,
           rpc::Reply<v1::ListDeadTasksResponse>& reply) {
          v1::ListDeadTasksResponse made;
          made.add_tasks()->set_queue(asked.queue());
          reply(made);
        });
  }

 private:
  rpc::Runtime& runtime_;
};

class BytesTest : public ::testing::Test {
 protected:
  void SetUp() override { channel_ = host_.Start({&handler_}); }

  absl::Status CallWith(const std::string& bytes) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::Status status;
    absl::Notification done;
    stub.UnaryCall(&context, "/huifang.common.v1.QueueService/ListDeadTasks",
                   {}, &request, &response, [&](grpc::Status told) {
                     status = std::move(told);
                     done.Notify();
                   });
    done.WaitForNotification();
    return rpc::FromGrpcStatus(status);
  }
  // Of a thousand pieces of work that came at once half are done, ten
  // milliseconds each.
  void Overload() {
    host_.runtime().shedder = &shedder_;
    std::vector<LoadShedder::Wait> waits;
    for (int i = 0; i < 1000; ++i) waits.push_back(shedder_.Enter(0));
    for (int i = 0; i < 500; ++i) {
      host_.clock().Advance(absl::Milliseconds(10));
      shedder_.Start(waits[static_cast<std::size_t>(i)]);
    }
  }

  testing::TestRuntime host_{"ticket"};
  LoadShedder shedder_{host_.clock(), {}};
  Handler handler_{host_.runtime()};
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(BytesTest, RequestAndAnswerAreMessages) {
  const auto stub = v1::QueueService::NewStub(channel_);
  grpc::ClientContext context;
  v1::ListDeadTasksRequest request;
  request.set_queue("courts/110102/queues/q");
  v1::ListDeadTasksResponse response;
  ASSERT_OK(
      rpc::FromGrpcStatus(stub->ListDeadTasks(&context, request, &response)));
  ASSERT_EQ(response.tasks_size(), 1);
  EXPECT_EQ(response.tasks(0).queue(), request.queue());
}

TEST_F(BytesTest, CourtIsReadFromTheBytes) {
  EXPECT_THAT(CallWith(""),
              testing::StatusIs(absl::StatusCode::kInvalidArgument));
  host_.admission().SetCaller(host_.CallAs("admin", "110105"));
  v1::ListDeadTasksRequest request;
  request.set_queue("courts/110102/queues/q");
  EXPECT_THAT(CallWith(request.SerializeAsString()), HasReason("COURT"));
}

TEST_F(BytesTest, BytesThatAreNoMessageAreRefused) {
  const std::string garbage = "\x0a\xff no message";
  EXPECT_THAT(CallWith(garbage), HasReason("NOT_A_MESSAGE"));
  host_.admission().SetCaller(host_.CallAs("agent", ""));
  EXPECT_THAT(CallWith(garbage), HasReason("ROLE"));
}

TEST_F(BytesTest, CallThatIsTurnedAwayIsNotParsed) {
  Overload();
  EXPECT_THAT(CallWith("\x0a\xff no message"), HasReason("OVERLOADED"));
}

}  // namespace
}  // namespace huifang
