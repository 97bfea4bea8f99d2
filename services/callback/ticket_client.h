#ifndef HUIFANG_SERVICES_CALLBACK_TICKET_CLIENT_H_
#define HUIFANG_SERVICES_CALLBACK_TICKET_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/ticket/v1/directory_service.grpc.pb.h"
#include "huifang/ticket/v1/ticket_service.grpc.pb.h"

namespace huifang::callback {

// What this service asks of the ticket service. Thread safe.
class TicketClient {
 public:
  virtual ~TicketClient() = default;

  // Calls `each` for every ticket closed in [from, to), with what a frame is
  // made from, until it returns an error.
  virtual absl::Status ExportClosed(
      const std::string& court, absl::Time from, absl::Time to,
      absl::FunctionRef<absl::Status(const ticket::v1::Ticket&)> each) = 0;
  virtual absl::StatusOr<ticket::v1::Ticket> GetTicket(
      const std::string& name) = 0;
  // The caller in full; the ticket service logs the reason.
  virtual absl::StatusOr<ticket::v1::Caller> RevealCaller(
      const std::string& ticket, const std::string& reason) = 0;
  virtual absl::Status AddConveyance(const std::string& ticket,
                                     const std::string& text,
                                     const std::string& conveyance,
                                     const std::string& request_id) = 0;
  virtual absl::Status ReopenTicket(const std::string& ticket,
                                    const std::string& reason,
                                    const std::string& conveyance,
                                    const std::string& request_id) = 0;
  virtual absl::StatusOr<ticket::v1::Directory> GetDirectory(
      const std::string& court) = 0;
  virtual absl::StatusOr<std::vector<ticket::v1::CalendarDay>> GetCalendar(
      const std::string& court, int year) = 0;
};

// Over gRPC.
class GrpcTicketClient final : public TicketClient {
 public:
  GrpcTicketClient(const std::shared_ptr<grpc::Channel>& channel,
                   std::string token);

  absl::Status ExportClosed(
      const std::string& court, absl::Time from, absl::Time to,
      absl::FunctionRef<absl::Status(const ticket::v1::Ticket&)> each) override;
  absl::StatusOr<ticket::v1::Ticket> GetTicket(
      const std::string& name) override;
  absl::StatusOr<ticket::v1::Caller> RevealCaller(
      const std::string& ticket, const std::string& reason) override;
  absl::Status AddConveyance(const std::string& ticket, const std::string& text,
                             const std::string& conveyance,
                             const std::string& request_id) override;
  absl::Status ReopenTicket(const std::string& ticket,
                            const std::string& reason,
                            const std::string& conveyance,
                            const std::string& request_id) override;
  absl::StatusOr<ticket::v1::Directory> GetDirectory(
      const std::string& court) override;
  absl::StatusOr<std::vector<ticket::v1::CalendarDay>> GetCalendar(
      const std::string& court, int year) override;

 private:
  const std::string token_;
  std::unique_ptr<ticket::v1::TicketService::Stub> tickets_;
  std::unique_ptr<ticket::v1::DirectoryService::Stub> directories_;
  std::unique_ptr<ticket::v1::DeadlineService::Stub> deadlines_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_TICKET_CLIENT_H_
