#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "services/callback/bundle_rules.h"
#include "services/callback/draw_rules.h"
#include "services/common/crypto.h"
#include "services/common/deadline.h"
#include "services/common/error.h"
#include "services/common/steady_time.h"
#include "tests/contract/callback/callback_service_fixture.h"
#include "tests/support/matchers.h"

namespace huifang::callback {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::StatusIs;

class DrawContract : public CallbackServiceTest {
 protected:
  std::string Bundle(const v1::Draw& draw) {
    const StoredDraw stored = draws_.Get(kCourt, IdOf(draw.name())).value();
    BundleStream stream(maker_.LoadBundle(stored).value());
    std::string text;
    for (std::string p = stream.Next(1000); !p.empty(); p = stream.Next(1000)) {
      text += p;
    }
    return text;
  }
  BundleReport Verify(const v1::Draw& draw) {
    return VerifyBundle(Bundle(draw));
  }
};

TEST_P(DrawContract, DrawsExactlyWhatWasAskedForByStratum) {
  AddTickets(80, "min-1");
  AddTickets(40, "min-2");
  AddTickets(1, "xing");
  const v1::Draw draw = DrawOf(12);
  EXPECT_EQ(draw.state(), v1::Draw::STATE_DRAWN);
  EXPECT_EQ(draw.period_label(), "2019-W30");
  EXPECT_EQ(draw.population(), 121);
  EXPECT_EQ(draw.sampled(), 12);
  ASSERT_EQ(draw.strata_size(), 3);
  EXPECT_EQ(draw.strata(0).key(), "min-1");
  EXPECT_EQ(draw.strata(0).sampled(), 7);
  EXPECT_EQ(draw.strata(1).sampled(), 4);
  EXPECT_EQ(draw.strata(2).sampled(), 1);
  EXPECT_DOUBLE_EQ(draw.strata(1).weight(), 10);
  EXPECT_DOUBLE_EQ(draw.strata(1).inclusion_probability(), 0.1);
  EXPECT_EQ(Callbacks(draw).size(), 12u);
}

TEST_P(DrawContract, BundleOfAMadeDrawVerifies) {
  AddTickets(50, "min-1");
  AddTickets(30, "min-2");
  const v1::Draw draw = DrawOf(10);
  const BundleReport report = Verify(draw);
  for (const BundleCheck& check : report.checks) {
    EXPECT_TRUE(check.ok) << check.name << ": " << check.detail;
  }
  EXPECT_EQ(report.sampled, 10);
}

TEST_P(DrawContract, SameFrameAndSeedGiveTheSameSample) {
  AddTickets(100);
  v1::CreateDrawRequest request = Week30(10);
  request.set_plan(
      AddPlan("given", SeededBy(v1::SamplingPlan::SEED_SOURCE_GIVEN)));
  request.set_public_seed("ssq 2019086");
  std::set<std::string> tickets[2];
  for (std::set<std::string>& drawn : tickets) {
    const v1::Draw draw = Create(request);
    ASSERT_TRUE(WorkOn(draw).ok());
    for (const v1::Callback& c : Callbacks(draw)) drawn.insert(c.ticket());
    Abort(draw);
  }
  EXPECT_EQ(tickets[0].size(), 10u);
  EXPECT_EQ(tickets[0], tickets[1]);
}

TEST_P(DrawContract, CallbackCarriesWhatReportsNeed) {
  AddTickets(20);
  const v1::Draw draw = DrawOf(5);
  for (const v1::Callback& c : Callbacks(draw)) {
    EXPECT_EQ(c.stratum().population(), 20);
    EXPECT_EQ(c.stratum().sampled(), 5);
    EXPECT_EQ(c.masked_phone(), "138****1234");
    EXPECT_EQ(c.division(), "courts/110102/divisions/min-1");
    EXPECT_EQ(c.state(), v1::Callback::STATE_WAITING);
    EXPECT_GE(c.draw_order(), 1);
    EXPECT_EQ(c.reserve_order(), 0);
  }
}

// A worker that dies anywhere is followed by another one, and the end is the
// same: everything once.
TEST_P(DrawContract, KilledAnywhereEndsTheSame) {
  AddTickets(30);
  // Four streams of tickets, then one question for each ticket drawn.
  for (int calls = 0; calls < 17; ++calls) {
    const v1::Draw draw = Create(Week30(10));
    tickets_.FailAfter(calls);
    const absl::Status died = WorkOn(draw);
    tickets_.Heal();
    EXPECT_EQ(died.ok(), calls >= 14) << calls << died;
    ASSERT_TRUE(WorkOn(draw).ok());
    ASSERT_TRUE(WorkOn(draw).ok());
    EXPECT_EQ(Reload(draw).state(), v1::Draw::STATE_DRAWN);
    EXPECT_EQ(Callbacks(draw).size(), 10u);
    Abort(draw);
  }
  EXPECT_EQ(CountEvents(v1::CallbackEvent::TYPE_QUEUED), 17 * 10);
  EXPECT_EQ(CountEvents(v1::CallbackEvent::TYPE_DRAWN), 17);
}

TEST_P(DrawContract, FrameStaysFrozenWhateverIsClosedLater) {
  AddTickets(30);
  const v1::Draw draw = Create(Week30(10));
  tickets_.FailAfter(6);  // frozen, then away
  EXPECT_FALSE(WorkOn(draw).ok());
  tickets_.Heal();
  const v1::Draw frozen = Reload(draw);
  ASSERT_EQ(frozen.state(), v1::Draw::STATE_FROZEN);
  AddTickets(30);
  ASSERT_TRUE(WorkOn(draw).ok());
  EXPECT_EQ(Reload(draw).population(), 30);
  EXPECT_EQ(Reload(draw).frame_digest(), frozen.frame_digest());
  EXPECT_TRUE(Verify(draw).ok());
}

// Frame, strata and counts are all bound before anybody knows the seed.
TEST_P(DrawContract, WhatIsDrawnOfEachStratumIsPublishedBeforeTheSeed) {
  AddTickets(50, "min-1");
  AddTickets(30, "min-2");
  v1::CreateDrawRequest request = Week30(10);
  request.set_plan(
      AddPlan("public", SeededBy(v1::SamplingPlan::SEED_SOURCE_PUBLIC)));
  const v1::Draw draw = Create(request);
  ASSERT_TRUE(WorkOn(draw).ok());
  const v1::Draw frozen = Reload(draw);
  ASSERT_EQ(frozen.state(), v1::Draw::STATE_FROZEN);
  ASSERT_EQ(frozen.allocation_digest().size(), 64u);
  const auto log = draws_.ListLog(kCourt, 0, 100).value();
  EXPECT_THAT(log.back().json(), HasSubstr(frozen.allocation_digest()));
  EXPECT_THAT(log.back().json(), HasSubstr(frozen.strata_digest()));

  v1::SeedDrawRequest seed;
  seed.set_name(draw.name());
  seed.set_public_seed("0102030405");
  ASSERT_TRUE(office_.Seed(Officer(), seed).ok());
  ASSERT_TRUE(WorkOn(draw).ok());
  const auto sections =
      nlohmann::json::parse(Bundle(draw)).at("verification").at("sections");
  EXPECT_EQ(sections.at("strata"), frozen.allocation_digest());
  EXPECT_EQ(sections.at("frame"), frozen.strata_digest());
}

TEST_P(DrawContract, PublicSeedComesAfterThePublishedDigest) {
  AddTickets(30);
  v1::CreateDrawRequest request = Week30(10);
  request.set_plan(
      AddPlan("public", SeededBy(v1::SamplingPlan::SEED_SOURCE_PUBLIC)));
  const v1::Draw draw = Create(request);
  ASSERT_TRUE(WorkOn(draw).ok());
  ASSERT_EQ(Reload(draw).state(), v1::Draw::STATE_FROZEN);
  EXPECT_EQ(Reload(draw).frame_digest().size(), 64u);
  EXPECT_TRUE(Callbacks(draw).empty());

  v1::SeedDrawRequest seed;
  seed.set_name(draw.name());
  seed.set_public_seed("ssq 2019087");
  const rpc::Call head = host_.CallAs("head", kCourt);
  ASSERT_TRUE(office_.Seed(head, seed).ok());
  EXPECT_THAT(office_.Seed(head, seed),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_TRUE(WorkOn(draw).ok());
  EXPECT_EQ(Reload(draw).state(), v1::Draw::STATE_DRAWN);
  EXPECT_TRUE(Verify(draw).ok());
}

TEST_P(DrawContract, ServerSeedIsTakenOnceAfterTheFreeze) {
  AddTickets(30);
  const v1::Draw draw = Create(Week30(10));
  tickets_.FailAfter(5);
  EXPECT_FALSE(WorkOn(draw).ok());
  tickets_.Heal();
  const std::string seed = Reload(draw).public_seed();
  EXPECT_EQ(seed.size(), 32u);
  ASSERT_TRUE(WorkOn(draw).ok());
  EXPECT_EQ(Reload(draw).public_seed(), seed);
}

TEST_P(DrawContract, EmptyFrameFailsWithAReason) {
  const v1::Draw draw = DrawOf(10);
  EXPECT_EQ(draw.state(), v1::Draw::STATE_FAILED);
  EXPECT_EQ(draw.failure(),
            "nothing to draw from: no ticket was closed in the period");
  EXPECT_EQ(CountEvents(v1::CallbackEvent::TYPE_DRAW_ENDED), 1);
}

TEST_P(DrawContract, PeriodMustBeOver) {
  v1::CreateDrawRequest request = Week30(10);
  request.set_to_date("2019-07-30");
  EXPECT_THAT(office_.Create(Officer(), request),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_P(DrawContract, RepeatedRequestIsTheSameDraw) {
  AddTickets(10);
  v1::CreateDrawRequest request = Week30(3);
  request.set_request_id("0198f0a0-0000-7000-8000-000000000001");
  EXPECT_EQ(Create(request).name(), Create(request).name());
  request.set_size(4);
  EXPECT_THAT(office_.Create(Officer(), request),
              StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_P(DrawContract, RepeatIsAnsweredThoughThePlanWasRetired) {
  AddTickets(10);
  v1::CreateDrawRequest request = Week30(3);
  request.set_plan(AddPlan("plan", v1::SamplingPlan()));
  request.set_request_id("0198f0a0-0000-7000-8000-000000000002");
  const std::string first = Create(request).name();
  v1::SamplingPlan plan = plans_.Get(kCourt, "plan").value();
  plan.set_retired(true);
  ASSERT_OK(db_->Write(kCourt, [&](sql::Session& session) {
    v1::SamplingPlan stored = plan;
    return PlanStore::Save(session, stored);
  }));
  EXPECT_EQ(Create(request).name(), first);
  request.clear_request_id();
  EXPECT_THAT(office_.Create(Officer(), request), HasReason("PLAN_RETIRED"));
}

TEST_P(DrawContract, AbortWithdrawsOpenCallsAndKeepsTheRecord) {
  AddTickets(30);
  const v1::Draw draw = DrawOf(10);
  Abort(draw);
  for (const v1::Callback& c : Callbacks(draw)) {
    EXPECT_EQ(c.state(), v1::Callback::STATE_WITHDRAWN);
  }
  EXPECT_EQ(Reload(draw).state(), v1::Draw::STATE_ABORTED);
  EXPECT_EQ(CountEvents(v1::CallbackEvent::TYPE_WITHDRAWN), 10);
  EXPECT_TRUE(Verify(draw).ok());
}

TEST_P(DrawContract, PeriodIsDrawnAgainOnlyAfterAnAbort) {
  AddTickets(30);
  const v1::Draw first = DrawOf(10);
  const auto second = office_.Create(Officer(), Week30(12));
  EXPECT_THAT(second, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(ErrorReason(second.status()), "PERIOD_DRAWN");
  EXPECT_THAT(second.status().message(), HasSubstr(first.name()));
  // A day in common is enough, whatever the plan.
  v1::CreateDrawRequest other = Week30(5);
  other.set_from_date("2019-07-10");
  other.set_to_date("2019-07-22");
  EXPECT_THAT(office_.Create(Officer(), other),
              StatusIs(absl::StatusCode::kAlreadyExists));
  other.set_to_date("2019-07-21");
  EXPECT_TRUE(office_.Create(Officer(), other).ok());

  Abort(first);
  EXPECT_NE(Create(Week30(12)).name(), first.name());
  EXPECT_THAT(office_.Create(Officer(), Week30(12)),
              StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_P(DrawContract, FailedDrawLeavesItsPeriodFree) {
  const v1::Draw empty = Create(Week30(3));
  ASSERT_TRUE(WorkOn(empty).ok());
  ASSERT_EQ(Reload(empty).state(), v1::Draw::STATE_FAILED);
  EXPECT_TRUE(office_.Create(Officer(), Week30(3)).ok());
}

TEST_P(DrawContract, ReserveIsTakenInItsOrder) {
  AddTickets(30);
  const v1::Draw draw = DrawOf(10);
  v1::ActivateReserveRequest request;
  request.set_name(draw.name());
  request.set_stratum("min-1");
  request.set_count(2);
  const auto extended = office_.ActivateReserve(Officer(), request);
  ASSERT_TRUE(extended.ok()) << extended.status();
  EXPECT_EQ(extended->strata(0).reserve_used(), 2);
  EXPECT_EQ(extended->strata(0).reserve_count(), 18);
  std::set<std::int64_t> orders;
  for (const v1::Callback& c : Callbacks(draw))
    orders.insert(c.reserve_order());
  EXPECT_EQ(orders, (std::set<std::int64_t>{0, 1, 2}));
  EXPECT_TRUE(Verify(draw).ok());
  request.set_count(19);
  EXPECT_THAT(office_.ActivateReserve(Officer(), request),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_P(DrawContract, DigestOfTheBundleIsKnownAtTheDrawAndStays) {
  AddTickets(80);
  const v1::Draw draw = DrawOf(5);
  const auto exported = [&] {
    const auto stored = draws_.Get(kCourt, IdOf(draw.name())).value();
    BundleStream stream(maker_.LoadBundle(stored).value());
    std::string text;
    for (std::string part = stream.Next(100); !part.empty();
         part = stream.Next(100)) {
      text += part;
    }
    return Sha256Hex(text);
  };
  EXPECT_EQ(draw.bundle_digest(), exported());
  // More than a bundle lists of the reserve.
  v1::ActivateReserveRequest request;
  request.set_name(draw.name());
  request.set_stratum("min-1");
  request.set_count(40);
  ASSERT_TRUE(office_.ActivateReserve(Officer(), request).ok());
  EXPECT_EQ(draw.bundle_digest(), exported());
  int told = 0;
  const std::vector<v1::CallbackEvent> events = Events();
  for (const v1::CallbackEvent& event : events) {
    if (event.type() == v1::CallbackEvent::TYPE_DRAWN) {
      EXPECT_EQ(event.draw().bundle_digest(), draw.bundle_digest());
      EXPECT_EQ(event.draw().seeder(), "server");
      EXPECT_EQ(event.draw().strata(0).reserve_used(), 0);
      ++told;
    }
    if (event.type() == v1::CallbackEvent::TYPE_RESERVE_ACTIVATED) {
      EXPECT_EQ(event.draw().bundle_digest(), draw.bundle_digest());
      EXPECT_EQ(event.draw().strata(0).reserve_used(), 40);
      ++told;
    }
  }
  EXPECT_EQ(told, 2);
}

TEST_P(DrawContract, RepeatedTakingFromTheReserveTakesOnce) {
  AddTickets(13);
  const v1::Draw draw = DrawOf(10);
  v1::ActivateReserveRequest request;
  request.set_name(draw.name());
  request.set_stratum("min-1");
  request.set_count(3);  // all there is
  request.set_etag(Reload(draw).etag());
  request.set_request_id("0198f0a0-0000-7000-8000-000000000007");
  const auto first = office_.ActivateReserve(Officer(), request);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto again = office_.ActivateReserve(Officer(), request);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->strata(0).reserve_used(), 3);
  EXPECT_EQ(Callbacks(draw).size(), 13u);
}

TEST_P(DrawContract, EveryDrawIsInTheChain) {
  AddTickets(10);
  Abort(DrawOf(3));
  DrawOf(4);
  const auto log = draws_.ListLog(kCourt, 0, 100).value();
  ASSERT_EQ(log.size(), 9u);  // create, freeze, seed, draw; an abort between
  std::string previous = FirstChainHash();
  for (const v1::DrawLogEntry& entry : log) {
    previous = NextChainHash(previous, entry.json());
    EXPECT_EQ(entry.hash(), previous);
  }
}

TEST_P(DrawContract, WeeklyPlanDrawsThePastWeekOnce) {
  AddTickets(30);
  clock().SetCourtTime(absl::CivilSecond(2019, 7, 25, 9));
  v1::SamplingPlan plan;
  plan.set_cadence(v1::SamplingPlan::CADENCE_WEEKLY);
  AddPlan("weekly", plan);
  ASSERT_TRUE(reconciliation_.Run().ok());
  // Nothing before Monday 08:30.
  EXPECT_TRUE(schedule_queue_.Take(10, absl::Minutes(1))->leases.empty());
  Advance(absl::Hours(24) * 4);
  const TakeResult due = schedule_queue_.Take(10, absl::Minutes(1)).value();
  ASSERT_EQ(due.leases.size(), 1u);
  ASSERT_TRUE(schedule_.Work(due.leases[0]).ok());
  ASSERT_TRUE(schedule_.Work(due.leases[0]).ok());
  const auto drawn = draws_.List(kCourt, {}, std::nullopt, 10).value();
  ASSERT_EQ(drawn.size(), 1u);
  EXPECT_EQ(drawn[0].period_label(), "2019-W30");
  EXPECT_EQ(drawn[0].creator(), "schedule");
  // Given up by a person, it is not made again by the schedule.
  Abort(drawn[0]);
  EXPECT_TRUE(schedule_.Work(due.leases[0]).ok());
  EXPECT_EQ(draws_.List(kCourt, {}, std::nullopt, 10)->size(), 1u);
}

TEST_P(DrawContract, HolidayMondayIsDrawnOnTheNextWorkingDay) {
  // 2018-10-01 is a Monday and a holiday in the court's calendar.
  clock().SetCourtTime(absl::CivilSecond(2018, 9, 27, 9));
  v1::SamplingPlan plan;
  plan.set_cadence(v1::SamplingPlan::CADENCE_WEEKLY);
  AddPlan("weekly", plan);
  ASSERT_TRUE(reconciliation_.Run().ok());
  Advance(absl::Hours(24) * 4);  // Monday, 09:00
  EXPECT_TRUE(schedule_queue_.Take(10, absl::Minutes(1))->leases.empty());
  Advance(absl::Hours(24));
  const TakeResult due = schedule_queue_.Take(10, absl::Minutes(1)).value();
  ASSERT_EQ(due.leases.size(), 1u);
  ASSERT_TRUE(schedule_.Work(due.leases[0]).ok());
  const auto drawn = draws_.List(kCourt, {}, std::nullopt, 10).value();
  ASSERT_EQ(drawn.size(), 1u);
  EXPECT_EQ(drawn[0].period_label(), "2018-W39");
}

TEST_P(DrawContract, PlanMadeWeeklyDrawsNoWeekFromBefore) {
  clock().SetCourtTime(absl::CivilSecond(2019, 7, 4, 9));
  v1::SamplingPlan plan;
  plan.set_cadence(v1::SamplingPlan::CADENCE_WEEKLY);
  *plan.mutable_weekly_since_time() =
      ToProto(clock().Now() + absl::Hours(24 * 7) * 3 - absl::Hours(1));
  AddPlan("weekly", plan);
  Advance(absl::Hours(24 * 7) * 3);
  ASSERT_TRUE(reconciliation_.Run().ok());
  EXPECT_TRUE(schedule_queue_.Take(10, absl::Minutes(1))->leases.empty());
}

TEST_P(DrawContract, WeeksMissedInAnOutageAreMadeUpFor) {
  clock().SetCourtTime(absl::CivilSecond(2019, 7, 4, 9));
  v1::SamplingPlan plan;
  plan.set_cadence(v1::SamplingPlan::CADENCE_WEEKLY);
  AddPlan("weekly", plan);
  Advance(absl::Hours(24 * 7) * 3);
  ASSERT_TRUE(reconciliation_.Run().ok());
  const TakeResult due = schedule_queue_.Take(10, absl::Minutes(1)).value();
  for (const Lease& lease : due.leases) {
    ASSERT_TRUE(schedule_.Work(lease).ok());
  }
  std::set<std::string> periods;
  const auto made = draws_.List(kCourt, {}, std::nullopt, 10).value();
  for (const v1::Draw& draw : made) periods.insert(draw.period_label());
  EXPECT_EQ(periods,
            (std::set<std::string>{"2019-W27", "2019-W28", "2019-W29"}));
}

TEST_P(DrawContract, ClosedCallsLeaveTheQueueHoweverManyTheyAre) {
  // More than one page, all closed at once; Redis came back with their tasks.
  constexpr int kClosed = 1100;
  ASSERT_TRUE(
      db_->Write(kCourt,
                 [&](sql::Session& session) -> absl::Status {
                   for (int i = 0; i < kClosed; ++i) {
                     StoredCallback stored;
                     stored.callback.set_name(
                         absl::StrFormat("%s/callbacks/c-%05d", kParent, i));
                     stored.callback.set_state(v1::Callback::STATE_COMPLETED);
                     *stored.callback.mutable_update_time() =
                         ToProto(clock().Now());
                     const absl::Status inserted =
                         CallbackStore::Insert(session, stored).status();
                     if (!inserted.ok()) return inserted;
                   }
                   return absl::OkStatus();
                 })
          .ok());
  for (int i = 0; i < kClosed; ++i) {
    const std::string id = absl::StrFormat("c-%05d", i);
    ASSERT_TRUE(
        call_queue_.Enqueue({CallTaskId(kCourt, id), "", absl::ZeroDuration()})
            .ok());
  }
  ASSERT_TRUE(reconciliation_.Run().ok());
  EXPECT_EQ(call_queue_.Stats().value().tasks, 0);
}

TEST_P(DrawContract, LostQueueIsRebuiltFromTheDatabase) {
  AddTickets(30);
  DrawOf(10);
  v1::CreateDrawRequest before = Week30(5);
  before.set_from_date("2019-07-15");
  before.set_to_date("2019-07-21");
  const v1::Draw waiting = Create(before);
  testing::FakeLeaseQueue fresh_calls(1000, "call");
  testing::FakeLeaseQueue fresh_draws(5, "draw");
  CallDesk desk{{*db_, draws_, callbacks_, plans_, tickets_, courts_,
                 fresh_calls, convey_queue_, clock(), absl::Minutes(45)}};
  DrawOffice office{{*db_, draws_, plans_, maker_, desk, fresh_draws, clock()}};
  ScheduleWorker schedule{plans_, office, schedule_queue_, courts_, clock()};
  Reconciliation reconciliation{
      *db_,     callbacks_,  conveyances_,  desk,         office,
      schedule, fresh_calls, convey_queue_, judge_queue_, clock()};
  ASSERT_TRUE(reconciliation.Run().ok());
  EXPECT_EQ(fresh_calls.Stats()->tasks, 10);
  EXPECT_EQ(fresh_draws.Stats()->tasks, 1);
}

TEST_P(DrawContract, AFrameIsPulledForAsLongAsItsCallLasts) {
  AddTickets(10);
  const absl::Time deadline = SteadyNow() + absl::Minutes(1);
  const ScopedDeadline call(deadline);
  DrawOf(3);
  EXPECT_EQ(tickets_.export_deadline(), deadline);
}

TEST_P(DrawContract, CallClosedWhileTheQueueWasAwayForHoursLeavesIt) {
  AddTickets(10);
  DrawOf(3);
  ASSERT_OK(reconciliation_.Run());
  const auto lease = LeaseFor(Officer());
  ASSERT_OK(desk_.Complete(Officer(), AllGood(*lease)));
  const std::string task = CallTaskId("110102", IdOf(lease->callback().name()));
  ASSERT_OK(call_queue_.Enqueue({task, "", absl::ZeroDuration()}));
  Advance(absl::Hours(5));
  ASSERT_OK(reconciliation_.Run());
  EXPECT_EQ(call_queue_.Stats()->tasks, 2);
}

INSTANTIATE_TEST_SUITE_P(
    Engines, DrawContract, ::testing::ValuesIn(testing::SqlEngines()),
    testing::EngineName<::testing::TestParamInfo<std::string>>);

}  // namespace
}  // namespace huifang::callback
