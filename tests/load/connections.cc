// Many idle connections and Watch streams to one ticket service, then writes:
// every stream must get every event.
// Usage: load_connections ADDRESS TOKEN_FILE PID IDLE STREAMS
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "tests/load/ticket_caller.h"

namespace huifang::load {
namespace {

namespace tv1 = ::huifang::ticket::v1;

constexpr int kWrites = 200;
constexpr int kPerConnection = 100;
constexpr absl::Duration kPatience = absl::Seconds(60);

[[noreturn]] void Fail(const std::string& why) {
  std::cerr << why << "\n";
  std::exit(1);
}

double RssMb(const std::string& pid) {
  std::ifstream status("/proc/" + pid + "/status");
  std::string line;
  while (std::getline(status, line)) {
    absl::string_view rest = line;
    std::int64_t kb = 0;
    if (absl::ConsumePrefix(&rest, "VmRSS:") &&
        absl::ConsumeSuffix(&rest, " kB") && absl::SimpleAtoi(rest, &kb)) {
      return static_cast<double>(kb) / 1024;
    }
  }
  Fail("no process " + pid);
}

// A connection that said hello in HTTP/2 and nothing more. The server's
// settings have come when this returns, so it holds the connection.
int Connect(int port) {
  static const std::string kHello =
      std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") +
      std::string("\0\0\0\4\0\0\0\0\0", 9);
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (socket < 0 ||
      connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof(to)) != 0 ||
      send(socket, kHello.data(), kHello.size(), MSG_NOSIGNAL) !=
          static_cast<ssize_t>(kHello.size())) {
    Fail("cannot connect");
  }
  char settings[64];
  if (recv(socket, settings, sizeof(settings), 0) <= 0) {
    Fail("the server closed a connection that it should hold");
  }
  return socket;
}

// Whether the server still has it open.
bool Open(int socket) {
  char bytes[4096];
  while (true) {
    const ssize_t got = recv(socket, bytes, sizeof(bytes), MSG_DONTWAIT);
    if (got == 0) return false;
    if (got < 0) return errno == EAGAIN;
  }
}

// One Watch stream and how many events it got.
class Watcher final
    : public grpc::ClientReadReactor<tv1::WatchTicketsResponse> {
 public:
  // Gets what is later than `resume_token`; empty: everything.
  Watcher(tv1::TicketService::Stub& stub, const std::string& bearer,
          const std::string& resume_token) {
    context_.AddMetadata("authorization", bearer);
    request_.set_parent("courts/110102");
    request_.set_resume_token(resume_token);
    stub.async()->WatchTickets(&context_, &request_, this);
    StartRead(&response_);
    StartCall();
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    {
      absl::MutexLock lock(&mutex_);
      ++messages_;
      for (const auto& event : response_.events()) {
        // One court is one shard, and there is no other court.
        if (last_ != 0 && event.sequence() != last_ + 1) ++wrong_;
        last_ = event.sequence();
        ++events_;
      }
      token_ = response_.resume_token();
    }
    StartRead(&response_);
  }
  void OnDone(const grpc::Status& status) override {
    absl::MutexLock lock(&mutex_);
    done_ = true;
    error_ = status.error_message();
  }
  bool started() {
    absl::MutexLock lock(&mutex_);
    if (done_) Fail("a stream ended: " + error_);
    return messages_ > 0;
  }
  std::int64_t events() {
    absl::MutexLock lock(&mutex_);
    if (wrong_ > 0) Fail("an event is missing, doubled or out of order");
    return events_;
  }
  std::string token() {
    absl::MutexLock lock(&mutex_);
    return token_;
  }
  void Stop() {
    context_.TryCancel();
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&done_));
  }

 private:
  grpc::ClientContext context_;
  tv1::WatchTicketsRequest request_;
  tv1::WatchTicketsResponse response_;
  absl::Mutex mutex_;
  std::int64_t messages_ ABSL_GUARDED_BY(mutex_) = 0;
  std::int64_t events_ ABSL_GUARDED_BY(mutex_) = 0;
  std::int64_t last_ ABSL_GUARDED_BY(mutex_) = 0;
  std::int64_t wrong_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string token_ ABSL_GUARDED_BY(mutex_);
  std::string error_ ABSL_GUARDED_BY(mutex_);
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
};

