// What a Redis URL means, and in which slot a key is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/common/redis_node.h"
#include "services/common/redis_replies.h"
#include "services/common/redis_topology.h"
#include "services/common/redis_url.h"
#include "tests/support/matchers.h"

namespace huifang::redis {
namespace {

using ::huifang::testing::HasReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(RedisUrl, SaysStandaloneSentinelOrCluster) {
  const Url one = ParseUrl("redis://h:6380/2").value();
  EXPECT_EQ(one.kind, Url::Kind::kStandalone);
  EXPECT_THAT(one.endpoints, ElementsAre(Endpoint{"h", 6380}));
  EXPECT_EQ(one.db, 2);
  EXPECT_THAT(ParseUrl("unix:/run/r.sock").value().endpoints,
              ElementsAre(Endpoint{"/run/r.sock", 0}));
  const Url sentinel = ParseUrl("redis-sentinel://a,b:1/main/3").value();
  EXPECT_EQ(sentinel.kind, Url::Kind::kSentinel);
  EXPECT_THAT(sentinel.endpoints,
              ElementsAre(Endpoint{"a", 26379}, Endpoint{"b", 1}));
  EXPECT_EQ(sentinel.master_name, "main");
  EXPECT_EQ(sentinel.db, 3);
  const Url cluster = ParseUrl("redis-cluster://a:1,[::1]:2,c").value();
  EXPECT_EQ(cluster.kind, Url::Kind::kCluster);
  EXPECT_THAT(
      cluster.endpoints,
      ElementsAre(Endpoint{"a", 1}, Endpoint{"::1", 2}, Endpoint{"c", 6379}));
}

TEST(RedisUrl, UserAndPasswordMayHoldAnySign) {
  const Url url = ParseUrl("redis://me:p%40s%2Fs%25@h").value();
  EXPECT_EQ(url.user, "me");
  EXPECT_EQ(url.password, "p@s/s%");
  EXPECT_EQ(ParseUrl("redis://:secret@h").value().password, "secret");
  EXPECT_EQ(ParseUrl("redis-cluster://me@a,b").value().user, "me");
}

TEST(RedisUrl, BadOneIsRefusedAndNotQuoted) {
  for (const char* url :
       {"", "http://secret", "redis://", "redis://h:port", "redis://h:0",
        "redis://h:70000", "redis://h/x", "redis://h/-1", "redis://h/1/2",
        "redis://a,b", "redis://:secret%2@h", "redis://:secret%zz@h",
        "redis-sentinel://h", "redis-sentinel://h/", "redis-sentinel://h/m/x",
        "redis-cluster://a,", "redis-cluster://a/1", "redis://[::1:6379",
        "unix:"}) {
    EXPECT_THAT(ParseUrl(url), HasReason("BAD_REDIS_URL")) << url;
    EXPECT_THAT(std::string(ParseUrl(url).status().message()),
                Not(::testing::HasSubstr("secret")));
  }
}

// Vectors of the Redis Cluster specification and of CLUSTER KEYSLOT.
TEST(RedisEndpoint, ReadsAsItPrints) {
  for (const char* text : {"h:1", "[::1]:6379", "10.0.0.1:65535"}) {
    EXPECT_EQ(ParseEndpoint(text, 0).value().Text(), text);
  }
  for (const char* text : {"[[h]:1", "h]:1", "a[b:1"}) {
    EXPECT_FALSE(ParseEndpoint(text, 6379).ok()) << text;
  }
}

// As hiredis reads `bytes`.
Reply Read(const std::string& bytes) {
  redisReader* const reader = redisReaderCreate();
  redisReaderFeed(reader, bytes.data(), bytes.size());
  void* reply = nullptr;
  redisReaderGetReply(reader, &reply);
  redisReaderFree(reader);
  return Reply(static_cast<redisReply*>(reply));
}

// Port 0 would mean a Unix socket of that name.
TEST(RedisReplies, ServerWithoutUsablePortIsNoServer) {
  const Endpoint asked{"a", 6379};
  const std::string head = "*1\r\n*4\r\n:0\r\n:16383\r\n";
  const std::string good = "*2\r\n$1\r\nb\r\n:7000\r\n";
  for (const char* port : {"0", "-1", "65536", "4294973296"}) {
    const std::string bad = absl::StrCat("*2\r\n$1\r\nc\r\n:", port, "\r\n");
    EXPECT_FALSE(ParseSlots(*Read(head + bad + good), asked).ok()) << port;
    const auto ranges = ParseSlots(*Read(head + good + bad), asked).value();
    EXPECT_THAT(ranges[0].servers, ElementsAre(Endpoint{"b", 7000})) << port;
    const std::string text =
        absl::StrCat("$", absl::string_view(port).size(), "\r\n", port, "\r\n");
    EXPECT_FALSE(ParseMaster(*Read("*2\r\n$1\r\nc\r\n" + text)).ok()) << port;
    EXPECT_THAT(ParseReplicas(*Read("*1\r\n*4\r\n$2\r\nip\r\n$1\r\nc\r\n"
                                    "$4\r\nport\r\n" +
                                    text)),
                IsEmpty())
        << port;
  }
}

TEST(ClusterSlot, FollowsTheSpecification) {
  EXPECT_EQ(SlotOf("123456789"), 0x31C3);
  EXPECT_EQ(SlotOf("somekey"), 11058);
  EXPECT_EQ(SlotOf("foo{hash_tag}"), 2515);
  EXPECT_EQ(SlotOf("{user1000}.following"), SlotOf("{user1000}.followers"));
  EXPECT_NE(SlotOf("foo{}{bar}"), SlotOf("bar"));
  EXPECT_EQ(SlotOf("foo{{bar}}zap"), SlotOf("{bar"));
  EXPECT_EQ(SlotOf("foo{bar}{zap}"), SlotOf("bar"));
}

}  // namespace
}  // namespace huifang::redis
