// GetTicket and CreateTicket against an echo in the same server; import; and
// p99 as the table grows. Usage: ticket_bench DATABASE_URL [MILLION]
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/common/ids.h"
#include "tests/bench/bare_inserts.h"
#include "tests/bench/load.h"
#include "tests/bench/ticket_server.h"

namespace huifang::bench {
namespace {

namespace tv1 = ::huifang::ticket::v1;

constexpr absl::Duration kTime = absl::Seconds(5);
// Of each kind of call, in turn: the machine's own speed changes within a run.
constexpr int kRounds = 5;
constexpr absl::Duration kRoundTime = absl::Seconds(2);
constexpr int kBatch = 500;  // as `huifangctl tickets import` sends them
constexpr std::int64_t kImport = 40'000;
constexpr int kBareTickets = 5000;

// One call's memory, alive until its callback.
template <typename Request, typename Response>
struct Flight {
  grpc::ClientContext context;
  Request request;
  Response response;

  Flight() {
    context.AddMetadata("authorization", absl::StrCat("Bearer ", kToken));
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
  }
};

// Sends `rows` with fresh source ids from `first` on; rows a second.
double Import(tv1::TicketService::Stub& stub,
              const std::vector<tv1::ImportRow>& rows, std::int64_t first,
              std::int64_t count) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", absl::StrCat("Bearer ", kToken));
  const auto stream = stub.ImportTickets(&context);
  std::int64_t landed = 0;
  std::int64_t unchanged = 0;
  std::string problem;  // of the last row that was refused
  std::thread reader([&] {
    tv1::ImportTicketsResponse response;
    while (stream->Read(&response)) {
      landed += response.created_count();
      unchanged += response.unchanged_count();
      if (response.results_size() > 0) problem = response.results(0).reason();
    }
  });
  const absl::Time begin = absl::Now();
  for (std::int64_t at = 0; at < count;) {
    tv1::ImportTicketsRequest request;
    request.set_parent("courts/110102");
    for (int i = 0; i < kBatch && at < count; ++i, ++at) {
      tv1::ImportRow& row = *request.add_rows();
      row = rows[static_cast<std::size_t>(first + at) % rows.size()];
      row.mutable_ticket()->set_source_id(absl::StrCat("b", first + at));
    }
    if (!stream->Write(request)) break;
  }
  stream->WritesDone();
  reader.join();
  const grpc::Status status = stream->Finish();
  if (!status.ok() || landed != count) {
    std::cerr << "import: " << landed << " of " << count << " landed, "
              << unchanged << " were there already; refused: " << problem
              << "; " << status.error_code() << " " << status.error_message()
              << "\n";
    std::exit(1);
  }
  return static_cast<double>(count) /
         absl::ToDoubleSeconds(absl::Now() - begin);
}

std::vector<std::string> Names(tv1::TicketService::Stub& stub) {
  std::vector<std::string> names;
  grpc::ClientContext context;
  context.AddMetadata("authorization", absl::StrCat("Bearer ", kToken));
  tv1::ExportTicketsRequest request;
  request.set_parent("courts/110102");
  request.set_without_text(true);
  const auto stream = stub.ExportTickets(&context, request);
  tv1::ExportTicketsResponse response;
  while (stream->Read(&response)) {
    for (const auto& ticket : response.tickets())
      names.push_back(ticket.name());
  }
  if (!stream->Finish().ok()) std::exit(1);
  return names;
}

class Bench {
 public:
  Bench(TicketServer& server, std::vector<tv1::ImportRow> rows)
      : rows_(std::move(rows)),
        stub_(tv1::TicketService::NewStub(server.Channel())),
        echo_(v1::EchoService::NewStub(server.Channel())) {}

  tv1::TicketService::Stub& stub() { return *stub_; }
  const std::vector<tv1::ImportRow>& rows() const { return rows_; }
  void LoadNames() { names_ = Names(*stub_); }

  LoadResult Echo(int in_flight, absl::Duration time = kTime) {
    return RunLoad(in_flight, time, [this](std::function<void(bool)> done) {
      auto flight =
          std::make_shared<Flight<v1::EchoMessage, v1::EchoMessage>>();
      flight->request.set_payload(Any().ticket().SerializeAsString());
      echo_->async()->Echo(&flight->context, &flight->request,
                           &flight->response,
                           [flight, done](grpc::Status s) { done(s.ok()); });
    });
  }
  LoadResult Get(int in_flight, absl::Duration time = kTime) {
    return RunLoad(in_flight, time, [this](std::function<void(bool)> done) {
      auto flight =
          std::make_shared<Flight<tv1::GetTicketRequest, tv1::Ticket>>();
      flight->request.set_name(names_[Random() % names_.size()]);
      stub_->async()->GetTicket(
          &flight->context, &flight->request, &flight->response,
          [flight, done](grpc::Status s) { done(s.ok()); });
    });
  }
  LoadResult Create(int in_flight, absl::Duration time = kTime) {
    return RunLoad(in_flight, time, [this](std::function<void(bool)> done) {
      auto flight =
          std::make_shared<Flight<tv1::CreateTicketRequest, tv1::Ticket>>();
      flight->request.set_parent("courts/110102");
      tv1::Ticket& ticket = *flight->request.mutable_ticket();
      ticket = Any().ticket();
      ticket.clear_source_id();
      flight->request.set_request_id(NewUuid7(absl::Now()));
      stub_->async()->CreateTicket(
          &flight->context, &flight->request, &flight->response,
          [flight, done](grpc::Status s) { done(s.ok()); });
    });
  }

