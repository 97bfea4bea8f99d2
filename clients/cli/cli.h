#ifndef HUIFANG_CLIENTS_CLI_CLI_H_
#define HUIFANG_CLIENTS_CLI_CLI_H_

#include <grpcpp/grpcpp.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clients/cli/errors.h"
#include "clients/cli/names.h"
#include "clients/cli/output.h"
#include "clients/cli/progress.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "services/common/proto_time.h"

namespace huifang::cli {

enum class Service { kTicket, kCallback, kGrading, kReporting };

// What the root options of huifangctl hold after parsing.
struct GlobalOptions {
  std::map<Service, std::string> addresses;
  std::string token_file;
  double deadline_seconds = 30;
  bool verbose = false;
  Format format = Format::kTable;
};

// What a command needs of the frame: channels, calls, output. A command group
// is `void AddXCommands(CLI::App& root, Context& context)`:
//
//   auto* list = AddCommand(*tickets, "list", "Lists tickets.",
//       "huifangctl tickets list --court 110102 --state CLOSED --format csv");
//   auto court = AddCourtOption(*list);
//   context.OnRun(*list, [&context, court]() -> absl::Status {
//     auto stub =
//     v1::TicketService::NewStub(context.Channel(Service::kTicket));
//     v1::ListTicketsRequest request;
//     request.set_parent(CourtName(*court));
//     const absl::StatusOr<v1::ListTicketsResponse> page = context.Call(
//         *stub, &v1::TicketService::Stub::ListTickets, request);
//     if (!page.ok()) return page.status();
//     auto rows = context.Rows({"source_id", "state"});
//     …
//   });
//
// Options live in shared_ptrs, because callbacks run after AddXCommands is
// over.
class Context {
 public:
  GlobalOptions& options() { return options_; }
  const GlobalOptions& options() const { return options_; }

  // One channel for each service, made at first use; retries UNAVAILABLE, logs
  // each call to stderr with --verbose.
  std::shared_ptr<grpc::Channel> Channel(Service service);

  // Puts the bearer token on, and the deadline for unary calls. A command that
  // streams uses PrepareStream, whose deadline is a day off.
  absl::Status PrepareUnary(grpc::ClientContext& context);
  absl::Status PrepareStream(grpc::ClientContext& context);

  // Calls a unary method.
  template <typename Stub, typename Owner, typename Request, typename Response>
  absl::StatusOr<Response> Call(
      Stub& stub,
      grpc::Status (Owner::*method)(grpc::ClientContext*, const Request&,
                                    Response*),
      const Request& request) {
    grpc::ClientContext context;
    if (absl::Status status = PrepareUnary(context); !status.ok()) {
      return status;
    }
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return FromGrpc(status);
    return response;
  }

  // Rows on stdout in the wanted --format.
  std::unique_ptr<RowWriter> Rows(std::vector<std::string> columns) const;

  // One resource on stdout: JSON, or `field value` rows.
  void PrintMessage(const google::protobuf::Message& message) const;

  // Runs `work` after parsing, if `command` was chosen; its error ends the
  // program.
  void OnRun(CLI::App& command, std::function<absl::Status()> work);

  // Runs what was chosen.
  absl::Status RunChosen();

 private:
  absl::Status Prepare(grpc::ClientContext& context, absl::Duration timeout);

  GlobalOptions options_;
  std::map<Service, std::shared_ptr<grpc::Channel>> channels_;
  std::optional<std::string> token_;
  std::function<absl::Status()> chosen_;
};

// A subcommand with its examples, one a line, shown under --help.
CLI::App* AddCommand(CLI::App& parent, const std::string& name,
                     const std::string& description,
                     const std::string& examples);

// Adds the options of GlobalOptions to the root.
void AddGlobalOptions(CLI::App& root, GlobalOptions& options);

// A group of subcommands: asks for one of them.
CLI::App* AddGroup(CLI::App& parent, const std::string& name,
                   const std::string& description, const std::string& examples);

// An option about a person. "-" reads it from a line of the standard input:
// other users of the machine see what stands on a command line, and shells keep
// it.
void AddPersonalOption(CLI::App& command, const std::string& name,
                       std::string& value, const std::string& what);

// --court, six digits, or HUIFANG_COURT.
std::shared_ptr<std::string> AddCourtOption(CLI::App& command,
                                            bool required = true);

// Request id of a command: repeated by gRPC's retries, new in each run.
std::string NewRequestId();

// 2019-07-22 as the instant that day begins in Asia/Shanghai.
absl::StatusOr<absl::Time> ParseDayStart(absl::string_view day);

// 2019-07-22 09:30:00 in Asia/Shanghai; empty for an unset timestamp.
std::string FormatTime(const google::protobuf::Timestamp& time);

absl::StatusOr<std::string> ReadFile(const std::string& path);
absl::Status WriteFile(const std::string& path, absl::string_view content);

// "12,345".
std::string WithCommas(std::int64_t number);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_CLI_H_
