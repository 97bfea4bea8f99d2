#include "services/common/connection_listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/common/error.h"
#include "services/common/status_macros.h"

namespace huifang {
namespace {

// Databases, Redis, peers, logs and gRPC's own. A sum of the largest settings
// would be more; those who set them so high know their limits.
constexpr std::int64_t kOtherDescriptors = 512;
// Beyond the numbers that connections may have, so that a flood of them leaves
// some for what is opened anew meanwhile.
constexpr std::int64_t kSpareDescriptors = 128;
constexpr int kPollMs = 100;

absl::Status ListenError(const std::string& address, absl::string_view why) {
  return MakeError(absl::StatusCode::kUnavailable, "LISTEN",
                   absl::StrCat("cannot listen on ", address, ": ", why,
                                "; is the port taken?"));
}

absl::StatusOr<int> Bind(const std::string& address, int family,
                         const sockaddr* to, socklen_t length) {
  const int socket =
      ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return ListenError(address, std::strerror(errno));
  const int on = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(socket, to, length) == 0 && listen(socket, SOMAXCONN) == 0) {
    return socket;
  }
  const absl::Status failed = ListenError(address, std::strerror(errno));
  close(socket);
  return failed;
}

absl::StatusOr<int> BindUnix(const std::string& address,
                             const std::string& path) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (path.size() >= sizeof(to.sun_path)) {
    return ListenError(address, "the path is too long");
  }
  std::memcpy(to.sun_path, path.data(), path.size());
  // What another run left; anything else is not ours to remove.
  struct stat there {};
  if (lstat(path.c_str(), &there) == 0 && S_ISSOCK(there.st_mode)) {
    unlink(path.c_str());
  }
  return Bind(address, AF_UNIX, reinterpret_cast<sockaddr*>(&to), sizeof(to));
}

absl::StatusOr<int> BindPort(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) return ListenError(address, "want host:port");
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(host.empty() ? nullptr : host.c_str(),
                                 address.c_str() + colon + 1, &hints, &found);
  if (failed != 0) return ListenError(address, gai_strerror(failed));
  const absl::Cleanup free = [found] { freeaddrinfo(found); };
  return Bind(address, found->ai_family, found->ai_addr, found->ai_addrlen);
}

int PortOf(int socket) {
  sockaddr_storage bound{};
  socklen_t length = sizeof(bound);
  getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &length);
  if (bound.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<sockaddr_in*>(&bound)->sin_port);
  }
  if (bound.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port);
  }
  return 0;
}

}  // namespace

absl::Status ReserveDescriptors(std::int64_t connections) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  const auto needed =
      static_cast<rlim_t>(connections + kOtherDescriptors + kSpareDescriptors);
  if (limit.rlim_max >= needed) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "TOO_FEW_DESCRIPTORS",
      absl::StrCat("--max_connections=", connections, " needs ", needed,
                   " open files and the hard limit is ", limit.rlim_max,
                   "; raise it (ulimit -Hn, LimitNOFILE=) or lower the flag"));
}

absl::StatusOr<std::unique_ptr<ConnectionListener>> ConnectionListener::Create(
    const std::string& address, std::int64_t max_connections, Metrics& metrics,
    grpc::ServerBuilder& builder) {
  absl::string_view path = address;
  ASSIGN_OR_RETURN(const int socket, absl::ConsumePrefix(&path, "unix:")
                                         ? BindUnix(address, std::string(path))
                                         : BindPort(address));
  std::unique_ptr<ConnectionListener> listener(
      new ConnectionListener(socket, PortOf(socket), metrics));
  listener->descriptors_max_ =
      static_cast<int>(max_connections + kOtherDescriptors);
  listener->acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      grpc::InsecureServerCredentials());
  return listener;
}

ConnectionListener::~ConnectionListener() { Stop(); }

void ConnectionListener::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void ConnectionListener::Stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  // Callers are refused from now on and try another replica; left open, the
  // kernel would take them in for nobody.
  if (socket_ >= 0) close(std::exchange(socket_, -1));
}

void ConnectionListener::Loop() {
  pthread_setname_np(pthread_self(), "listener");
  while (!stopping_) {
    pollfd ready{socket_, POLLIN, 0};
    if (poll(&ready, 1, kPollMs) <= 0) continue;
    const int connection =
        accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (connection < 0) {
      // Without a descriptor or memory the caller waits in the kernel; look
      // again soon.
      if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
        poll(nullptr, 0, kPollMs);
      }
      continue;
    }
    if (connection >= descriptors_max_) {
      close(connection);
      metrics_.Count("connections_refused_total", "reason", "too_many");
      continue;
    }
    const int on = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    Acceptor::NewConnectionParameters parameters;
    parameters.listener_fd = socket_;
    parameters.fd = connection;
    acceptor_->HandleNewConnection(&parameters);
  }
}

}  // namespace huifang
