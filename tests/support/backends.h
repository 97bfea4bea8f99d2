// Private databases and key prefixes for tests, on servers that
// tests/support/servers.sh started.
#ifndef HUIFANG_TESTS_SUPPORT_BACKENDS_H_
#define HUIFANG_TESTS_SUPPORT_BACKENDS_H_

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace huifang::testing {

// A fresh, empty database on the server of $HUIFANG_TEST_POSTGRES_URL; dropped
// when the process ends. Nothing if the variable is unset; a server that is
// named but cannot be used ends the process with the reason.
std::optional<std::string> TestPostgresUrl();

// A fresh SQLite file (sqlite:PATH) in a directory that is removed when the
// process ends.
std::string TestSqliteUrl();

// The Redis of a kind: "redis" ($HUIFANG_TEST_REDIS_URL), "sentinel" or
// "cluster" likewise; nothing if the variable is unset.
std::optional<std::string> TestRedisUrl(const std::string& kind = "redis");

// A Redis key prefix nobody used before.
std::string FreshPrefix();

// A directory of this process, removed when it ends.
std::string TestDirectory();

// One SQL engine to run a contract suite on:
//
//   INSTANTIATE_TEST_SUITE_P(Engines, StoreContract,
//                            ::testing::ValuesIn(SqlEngines()), EngineName);
//   ... const std::string url = FreshDatabase(GetParam());
//
// "sqlite" always; "postgres" when a server is there. In CI ($CI is set) it
// must be there.
std::vector<std::string> SqlEngines();
std::string FreshDatabase(const std::string& engine);

// Names the instances of a suite over strings.
template <typename Info>
std::string EngineName(const Info& info) {
  return info.param;
}

}  // namespace huifang::testing

// Names the Redis of the test run, or skips the test where there is none; in
// CI its absence is a failure.
#define HUIFANG_REDIS_OR_SKIP(url) HUIFANG_REDIS_KIND_OR_SKIP(url, "redis")
#define HUIFANG_REDIS_KIND_OR_SKIP(url, kind)                              \
  const std::optional<std::string> url##_found =                           \
      ::huifang::testing::TestRedisUrl(kind);                              \
  if (!url##_found.has_value()) {                                          \
    if (std::getenv("CI") != nullptr) FAIL() << "no test Redis";           \
    GTEST_SKIP() << "no Redis: run under tests/support/servers.sh run --"; \
  }                                                                        \
  const std::string url = *url##_found

#endif  // HUIFANG_TESTS_SUPPORT_BACKENDS_H_
