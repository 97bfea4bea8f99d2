#ifndef HUIFANG_CLIENTS_CLI_CHANNEL_H_
#define HUIFANG_CLIENTS_CLI_CHANNEL_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "clients/cli/cli.h"

namespace huifang::cli {

// A channel to `service` with its service config. With `verbose`, each call's
// method, status and latency go to stderr.
std::shared_ptr<grpc::Channel> MakeCliChannel(Service service,
                                              const std::string& address,
                                              bool verbose);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_CHANNEL_H_
