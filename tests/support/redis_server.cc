#include "tests/support/redis_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "services/common/error.h"
#include "services/common/status_macros.h"
#include "tests/support/backends.h"

namespace huifang::testing {
namespace {

redis::NodeOptions Options() {
  redis::NodeOptions options;
  options.connections = 1;
  return options;
}

[[noreturn]] void Die(const std::string& why) {
  std::fprintf(stderr, "test support: %s\n", why.c_str());
  std::abort();
}

// Comes back when the server is in the background and has its files.
void Launch(const std::string& settings_file) {
  const std::string command =
      absl::StrCat("redis-server '", settings_file, "' >/dev/null");
  if (std::system(command.c_str()) != 0) Die(absl::StrCat("no ", command));
}

}  // namespace

RedisServer::RedisServer(redis::Endpoint endpoint)
    : endpoint_(std::move(endpoint)),
      node_(std::make_unique<redis::Node>(endpoint_, Options())) {}

std::unique_ptr<RedisServer> RedisServer::Private(const std::string& settings) {
  const std::string directory =
      absl::StrCat(TestDirectory(), "/", FreshPrefix());
  std::filesystem::create_directory(directory);
  const std::string file = absl::StrCat(directory, "/redis.conf");
  const std::string socket = absl::StrCat(directory, "/s");
  std::ofstream(file) << "port 0\nunixsocket " << socket << "\ndir "
                      << directory << "\npidfile " << directory
                      << "/redis.pid\nlogfile " << directory
                      << "/redis.log\ndaemonize yes\n"
                      << settings << "\n";
  auto server = std::make_unique<RedisServer>(redis::Endpoint{socket, 0});
  server->private_ = true;
  server->settings_file_ = file;
  server->Start();
  return server;
}

RedisServer::~RedisServer() {
  if (private_) Kill();
}

std::string RedisServer::url() const {
  return absl::StrCat(endpoint_.port == 0 ? "unix:" : "redis://",
                      endpoint_.Text());
}

absl::StatusOr<redis::Reply> RedisServer::Run(
    const std::vector<std::string>& args) {
  ASSIGN_OR_RETURN(redis::Reply reply, node_->Call(args));
  if (reply->type != REDIS_REPLY_ERROR) return reply;
  return absl::InternalError(redis::TextOf(*reply));
}

std::string RedisServer::Ask(const std::vector<std::string>& args) {
  const absl::StatusOr<redis::Reply> reply = Run(args);
  if (!reply.ok()) return "";
  if ((*reply)->type == REDIS_REPLY_INTEGER) {
    return absl::StrCat((*reply)->integer);
  }
  return std::string(redis::TextOf(**reply));
}

std::string RedisServer::Info(const std::string& section,
                              absl::string_view field) {
  const std::string text = Ask({"INFO", section});
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (absl::ConsumePrefix(&line, absl::StrCat(field, ":"))) {
      return std::string(absl::StripAsciiWhitespace(line));
    }
  }
  return "";
}

void RedisServer::LookUp() {
  if (!absl::SimpleAtoi(Info("server", "process_id"), &pid_)) {
    Die(absl::StrCat("nobody at ", endpoint_.Text()));
  }
  settings_file_ = Info("server", "config_file");
}

void RedisServer::Kill() {
  if (!private_) LookUp();
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  Eventually(
      [this] { return absl::IsUnavailable(node_->Call({"PING"}).status()); });
  pid_ = 0;
}

void RedisServer::Suspend() {
  LookUp();
  kill(pid_, SIGSTOP);
}

void RedisServer::Resume() { kill(pid_, SIGCONT); }

void RedisServer::Start() {
  Launch(settings_file_);
  // With a password it answers too, with an error.
  const auto answers = [this] {
    const absl::StatusOr<redis::Reply> reply = node_->Call({"PING"});
    return (reply.ok() && (*reply)->type == REDIS_REPLY_STATUS) ||
           ErrorReason(reply.status()) == "REDIS_AUTH";
  };
  if (!Eventually(answers)) {
    Die(absl::StrCat("no answer from ", endpoint_.Text()));
  }
  if (private_) {
    const std::filesystem::path pid_file =
        std::filesystem::path(settings_file_).replace_filename("redis.pid");
    std::ifstream(pid_file) >> pid_;
  }
}

int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd, any, size) != 0 || getsockname(fd, any, &size) != 0) {
    Die("no free port");
  }
  close(fd);
  return ntohs(address.sin_port);
}

bool Eventually(absl::FunctionRef<bool()> yes, absl::Duration within) {
  const absl::Time end = absl::Now() + within;
  while (!yes()) {
    if (absl::Now() > end) return false;
    absl::SleepFor(absl::Milliseconds(20));
  }
  return true;
}

}  // namespace huifang::testing
