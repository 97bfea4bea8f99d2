#ifndef HUIFANG_SERVICES_TICKET_IMPORT_REACTOR_H_
#define HUIFANG_SERVICES_TICKET_IMPORT_REACTOR_H_

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "huifang/ticket/v1/ticket_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/ticket/ticket_writer.h"

namespace huifang::ticket {

// One import stream, as a pipeline of two: while batches are written durably
// and answered, the next ones are read, checked and sealed, `kAhead` at most;
// one commit takes all that are ready. gRPC's flow control holds the others, so
// a fast sender costs no memory here. Batches are written and answered in their
// order. Deletes itself when done.
class ImportReactor final
    : public grpc::ServerBidiReactor<v1::ImportTicketsRequest,
                                     v1::ImportTicketsResponse> {
 public:
  ImportReactor(rpc::Runtime& runtime, grpc::CallbackServerContext* context,
                TicketWriter& writer);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone() override;

 private:
  enum class Reader { kIdle, kReading, kPreparing };
  // What has come to its end.
  struct Ended {
    bool reader = false;
    bool writer = false;
    bool input = false;  // the sender is done
    absl::Status status = absl::OkStatus();
    std::optional<ImportBatch> prepared = std::nullopt;
  };

  // The two stages, each one job at a time.
  void Prepare();
  void Write();
  // Sends the first of the answers.
  void Acknowledge();
  absl::StatusOr<ImportBatch> PrepareBatch();
  void Submit(void (ImportReactor::*stage)(), Ended if_refused);
  // Takes note, starts what can be started, and finishes the call when nothing
  // is left to do. May delete the object.
  void Advance(Ended ended) ABSL_LOCKS_EXCLUDED(mutex_);

  rpc::Runtime& runtime_;
  grpc::CallbackServerContext* context_;
  TicketWriter& writer_;
  const absl::Time start_;
  v1::ImportTicketsRequest request_;
  std::optional<rpc::Call> call_;  // of the last batch admitted
  // Who holds a stream's place; nothing before the first batch is admitted.
  std::optional<std::string> counted_;
  std::vector<ImportBatch> writing_;               // what Write works on
  std::deque<v1::ImportTicketsResponse> answers_;  // to what it has written

  absl::Mutex mutex_;
  std::vector<ImportBatch> prepared_ ABSL_GUARDED_BY(mutex_);
  Reader reader_ ABSL_GUARDED_BY(mutex_) = Reader::kReading;
  bool writer_busy_ ABSL_GUARDED_BY(mutex_) = false;  // writing or answering
  bool no_more_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);  // the first failure
};

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_IMPORT_REACTOR_H_
