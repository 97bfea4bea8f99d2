#ifndef HUIFANG_SERVICES_GRADING_CONFIG_H_
#define HUIFANG_SERVICES_GRADING_CONFIG_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "services/common/config.h"

namespace huifang::grading {

// Flags of huifang-grading beside those every service has.
struct Config {
  ServiceConfig service;
  std::string ticket_address = "127.0.0.1:25051";
  std::string callback_address = "127.0.0.1:25052";
  // File whose first line is the bearer token for the two peers.
  std::string peer_token_file;
  // Per mille, so that small shares can be said in whole numbers.
  std::int64_t random_share_permille = 50;
  std::int64_t blind_share_permille = 100;
  std::int64_t appeal_days = 10;
  std::int64_t inspect_batch = 64;

  void Declare(FlagSet& flags);
  absl::Status Check() const;
};

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_CONFIG_H_
