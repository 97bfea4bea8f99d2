#ifndef HUIFANG_SERVICES_CALLBACK_CONVEY_WORKER_H_
#define HUIFANG_SERVICES_CALLBACK_CONVEY_WORKER_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/callback/conveyance_store.h"
#include "services/callback/ticket_client.h"
#include "services/common/clock.h"
#include "services/common/lease_queue.h"
#include "services/common/sql.h"

namespace huifang::callback {

// Puts the caller's words on the ticket's timeline (转达), takes the ticket up
// again where that was asked for, and reminds of words that nobody
// acknowledged. The task id is the conveyance's name, and the request ids are
// derived from it: a second try is the same request.
class ConveyWorker {
 public:
  ConveyWorker(sql::Database& db, ConveyanceStore& conveyances,
               TicketClient& tickets, Clock& clock)
      : db_(db), conveyances_(conveyances), tickets_(tickets), clock_(clock) {}

  absl::Status Work(const Lease& lease);

 private:
  absl::Status Deliver(const v1::Conveyance& conveyance);
  absl::Status Remind(const v1::Conveyance& conveyance);
  // Stores what `change` makes of a conveyance that did not change meanwhile.
  absl::Status Change(
      const v1::Conveyance& conveyance,
      absl::FunctionRef<void(v1::Conveyance&, absl::Time)> change);

  sql::Database& db_;
  ConveyanceStore& conveyances_;
  TicketClient& tickets_;
  Clock& clock_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_CONVEY_WORKER_H_
