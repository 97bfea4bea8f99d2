#ifndef HUIFANG_SERVICES_COMMON_QUEUE_HANDLER_H_
#define HUIFANG_SERVICES_COMMON_QUEUE_HANDLER_H_

#include <vector>

#include "huifang/common/v1/queue_service.grpc.pb.h"
#include "services/common/lease_queue.h"
#include "services/common/rpc.h"

namespace huifang {

// Shows and repairs a service's queues.
class QueueHandler final : public common::v1::QueueService::CallbackService {
 public:
  QueueHandler(rpc::Runtime& runtime, std::vector<LeaseQueue*> queues)
      : runtime_(runtime), queues_(std::move(queues)) {}

  grpc::ServerUnaryReactor* ListQueues(
      grpc::CallbackServerContext* context,
      const common::v1::ListQueuesRequest* request,
      common::v1::ListQueuesResponse* response) override;
  grpc::ServerUnaryReactor* ListDeadTasks(
      grpc::CallbackServerContext* context,
      const common::v1::ListDeadTasksRequest* request,
      common::v1::ListDeadTasksResponse* response) override;
  grpc::ServerUnaryReactor* RedriveDeadTasks(
      grpc::CallbackServerContext* context,
      const common::v1::RedriveDeadTasksRequest* request,
      common::v1::RedriveDeadTasksResponse* response) override;
  grpc::ServerUnaryReactor* DropDeadTasks(
      grpc::CallbackServerContext* context,
      const common::v1::DropDeadTasksRequest* request,
      common::v1::DropDeadTasksResponse* response) override;

 private:
  absl::StatusOr<LeaseQueue*> Find(const std::string& name) const;

  rpc::Runtime& runtime_;
  const std::vector<LeaseQueue*> queues_;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_QUEUE_HANDLER_H_
