#include "tests/load/ticket_caller.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/common/client_throttle.h"
#include "services/common/error.h"
#include "services/common/ids.h"
#include "services/common/rpc.h"

namespace huifang::load {
namespace {

namespace tv1 = ::huifang::ticket::v1;

constexpr char kParent[] = "courts/110102";
constexpr int kConnections = 4;
// To read. Few: beside a caller without measure each takes a while to make.
constexpr int kNames = 50;
// More would measure this program's memory.
constexpr std::int64_t kInFlightMax = 20'000;
constexpr absl::Duration kDeadline = absl::Seconds(10);
// In the details of a refusal, of which only the first are parsed: there are
// many.
constexpr char kRetryInfo[] = "type.googleapis.com/google.rpc.RetryInfo";
constexpr char kNotSent[] = "NOT_SENT";
constexpr char kService[] = "/huifang.ticket.v1.TicketService/";

// One call's memory, alive until its callback. Messages stay bytes: to make and
// read them anew for each call takes time that the callers' core lacks.
struct Flight {
  grpc::ClientContext context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;

  explicit Flight(const std::string& bearer) {
    context.AddMetadata("authorization", bearer);
    context.set_deadline(absl::ToChronoTime(absl::Now() + kDeadline));
  }
};

tv1::CreateTicketRequest NewRequest() {
  tv1::CreateTicketRequest request;
  request.set_parent(kParent);
  request.set_request_id(NewUuid7(absl::Now()));
  tv1::Ticket& ticket = *request.mutable_ticket();
  ticket.set_title("咨询开庭时间");
  for (int i = 0; i < 50; ++i) {
    ticket.mutable_content()->append("请问我的案件何时开庭，联系不上法官。");
  }
  ticket.set_channel(tv1::CHANNEL_WEB);
  ticket.set_kind(tv1::KIND_CONSULT);
  ticket.mutable_caller()->set_phone("13800000000");
  return request;
}

// A request that only differs from all others in its id.
std::string NewRequestBytes() {
  static const tv1::CreateTicketRequest& request =
      *new tv1::CreateTicketRequest(NewRequest());
  static const std::string& bytes =
      *new std::string(request.SerializeAsString());
  static const std::size_t at = bytes.find(request.request_id());
  std::string made = bytes;
  made.replace(at, request.request_id().size(), NewUuid7(absl::Now()));
  return made;
}

// 0 of none.
double Quantile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(
                           share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace

// What became of the calls. Thread safe.
class TicketCaller::Meter {
 public:
  Meter(absl::Time counted, absl::Time end) : counted_(counted), end_(end) {}

  void Begin() {
    absl::MutexLock lock(&mutex_);
    ++in_flight_;
  }
  std::int64_t in_flight() {
    absl::MutexLock lock(&mutex_);
    return in_flight_;
  }
  // A call that was due at `due` is about to be sent.
  void Send(absl::Time due) {
    const absl::Time now = absl::Now();
    absl::MutexLock lock(&mutex_);
    if (due >= counted_) late_.push_back(absl::ToDoubleMilliseconds(now - due));
  }
  // It is over.
  void End(absl::Time due, const grpc::Status& status) {
    const absl::Time now = absl::Now();
    absl::MutexLock lock(&mutex_);
    --in_flight_;
    if (due < counted_ || due > end_) return;
    if (status.ok()) {
      millis_.push_back(absl::ToDoubleMilliseconds(now - due));
      if (now <= end_) ++in_time_;
    } else if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
               absl::StrContains(status.error_details(), kRetryInfo)) {
      if (absl::StrContains(status.error_details(), kNotSent)) {
        ++result_.not_sent;
      }
      if (++result_.shed == 1) {
        result_.first_shed = ErrorReason(rpc::FromGrpcStatus(status));
      }
    } else if (++result_.failed == 1) {
      result_.first_failure = absl::StrCat(
          static_cast<int>(status.error_code()), " ", status.error_message());
    }
  }
  LoadResult Wait() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](std::int64_t* left) { return *left == 0; }, &in_flight_));
    result_.served = static_cast<std::int64_t>(millis_.size());
    result_.good_per_second =
        static_cast<double>(in_time_) / absl::ToDoubleSeconds(end_ - counted_);
    result_.p50_ms = Quantile(millis_, 0.5);
    result_.p99_ms = Quantile(millis_, 0.99);
    result_.late_p99_ms = Quantile(late_, 0.99);
    return result_;
  }

 private:
  const absl::Time counted_;
  const absl::Time end_;
  absl::Mutex mutex_;
  std::int64_t in_flight_ ABSL_GUARDED_BY(mutex_) = 0;
  std::int64_t in_time_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<double> millis_ ABSL_GUARDED_BY(mutex_);
  std::vector<double> late_ ABSL_GUARDED_BY(mutex_);
  LoadResult result_ ABSL_GUARDED_BY(mutex_);
};

