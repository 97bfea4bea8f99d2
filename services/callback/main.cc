#include <iterator>
#include <memory>
#include <vector>

#include "huifang/ticket/v1/ticket_service_config.h"
#include "services/callback/call_desk.h"
#include "services/callback/callback_handler.h"
#include "services/callback/callback_store.h"
#include "services/callback/config.h"
#include "services/callback/contact_store.h"
#include "services/callback/convey_worker.h"
#include "services/callback/conveyance_handler.h"
#include "services/callback/conveyance_store.h"
#include "services/callback/court_info.h"
#include "services/callback/draw_handler.h"
#include "services/callback/draw_maker.h"
#include "services/callback/draw_office.h"
#include "services/callback/draw_store.h"
#include "services/callback/draw_worker.h"
#include "services/callback/frame_planner.h"
#include "services/callback/judge_worker.h"
#include "services/callback/plan_handler.h"
#include "services/callback/plan_store.h"
#include "services/callback/reconcile.h"
#include "services/callback/schedule_worker.h"
#include "services/callback/schema.h"
#include "services/callback/ticket_client.h"
#include "services/common/client.h"
#include "services/common/host.h"
#include "services/common/queue_handler.h"
#include "services/common/redis_lease_queue.h"
#include "services/common/status_macros.h"
#include "services/common/worker.h"

namespace huifang::callback {
namespace {

// An officer's attempts are counted by the callback, not by the queue: a lease
// that runs out there must never bury the call.
constexpr int kNeverBury = 1000000;

template <typename Work>
WorkFn Each(Work& work) {
  return OneByOne([&work](const Lease& lease) { return work.Work(lease); });
}

absl::Status Run(const Config& config) {
  RETURN_IF_ERROR(config.Check());
  ASSIGN_OR_RETURN(const std::string token,
                   ReadTokenFile(config.peer_token_file));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<Host> host,
      Host::Create("callback", config.service,
                   {std::begin(kMigrations), std::end(kMigrations)}));
  const int threads = static_cast<int>(config.service.worker_threads);
  const std::string prefix = host->redis_prefix();

  GrpcTicketClient tickets(
      MakeChannel(config.ticket_address, ticket::v1::kServiceConfig[0].text,
                  &host->metrics()),
      token);
  CourtInfo courts(tickets, host->clock());
  PlanStore plans(host->db());
  DrawStore draws(host->db());
  CallbackStore callbacks(host->db());
  ConveyanceStore conveyances(host->db());
  ContactStore contacts(host->db());

  RedisLeaseQueue draw_queue(host->redis(), {.name = "draw", .prefix = prefix});
  RedisLeaseQueue call_queue(
      host->redis(),
      {.name = "call", .prefix = prefix, .max_attempts = kNeverBury});
  RedisLeaseQueue convey_queue(
      host->redis(), {.name = "convey", .prefix = prefix, .max_attempts = 20});
  RedisLeaseQueue judge_queue(
      host->redis(), {.name = "judge", .prefix = prefix, .max_attempts = 20});
  RedisLeaseQueue schedule_queue(host->redis(),
                                 {.name = "schedule", .prefix = prefix});

  FramePlanner planner(callbacks, contacts, tickets, courts, host->clock());
  DrawMaker maker(host->db(), draws, tickets, planner, host->clock());
  CallDesk desk({host->db(), draws, callbacks, plans, tickets, courts,
                 call_queue, convey_queue, host->clock(), config.call_lease,
                 static_cast<int>(config.snippet_stale_days)});
  DrawOffice office(
      {host->db(), draws, plans, maker, desk, draw_queue, host->clock()});
  DrawWorker draw_worker(maker, callbacks, desk);
  ConveyWorker convey_worker(host->db(), conveyances, tickets, host->clock());
  JudgeWorker judge_worker(host->db(), draws, host->clock());
  ScheduleWorker schedule_worker(plans, office, schedule_queue, courts,
                                 host->clock());

  Worker drawing(draw_queue, host->metrics(), {.threads = threads},
                 Each(draw_worker));
  Worker conveying(convey_queue, host->metrics(), {.threads = threads},
                   Each(convey_worker));
  Worker judging(judge_queue, host->metrics(), {.threads = 1},
                 Each(judge_worker));
  Worker scheduling(schedule_queue, host->metrics(), {.threads = 1},
                    Each(schedule_worker));
  Reconciliation reconciliation{
      host->db(),      callbacks,  conveyances,  desk,        office,
      schedule_worker, call_queue, convey_queue, judge_queue, host->clock()};
  Reconciler reconciler(
      {&draw_queue, &call_queue, &convey_queue, &judge_queue, &schedule_queue},
      host->metrics(), [&] { return reconciliation.Run(); });

  PlanHandler plan_handler(host->runtime(), host->db(), plans, planner,
                           judge_queue,
                           static_cast<int>(config.snippet_stale_days));
  DrawHandler draw_handler(host->runtime(), draws, maker, office);
  CallbackHandler callback_handler(host->runtime(), host->db(), callbacks,
                                   plans, contacts, tickets, desk,
                                   host->events());
  ConveyanceHandler conveyance_handler(host->runtime(), host->db(),
                                       conveyances);
  QueueHandler queue_handler(
      host->runtime(),
      {&draw_queue, &call_queue, &convey_queue, &judge_queue, &schedule_queue});
  return host->Serve({&plan_handler, &draw_handler, &callback_handler,
                      &conveyance_handler, &queue_handler},
                     [&] {
                       reconciler.Stop();
                       scheduling.Stop();
                       judge_worker.Stop();
                       judging.Stop();
                       conveying.Stop();
                       drawing.Stop();
                     });
}

}  // namespace
}  // namespace huifang::callback

int main(int argc, char** argv) {
  huifang::callback::Config config;
  huifang::FlagSet flags(
      "callback", "draws closed tickets and queues callback calls (回访).");
  config.Declare(flags);
  return huifang::RunMain("callback", flags, argc, argv,
                          [&] { return huifang::callback::Run(config); });
}
