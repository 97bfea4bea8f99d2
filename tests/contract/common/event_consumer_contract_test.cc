// One stream, several consumers: each event has its effect once, in order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <iterator>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "huifang/ticket/v1/ticket_service.grpc.pb.h"
#include "services/common/event_consumer.h"
#include "services/common/proto_time.h"
#include "services/common/rpc_stream.h"
#include "services/common/schema.h"
#include "services/common/watch_source.h"
#include "tests/support/backends.h"
#include "tests/support/fake_clock.h"
#include "tests/support/matchers.h"
#include "tests/support/test_runtime.h"

namespace huifang {
namespace {

namespace v1 = ::huifang::ticket::v1;

using Consumer =
    EventConsumer<v1::WatchTicketsRequest, v1::WatchTicketsResponse>;

constexpr rpc::Method kWatch{"WatchTickets", "parent", "*", absl::Hours(1),
                             /*all_courts=*/true};
constexpr sql::Migration kSeen = {
    "001_seen.sql",
    "CREATE TABLE seen (shard BIGINT NOT NULL, sequence BIGINT NOT NULL, "
    "PRIMARY KEY (shard, sequence));\n"};

// A service with nothing but its event log.
class WatchOnly final : public v1::TicketService::CallbackService {
 public:
  WatchOnly(rpc::Runtime& runtime, EventLog& log)
      : runtime_(runtime), log_(log) {}
  grpc::ServerWriteReactor<v1::WatchTicketsResponse>* WatchTickets(
      grpc::CallbackServerContext* context,
      const v1::WatchTicketsRequest* request) override {
    return rpc::RunStream<v1::WatchTicketsResponse>(
        runtime_, context, kWatch, request,
        [this](const rpc::Call& call, const v1::WatchTicketsRequest& asked) {
          return WatchSource<v1::WatchTicketsResponse>::Create(
              log_, runtime_.clock, call.court, asked.resume_token(),
              asked.shards());
        });
  }

 private:
  rpc::Runtime& runtime_;
  EventLog& log_;
};

class EventConsumerContract : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(upstream_, Open());
    log_ = std::make_unique<EventLog>(*upstream_, host_.hub());
    ASSERT_OK_AND_ASSIGN(downstream_, Open());
    ASSERT_OK(downstream_->Migrate("test", {kSeen}));
    service_ = std::make_unique<WatchOnly>(host_.runtime(), *log_);
    stub_ = v1::TicketService::NewStub(host_.Start({service_.get()}));
  }
  void TearDown() override { host_.Stop(); }

  absl::StatusOr<std::unique_ptr<sql::Database>> Open() {
    auto db = sql::Database::Open({.url = testing::FreshDatabase(GetParam())});
    if (db.ok()) {
      EXPECT_OK((*db)->Migrate("common", {std::begin(kCommonMigrations),
                                          std::end(kCommonMigrations)}));
    }
    return db;
  }

  void Emit(const std::string& court, int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_OK(upstream_->Write(court, [&](sql::Session& session) {
        v1::TicketEvent event;
        event.set_court(court);
        *event.mutable_event_time() = ToTimestamp(event_time_);
        EventLog::Append(session, court, absl::UnixEpoch(), event);
        return absl::OkStatus();
      }));
    }
  }

  std::unique_ptr<Consumer> Follow(Clock& clock) {
    return std::make_unique<Consumer>(
        Consumer::Options{.stream = "tickets", .token = "t"}, *downstream_,
        clock, host_.metrics(),
        [this](grpc::ClientContext* context,
               const v1::WatchTicketsRequest& request) {
          return stub_->WatchTickets(context, request);
        },
        [](sql::Session& session, const v1::TicketEvent& event) {
          // A second application would break the key.
          return session
              .Run(
                  "INSERT INTO seen (shard, sequence) "
                  "VALUES (:shard, :sequence)",
                  {{"shard", event.shard()}, {"sequence", event.sequence()}})
              .status();
        });
  }

  std::int64_t Seen() {
    std::int64_t count = 0;
    EXPECT_OK(downstream_->Read([&](sql::Session& session) {
      return session
          .QueryOne("SELECT COUNT(*) FROM seen", {},
                    [&](const sql::Row& row) { count = row.Int(0); })
          .status();
    }));
    return count;
  }
  // Waits on the condition, not on a time: the limit only ends a hang.
  static bool WaitFor(const std::function<bool()>& condition) {
    const absl::Time limit = absl::Now() + absl::Seconds(20);
    while (!condition()) {
      if (absl::Now() > limit) return false;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return true;
  }
  bool WaitForSeen(std::int64_t count) {
    return WaitFor([&] { return Seen() >= count; }) && Seen() == count;
  }
  bool WaitForMetric(const std::string& line) {
    return WaitFor(
        [&] { return absl::StrContains(host_.metrics().Text(), line + "\n"); });
  }

  testing::TestRuntime host_{"ticket"};
  SystemClock clock_;
  absl::Time event_time_ = absl::UnixEpoch();
  std::unique_ptr<sql::Database> upstream_;
  std::unique_ptr<sql::Database> downstream_;
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<WatchOnly> service_;
  std::unique_ptr<v1::TicketService::Stub> stub_;
};

