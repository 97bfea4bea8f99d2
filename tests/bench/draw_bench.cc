// How long a draw of 60 from a year's closed tickets takes, and its check,
// against their limits: the frame is pulled over gRPC from a ticket service in
// another process, which has the tickets in a database of its own. The
// databases must be fresh; that of the tickets may be one a run before filled.
// Usage: draw_bench DATABASE_URL TICKETS_DATABASE_URL [TICKETS]
#include <grpcpp/grpcpp.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "services/callback/bundle_rules.h"
#include "services/callback/callback_store.h"
#include "services/callback/contact_store.h"
#include "services/callback/court_info.h"
#include "services/callback/draw_maker.h"
#include "services/callback/draw_store.h"
#include "services/callback/frame_planner.h"
#include "services/callback/plan_policy.h"
#include "services/callback/schema.h"
#include "services/callback/store_util.h"
#include "services/common/clock.h"
#include "services/common/event_log.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/schema.h"
#include "services/common/sql.h"
#include "services/common/wake_hub.h"
#include "tests/bench/closed_tickets.h"
#include "tests/bench/ticket_server.h"

namespace huifang::callback {
namespace {

constexpr const char* kCourt = bench::kClosedCourt;
// The machine may have other work: the best one tells of the program.
constexpr int kDraws = 3;
constexpr absl::Duration kDrawLimit = absl::Seconds(5);
constexpr absl::Duration kVerifyLimit = absl::Seconds(3);
const absl::CivilDay kFirstDay(2019, 1, 1);
const absl::CivilDay kLastDay(2019, 12, 31);

template <typename T>
T Must(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::cerr << result.status() << "\n";
  std::exit(1);
}

void Must(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << "\n";
  std::exit(1);
}

// Asks the ticket service, and knows when the frame had come.
class TimedClient final : public TicketClient {
 public:
  TimedClient(TicketClient& client, Clock& clock)
      : client_(client), clock_(clock) {}

  // Of the last stream that ended.
  absl::Time pulled() const {
    absl::MutexLock lock(&mutex_);
    return pulled_;
  }

  absl::Status ExportClosed(
      const std::string& court, absl::Time from, absl::Time to,
      absl::FunctionRef<absl::Status(const ticket::v1::Ticket&)> each)
      override {
    const absl::Status status = client_.ExportClosed(court, from, to, each);
    absl::MutexLock lock(&mutex_);
    pulled_ = clock_.Now();
    return status;
  }
  absl::StatusOr<ticket::v1::Ticket> GetTicket(
      const std::string& name) override {
    return client_.GetTicket(name);
  }
  absl::StatusOr<ticket::v1::Directory> GetDirectory(
      const std::string& court) override {
    return client_.GetDirectory(court);
  }
  absl::StatusOr<std::vector<ticket::v1::CalendarDay>> GetCalendar(
      const std::string& court, int year) override {
    return client_.GetCalendar(court, year);
  }
  // A draw asks for nothing else.
  absl::StatusOr<ticket::v1::Caller> RevealCaller(
      const std::string& /*ticket*/, const std::string& /*reason*/) override {
    return absl::UnimplementedError("not part of a draw");
  }
  absl::Status AddConveyance(const std::string& /*ticket*/,
                             const std::string& /*text*/,
                             const std::string& /*conveyance*/,
                             const std::string& /*request_id*/) override {
    return absl::UnimplementedError("not part of a draw");
  }
  absl::Status ReopenTicket(const std::string& /*ticket*/,
                            const std::string& /*reason*/,
                            const std::string& /*conveyance*/,
                            const std::string& /*request_id*/) override {
    return absl::UnimplementedError("not part of a draw");
  }

 private:
  TicketClient& client_;
  Clock& clock_;
  mutable absl::Mutex mutex_;
  absl::Time pulled_ ABSL_GUARDED_BY(mutex_);
};

v1::Draw NewDraw(const std::string& id, absl::Time now) {
  v1::Draw draw;
  draw.set_name(MakeResourceName(kCourt, "draws", id));
  *draw.mutable_applied_plan() = BuiltInPlan(kCourt);
  draw.set_from_date(FormatDate(kFirstDay));
  draw.set_to_date(FormatDate(kLastDay));
  draw.set_period_label("2019");
  draw.set_state(v1::Draw::STATE_FREEZING);
  *draw.mutable_create_time() = ToProto(now);
  return draw;
}

double PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) /
             1e6;
}

// The callback service's part of a draw.
class Bench {
 public:
  Bench(const std::string& database, const bench::ClosedTickets& service)
      : service_(service),
        db_(Must(sql::Database::Open({.url = database}))),
        client_(grpc::CreateChannel(service.address(),
                                    grpc::InsecureChannelCredentials()),
                bench::kToken) {
    Must(db_->Migrate("common", {std::begin(kCommonMigrations),
                                 std::end(kCommonMigrations)}));
    Must(db_->Migrate("callback",
                      {std::begin(kMigrations), std::end(kMigrations)}));
  }

