#ifndef HUIFANG_SERVICES_TICKET_CALLER_SEAL_H_
#define HUIFANG_SERVICES_TICKET_CALLER_SEAL_H_

#include <string>

#include "absl/status/statusor.h"
#include "huifang/ticket/v1/ticket_resources.pb.h"
#include "services/common/crypto.h"

namespace huifang::ticket {

// Takes the personal data out of `ticket`: returns the caller as given, sealed
// to the ticket's name, and leaves the masked form and the look-up key in its
// place. Empty if nothing personal was given.
std::string SealCaller(const Sealer& sealer, const std::string& court,
                       v1::Ticket& ticket);

// The caller as given. DATA_LOSS if the seal is broken.
absl::StatusOr<v1::Caller> OpenCaller(const Sealer& sealer,
                                      const std::string& sealed,
                                      const v1::Ticket& ticket);

// The look-up key of a phone or party id: what Caller.caller_key holds.
std::string PhoneKey(const Sealer& sealer, const std::string& court,
                     const std::string& normalised_phone);
std::string PartyKey(const Sealer& sealer, const std::string& court,
                     const std::string& party_id);

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_CALLER_SEAL_H_