TEST_P(EventConsumerContract, CatchesUpThenFollowsLive) {
  Emit("110102", 600);
  Emit("110105", 3);
  const auto consumer = Follow(clock_);
  EXPECT_TRUE(WaitForSeen(603));
  Emit("110102", 2);
  EXPECT_TRUE(WaitForSeen(605));
}

TEST_P(EventConsumerContract, GoesOnWhereItStoppedWithoutRepeating) {
  Emit("110102", 20);
  {
    const auto consumer = Follow(clock_);
    EXPECT_TRUE(WaitForSeen(20));
  }
  Emit("110102", 20);
  const auto consumer = Follow(clock_);
  EXPECT_TRUE(WaitForSeen(40));
}

TEST_P(EventConsumerContract, ReplicasShareAStreamWithoutDoubling) {
  const auto first = Follow(clock_);
  const auto second = Follow(clock_);
  for (int i = 0; i < 5; ++i) Emit(absl::StrCat(110101 + i), 40);
  EXPECT_TRUE(WaitForSeen(200));
  first->Stop();
  Emit("110102", 10);
  EXPECT_TRUE(WaitForSeen(210));
}

// The alert on a service that lags, and on one that follows nobody.
TEST_P(EventConsumerContract, MetricsTellHowFarItIsBehind) {
  testing::FakeClock clock;
  event_time_ = clock.Now() - absl::Seconds(90);
  Emit("110102", 3);
  auto consumer = Follow(clock);
  EXPECT_TRUE(WaitForMetric("consumer_delay_seconds{stream=\"tickets\"} 90"));
  event_time_ = clock.Now();
  Emit("110102", 1);
  EXPECT_TRUE(WaitForMetric("consumer_delay_seconds{stream=\"tickets\"} 0"));
  EXPECT_TRUE(WaitForMetric(
      absl::StrCat("consumer_seen_timestamp_seconds{stream=\"tickets\"} ",
                   absl::ToUnixSeconds(clock.Now()))));
}

TEST_P(EventConsumerContract, ForeignResumeTokenIsRefused) {
  grpc::ClientContext context;
  v1::WatchTicketsRequest request;
  request.set_parent("courts/110102");
  request.set_resume_token("not a token");
  const auto reader = stub_->WatchTickets(&context, request);
  v1::WatchTicketsResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_P(EventConsumerContract, OneCourtsWatcherSeesNoOther) {
  Emit("110102", 3);
  Emit("110105", 4);
  grpc::ClientContext context;
  v1::WatchTicketsRequest request;
  request.set_parent("courts/110105");
  const auto reader = stub_->WatchTickets(&context, request);
  v1::WatchTicketsResponse response;
  int events = 0;
  while (events < 4 && reader->Read(&response)) {
    for (const v1::TicketEvent& event : response.events()) {
      EXPECT_EQ(event.court(), "110105");
      ++events;
    }
  }
  EXPECT_EQ(events, 4);
  context.TryCancel();
  reader->Finish();
}

INSTANTIATE_TEST_SUITE_P(Engines, EventConsumerContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang
