#include "services/callback/config.h"

namespace huifang::callback {

void Config::Declare(FlagSet& flags) {
  service.Declare(flags);
  flags.Text("ticket_address", &ticket_address,
             "where the ticket service listens, host:port");
  flags.Text("peer_token_file", &peer_token_file,
             "file with the bearer token for the ticket service");
  flags.Duration("call_lease", &call_lease, absl::Minutes(1), absl::Hours(8),
                 "how long an officer holds a call without a sign of life");
  flags.Int("snippet_stale_days", &snippet_stale_days, 1, 3650,
            "days after which a text to explain by must be verified again");
}

absl::Status Config::Check() const {
  if (ticket_address.empty()) {
    return absl::InvalidArgumentError(
        "--ticket_address is missing: draws pull their frame from there");
  }
  if (peer_token_file.empty()) {
    return absl::InvalidArgumentError("--peer_token_file is missing");
  }
  return absl::OkStatus();
}

}  // namespace huifang::callback
