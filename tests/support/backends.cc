#include "tests/support/backends.h"

#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace huifang::testing {
namespace {

struct CloseConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};

[[noreturn]] void Die(const std::string& why) {
  std::fprintf(stderr, "test support: %s\n", why.c_str());
  std::abort();
}

// Runs one statement outside a transaction. Its error, empty if it went well.
std::string RunAlone(const std::string& url, const std::string& sql) {
  const std::unique_ptr<PGconn, CloseConnection> connection(
      PQconnectdb(url.c_str()));
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    return PQerrorMessage(connection.get());
  }
  const std::unique_ptr<PGresult, ClearResult> result(
      PQexec(connection.get(), sql.c_str()));
  return PQresultStatus(result.get()) == PGRES_COMMAND_OK
             ? ""
             : PQerrorMessage(connection.get());
}

// The server's URL with another database name.
std::string WithDatabase(const std::string& url, const std::string& name) {
  const std::size_t host = url.find("://");
  const std::size_t start = host == std::string::npos ? 0 : host + 3;
  const std::size_t slash = url.find('/', start);
  if (slash == std::string::npos) return absl::StrCat(url, "/", name);
  const std::size_t query = url.find('?', slash);
  return absl::StrCat(url.substr(0, slash + 1), name,
                      query == std::string::npos ? "" : url.substr(query));
}

// A word no other process and no earlier call uses.
std::string FreshWord() {
  static std::atomic<int> count{0};
  return absl::StrCat(absl::ToUnixMicros(absl::Now()), "_", getpid(), "_",
                      count.fetch_add(1));
}

// What this process made, removed when it ends.
class Leftovers {
 public:
  static Leftovers& Get() {
    static Leftovers leftovers;
    return leftovers;
  }
  ~Leftovers() {
    for (const std::string& name : databases_) {
      RunAlone(server_, absl::StrCat("DROP DATABASE ", name, " WITH (FORCE)"));
    }
    if (!directory_.empty() && getpid() == owner_) {
      std::error_code ignored;
      std::filesystem::remove_all(directory_, ignored);
    }
  }

  void AddDatabase(const std::string& server, const std::string& name) {
    const std::lock_guard<std::mutex> lock(mutex_);
    server_ = server;
    databases_.push_back(name);
  }
  std::string Directory() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (directory_.empty()) {
      const char* base = std::getenv("TMPDIR");
      std::string pattern =
          absl::StrCat(base != nullptr ? base : "/tmp", "/huifang-test-XXXXXX");
      if (mkdtemp(pattern.data()) == nullptr) {
        Die(absl::StrCat("cannot make a directory ", pattern));
      }
      directory_ = pattern;
    }
    return directory_;
  }

 private:
  std::mutex mutex_;
  const pid_t owner_ = getpid();
  std::string server_;
  std::vector<std::string> databases_;
  std::string directory_;
};

}  // namespace

std::optional<std::string> TestPostgresUrl() {
  const char* server = std::getenv("HUIFANG_TEST_POSTGRES_URL");
  if (server == nullptr || *server == '\0') return std::nullopt;
  const std::string name = absl::StrCat("test_", FreshWord());
  const std::string error =
      RunAlone(server, absl::StrCat("CREATE DATABASE ", name));
  if (!error.empty()) Die(error);
  Leftovers::Get().AddDatabase(server, name);
  return WithDatabase(server, name);
}

std::string TestSqliteUrl() {
  return absl::StrCat("sqlite:", TestDirectory(), "/", FreshWord(), ".db");
}

std::optional<std::string> TestRedisUrl(const std::string& kind) {
  const std::string variable =
      absl::StrCat("HUIFANG_TEST_", absl::AsciiStrToUpper(kind), "_URL");
  const char* url = std::getenv(variable.c_str());
  if (url == nullptr || *url == '\0') return std::nullopt;
  return url;
}

std::string FreshPrefix() { return absl::StrCat("test_", FreshWord()); }

std::string TestDirectory() { return Leftovers::Get().Directory(); }

std::vector<std::string> SqlEngines() {
  std::vector<std::string> engines = {"sqlite"};
  const char* server = std::getenv("HUIFANG_TEST_POSTGRES_URL");
  if (server != nullptr && *server != '\0') {
    engines.push_back("postgres");
  } else if (std::getenv("CI") != nullptr) {
    Die("HUIFANG_TEST_POSTGRES_URL is unset in CI");
  }
  return engines;
}

std::string FreshDatabase(const std::string& engine) {
  if (engine == "sqlite") return TestSqliteUrl();
  const std::optional<std::string> url = TestPostgresUrl();
  if (!url.has_value()) Die("HUIFANG_TEST_POSTGRES_URL is unset");
  return *url;
}

}  // namespace huifang::testing
