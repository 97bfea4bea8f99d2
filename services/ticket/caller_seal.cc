#include "services/ticket/caller_seal.h"

#include "absl/strings/str_cat.h"
#include "services/common/status_macros.h"

namespace huifang::ticket {

std::string PhoneKey(const Sealer& sealer, const std::string& court,
                     const std::string& normalised_phone) {
  return sealer.Index(court, absl::StrCat("phone:", normalised_phone));
}

std::string PartyKey(const Sealer& sealer, const std::string& court,
                     const std::string& party_id) {
  return sealer.Index(court, absl::StrCat("party:", party_id));
}

std::string SealCaller(const Sealer& sealer, const std::string& court,
                       v1::Ticket& ticket) {
  v1::Caller& caller = *ticket.mutable_caller();
  caller.clear_caller_key();
  if (caller.phone().empty() && caller.display_name().empty() &&
      caller.party_id().empty()) {
    return "";
  }
  std::string sealed = sealer.Seal(caller.SerializeAsString(), ticket.name());
  if (!caller.phone().empty()) {
    caller.set_caller_key(PhoneKey(sealer, court, caller.phone()));
  } else if (!caller.party_id().empty()) {
    caller.set_caller_key(PartyKey(sealer, court, caller.party_id()));
  }
  caller.set_phone(MaskPhone(caller.phone()));
  caller.set_display_name(MaskName(caller.display_name()));
  caller.clear_party_id();
  return sealed;
}

absl::StatusOr<v1::Caller> OpenCaller(const Sealer& sealer,
                                      const std::string& sealed,
                                      const v1::Ticket& ticket) {
  v1::Caller caller;
  if (sealed.empty()) return ticket.caller();
  ASSIGN_OR_RETURN(const std::string plain, sealer.Open(sealed, ticket.name()));
  if (!caller.ParseFromString(plain)) {
    return absl::DataLossError("a sealed caller cannot be read");
  }
  caller.set_caller_key(ticket.caller().caller_key());
  return caller;
}

}  // namespace huifang::ticket
