#ifndef HUIFANG_SERVICES_CALLBACK_CONVEY_WORKER_H_
#define HUIFANG_SERVICES_CALLBACK_CONVEY_WORKER_H_

#include <string>

#include "absl/status/status.h"
#include "services/callback/conveyance_store.h"
#include "services/callback/ticket_client.h"
#include "services/common/clock.h"
#include "services/common/lease_queue.h"
#include "services/common/sql.h"

namespace huifang::callback {

// Puts the caller's words on the ticket's timeline (转达), and takes the ticket
// up again where that was asked for. The task id is the conveyance's name, and
// the request ids are derived from it: a second try is the same request.
class ConveyWorker {
 public:
  ConveyWorker(sql::Database& db, ConveyanceStore& conveyances,
               TicketClient& tickets, Clock& clock)
      : db_(db), conveyances_(conveyances), tickets_(tickets), clock_(clock) {}

  absl::Status Work(const Lease& lease);

 private:
  absl::Status Finish(const v1::Conveyance& conveyance,
                      v1::Conveyance::State state, const std::string& failure);

  sql::Database& db_;
  ConveyanceStore& conveyances_;
  TicketClient& tickets_;
  Clock& clock_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_CONVEY_WORKER_H_
