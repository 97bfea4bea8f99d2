// How long a draw of 60 from a year's closed tickets takes, and its check,
// against their limits. The ticket service is in memory, the database real.
// Usage: draw_bench DATABASE_URL [TICKETS]
#include <sys/resource.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
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
#include "services/common/schema.h"
#include "services/common/sql.h"
#include "services/common/wake_hub.h"

namespace huifang::callback {
namespace {

constexpr char kCourt[] = "110102";
constexpr char kDraw[] = "courts/110102/draws/bench";
constexpr int kDivisions = 20;
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

// `count` closed tickets, spread evenly over the year, made when asked for.
class YearOfTickets final : public TicketClient {
 public:
  explicit YearOfTickets(std::int64_t count) : count_(count) {}

  absl::Status ExportClosed(
      const std::string& /*court*/, absl::Time from, absl::Time to,
      absl::FunctionRef<absl::Status(const ticket::v1::Ticket&)> each)
      override {
    for (std::int64_t i = FirstAfter(from); i < FirstAfter(to); ++i) {
      const absl::Status status = each(TicketAt(i));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::StatusOr<ticket::v1::Ticket> GetTicket(
      const std::string& name) override {
    std::int64_t i = 0;
    const std::string id = name.substr(name.rfind('-') + 1);
    if (!absl::SimpleAtoi(id, &i)) return absl::NotFoundError(name);
    return TicketAt(i);
  }
  absl::StatusOr<ticket::v1::Directory> GetDirectory(
      const std::string& /*court*/) override {
    return ticket::v1::Directory();
  }
  absl::StatusOr<std::vector<ticket::v1::CalendarDay>> GetCalendar(
      const std::string& /*court*/, int /*year*/) override {
    return std::vector<ticket::v1::CalendarDay>();
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
                            const std::string& /*request_id*/) override {
    return absl::UnimplementedError("not part of a draw");
  }

 private:
  absl::Time ClosedAt(std::int64_t i) const {
    return begin_ + (end_ - begin_) * i / count_;
  }
  // The first ticket that was closed at `time` or later.
  std::int64_t FirstAfter(absl::Time time) const {
    auto i =
        static_cast<std::int64_t>(absl::FDivDuration(time - begin_, step_));
    while (i > 0 && ClosedAt(i - 1) >= time) --i;
    while (i < count_ && ClosedAt(i) < time) ++i;
    return i;
  }
  ticket::v1::Ticket TicketAt(std::int64_t i) const {
    ticket::v1::Ticket ticket;
    ticket.set_name(
        absl::StrFormat("courts/%s/tickets/%08x-0000-7000-8000-%012d", kCourt,
                        static_cast<std::uint32_t>(i * 2654435761), i));
    ticket.set_state(ticket::v1::Ticket::STATE_CLOSED);
    ticket.set_division(
        absl::StrCat("courts/", kCourt, "/divisions/d", i % kDivisions));
    ticket.mutable_caller()->set_phone("138****1234");
    ticket.mutable_caller()->set_caller_key(absl::StrCat("caller-", i));
    *ticket.mutable_close_time() = ToProto(ClosedAt(i));
    return ticket;
  }

  const std::int64_t count_;
  const absl::Time begin_ = absl::FromCivil(kFirstDay, CourtTimeZone());
  const absl::Time end_ = absl::FromCivil(kLastDay + 1, CourtTimeZone());
  const absl::Duration step_ = (end_ - begin_) / count_;
};

v1::Draw NewDraw(absl::Time now) {
  v1::Draw draw;
  draw.set_name(kDraw);
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

// One line of the table; whether the limit was kept.
template <typename Work>
bool Measure(const char* what, absl::Duration limit, Clock& clock,
             const Work& work) {
  const absl::Time start = clock.Now();
  const double cpu = CpuSeconds();
  work();
  const absl::Duration took = clock.Now() - start;
  std::printf("%-28s %6.2f s (limit %.0f s), %6.2f s of CPU, %5.0f MB peak\n",
              what, absl::ToDoubleSeconds(took), absl::ToDoubleSeconds(limit),
              CpuSeconds() - cpu, PeakMegabytes());
  return took <= limit;
}

int Run(const std::string& url, std::int64_t count) {
  const auto db = Must(sql::Database::Open({.url = url}));
  Must(db->Migrate(
      "common", {std::begin(kCommonMigrations), std::end(kCommonMigrations)}));
  Must(db->Migrate("callback",
                   {std::begin(kMigrations), std::end(kMigrations)}));
  WakeHub hub(absl::Milliseconds(100));
  EventLog events(*db, hub);
  SystemClock clock;
  YearOfTickets tickets(count);
  CourtInfo courts(tickets, clock);
  DrawStore draws(*db);
  CallbackStore callbacks(*db);
  ContactStore contacts(*db);
  FramePlanner planner(callbacks, contacts, tickets, courts, clock);
  DrawMaker maker(*db, draws, tickets, planner, clock);

  std::printf("%lld closed tickets, %d strata\n", static_cast<long long>(count),
              kDivisions);
  bool kept = Measure("draw 60: pull to queued", kDrawLimit, clock, [&] {
    Must(db->Write(kCourt, [&](sql::Session& session) {
      StoredDraw stored;
      stored.draw = NewDraw(clock.Now());
      return DrawStore::Insert(session, stored).status();
    }));
    Must(maker.Advance(kCourt, "bench"));
  });
  const StoredDraw made = Must(draws.Get(kCourt, "bench"));
  if (made.draw.state() != v1::Draw::STATE_DRAWN ||
      made.draw.population() != count || made.draw.sampled() != 60) {
    std::cerr << "not drawn: " << made.draw.failure() << "\n";
    return 1;
  }
  std::string bundle;
  kept &= Measure("write the bundle", kVerifyLimit, clock, [&] {
    BundleStream stream(Must(maker.LoadBundle(made)));
    for (std::string part = stream.Next(1 << 17); !part.empty();
         part = stream.Next(1 << 17)) {
      bundle += part;
    }
  });
  bool verified = false;
  kept &= Measure("verify the bundle", kVerifyLimit, clock,
                  [&] { verified = VerifyBundle(bundle).ok(); });
  if (!verified) {
    std::cerr << "the bundle does not verify\n";
    return 1;
  }
  std::printf("bundle of %.1f MB\n", static_cast<double>(bundle.size()) / 1e6);
  return kept ? 0 : 2;
}

}  // namespace
}  // namespace huifang::callback

int main(int argc, char** argv) {
  std::int64_t count = 1000000;
  if (argc < 2 || argc > 3 ||
      (argc == 3 && (!absl::SimpleAtoi(argv[2], &count) || count < 100))) {
    std::cerr << "usage: draw_bench DATABASE_URL [TICKETS, at least 100]\n";
    return 2;
  }
  return huifang::callback::Run(argv[1], count);
}
