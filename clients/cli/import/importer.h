#ifndef HUIFANG_CLIENTS_CLI_IMPORT_IMPORTER_H_
#define HUIFANG_CLIENTS_CLI_IMPORT_IMPORTER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/cli.h"
#include "clients/cli/import/csv_reader.h"
#include "clients/cli/import/mapping.h"
#include "huifang/ticket/v1/ticket_service.pb.h"

namespace huifang::cli {

// A row that was not taken.
struct Reject {
  std::int64_t line = 0;
  std::string column;
  // Field of the import row, when the server refused it.
  std::string field;
  std::string reason;
  std::string message;
};

struct ImportTotals {
  std::int64_t rows = 0;
  std::int64_t created = 0;
  std::int64_t updated = 0;
  std::int64_t unchanged = 0;
  std::int64_t rejected = 0;
};

// Where an import goes, so that it can be tried without a server.
class ImportSink {
 public:
  virtual ~ImportSink() = default;
  // Takes a batch; may wait until an earlier one was answered.
  virtual absl::Status Send(ticket::v1::ImportTicketsRequest batch) = 0;
  // Says that there are no more and waits for all answers.
  virtual absl::Status Finish() = 0;
};

// Called for each answer, possibly on another thread.
using AnswerFn =
    std::function<void(const ticket::v1::ImportTicketsResponse& answer)>;

// Streams batches to the ticket service without waiting for each: at most 16
// are on their way.
absl::StatusOr<std::unique_ptr<ImportSink>> OpenImport(Context& context,
                                                       AnswerFn answer);

// Reads every row of `reader`, maps it and sends it in batches. `reject` gets
// each row that was not taken, `progress` is called after each batch; both on
// one thread at a time. Sound rows land even when others do not.
absl::StatusOr<ImportTotals> ImportRows(
    CsvReader& reader, const Mapping& mapping, const std::string& court,
    std::function<absl::StatusOr<std::unique_ptr<ImportSink>>(AnswerFn)> open,
    std::function<void(const Reject&)> reject,
    std::function<void(const ImportTotals&)> progress);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_IMPORT_IMPORTER_H_
