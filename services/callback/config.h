#ifndef HUIFANG_SERVICES_CALLBACK_CONFIG_H_
#define HUIFANG_SERVICES_CALLBACK_CONFIG_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/callback/snippet_store.h"
#include "services/common/config.h"

namespace huifang::callback {

struct Config {
  ServiceConfig service;
  std::string ticket_address;   // host:port or dns:///host:port
  std::string peer_token_file;  // bearer token of role "service"
  // How long an officer holds a call; long calls take half an hour.
  absl::Duration call_lease = absl::Minutes(45);
  // After how many days without verification a snippet is marked.
  std::int64_t snippet_stale_days = kDefaultSnippetStaleDays;

  void Declare(FlagSet& flags);
  absl::Status Check() const;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_CONFIG_H_
