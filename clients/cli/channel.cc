#include "clients/cli/channel.h"

#include <grpcpp/support/client_interceptor.h>

#include <cstdio>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "huifang/callback/v1/callback_service_config.h"
#include "huifang/grading/v1/grading_service_config.h"
#include "huifang/reporting/v1/reporting_service_config.h"
#include "huifang/ticket/v1/ticket_service_config.h"
#include "services/common/client.h"

namespace huifang::cli {
namespace {

// An import sends batches of up to 3 MiB, a report's bytes come in one piece.
constexpr int kMessageBytesMax = 64 << 20;

using grpc::experimental::InterceptionHookPoints;

class CallLog final : public grpc::experimental::Interceptor {
 public:
  explicit CallLog(grpc::experimental::ClientRpcInfo* info)
      : method_(info->method()), start_(absl::Now()) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* call) override {
    if (call->QueryInterceptionHookPoint(
            InterceptionHookPoints::POST_RECV_STATUS)) {
      const grpc::Status* status = call->GetRecvStatus();
      std::fprintf(stderr, "# %s %s %.1f ms\n", method_.c_str(),
                   status->ok() ? "OK" : status->error_message().c_str(),
                   absl::ToDoubleMilliseconds(absl::Now() - start_));
    }
    call->Proceed();
  }

 private:
  const std::string method_;
  const absl::Time start_;
};

class CallLogFactory final
    : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  grpc::experimental::Interceptor* CreateClientInterceptor(
      grpc::experimental::ClientRpcInfo* info) override {
    return new CallLog(info);
  }
};

const char* ServiceConfig(Service service) {
  switch (service) {
    case Service::kTicket:
      return ticket::v1::kServiceConfig[0].text;
    case Service::kCallback:
      return callback::v1::kServiceConfig[0].text;
    case Service::kGrading:
      return grading::v1::kServiceConfig[0].text;
    default:
      return reporting::v1::kServiceConfig[0].text;
  }
}

}  // namespace

std::shared_ptr<grpc::Channel> MakeCliChannel(Service service,
                                              const std::string& address,
                                              bool verbose) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(ServiceConfig(service));
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  SetKeepalive(arguments);
  arguments.SetUserAgentPrefix("huifangctl");
  std::vector<
      std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>
      interceptors;
  if (verbose) interceptors.push_back(std::make_unique<CallLogFactory>());
  return grpc::experimental::CreateCustomChannelWithInterceptors(
      address, grpc::InsecureChannelCredentials(), arguments,
      std::move(interceptors));
}

}  // namespace huifang::cli
