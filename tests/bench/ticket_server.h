// The ticket service in this process, on a real port, with an echo beside it.
#ifndef HUIFANG_TESTS_BENCH_TICKET_SERVER_H_
#define HUIFANG_TESTS_BENCH_TICKET_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "echo_service.grpc.pb.h"
#include "huifang/ticket/v1/ticket_service.grpc.pb.h"
#include "services/common/admission.h"
#include "services/common/clock.h"
#include "services/common/crypto.h"
#include "services/common/event_log.h"
#include "services/common/executor.h"
#include "services/common/metrics.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"
#include "services/common/wake_hub.h"
#include "services/ticket/case_store.h"
#include "services/ticket/directory_handler.h"
#include "services/ticket/directory_store.h"
#include "services/ticket/ticket_handler.h"
#include "services/ticket/ticket_store.h"
#include "services/ticket/ticket_writer.h"

namespace huifang::bench {

class EchoHandler final : public v1::EchoService::CallbackService {
 public:
  explicit EchoHandler(rpc::Runtime& runtime) : runtime_(runtime) {}
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context,
                                 const v1::EchoMessage* request,
                                 v1::EchoMessage* response) override;

 private:
  rpc::Runtime& runtime_;
};

class TicketServer {
 public:
  // `database` is a URL; the schema is created. Ends the process on an error:
  // a benchmark has nothing to recover to.
  explicit TicketServer(const std::string& database);
  ~TicketServer();

  const std::string& address() const { return address_; }
  std::shared_ptr<grpc::Channel> Channel() const;
  ticket::TicketWriter& writer() { return *writer_; }
  sql::Database& db() { return *db_; }

 private:
  SystemClock clock_;
  Metrics metrics_;
  WakeHub hub_;
  ThreadPool executor_{128, 10000};
  ThreadPool reply_executor_{2, 1000};
  std::unique_ptr<TokenAdmission> admission_;
  std::unique_ptr<sql::Database> db_;
  std::unique_ptr<EventLog> events_;
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<rpc::Runtime> runtime_;
  std::unique_ptr<ticket::DirectoryStore> directory_;
  std::unique_ptr<ticket::TicketStore> store_;
  std::unique_ptr<ticket::CaseStore> cases_;
  std::unique_ptr<ticket::TicketWriter> writer_;
  std::unique_ptr<ticket::TicketHandler> handler_;
  std::unique_ptr<ticket::DirectoryHandler> directories_;
  std::unique_ptr<EchoHandler> echo_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

// The bearer token that the server admits.
inline constexpr char kToken[] = "bench";

// Tickets with the texts of gov_replies.csv under $HUIFANG_DATA_DIR or
// ../shared/data; where that is absent, one made-up text, and it says so.
std::vector<ticket::v1::ImportRow> RealRows();

}  // namespace huifang::bench

#endif  // HUIFANG_TESTS_BENCH_TICKET_SERVER_H_
