// From CloseTicket acknowledged to the inspection visible in WatchGrades, on
// running services: first as fast as it goes, which is saturation, then open
// loop at half of that. Usage: inspection_latency TICKET_ADDRESS
// GRADING_ADDRESS TOKEN_FILE; tests/bench/inspection_latency.py starts the
// services.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "huifang/grading/v1/grading_service.grpc.pb.h"
#include "services/common/ids.h"
#include "tests/bench/load.h"
#include "tests/bench/ticket_server.h"

namespace huifang::bench {
namespace {

namespace tv1 = ::huifang::ticket::v1;
namespace gv1 = ::huifang::grading::v1;

constexpr int kTickets = 40'000;
constexpr int kBatch = 200;
constexpr int kInFlight = 64;

void Must(const grpc::Status& status) {
  if (status.ok()) return;
  std::cerr << status.error_message() << "\n";
  std::exit(1);
}

// When each ticket was acknowledged as closed and seen inspected.
class Board {
 public:
  void Closed(const std::string& name) { Note(name, &Times::closed); }
  void Inspected(const std::string& name) { Note(name, &Times::inspected); }

  // Waits until `count` tickets are both; false if that takes a minute.
  bool Await(int count) {
    absl::MutexLock lock(&mutex_);
    wanted_ = count;
    return mutex_.AwaitWithTimeout(absl::Condition(this, &Board::Enough),
                                   absl::Minutes(1));
  }
  // An inspection may be seen before the acknowledgement: that counts as 0.
  std::vector<double> Micros() {
    absl::MutexLock lock(&mutex_);
    std::vector<double> micros;
    for (const auto& [name, at] : times_) {
      if (at.closed == absl::InfinitePast() ||
          at.inspected == absl::InfinitePast()) {
        continue;
      }
      micros.push_back(
          std::max(0.0, absl::ToDoubleMicroseconds(at.inspected - at.closed)));
    }
    return micros;
  }
  void Clear() {
    absl::MutexLock lock(&mutex_);
    times_.clear();
    both_ = 0;
  }

 private:
  struct Times {
    absl::Time closed = absl::InfinitePast();
    absl::Time inspected = absl::InfinitePast();
  };

  void Note(const std::string& name, absl::Time Times::*which) {
    const absl::Time now = absl::Now();
    absl::MutexLock lock(&mutex_);
    Times& at = times_[name];
    if (at.*which != absl::InfinitePast()) return;
    at.*which = now;
    if (at.closed != absl::InfinitePast() &&
        at.inspected != absl::InfinitePast()) {
      ++both_;
    }
  }
  bool Enough() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return both_ >= wanted_;
  }

  absl::Mutex mutex_;
  std::map<std::string, Times> times_ ABSL_GUARDED_BY(mutex_);
  int both_ ABSL_GUARDED_BY(mutex_) = 0;
  int wanted_ ABSL_GUARDED_BY(mutex_) = 0;
};

class Bench {
 public:
  Bench(const std::string& ticket, const std::string& grading,
        std::string token)
      : token_(std::move(token)),
        tickets_(tv1::TicketService::NewStub(
            grpc::CreateChannel(ticket, grpc::InsecureChannelCredentials()))),
        grades_(gv1::GradeService::NewStub(
            grpc::CreateChannel(grading, grpc::InsecureChannelCredentials()))),
        watcher_([this] { Watch(); }) {}
  ~Bench() {
    watching_.TryCancel();
    watcher_.join();
  }

  Board& board() { return board_; }

  // Tickets that wait to be closed; their names.
  std::vector<std::string> Prepare() {
    std::vector<tv1::ImportRow> rows = RealRows();
    grpc::ClientContext context;
    Sign(context);
    const auto stream = tickets_->ImportTickets(&context);
    std::thread reader([&] {
      tv1::ImportTicketsResponse response;
      while (stream->Read(&response)) {
      }
    });
    for (int at = 0; at < kTickets; at += kBatch) {
      tv1::ImportTicketsRequest request;
      request.set_parent("courts/110102");
      for (int i = 0; i < kBatch; ++i) {
        tv1::ImportRow& row = *request.add_rows();
        row = rows[static_cast<std::size_t>(at + i) % rows.size()];
        row.mutable_ticket()->set_source_id(absl::StrCat("l", at + i));
        row.mutable_ticket()->set_state(tv1::Ticket::STATE_REPLIED);
        row.mutable_ticket()->clear_close_time();
      }
      stream->Write(request);
    }
    stream->WritesDone();
    reader.join();
    Must(stream->Finish());
    return Names();
  }

