#include "services/common/queue_handler.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "services/common/error.h"
#include "services/common/page_token.h"
#include "services/common/status_macros.h"

namespace huifang {
namespace {

namespace v1 = ::huifang::common::v1;

constexpr rpc::Method kListQueues{"ListQueues", "", "admin service"};
// Tasks are of any court, so only those may look who are of all.
constexpr absl::Duration kAtMost = absl::Seconds(10);
constexpr rpc::Method kListDead{"ListDeadTasks", "", "admin", kAtMost, true};
constexpr rpc::Method kRedrive{"RedriveDeadTasks", "", "admin", kAtMost, true};
constexpr rpc::Method kDrop{"DropDeadTasks", "", "admin", kAtMost, true};
constexpr int kMaxIds = 1000;

template <typename Request>
absl::StatusOr<std::vector<std::string>> TaskIds(const Request& request,
                                                 bool required) {
  FieldErrors errors;
  if (request.task_ids_size() > kMaxIds) {
    errors.Add("task_ids", "at most 1000");
  }
  if (required && request.task_ids_size() == 0) {
    errors.Add("task_ids", "name at least one");
  }
  RETURN_IF_ERROR(errors.ToStatus());
  return std::vector<std::string>(request.task_ids().begin(),
                                  request.task_ids().end());
}

}  // namespace

absl::StatusOr<LeaseQueue*> QueueHandler::Find(const std::string& name) const {
  std::string known;
  for (LeaseQueue* queue : queues_) {
    if (queue->name() == name) return queue;
    absl::StrAppend(&known, known.empty() ? "" : ", ", queue->name());
  }
  return MakeError(
      absl::StatusCode::kNotFound, "NO_QUEUE",
      absl::StrCat("no queue of that name here; there are: ", known));
}

grpc::ServerUnaryReactor* QueueHandler::ListQueues(
    grpc::CallbackServerContext* context, const v1::ListQueuesRequest* request,
    v1::ListQueuesResponse* response) {
  return rpc::RunUnary(runtime_, context, kListQueues, request, response,
                       [this](const rpc::Call&, const v1::ListQueuesRequest&)
                           -> absl::StatusOr<v1::ListQueuesResponse> {
                         v1::ListQueuesResponse result;
                         for (LeaseQueue* queue : queues_) {
                           ASSIGN_OR_RETURN(const QueueStats stats,
                                            queue->Stats());
                           auto* out = result.add_queues();
                           out->set_name(queue->name());
                           out->set_task_count(stats.tasks);
                           out->set_due_count(stats.due);
                           out->set_leased_count(stats.leased);
                           out->set_dead_count(stats.dead);
                           out->set_oldest_due_age_ms(
                               absl::ToInt64Milliseconds(stats.oldest_due_age));
                         }
                         return result;
                       });
}

grpc::ServerUnaryReactor* QueueHandler::ListDeadTasks(
    grpc::CallbackServerContext* context,
    const v1::ListDeadTasksRequest* request,
    v1::ListDeadTasksResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kListDead, request, response,
      [this](const rpc::Call&, const v1::ListDeadTasksRequest& asked)
          -> absl::StatusOr<v1::ListDeadTasksResponse> {
        ASSIGN_OR_RETURN(const int size, PageSize(asked.page_size(), 50, 1000));
        ASSIGN_OR_RETURN(LeaseQueue * queue, Find(asked.queue()));
        ASSIGN_OR_RETURN(const std::vector<DeadTask> dead,
                         queue->ListDead(size));
        v1::ListDeadTasksResponse result;
        for (const DeadTask& task : dead) {
          auto* out = result.add_tasks();
          out->set_queue(queue->name());
          out->set_task_id(task.task_id);
          out->set_body(task.body);
          out->set_attempts(task.attempts);
          out->set_reason(task.reason);
          *out->mutable_bury_time() =
              google::protobuf::util::TimeUtil::MillisecondsToTimestamp(
                  absl::ToUnixMillis(task.bury_time));
        }
        return result;
      });
}

grpc::ServerUnaryReactor* QueueHandler::RedriveDeadTasks(
    grpc::CallbackServerContext* context,
    const v1::RedriveDeadTasksRequest* request,
    v1::RedriveDeadTasksResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kRedrive, request, response,
      [this](const rpc::Call&, const v1::RedriveDeadTasksRequest& asked)
          -> absl::StatusOr<v1::RedriveDeadTasksResponse> {
        ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                         TaskIds(asked, /*required=*/false));
        ASSIGN_OR_RETURN(LeaseQueue * queue, Find(asked.queue()));
        ASSIGN_OR_RETURN(const std::int64_t count, queue->Redrive(ids));
        v1::RedriveDeadTasksResponse result;
        result.set_redriven_count(count);
        return result;
      });
}

grpc::ServerUnaryReactor* QueueHandler::DropDeadTasks(
    grpc::CallbackServerContext* context,
    const v1::DropDeadTasksRequest* request,
    v1::DropDeadTasksResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kDrop, request, response,
      [this](const rpc::Call&, const v1::DropDeadTasksRequest& asked)
          -> absl::StatusOr<v1::DropDeadTasksResponse> {
        ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                         TaskIds(asked, /*required=*/true));
        ASSIGN_OR_RETURN(LeaseQueue * queue, Find(asked.queue()));
        ASSIGN_OR_RETURN(const std::int64_t count, queue->DropDead(ids));
        v1::DropDeadTasksResponse result;
        result.set_dropped_count(count);
        return result;
      });
}

}  // namespace huifang
