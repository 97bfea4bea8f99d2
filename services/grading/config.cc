#include "services/grading/config.h"

#include "services/common/status_macros.h"

namespace huifang::grading {

void Config::Declare(FlagSet& flags) {
  service.Declare(flags);
  flags.Text("ticket_address", &ticket_address,
             "the ticket service, host:port or dns:///host:port");
  flags.Text("callback_address", &callback_address,
             "the callback service, host:port or dns:///host:port");
  flags.Text("peer_token_file", &peer_token_file,
             "file with the bearer token for these two");
  flags.Int("random_share_permille", &random_share_permille, 0, 1000,
            "tickets without findings that people review, in a thousand");
  flags.Int("blind_share_permille", &blind_share_permille, 0, 1000,
            "grades that get a blind second review, in a thousand");
  flags.Int("appeal_days", &appeal_days, 1, 365,
            "days after a grade in which it can be appealed");
  flags.Int("inspect_batch", &inspect_batch, 1, 900,
            "tickets a worker inspects in one transaction");
}

absl::Status Config::Check() const {
  RETURN_IF_ERROR(service.Check());
  if (peer_token_file.empty()) {
    return absl::InvalidArgumentError("--peer_token_file must be given");
  }
  return absl::OkStatus();
}

}  // namespace huifang::grading