  // Draws 60 of `count`, prints how long each step took, and says how long all.
  absl::Duration Draw(const std::string& id, std::int64_t count) {
    const double cpu = CpuSeconds();
    const double tickets_cpu = service_.CpuSeconds();
    const absl::Time start = clock_.Now();
    Must(db_->Write(kCourt, [&](sql::Session& session) {
      StoredDraw stored;
      stored.draw = NewDraw(id, start);
      return DrawStore::Insert(session, stored).status();
    }));
    Must(maker_.Advance(kCourt, id));
    const absl::Time end = clock_.Now();
    made_ = Must(draws_.Get(kCourt, id));
    const v1::Draw& draw = made_.draw;
    if (draw.state() != v1::Draw::STATE_DRAWN || draw.population() != count ||
        draw.sampled() != 60) {
      std::cerr << "not drawn: " << draw.failure() << "\n";
      std::exit(1);
    }
    const absl::Time pulled = timed_.pulled();
    const absl::Time frozen = FromTimestamp(draw.freeze_time());
    std::printf(
        "draw 60: pull %.2f s, freeze and store %.2f s, draw and queue %.2f s, "
        "all %.2f s (limit %.0f s); CPU %.2f s, of the ticket service %.2f s; "
        "%.0f MB peak\n",
        absl::ToDoubleSeconds(pulled - start),
        absl::ToDoubleSeconds(frozen - pulled),
        absl::ToDoubleSeconds(end - frozen), absl::ToDoubleSeconds(end - start),
        absl::ToDoubleSeconds(kDrawLimit), CpuSeconds() - cpu,
        service_.CpuSeconds() - tickets_cpu, PeakMegabytes());
    return end - start;
  }

  // Of the last draw; how long the slower of writing and verifying its bundle
  // took.
  absl::Duration Verify() {
    const double cpu = CpuSeconds();
    const absl::Time start = clock_.Now();
    std::string bundle;
    BundleStream stream(Must(maker_.LoadBundle(made_)));
    for (std::string part = stream.Next(1 << 17); !part.empty();
         part = stream.Next(1 << 17)) {
      bundle += part;
    }
    const absl::Time written = clock_.Now();
    if (!VerifyBundle(bundle).ok()) {
      std::cerr << "the bundle does not verify\n";
      std::exit(1);
    }
    const absl::Time verified = clock_.Now();
    std::printf(
        "bundle of %.1f MB: write %.2f s, verify %.2f s (limit %.0f s each); "
        "CPU "
        "%.2f s; %.0f MB peak\n",
        static_cast<double>(bundle.size()) / 1e6,
        absl::ToDoubleSeconds(written - start),
        absl::ToDoubleSeconds(verified - written),
        absl::ToDoubleSeconds(kVerifyLimit), CpuSeconds() - cpu,
        PeakMegabytes());
    return std::max(written - start, verified - written);
  }

 private:
  const bench::ClosedTickets& service_;
  SystemClock clock_;
  WakeHub hub_{absl::Milliseconds(100)};
  const std::unique_ptr<sql::Database> db_;
  EventLog events_{*db_, hub_};
  GrpcTicketClient client_;
  TimedClient timed_{client_, clock_};
  CourtInfo courts_{timed_, clock_};
  DrawStore draws_{*db_};
  CallbackStore callbacks_{*db_};
  ContactStore contacts_{*db_};
  FramePlanner planner_{callbacks_, contacts_, timed_, courts_, clock_};
  DrawMaker maker_{*db_, draws_, timed_, planner_, clock_};
  StoredDraw made_;
};

int Run(const std::string& database, const std::string& tickets,
        std::int64_t count) {
  bench::ClosedTickets service(tickets, count, kFirstDay, kLastDay);
  std::printf("%lld closed tickets, %d strata; the best of %d draws\n",
              static_cast<long long>(count), bench::kClosedDivisions, kDraws);
  absl::Duration drawn = absl::InfiniteDuration();
  absl::Duration verified = absl::InfiniteDuration();
  {
    Bench bench(database, service);
    for (int i = 0; i < kDraws; ++i) {
      drawn = std::min(drawn, bench.Draw(absl::StrCat("bench-", i), count));
      verified = std::min(verified, bench.Verify());
    }
  }
  std::printf("ticket service: %.0f MB peak\n", service.Stop());
  return drawn <= kDrawLimit && verified <= kVerifyLimit ? 0 : 2;
}

}  // namespace
}  // namespace huifang::callback

int main(int argc, char** argv) {
  std::int64_t count = 1000000;
  if (argc < 3 || argc > 4 ||
      (argc == 4 && (!absl::SimpleAtoi(argv[3], &count) || count < 100))) {
    std::cerr << "usage: draw_bench DATABASE_URL TICKETS_DATABASE_URL "
                 "[TICKETS, at least 100]\n";
    return 2;
  }
  return huifang::callback::Run(argv[1], argv[2], count);
}
