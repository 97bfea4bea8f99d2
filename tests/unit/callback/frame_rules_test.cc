#include "services/callback/frame_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/common/crypto.h"

namespace huifang::callback {
namespace {

using ::testing::ElementsAre;

TicketFacts Ticket(absl::string_view id, const std::string& stratum) {
  TicketFacts facts;
  facts.id = id;
  facts.stratum = stratum;
  facts.has_phone = true;
  return facts;
}

std::vector<std::string> Ids(const BuiltFrame& built) {
  std::vector<std::string> ids;
  for (std::size_t row = 0; row < built.frame.size(); ++row) {
    ids.emplace_back(built.frame.id(row));
  }
  return ids;
}

TEST(Frame, SortsTicketsAndStrata) {
  FrameBuilder builder({}, {});
  builder.Add(Ticket("c", "min-2"));
  builder.Add(Ticket("a", "min-2"));
  builder.Add(Ticket("b", "min-1"));
  const BuiltFrame built = std::move(builder).Finish();
  EXPECT_THAT(Ids(built), ElementsAre("a", "b", "c"));
  EXPECT_THAT(built.strata, ElementsAre("min-1", "min-2"));
  EXPECT_THAT(built.counts, ElementsAre(1, 2));
  EXPECT_EQ(built.frame.stratum(0), 1u);
  EXPECT_EQ(built.frame.stratum(1), 0u);
  EXPECT_EQ(built.closed_count, 3);
}

TEST(Frame, TicketWithoutPhoneStaysUnlessThePlanSaysNo) {
  TicketFacts ticket = Ticket("a", "");
  ticket.has_phone = false;
  FrameBuilder lenient({}, {});
  lenient.Add(ticket);
  EXPECT_EQ(std::move(lenient).Finish().frame.size(), 1u);
  FrameBuilder strict({.exclude_without_phone = true}, {});
  strict.Add(ticket);
  const BuiltFrame built = std::move(strict).Finish();
  EXPECT_EQ(built.frame.size(), 0u);
  ASSERT_EQ(built.excluded.size(), 1u);
  EXPECT_EQ(built.excluded[0].reason, Exclusion::kNoPhone);
}

TEST(Frame, EachRuleNamesItsReason) {
  FramePolicy policy;
  policy.kinds = {3};
  policy.channels = {1};
  policy.exclude_answered_at_desk = true;
  policy.exclude_without_consent = true;
  FrameBuilder builder(policy, {"recent"});
  const auto add = [&builder](absl::string_view id, auto change) {
    TicketFacts facts = Ticket(id, "");
    facts.kind = 3;
    facts.channel = 1;
    change(facts);
    builder.Add(facts);
  };
  add("a", [](TicketFacts&) {});
  add("b", [](TicketFacts& t) { t.kind = 1; });
  add("c", [](TicketFacts& t) { t.channel = 2; });
  add("d", [](TicketFacts& t) { t.answered_at_desk = true; });
  add("e", [](TicketFacts& t) { t.declined = true; });
  add("f", [](TicketFacts& t) { t.caller_key = "recent"; });
  const BuiltFrame built = std::move(builder).Finish();
  EXPECT_THAT(Ids(built), ElementsAre("a"));
  std::vector<Exclusion> reasons;
  for (const ExcludedTicket& e : built.excluded) reasons.push_back(e.reason);
  EXPECT_THAT(reasons,
              ElementsAre(Exclusion::kKind, Exclusion::kChannel,
                          Exclusion::kAnsweredAtDesk, Exclusion::kNoConsent,
                          Exclusion::kCalledRecently));
  EXPECT_EQ(built.closed_count, 6);
}

// Which ticket of a caller stays depends on neither the order of arrival nor
// the seed.
TEST(Frame, OneTicketPerCallerWhateverTheOrder) {
  std::vector<std::string> ids = {"t1", "t2", "t3"};
  const std::string first =
      *std::min_element(ids.begin(), ids.end(),
                        [](auto& a, auto& b) { return Sha256(a) < Sha256(b); });
  do {
    FrameBuilder builder({.one_per_caller = true}, {});
    for (const std::string& id : ids) {
      TicketFacts facts = Ticket(id, id);
      facts.caller_key = "same";
      builder.Add(facts);
    }
    builder.Add(Ticket("unknown-1", "x"));
    builder.Add(Ticket("unknown-2", "x"));
    const BuiltFrame built = std::move(builder).Finish();
    EXPECT_THAT(Ids(built), ElementsAre(first, "unknown-1", "unknown-2"));
    EXPECT_EQ(built.excluded.size(), 2u);
    EXPECT_THAT(built.strata, ElementsAre(first, "x"));
  } while (std::next_permutation(ids.begin(), ids.end()));
}

}  // namespace
}  // namespace huifang::callback