TicketCaller::TicketCaller(const std::string& address,
                           const std::string& token_file, Mix mix,
                           Manners manners)
    : mix_(mix) {
  std::ifstream file(token_file);
  std::string token;
  std::getline(file, token);
  bearer_ = absl::StrCat("Bearer ", token);
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  for (int i = 0; i < kConnections; ++i) {
    std::vector<
        std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>
        interceptors;
    if (manners == Manners::kThrottled) interceptors = ThrottleInterceptors();
    const auto channel =
        grpc::experimental::CreateCustomChannelWithInterceptors(
            address, grpc::InsecureChannelCredentials(), arguments,
            std::move(interceptors));
    if (i == 0) stub_ = tv1::TicketService::NewStub(channel);
    connections_.push_back(std::make_unique<grpc::GenericStub>(channel));
  }
  for (int i = 0; i < kNames; ++i) names_.push_back(Create());
}

std::string TicketCaller::Create() {
  grpc::ClientContext context;
  context.AddMetadata("authorization", bearer_);
  context.set_deadline(absl::ToChronoTime(absl::Now() + kDeadline));
  tv1::Ticket ticket;
  const grpc::Status status =
      stub_->CreateTicket(&context, NewRequest(), &ticket);
  if (!status.ok()) {
    std::cerr << "CreateTicket: " << status.error_message() << "\n";
    std::exit(1);
  }
  return ticket.name();
}

void TicketCaller::Send(std::uint64_t number, Done done) {
  const bool writes = mix_ == Mix::kWrites || number % 2 == 0;
  std::string bytes;
  if (writes) {
    bytes = NewRequestBytes();
  } else {
    tv1::GetTicketRequest request;
    request.set_name(names_[number * 7919 % names_.size()]);
    bytes = request.SerializeAsString();
  }
  auto flight = std::make_shared<Flight>(bearer_);
  const grpc::Slice slice(bytes);
  flight->request = grpc::ByteBuffer(&slice, 1);
  connections_[number / 2 % connections_.size()]->UnaryCall(
      &flight->context,
      absl::StrCat(kService, writes ? "CreateTicket" : "GetTicket"), {},
      &flight->request, &flight->response,
      [flight, done = std::move(done)](const grpc::Status& s) { done(s); });
}

LoadResult TicketCaller::Closed(int in_flight, absl::Duration time) {
  const absl::Time begin = absl::Now();
  const absl::Time end = begin + time;
  Meter meter(begin + time / 5, end);
  std::atomic<std::uint64_t> number{0};
  std::function<void()> next = [&] {
    const absl::Time sent = absl::Now();
    Send(number++, [&, sent](const grpc::Status& status) {
      // The next one begins before this one ends, so that Wait waits for it.
      const bool more = absl::Now() < end;
      if (more) {
        meter.Begin();
        next();
      }
      meter.End(sent, status);
    });
  };
  for (int i = 0; i < in_flight; ++i) {
    meter.Begin();
    next();
  }
  return meter.Wait();
}

LoadResult TicketCaller::Open(double rate, absl::Duration time) {
  const absl::Time begin = absl::Now();
  const absl::Time end = begin + time;
  Meter meter(begin + time / 5, end);
  for (std::uint64_t number = 0;; ++number) {
    const absl::Time due =
        begin + absl::Seconds(static_cast<double>(number) / rate);
    if (due > end) break;
    const absl::Time now = absl::Now();
    if (due > now) absl::SleepFor(due - now);
    meter.Begin();
    if (meter.in_flight() > kInFlightMax) {
      meter.End(due, {grpc::StatusCode::ABORTED, "too many unanswered calls"});
      continue;
    }
    meter.Send(due);
    Send(number,
         [&meter, due](const grpc::Status& status) { meter.End(due, status); });
  }
  return meter.Wait();
}

}  // namespace huifang::load
