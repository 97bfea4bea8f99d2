#include "services/common/client.h"

#include <algorithm>
#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/common/client_throttle.h"
#include "services/common/deadline.h"
#include "services/common/error.h"
#include "services/common/grpc_time.h"
#include "services/common/rpc.h"
#include "services/common/steady_time.h"

namespace huifang {

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address,
                                           const char* service_config_json,
                                           Metrics* metrics) {
  grpc::ChannelArguments args;
  args.SetServiceConfigJSON(service_config_json);
  SetKeepalive(args);
  args.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  // Replicas may come back at other addresses one after the other. gRPC's own
  // 30 s would leave a channel with those that are gone.
  args.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 1'000);
  args.SetMaxReceiveMessageSize(16 * 1024 * 1024);
  return grpc::experimental::CreateCustomChannelWithInterceptors(
      address, grpc::InsecureChannelCredentials(), args,
      ThrottleInterceptors([metrics, address] {
        if (metrics == nullptr) return;
        metrics->Count("calls_not_sent_total", "peer", address);
      }));
}

void SetKeepalive(grpc::ChannelArguments& arguments) {
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 15'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
}

absl::StatusOr<std::string> ReadTokenFile(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "NO_TOKEN_FILE",
        absl::StrCat("the token file ", path, " cannot be read or is empty"));
  }
  return std::string(absl::StripAsciiWhitespace(line));
}

void PrepareContext(grpc::ClientContext& context, const std::string& token,
                    absl::Duration timeout) {
  context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
  context.set_deadline(In(std::min(timeout, CurrentDeadline() - SteadyNow())));
}

absl::Status FromPeer(const grpc::Status& status) {
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return absl::UnavailableError("a peer did not answer in time");
  }
  return rpc::FromGrpcStatus(status);
}

}  // namespace huifang
