// How our own programs call our services.
#ifndef HUIFANG_SERVICES_COMMON_CLIENT_H_
#define HUIFANG_SERVICES_COMMON_CLIENT_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/common/metrics.h"

namespace huifang {

// A channel with the peer's service config (retries, timeouts, round robin),
// keepalive and message limits, and throttled (client_throttle.h). `address` is
// host:port or dns:///host:port. Counts calls_not_sent_total{peer} in `metrics`
// where it is given, which must then outlive the channel.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address,
                                           const char* service_config_json,
                                           Metrics* metrics = nullptr);

// Pings, so that a host that vanished ends its calls and streams.
void SetKeepalive(grpc::ChannelArguments& arguments);

// The first line of a token file, trimmed. Errors name the file, never the
// token.
absl::StatusOr<std::string> ReadTokenFile(const std::string& path);

// Sets the bearer token and the deadline: `timeout` from now, or that of the
// call this thread works for if it is earlier.
void PrepareContext(grpc::ClientContext& context, const std::string& token,
                    absl::Duration timeout);

// What a call to a peer ended with, for work that depends on it. A peer that
// did not answer in time is away, as one that cannot be reached is: no task is
// at fault that met it.
absl::Status FromPeer(const grpc::Status& status);

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_CLIENT_H_
