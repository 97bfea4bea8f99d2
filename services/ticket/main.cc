#include <iterator>

#include "services/common/host.h"
#include "services/common/queue_handler.h"
#include "services/common/redis_lease_queue.h"
#include "services/common/status_macros.h"
#include "services/common/worker.h"
#include "services/ticket/case_handler.h"
#include "services/ticket/case_store.h"
#include "services/ticket/config.h"
#include "services/ticket/deadline_handler.h"
#include "services/ticket/directory_handler.h"
#include "services/ticket/directory_store.h"
#include "services/ticket/ring_worker.h"
#include "services/ticket/schema.h"
#include "services/ticket/ticket_handler.h"
#include "services/ticket/ticket_store.h"
#include "services/ticket/ticket_writer.h"

namespace huifang::ticket {
namespace {

absl::Status Run(const Config& config) {
  ASSIGN_OR_RETURN(
      const std::unique_ptr<Host> host,
      Host::Create("ticket", config.service,
                   {std::begin(kMigrations), std::end(kMigrations)}));
  DirectoryStore directory(host->db(), host->clock());
  TicketStore tickets(host->db());
  CaseStore cases(host->db(), host->sealer());
  TicketWriter writer(host->db(), directory, host->sealer(), host->clock());

  RedisLeaseQueue rings(host->redis(),
                        {.name = "deadline", .prefix = host->redis_prefix()});
  RingWorker ring_worker(rings, tickets, writer, host->clock(), host->metrics(),
                         static_cast<int>(config.service.worker_threads));
  Reconciler reconciler({&rings}, host->metrics(),
                        [&] { return ring_worker.EnqueueSoon(); });

  TicketHandler ticket_handler(host->runtime(), host->db(), tickets, writer,
                               cases, host->events(), host->sealer());
  DirectoryHandler directory_handler(host->runtime(), host->db(), directory);
  DeadlineHandler deadline_handler(host->runtime(), host->db(), directory,
                                   tickets, writer);
  CaseHandler case_handler(host->runtime(), host->db(), cases);
  QueueHandler queue_handler(host->runtime(), {&rings});
  return host->Serve({&ticket_handler, &directory_handler, &deadline_handler,
                      &case_handler, &queue_handler},
                     [&] {
                       reconciler.Stop();
                       ring_worker.Stop();
                     });
}

}  // namespace
}  // namespace huifang::ticket

int main(int argc, char** argv) {
  huifang::ticket::Config config;
  huifang::FlagSet flags("ticket", "keeps the hotline's tickets (工单).");
  config.Declare(flags);
  return huifang::RunMain("ticket", flags, argc, argv,
                          [&] { return huifang::ticket::Run(config); });
}
