#include "clients/cli/admin/postgres_tools.h"

#include <libpq-fe.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "services/common/status_macros.h"

extern char** environ;

namespace huifang::cli::admin {
namespace {

constexpr char kPackage[] = "; on Debian: apt-get install postgresql-client";

struct Connection {
  std::string text;  // keyword='value' pairs, without the password
  std::string password;
};

// What the services would connect to, so that of several hosts the one that is
// written to is taken.
absl::StatusOr<Connection> ParseUrl(const std::string& url) {
  ASSIGN_OR_RETURN(const std::string text, sql::ConnectString(url));
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(text.c_str(), nullptr), &PQconninfoFree);
  if (options == nullptr) {
    return absl::InvalidArgumentError("the database URL cannot be read");
  }
  Connection connection{text, ""};
  for (const PQconninfoOption* one = options.get(); one->keyword != nullptr;
       ++one) {
    if (one->val == nullptr || absl::string_view(one->keyword) != "password") {
      continue;
    }
    connection.password = one->val;
    connection.text = absl::StrReplaceAll(
        text, {{absl::StrCat("password='",
                             absl::StrReplaceAll(
                                 one->val, {{"\\", "\\\\"}, {"'", "\\'"}}),
                             "'"),
                ""}});
  }
  return connection;
}

// The major version in "pg_dump (PostgreSQL) 15.8 (Debian …)"; 0: none.
int MajorOf(const std::string& tool) {
  const std::unique_ptr<std::FILE, decltype(&pclose)> output(
      popen(absl::StrCat(tool, " --version 2>/dev/null").c_str(), "r"),
      &pclose);
  char line[200] = "";
  if (output == nullptr ||
      std::fgets(line, sizeof line, output.get()) == nullptr) {
    return 0;
  }
  for (const absl::string_view word :
       absl::StrSplit(line, absl::ByAnyChar(" .\n"))) {
    int major = 0;
    if (absl::SimpleAtoi(word, &major)) return major;
  }
  return 0;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& one : strings) pointers.push_back(one.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

absl::Status CheckTool(const std::string& tool, sql::Session& session) {
  int server = 0;
  RETURN_IF_ERROR(session
                      .QueryOne("SELECT current_setting('server_version_num')",
                                {},
                                [&](const sql::Row& row) {
                                  server = static_cast<int>(row.Int(0)) / 10000;
                                })
                      .status());
  const int major = MajorOf(tool);
  if (major == 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(tool, " is not installed", kPackage));
  }
  if (major < server) {
    return absl::FailedPreconditionError(
        absl::StrCat(tool, " is version ", major, ", the server ", server,
                     ": it must not be older", kPackage, "-", server));
  }
  return absl::OkStatus();
}

absl::Status RunTool(const std::string& tool, const std::string& url,
                     const std::vector<std::string>& arguments) {
  ASSIGN_OR_RETURN(const Connection connection, ParseUrl(url));
  std::vector<std::string> command = {
      tool, "--no-password", absl::StrCat("--dbname=", connection.text)};
  command.insert(command.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment;
  for (char** one = environ; *one != nullptr; ++one) {
    if (connection.password.empty() || !absl::StartsWith(*one, "PGPASSWORD=")) {
      environment.emplace_back(*one);
    }
  }
  if (!connection.password.empty()) {
    environment.push_back(absl::StrCat("PGPASSWORD=", connection.password));
  }
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, tool.c_str(), nullptr, nullptr,
                   Pointers(command).data(), Pointers(environment).data());
  if (error != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot run ", tool, ": ", std::strerror(error)));
  }
  int ended = 0;
  while (waitpid(child, &ended, 0) < 0) {
    if (errno != EINTR) return absl::InternalError("cannot wait");
  }
  if (WIFEXITED(ended) && WEXITSTATUS(ended) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(tool, " failed; what it said stands above"));
}

}  // namespace huifang::cli::admin