template <typename Ready>
absl::Duration WaitFor(const char* what, Ready ready) {
  const absl::Time begin = absl::Now();
  while (!ready()) {
    if (absl::Now() - begin > kPatience) Fail(std::string("not seen: ") + what);
    absl::SleepFor(absl::Milliseconds(20));
  }
  return absl::Now() - begin;
}

void Latency(TicketCaller& caller, const char* when) {
  std::vector<double> millis;
  for (int i = 0; i < kWrites; ++i) {
    const absl::Time begin = absl::Now();
    caller.Create();
    millis.push_back(absl::ToDoubleMilliseconds(absl::Now() - begin));
  }
  std::sort(millis.begin(), millis.end());
  std::printf("CreateTicket, one at a time, %-14s p50 %6.2f ms  p99 %6.2f ms\n",
              when, millis[kWrites / 2], millis[kWrites * 99 / 100]);
  std::fflush(stdout);
}

int Main(const std::string& address, const std::string& token_file,
         const std::string& pid, int idle, int streams) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  const std::vector<std::string> parts = absl::StrSplit(address, ':');
  int port = 0;
  if (!absl::SimpleAtoi(parts.back(), &port)) return 2;

  TicketCaller caller(address, token_file);
  Latency(caller, "alone");
  const double alone_mb = RssMb(pid);
  std::vector<int> sockets;
  for (int i = 0; i < idle; ++i) sockets.push_back(Connect(port));
  const double idle_mb = RssMb(pid);
  std::printf("RSS %.0f MB; with %d idle connections %.0f MB: %.1f KB each\n",
              alone_mb, idle, idle_mb,
              idle > 0 ? (idle_mb - alone_mb) * 1024 / idle : 0);

  // The streams begin where the log ends now.
  Watcher first(caller.stub(), caller.bearer(), "");
  std::int64_t stored = -1;
  WaitFor("the end of the log", [&] {
    if (first.started() && first.events() == stored) return true;
    stored = first.events();
    absl::SleepFor(absl::Seconds(2));
    return false;
  });
  const std::string token = first.token();
  first.Stop();

  std::vector<std::unique_ptr<tv1::TicketService::Stub>> stubs;
  std::vector<std::unique_ptr<Watcher>> watchers;
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  for (int i = 0; i < streams; ++i) {
    if (i % kPerConnection == 0) {
      stubs.push_back(tv1::TicketService::NewStub(grpc::CreateCustomChannel(
          address, grpc::InsecureChannelCredentials(), arguments)));
    }
    watchers.push_back(
        std::make_unique<Watcher>(*stubs.back(), caller.bearer(), token));
  }
  WaitFor("a first message on every stream", [&] {
    return std::all_of(watchers.begin(), watchers.end(),
                       [](const auto& one) { return one->started(); });
  });
  const double streams_mb = RssMb(pid);
  std::printf("with %d Watch streams %.0f MB: %.1f KB each\n", streams,
              streams_mb,
              streams > 0 ? (streams_mb - idle_mb) * 1024 / streams : 0);
  Latency(caller, "with all these");
  const absl::Duration lag = WaitFor("all events on all streams", [&] {
    return std::all_of(watchers.begin(), watchers.end(), [&](const auto& one) {
      return one->events() == kWrites;
    });
  });
  std::printf(
      "%d events on each of %d streams, in order; the last one %.2f s after "
      "the last write\n",
      kWrites, streams, absl::ToDoubleSeconds(lag));
  const auto open = std::count_if(sockets.begin(), sockets.end(), Open);
  std::printf("idle connections still open: %ld of %d; RSS %.0f MB\n",
              static_cast<long>(open), idle, RssMb(pid));
  for (auto& watcher : watchers) watcher->Stop();
  for (const int socket : sockets) close(socket);
  return open == idle ? 0 : 1;
}

}  // namespace
}  // namespace huifang::load

int main(int argc, char** argv) {
  int idle = 0;
  int streams = 0;
  if (argc != 6 || !absl::SimpleAtoi(argv[4], &idle) ||
      !absl::SimpleAtoi(argv[5], &streams)) {
    std::cerr << "usage: load_connections ADDRESS TOKEN_FILE PID IDLE "
                 "STREAMS\n";
    return 2;
  }
  return huifang::load::Main(argv[1], argv[2], argv[3], idle, streams);
}
