// Accepts connections for a gRPC server, and not more than it can hold.
//
// gRPC 1.51 has no bound on connections, and its own listener stops listening
// for good when accept finds no free descriptor (EMFILE): the process lives on
// and nobody can reach it. So the port is ours and gRPC is handed what we take.
#ifndef HUIFANG_SERVICES_COMMON_CONNECTION_LISTENER_H_
#define HUIFANG_SERVICES_COMMON_CONNECTION_LISTENER_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/common/metrics.h"

namespace huifang {

// Raises the limit of open descriptors as far as the system lets us.
// FAILED_PRECONDITION if that is not enough for so many connections.
absl::Status ReserveDescriptors(std::int64_t connections);

// Not thread safe.
class ConnectionListener {
 public:
  // Binds `address`: host:port or unix:path. Registers itself with `builder`.
  static absl::StatusOr<std::unique_ptr<ConnectionListener>> Create(
      const std::string& address, std::int64_t max_connections,
      Metrics& metrics, grpc::ServerBuilder& builder);
  ~ConnectionListener();

  int port() const { return port_; }  // 0 for a Unix socket
  // Once the server runs.
  void Start();
  // Takes no more connections. Before the server shuts down.
  void Stop();

 private:
  using Acceptor = grpc::experimental::ExternalConnectionAcceptor;
  ConnectionListener(int socket, int port, Metrics& metrics)
      : socket_(socket), port_(port), metrics_(metrics) {}
  void Loop();

  int socket_;  // -1 once stopped
  const int port_;
  Metrics& metrics_;
  // The kernel gives the lowest free number: a new connection with a number
  // from here on means that all below are in use.
  int descriptors_max_ = 0;
  std::unique_ptr<Acceptor> acceptor_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_CONNECTION_LISTENER_H_
