// What is kept across the tickets of one caller.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/contract/callback/callback_service_fixture.h"
#include "tests/support/matchers.h"

namespace huifang::callback {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

class ContactContract : public CallbackServiceTest {
 protected:
  // Draws all of `count` tickets, which have one caller.
  void DrawOneCallers(int count) {
    for (int number = 1; number <= count; ++number) {
      ticket::v1::Ticket ticket = Ticket(number);
      ticket.mutable_caller()->set_caller_key("same");
      tickets_.Add(ticket);
    }
    DrawOf(count);
  }
  void Bar() {
    v1::DoNotCall entry;
    entry.set_name("courts/110102/doNotCalls/x");
    entry.set_caller_key("same");
    ASSERT_TRUE(db_->Write(kCourt,
                           [&](sql::Session& session) {
                             return ContactStore::Insert(session, entry);
                           })
                    .ok());
  }
};

TEST_P(ContactContract, CallerIsCalledThreeTimesADayWhateverTheTicket) {
  DrawOneCallers(4);
  for (const char* officer : {"a", "b", "c"}) {
    const auto lease = LeaseFor(Officer(officer));
    ASSERT_TRUE(lease.ok()) << lease.status();
    ASSERT_TRUE(desk_.Complete(Officer(officer), AllGood(*lease)).ok());
  }
  EXPECT_THAT(LeaseFor(Officer()), StatusIs(absl::StatusCode::kNotFound));
  Advance(absl::Hours(24));
  EXPECT_TRUE(LeaseFor(Officer()).ok());
}

TEST_P(ContactContract, RefusalIsRespectedForTheCallersOtherTickets) {
  DrawOneCallers(2);
  v1::RecordAttemptRequest refusal = Miss(*LeaseFor(Officer()));
  refusal.set_outcome(v1::OUTCOME_REFUSED);
  ASSERT_TRUE(desk_.Record(Officer(), refusal).ok());
  Advance(absl::Hours(24) * 6);
  EXPECT_FALSE(LeaseFor(Officer()).ok());
  Advance(absl::Hours(24));
  EXPECT_TRUE(LeaseFor(Officer()).ok());
}

TEST_P(ContactContract, TwoOfficersDoNotCallOneCallerAtOnce) {
  DrawOneCallers(2);
  const auto first = LeaseFor(Officer("a"));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_FALSE(LeaseFor(Officer("b")).ok());
  ASSERT_TRUE(desk_.Complete(Officer("a"), AllGood(*first)).ok());
  Advance(absl::Minutes(45));
  EXPECT_TRUE(LeaseFor(Officer("b")).ok());
}

TEST_P(ContactContract, CallerWhoIsBarredMeanwhileIsNotShownAgain) {
  DrawOneCallers(1);
  const auto held = LeaseFor(Officer());
  ASSERT_TRUE(held.ok()) << held.status();
  Bar();
  EXPECT_FALSE(LeaseFor(Officer()).ok());
  const auto closed = callbacks_.Get(kCourt, IdOf(held->callback().name()));
  ASSERT_TRUE(closed.ok());
  EXPECT_EQ(closed->callback.state(), v1::Callback::STATE_UNREACHED);
  EXPECT_EQ(closed->callback.disposition(), v1::DISPOSITION_REFUSAL);
}

TEST_P(ContactContract, CallOfABarredCallerIsNotExtended) {
  DrawOneCallers(1);
  const auto held = LeaseFor(Officer());
  ASSERT_TRUE(held.ok()) << held.status();
  Bar();
  v1::ExtendCallbackRequest extend;
  extend.set_name(held->callback().name());
  extend.set_lease_token(held->lease_token());
  EXPECT_THAT(desk_.Extend(Officer(), extend),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("not to be called")));
  EXPECT_EQ(call_queue_.Stats()->tasks, 0);
}

TEST_P(ContactContract, SecondRecusalCountsAfterTheFirstHasEnded) {
  DrawOneCallers(1);
  for (int times = 0; times < 2; ++times) {
    const auto lease = LeaseFor(Officer());
    ASSERT_TRUE(lease.ok()) << times << lease.status();
    v1::ReleaseCallbackRequest release;
    release.set_name(lease->callback().name());
    release.set_lease_token(lease->lease_token());
    release.set_recuse(true);
    ASSERT_TRUE(desk_.Release(Officer(), release).ok());
    EXPECT_THAT(LeaseFor(Officer()), StatusIs(absl::StatusCode::kNotFound));
    const rpc::Call officer = Officer();
    const auto declared =
        plans_.RelationsOf(kCourt, officer.principal, officer.staff).value();
    ASSERT_EQ(declared.size(), 1u);
    ASSERT_TRUE(db_->Write(kCourt,
                           [&](sql::Session& session) {
                             return PlanStore::EndRelation(
                                 session, kCourt, IdOf(declared[0].name()),
                                 "admin", clock().Now());
                           })
                    .ok());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Engines, ContactContract, ::testing::ValuesIn(testing::SqlEngines()),
    testing::EngineName<::testing::TestParamInfo<std::string>>);

}  // namespace
}  // namespace huifang::callback
