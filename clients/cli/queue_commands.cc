#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "huifang/common/v1/queue_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = common::v1;
using Stub = v1::QueueService::Stub;

// Bytes of a task's body that a list shows.
constexpr std::size_t kBodyShown = 60;

struct Options {
  std::optional<Service> service;
  std::string queue;
  std::vector<std::string> tasks;
  bool all = false;
  int limit = 50;
};

const std::map<std::string, Service>& ServiceNames() {
  static const auto* const kNames =
      new std::map<std::string, Service>{{"ticket", Service::kTicket},
                                         {"callback", Service::kCallback},
                                         {"grading", Service::kGrading},
                                         {"reporting", Service::kReporting}};
  return *kNames;
}

std::unique_ptr<Stub> NewStub(Context& context, Service service) {
  return v1::QueueService::NewStub(context.Channel(service));
}

// A task's body is JSON or protobuf; what is no text shows as dots.
std::string Shown(const std::string& body) {
  std::string text = body.substr(0, kBodyShown);
  for (char& c : text) {
    if (c < 0x20 || c > 0x7E) c = '.';
  }
  return body.size() > kBodyShown ? text + "…" : text;
}

// All services, each by itself: one that is down does not hide the others.
absl::Status List(Context& context, const Options& options) {
  const auto rows = context.Rows({"service", "queue", "tasks", "due", "leased",
                                  "dead", "oldest_due_seconds"});
  absl::Status first_error;
  for (const auto& [name, service] : ServiceNames()) {
    if (options.service.has_value() && *options.service != service) continue;
    const absl::StatusOr<v1::ListQueuesResponse> response = context.Call(
        *NewStub(context, service), &Stub::ListQueues, v1::ListQueuesRequest());
    if (!response.ok()) {
      std::fprintf(stderr, "%s: %s\n", name.c_str(),
                   std::string(response.status().message()).c_str());
      first_error.Update(response.status());
      continue;
    }
    for (const v1::Queue& queue : response->queues()) {
      rows->Add({name, queue.name(), queue.task_count(), queue.due_count(),
                 queue.leased_count(), queue.dead_count(),
                 queue.oldest_due_age_ms() / 1000});
    }
  }
  rows->Finish();
  return first_error;
}

absl::Status Dead(Context& context, const Options& options) {
  v1::ListDeadTasksRequest request;
  request.set_queue(options.queue);
  request.set_page_size(options.limit);
  ASSIGN_OR_RETURN(const v1::ListDeadTasksResponse response,
                   context.Call(*NewStub(context, *options.service),
                                &Stub::ListDeadTasks, request));
  const auto rows =
      context.Rows({"task", "buried_at", "attempts", "reason", "body"});
  for (const v1::DeadTask& task : response.tasks()) {
    rows->Add({task.task_id(), FormatTime(task.bury_time()), task.attempts(),
               task.reason(), Shown(task.body())});
  }
  rows->Finish();
  return absl::OkStatus();
}

absl::Status Redrive(Context& context, const Options& options) {
  if (options.tasks.empty() != options.all) {
    return absl::InvalidArgumentError("name tasks, or give --all");
  }
  v1::RedriveDeadTasksRequest request;
  request.set_queue(options.queue);
  for (const std::string& task : options.tasks) request.add_task_ids(task);
  ASSIGN_OR_RETURN(const v1::RedriveDeadTasksResponse response,
                   context.Call(*NewStub(context, *options.service),
                                &Stub::RedriveDeadTasks, request));
  const auto rows = context.Rows({"redriven"});
  rows->Add({response.redriven_count()});
  rows->Finish();
  return absl::OkStatus();
}

absl::Status Drop(Context& context, const Options& options) {
  v1::DropDeadTasksRequest request;
  request.set_queue(options.queue);
  for (const std::string& task : options.tasks) request.add_task_ids(task);
  ASSIGN_OR_RETURN(const v1::DropDeadTasksResponse response,
                   context.Call(*NewStub(context, *options.service),
                                &Stub::DropDeadTasks, request));
  const auto rows = context.Rows({"dropped"});
  rows->Add({response.dropped_count()});
  rows->Finish();
  return absl::OkStatus();
}

CLI::Option* AddService(CLI::App& command, Options& options) {
  return command
      .add_option_function<std::string>(
          "--service",
          [&options](const std::string& name) {
            options.service = ServiceNames().at(name);
          },
          "ticket, callback, grading or reporting")
      ->check(CLI::IsMember(ServiceNames()));
}

// A command on one queue of one service.
CLI::App* AddQueueCommand(
    CLI::App& queues, Context& context, const std::string& name,
    const std::string& description, const std::string& example,
    const std::shared_ptr<Options>& options,
    absl::Status (*work)(Context& context, const Options& options)) {
  CLI::App* command = AddCommand(queues, name, description, example);
  AddService(*command, *options)->required();
  command->add_option("--queue", options->queue, "Name as `queues list` shows")
      ->required();
  context.OnRun(*command,
                [&context, options, work] { return work(context, *options); });
  return command;
}

}  // namespace

void AddQueueCommands(CLI::App& root, Context& context) {
  CLI::App* queues = AddGroup(
      root, "queues", "Work queues: depth, age, and tasks that were given up.",
      "huifangctl queues list\n"
      "huifangctl queues dead --service grading --queue inspect\n"
      "huifangctl queues redrive --service grading --queue inspect --all");
  CLI::App* list =
      AddCommand(*queues, "list", "Lists the queues of all services.",
                 "huifangctl queues list --service callback");
  auto listed = std::make_shared<Options>();
  AddService(*list, *listed);
  context.OnRun(*list, [&context, listed] { return List(context, *listed); });

  auto dead = std::make_shared<Options>();
  AddQueueCommand(*queues, context, "dead", "Lists tasks that were given up.",
                  "huifangctl queues dead --service grading --queue inspect",
                  dead, Dead)
      ->add_option("--limit", dead->limit, "At most this many")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();

  auto redriven = std::make_shared<Options>();
  CLI::App* redrive = AddQueueCommand(
      *queues, context, "redrive", "Tries tasks that were given up anew.",
      "huifangctl queues redrive --service grading --queue inspect --all",
      redriven, Redrive);
  redrive->add_option("TASK", redriven->tasks, "Tasks");
  redrive->add_flag("--all", redriven->all, "All dead tasks of the queue");

  auto dropped = std::make_shared<Options>();
  AddQueueCommand(*queues, context, "drop", "Removes dead tasks for good.",
                  "huifangctl queues drop --service grading --queue inspect T1",
                  dropped, Drop)
      ->add_option("TASK", dropped->tasks, "Tasks")
      ->required();
}

}  // namespace huifang::cli
