// Ids, resource names, page and resume tokens.
#include <gtest/gtest.h>

#include <set>

#include "huifang/ticket/v1/ticket_service.pb.h"
#include "services/common/ids.h"
#include "services/common/page_token.h"
#include "services/common/resource_name.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

using ::huifang::testing::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(Uuid7, IsWellFormedUniqueAndSortsByTime) {
  std::set<std::string> seen;
  for (int i = 0; i < 2000; ++i) {
    const std::string id = NewUuid7(absl::FromUnixMillis(1700000000000));
    EXPECT_TRUE(IsUuid(id));
    EXPECT_EQ(id[14], '7');
    EXPECT_TRUE(seen.insert(id).second);
  }
  EXPECT_LT(*seen.rbegin(), NewUuid7(absl::FromUnixMillis(1700000000001)));
  EXPECT_EQ(NewUuid7(absl::FromUnixMillis(0x0123456789AB)).substr(0, 13),
            "01234567-89ab");
}

TEST(DerivedUuid, DependsOnItsSeedOnly) {
  EXPECT_EQ(DerivedUuid("a"), DerivedUuid("a"));
  EXPECT_NE(DerivedUuid("a"), DerivedUuid("b"));
  EXPECT_TRUE(IsUuid(DerivedUuid("a")));
}

TEST(IsUuid, RefusesOtherForms) {
  for (const char* bad : {"", "x", "0197f9d8-1111-7000-8000-00000000000",
                          "0197f9d8_1111-7000-8000-000000000001",
                          "0197f9d8-1111-7000-8000-00000000000g"}) {
    EXPECT_FALSE(IsUuid(bad)) << bad;
  }
}

TEST(ResourceNames, TakeTheirOwnFormOnly) {
  const auto name = ParseResourceName("courts/110102/tickets/a-1", "tickets");
  ASSERT_TRUE(name.ok());
  EXPECT_EQ(name->court, "110102");
  EXPECT_EQ(name->id, "a-1");
  EXPECT_EQ(MakeResourceName("110102", "tickets", "a-1"),
            "courts/110102/tickets/a-1");
  for (const char* bad :
       {"", "courts/110102", "courts/110102/tickets/", "courts/11010/tickets/a",
        "courts/110102/drafts/a", "courts/110102/tickets/a/b",
        "courts/110102/tickets/a b", "courts/-/tickets/a"}) {
    EXPECT_THAT(ParseResourceName(bad, "tickets"), StatusIs(kInvalid)) << bad;
  }
  EXPECT_EQ(CourtOfName("courts/-"), "-");
  EXPECT_EQ(CourtOfName("courts/110102/x/y"), "110102");
  EXPECT_EQ(CourtOfName("courts/１１０１０２"), "");
}

TEST(PageTokens, FitTheirQueryOnly) {
  ticket::v1::ListTicketsRequest request;
  request.set_parent("courts/110102");
  const std::uint64_t hash = QueryHash(request);
  const std::string token = EncodePageToken(hash, {"12", "id"});
  request.set_page_token(token);
  request.set_page_size(7);
  EXPECT_EQ(QueryHash(request), hash);
  EXPECT_EQ(DecodePageToken(token, hash).value(),
            (std::vector<std::string>{"12", "id"}));
  EXPECT_THAT(DecodePageToken(token, hash + 1), StatusIs(kInvalid));
  EXPECT_THAT(DecodePageToken("%%%", hash), StatusIs(kInvalid));
  EXPECT_TRUE(DecodePageToken("", hash)->empty());
  request.mutable_filter()->set_overdue_only(true);
  EXPECT_NE(QueryHash(request), hash);
}

TEST(PageSizes, AreBounded) {
  EXPECT_EQ(PageSize(0, 50, 500).value(), 50);
  EXPECT_EQ(PageSize(501, 50, 500).value(), 500);
  EXPECT_THAT(PageSize(-1, 50, 500), StatusIs(kInvalid));
}

TEST(ResumeTokens, CarryEveryShard) {
  const std::map<int, std::int64_t> sequences = {{0, 5}, {15, 1LL << 40}};
  EXPECT_EQ(DecodeResumeToken(EncodeResumeToken(sequences)).value(), sequences);
  EXPECT_TRUE(DecodeResumeToken("")->empty());
  EXPECT_THAT(DecodeResumeToken("AAAA"), StatusIs(kInvalid));
}

}  // namespace
}  // namespace huifang
