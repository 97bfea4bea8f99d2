// Calls of a ticket service at a given rate or with a given number in flight.
#ifndef HUIFANG_TESTS_LOAD_TICKET_CALLER_H_
#define HUIFANG_TESTS_LOAD_TICKET_CALLER_H_

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "huifang/ticket/v1/ticket_service.grpc.pb.h"

namespace huifang::load {

struct LoadResult {
  double good_per_second = 0;
  double p50_ms = 0;  // of the calls that were served
  double p99_ms = 0;
  // Part of the above that is this program's own: from when a call was due to
  // when it was sent.
  double late_p99_ms = 0;
  std::int64_t served = 0;
  std::int64_t shed = 0;      // RESOURCE_EXHAUSTED with RetryInfo
  std::int64_t not_sent = 0;  // those of them that the caller kept to itself
  std::string first_shed;     // why: the reason of the first of those
  std::int64_t failed = 0;    // anything else
  std::string first_failure;
};

enum class Mix {
  kHalfReads,  // every other call is a GetTicket
  kWrites,     // every call is a CreateTicket
};

// What a caller does when it is refused.
enum class Manners {
  kInsistent,  // asks as often as before
  kThrottled,  // asks less, as the channels of client.h do
};

// Calls over a few connections.
class TicketCaller {
 public:
  // Ends the process if the service does not answer: there is nothing to
  // measure then.
  TicketCaller(const std::string& address, const std::string& token_file,
               Mix mix = Mix::kHalfReads,
               Manners manners = Manners::kInsistent);

  // Keeps `in_flight` calls going.
  LoadResult Closed(int in_flight, absl::Duration time);
  // Starts `rate` calls a second, whether or not those before are over; time
  // counts from when a call was due.
  LoadResult Open(double rate, absl::Duration time);

  ticket::v1::TicketService::Stub& stub() { return *stub_; }
  const std::string& bearer() const { return bearer_; }
  // A ticket of about a thousand characters; its name, or ends the process.
  std::string Create();

 private:
  using Done = std::function<void(const grpc::Status&)>;
  class Meter;
  void Send(std::uint64_t number, Done done);

  const Mix mix_;
  std::string bearer_;
  std::unique_ptr<ticket::v1::TicketService::Stub> stub_;
  std::vector<std::unique_ptr<grpc::GenericStub>> connections_;
  std::vector<std::string> names_;
};

}  // namespace huifang::load

#endif  // HUIFANG_TESTS_LOAD_TICKET_CALLER_H_
