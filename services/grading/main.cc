#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "huifang/callback/v1/callback_service_config.h"
#include "huifang/ticket/v1/ticket_service.grpc.pb.h"
#include "huifang/ticket/v1/ticket_service_config.h"
#include "services/common/client.h"
#include "services/common/event_consumer.h"
#include "services/common/host.h"
#include "services/common/queue_handler.h"
#include "services/common/redis_lease_queue.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/common/worker.h"
#include "services/grading/appeal_handler.h"
#include "services/grading/config.h"
#include "services/grading/grade_handler.h"
#include "services/grading/inspect_queue.h"
#include "services/grading/inspect_worker.h"
#include "services/grading/inspection_handler.h"
#include "services/grading/review_handler.h"
#include "services/grading/rubric_handler.h"
#include "services/grading/schema.h"

namespace huifang::grading {
namespace {

using TicketConsumer = EventConsumer<ticket::v1::WatchTicketsRequest,
                                     ticket::v1::WatchTicketsResponse>;
using CallbackConsumer = EventConsumer<callback::v1::WatchCallbacksRequest,
                                       callback::v1::WatchCallbacksResponse>;

// Ids of the tickets that events speak of.
void Add(const std::string& ticket, std::vector<std::string>& ids) {
  const absl::StatusOr<ResourceName> name =
      ParseResourceName(ticket, "tickets");
  if (name.ok()) ids.push_back(name->id);
}

std::unique_ptr<TicketConsumer> FollowTickets(const Config& config,
                                              const std::string& token,
                                              Host& host, InspectQueue& queue) {
  const std::shared_ptr<ticket::v1::TicketService::Stub> stub =
      ticket::v1::TicketService::NewStub(
          MakeChannel(config.ticket_address, ticket::v1::kServiceConfig[0].text,
                      &host.metrics()));
  return std::make_unique<TicketConsumer>(
      TicketConsumer::Options{.stream = "tickets", .token = token}, host.db(),
      host.clock(), host.metrics(),
      [stub](grpc::ClientContext* context, const auto& request) {
        return stub->WatchTickets(context, request);
      },
      [&host](sql::Session& session, const ticket::v1::TicketEvent& event) {
        return InspectionStore::ApplyTicket(session, event, host.clock().Now());
      },
      [&queue](const std::vector<ticket::v1::TicketEvent>& events) {
        std::vector<std::string> ids;
        for (const ticket::v1::TicketEvent& event : events) {
          Add(event.ticket().name(), ids);
          if (&event == &events.back() ||
              (&event + 1)->court() != event.court()) {
            queue.Enqueue(event.court(), ids);
            ids.clear();
          }
        }
      });
}

std::unique_ptr<CallbackConsumer> FollowCallbacks(const Config& config,
                                                  const std::string& token,
                                                  Host& host,
                                                  InspectQueue& queue) {
  const std::shared_ptr<callback::v1::CallService::Stub> stub =
      callback::v1::CallService::NewStub(
          MakeChannel(config.callback_address,
                      callback::v1::kServiceConfig[0].text, &host.metrics()));
  return std::make_unique<CallbackConsumer>(
      CallbackConsumer::Options{.stream = "callbacks", .token = token},
      host.db(), host.clock(), host.metrics(),
      [stub](grpc::ClientContext* context, const auto& request) {
        return stub->WatchCallbacks(context, request);
      },
      [](sql::Session& session, const callback::v1::CallbackEvent& event) {
        return InspectionStore::ApplyCallback(session, event);
      },
      [&queue](const std::vector<callback::v1::CallbackEvent>& events) {
        for (const callback::v1::CallbackEvent& event : events) {
          std::vector<std::string> ids;
          Add(event.callback().ticket(), ids);
          if (!ids.empty()) queue.Enqueue(event.court(), ids);
        }
      });
}

ReviewPolicy PolicyOf(const Config& config) {
  return {
      .random_percent =
          static_cast<double>(config.random_share_permille) / 10.0,
      .blind_percent = static_cast<double>(config.blind_share_permille) / 10.0,
      .appeal_window = absl::Hours(24 * config.appeal_days)};
}

absl::Status Run(const Config& config) {
  RETURN_IF_ERROR(config.Check());
  ASSIGN_OR_RETURN(const std::string token,
                   ReadTokenFile(config.peer_token_file));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<Host> host,
      Host::Create("grading", config.service,
                   {std::begin(kMigrations), std::end(kMigrations)}));
  InspectionStore inspections(host->db());
  ModelStore models(host->db());
  ReviewDesk desk(host->db(), host->clock(), host->sealer(), PolicyOf(config));

  RedisLeaseQueue queue(host->redis(),
                        {.name = "inspect", .prefix = host->redis_prefix()});
  RedisLeaseQueue learn_queue(
      host->redis(), {.name = "learn", .prefix = host->redis_prefix()});
  InspectQueue inspect_queue(queue, inspections);
  InspectWorker inspect_worker(host->db(), host->clock(), host->metrics(),
                               inspections, models, desk, inspect_queue,
                               learn_queue);
  Worker worker(queue, host->metrics(),
                {.threads = static_cast<int>(config.service.worker_threads),
                 .batch = static_cast<int>(config.inspect_batch)},
                [&](const std::vector<Lease>& leases) {
                  return inspect_worker.Work(leases);
                });
  Worker learner(learn_queue, host->metrics(), {.background = true},
                 [&](const std::vector<Lease>& leases) {
                   return inspect_worker.Learn(leases);
                 });
  Reconciler reconciler({&queue, &learn_queue}, host->metrics(),
                        [&] { return inspect_queue.EnqueueMissing(); });
  const auto tickets = FollowTickets(config, token, *host, inspect_queue);
  const auto callbacks = FollowCallbacks(config, token, *host, inspect_queue);

  InspectionHandler inspection_handler(host->runtime(), host->db(), inspections,
                                       models, inspect_worker, inspect_queue);
  ReviewHandler review_handler(host->runtime(), host->db(), desk);
  RubricHandler rubric_handler(host->runtime(), host->db());
  AppealHandler appeal_handler(host->runtime(), host->db(), desk);
  GradeHandler grade_handler(host->runtime(), host->db(), host->events());
  QueueHandler queue_handler(host->runtime(), {&queue, &learn_queue});
  return host->Serve({&inspection_handler, &review_handler, &rubric_handler,
                      &appeal_handler, &grade_handler, &queue_handler},
                     [&] {
                       tickets->Stop();
                       callbacks->Stop();
                       reconciler.Stop();
                       worker.Stop();
                       learner.Stop();
                     });
}

}  // namespace
}  // namespace huifang::grading

int main(int argc, char** argv) {
  huifang::BlockSignals();
  huifang::grading::Config config;
  huifang::FlagSet flags(
      "grading", "inspects closed tickets and keeps their grades (质检评级).");
  config.Declare(flags);
  return huifang::RunMain("grading", flags, argc, argv,
                          [&] { return huifang::grading::Run(config); });
}