 private:
  std::size_t Random() {
    thread_local std::mt19937_64 random{std::random_device{}()};
    return static_cast<std::size_t>(random());
  }
  const tv1::ImportRow& Any() { return rows_[Random() % rows_.size()]; }

  const std::vector<tv1::ImportRow> rows_;
  std::unique_ptr<tv1::TicketService::Stub> stub_;
  std::unique_ptr<v1::EchoService::Stub> echo_;
  std::vector<std::string> names_;
};

double Median(std::vector<double> values) {
  const auto middle =
      values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// One kind of call in all rounds, each beside the echo of its round.
class Rounds {
 public:
  void Add(const LoadResult& result, const LoadResult& echo) {
    rates_.push_back(result.per_second);
    p50s_.push_back(result.p50_us);
    p99s_.push_back(result.p99_us);
    ratios_.push_back(result.per_second / echo.per_second);
    errors_ += result.errors;
  }
  double rate() const { return Median(rates_); }
  void Print(const char* what) const {
    std::printf(
        "%-14s %9.0f /s  p50 %7.0f us  p99 %7.0f us  %5.2f x echo (%.2f to "
        "%.2f)%s\n",
        what, rate(), Median(p50s_), Median(p99s_), Median(ratios_),
        *std::min_element(ratios_.begin(), ratios_.end()),
        *std::max_element(ratios_.begin(), ratios_.end()),
        errors_ > 0 ? "  ERRORS" : "");
    std::fflush(stdout);
  }

 private:
  std::vector<double> rates_;
  std::vector<double> p50s_;
  std::vector<double> p99s_;
  std::vector<double> ratios_;
  std::int64_t errors_ = 0;
};

// CreateTicket's calls a second.
double CompareWithEcho(Bench& bench, int in_flight) {
  Rounds echoes;
  Rounds gets;
  Rounds creates;
  for (int i = 0; i < kRounds; ++i) {
    const LoadResult echo = bench.Echo(in_flight, kRoundTime);
    echoes.Add(echo, echo);
    gets.Add(bench.Get(in_flight, kRoundTime), echo);
    creates.Add(bench.Create(in_flight, kRoundTime), echo);
  }
  std::printf("in flight: %d, medians of %d rounds\n", in_flight, kRounds);
  echoes.Print("echo");
  gets.Print("GetTicket");
  creates.Print("CreateTicket");
  return creates.rate();
}

int Main(const std::string& url, std::int64_t large) {
  TicketServer server(url);
  Bench bench(server, RealRows());
  std::printf("import         %9.0f rows/s (%lld rows, one stream)\n",
              Import(bench.stub(), bench.rows(), 0, kImport),
              static_cast<long long>(kImport));
  bench.LoadNames();
  double create = 0;
  for (const int in_flight : {1, 16, 128}) {
    create = CompareWithEcho(bench, in_flight);
  }
  if (!absl::StartsWith(url, "sqlite:")) {
    const BareInserts bare = InsertBare(url, kBareTickets);
    std::printf(
        "bare inserts of the same rows, %.0f tickets in a transaction: %.0f "
        "/s; CreateTicket %.2f x\n",
        bare.group, bare.tickets_per_second, create / bare.tickets_per_second);
    return 0;
  }
  if (large == 0) return 0;
  // Latency is compared at a load both sizes carry, not at saturation.
  bench.LoadNames();
  const LoadResult get_small = bench.Get(4);
  const LoadResult create_small = bench.Create(4);
  std::printf("filling to %lld tickets: %.0f rows/s\n",
              static_cast<long long>(large),
              Import(bench.stub(), bench.rows(), kImport, large - kImport));
  bench.LoadNames();
  const LoadResult get_large = bench.Get(4);
  const LoadResult create_large = bench.Create(4);
  std::printf("p99 GetTicket    %7.0f -> %7.0f us  %5.2f x\n", get_small.p99_us,
              get_large.p99_us, get_large.p99_us / get_small.p99_us);
  std::printf("p99 CreateTicket %7.0f -> %7.0f us  %5.2f x\n",
              create_small.p99_us, create_large.p99_us,
              create_large.p99_us / create_small.p99_us);
  return 0;
}

}  // namespace
}  // namespace huifang::bench

int main(int argc, char** argv) {
  std::int64_t large = 0;
  if (argc < 2 || argc > 3 ||
      (argc == 3 && !absl::SimpleAtoi(argv[2], &large))) {
    std::cerr << "usage: ticket_bench DATABASE_URL [TICKETS]\n"
                 "  for example: ticket_bench sqlite:/tmp/bench.db 1000000\n";
    return 2;
  }
  return huifang::bench::Main(argv[1], large);
}
