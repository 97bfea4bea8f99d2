#ifndef HUIFANG_SERVICES_TICKET_IMPORT_REACTOR_H_
#define HUIFANG_SERVICES_TICKET_IMPORT_REACTOR_H_

#include <optional>

#include "huifang/ticket/v1/ticket_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/ticket/ticket_writer.h"

namespace huifang::ticket {

// One import stream: read a batch, write it durably, answer, read the next.
// While a batch is written, gRPC's flow control holds the following ones, so a
// fast sender costs no memory here. Deletes itself when done.
class ImportReactor final
    : public grpc::ServerBidiReactor<v1::ImportTicketsRequest,
                                     v1::ImportTicketsResponse> {
 public:
  ImportReactor(rpc::Runtime& runtime, grpc::CallbackServerContext* context,
                TicketWriter& writer);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone() override { delete this; }

 private:
  void Work();
  absl::Status WriteBatch();
  void End(const absl::Status& status);

  rpc::Runtime& runtime_;
  grpc::CallbackServerContext* context_;
  TicketWriter& writer_;
  const absl::Time start_;
  std::optional<rpc::Call> call_;  // of the last batch
  v1::ImportTicketsRequest request_;
  v1::ImportTicketsResponse response_;
};

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_IMPORT_REACTOR_H_
