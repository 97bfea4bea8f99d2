#include "clients/cli/import/importer.h"

#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "clients/cli/import/row_mapper.h"
#include "huifang/ticket/v1/ticket_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = ticket::v1;

// One durable commit a batch: large enough that the disk is not what it waits
// for. The service takes 1000 rows and 3 MiB.
constexpr int kBatchRows = 500;
constexpr std::size_t kBatchBytes = 2 << 20;
// No ticket comes near this: its longest text has 20000 characters.
constexpr std::size_t kRowBytesMax = 1 << 20;
constexpr int kBatchesInFlight = 16;

class StreamSink final : public ImportSink {
 public:
  StreamSink(std::unique_ptr<v1::TicketService::Stub> stub, AnswerFn answer)
      : stub_(std::move(stub)), answer_(std::move(answer)) {}

  ~StreamSink() override {
    if (!reader_.joinable()) return;
    client_.TryCancel();
    reader_.join();
  }

  absl::Status Start(Context& context) {
    RETURN_IF_ERROR(context.PrepareStream(client_));
    stream_ = stub_->ImportTickets(&client_);
    reader_ = std::thread([this] { ReadAnswers(); });
    return absl::OkStatus();
  }

  absl::Status Send(v1::ImportTicketsRequest batch) override {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &StreamSink::MaySend));
      ++in_flight_;
    }
    if (!stream_->Write(batch)) return Finish();
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    if (!reader_.joinable()) return result_;
    stream_->WritesDone();
    reader_.join();
    result_ = FromGrpc(stream_->Finish());
    if (result_.ok() && in_flight_ > 0) {
      result_ = absl::InternalError(absl::StrCat(
          "the service ended the import with ", in_flight_,
          " batches unanswered; the same command may be repeated"));
    }
    return result_;
  }

 private:
  bool MaySend() const { return ended_ || in_flight_ < kBatchesInFlight; }

  void ReadAnswers() {
    v1::ImportTicketsResponse answer;
    while (stream_->Read(&answer)) {
      answer_(answer);
      absl::MutexLock lock(&mutex_);
      --in_flight_;
    }
    absl::MutexLock lock(&mutex_);
    ended_ = true;
  }

  const std::unique_ptr<v1::TicketService::Stub> stub_;
  const AnswerFn answer_;
  grpc::ClientContext client_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::ImportTicketsRequest,
                                           v1::ImportTicketsResponse>>
      stream_;
  std::thread reader_;
  absl::Status result_;
  absl::Mutex mutex_;
  int in_flight_ = 0;
  bool ended_ = false;
};

// Sums up answers and rows from the two threads that bring them.
class Tally {
 public:
  Tally(const Mapping& mapping, std::function<void(const Reject&)> reject)
      : mapping_(mapping), reject_(std::move(reject)) {}

  void Add(const v1::ImportTicketsResponse& answer) {
    absl::MutexLock lock(&mutex_);
    totals_.created += answer.created_count();
    totals_.updated += answer.updated_count();
    totals_.unchanged += answer.unchanged_count();
    totals_.rejected += answer.rejected_count();
    for (const v1::ImportRowResult& result : answer.results()) {
      reject_({result.line(), mapping_.ColumnOf(result.field()), result.field(),
               result.reason(), result.message()});
    }
  }

  void Refuse(std::int64_t line, const RowFault& fault) {
    absl::MutexLock lock(&mutex_);
    ++totals_.rejected;
    reject_({line, fault.column, "", fault.reason, fault.message});
  }

  void CountRow() {
    absl::MutexLock lock(&mutex_);
    ++totals_.rows;
  }

  ImportTotals totals() {
    absl::MutexLock lock(&mutex_);
    return totals_;
  }

 private:
  const Mapping& mapping_;
  const std::function<void(const Reject&)> reject_;
  absl::Mutex mutex_;
  ImportTotals totals_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ImportSink>> OpenImport(Context& context,
                                                       AnswerFn answer) {
  auto sink = std::make_unique<StreamSink>(
      v1::TicketService::NewStub(context.Channel(Service::kTicket)),
      std::move(answer));
  RETURN_IF_ERROR(sink->Start(context));
  return sink;
}

absl::StatusOr<ImportTotals> ImportRows(
    CsvReader& reader, const Mapping& mapping, const std::string& court,
    std::function<absl::StatusOr<std::unique_ptr<ImportSink>>(AnswerFn)> open,
    std::function<void(const Reject&)> reject,
    std::function<void(const ImportTotals&)> progress) {
  RETURN_IF_ERROR(CheckHeader(mapping, reader.header()));
  Tally tally(mapping, std::move(reject));
  ASSIGN_OR_RETURN(const std::unique_ptr<ImportSink> sink,
                   open([&tally](const auto& answer) { tally.Add(answer); }));
  const RowMapper mapper(mapping, reader.header());
  CsvRow row;
  v1::ImportRow mapped;
  v1::ImportTicketsRequest batch;
  std::size_t batch_bytes = 0;
  const auto flush = [&]() -> absl::Status {
    batch.set_parent(CourtName(court));
    RETURN_IF_ERROR(sink->Send(std::exchange(batch, {})));
    batch_bytes = 0;
    progress(tally.totals());
    return absl::OkStatus();
  };
  while (true) {
    ASSIGN_OR_RETURN(const bool found, reader.Next(row));
    if (!found) break;
    tally.CountRow();
    if (const std::optional<RowFault> fault = mapper.Map(row, mapped)) {
      tally.Refuse(row.line, *fault);
      continue;
    }
    const std::size_t bytes = mapped.ByteSizeLong();
    if (bytes > kRowBytesMax) {
      tally.Refuse(row.line, {"", "TOO_LONG", "the row is larger than 1 MiB"});
      continue;
    }
    if (batch.rows_size() >= kBatchRows ||
        (batch_bytes + bytes > kBatchBytes && batch.rows_size() > 0)) {
      RETURN_IF_ERROR(flush());
    }
    batch_bytes += bytes;
    *batch.add_rows() = std::move(mapped);
  }
  if (batch.rows_size() > 0) RETURN_IF_ERROR(flush());
  RETURN_IF_ERROR(sink->Finish());
  progress(tally.totals());
  return tally.totals();
}

}  // namespace huifang::cli