  void Close(const std::string& name, std::function<void(bool)> done) {
    struct Flight {
      grpc::ClientContext context;
      tv1::CloseTicketRequest request;
      tv1::Ticket response;
    };
    auto flight = std::make_shared<Flight>();
    Sign(flight->context);
    flight->context.set_deadline(
        absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
    flight->request.set_name(name);
    flight->request.set_request_id(NewUuid7(absl::Now()));
    tickets_->async()->CloseTicket(
        &flight->context, &flight->request, &flight->response,
        [this, flight, done = std::move(done)](grpc::Status status) {
          if (status.ok()) {
            board_.Closed(flight->request.name());
          } else if (!told_.exchange(true)) {
            std::cerr << "CloseTicket: " << status.error_message() << "\n";
          }
          done(status.ok());
        });
  }

 private:
  void Sign(grpc::ClientContext& context) {
    context.AddMetadata("authorization", absl::StrCat("Bearer ", token_));
  }
  std::vector<std::string> Names() {
    grpc::ClientContext context;
    Sign(context);
    tv1::ExportTicketsRequest request;
    request.set_parent("courts/110102");
    request.set_without_text(true);
    const auto stream = tickets_->ExportTickets(&context, request);
    std::vector<std::string> names;
    tv1::ExportTicketsResponse response;
    while (stream->Read(&response)) {
      for (const auto& one : response.tickets()) {
        if (one.state() == tv1::Ticket::STATE_REPLIED) {
          names.push_back(one.name());
        }
      }
    }
    Must(stream->Finish());
    return names;
  }
  void Watch() {
    Sign(watching_);
    gv1::WatchGradesRequest request;
    request.set_parent("courts/-");
    const auto stream = grades_->WatchGrades(&watching_, request);
    gv1::WatchGradesResponse response;
    while (stream->Read(&response)) {
      for (const gv1::GradeEvent& event : response.events()) {
        if (event.type() == gv1::GradeEvent::TYPE_INSPECTED) {
          board_.Inspected(event.inspection().ticket());
        }
      }
    }
  }

  const std::string token_;
  std::atomic<bool> told_{false};  // why the first call failed
  Board board_;
  const std::unique_ptr<tv1::TicketService::Stub> tickets_;
  const std::unique_ptr<gv1::GradeService::Stub> grades_;
  grpc::ClientContext watching_;
  std::thread watcher_;
};

void Print(const char* what, double rate, std::vector<double> micros) {
  const LoadResult result = Summarize(micros, 1, 0);
  std::printf(
      "%-12s %7.0f tickets/s  closed to inspected p50 %8.1f ms  p99 "
      "%8.1f ms\n",
      what, rate, result.p50_us / 1000, result.p99_us / 1000);
  std::fflush(stdout);
}

// Closes names[from, to) with a fixed number in flight; how many a second were
// closed and inspected.
double Saturate(Bench& bench, const std::vector<std::string>& names,
                std::size_t from, std::size_t to) {
  std::atomic<std::size_t> next{from};
  std::atomic<int> failed{0};
  std::function<void()> step = [&] {
    const std::size_t at = next++;
    if (at >= to) return;
    bench.Close(names[at], [&](bool ok) {
      failed += ok ? 0 : 1;
      step();
    });
  };
  const absl::Time begin = absl::Now();
  for (int i = 0; i < kInFlight; ++i) step();
  if (!bench.board().Await(static_cast<int>(to - from))) {
    std::cerr << failed << " calls failed; not all was inspected\n";
    std::exit(1);
  }
  return static_cast<double>(to - from) /
         absl::ToDoubleSeconds(absl::Now() - begin);
}

// Closes names[from, to) at `rate` a second, whatever the answers do.
void OpenLoop(Bench& bench, const std::vector<std::string>& names,
              std::size_t from, std::size_t to, double rate) {
  const absl::Time begin = absl::Now();
  std::atomic<std::size_t> answered{from};
  for (std::size_t at = from; at < to; ++at) {
    const absl::Time when =
        begin + absl::Seconds(static_cast<double>(at - from) / rate);
    absl::SleepFor(when - absl::Now());
    bench.Close(names[at], [&](bool) { ++answered; });
  }
  if (!bench.board().Await(static_cast<int>(to - from))) {
    std::cerr << "not all was inspected\n";
    std::exit(1);
  }
  while (answered < to) absl::SleepFor(absl::Milliseconds(10));
}

int Main(char** argv) {
  std::string token;
  std::ifstream file(argv[3]);
  std::getline(file, token);
  Bench bench(argv[1], argv[2], token);
  const std::vector<std::string> names = bench.Prepare();
  const std::size_t half = names.size() / 2;
  const double peak = Saturate(bench, names, 0, half);
  Print("saturation", peak, bench.board().Micros());
  bench.board().Clear();
  OpenLoop(bench, names, half, names.size(), peak / 2);
  Print("half of it", peak / 2, bench.board().Micros());
  return 0;
}

}  // namespace
}  // namespace huifang::bench

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: inspection_latency TICKET GRADING TOKEN_FILE\n";
    return 2;
  }
  return huifang::bench::Main(argv);
}
