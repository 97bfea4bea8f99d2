#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "services/callback/validate.h"
#include "services/callback/validate_fields.h"
#include "services/common/error.h"

namespace huifang::callback {
namespace {

constexpr std::size_t kMaxSeed = 200;
constexpr std::size_t kMaxSecret = 100;

void CheckSeed(const std::string& seed, const char* field, std::size_t least,
               std::size_t most, FieldErrors& errors) {
  CheckText(seed, field, least, most, errors);
  for (const char c : seed) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      errors.Add(field, "must not have control characters");
      return;
    }
  }
}

}  // namespace

absl::Status Validate(const v1::CreateDrawRequest& request) {
  FieldErrors errors;
  CheckPeriod(request.from_date(), request.to_date(), errors);
  if (request.size() < 0 || request.size() > 100000) {
    errors.Add("size", "must be 0 to 100000");
  }
  if (!request.plan().empty()) {
    CheckNameIn(request.plan(), "plans", request.parent(), "plan", errors);
  }
  CheckSeed(request.public_seed(), "public_seed", 0, kMaxSeed, errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::SeedDrawRequest& request) {
  FieldErrors errors;
  CheckName(request.name(), "draws", "name", errors);
  CheckSeed(request.public_seed(), "public_seed", 1, kMaxSeed, errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::CommitSeedRequest& request) {
  FieldErrors errors;
  CheckName(request.name(), "draws", "name", errors);
  const std::string& digest = request.commitment();
  if (digest.size() != 64 ||
      digest.find_first_not_of("0123456789abcdef") != std::string::npos) {
    errors.Add("commitment", "must be 64 lower-case hexadecimal digits");
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::RevealSeedRequest& request) {
  FieldErrors errors;
  CheckName(request.name(), "draws", "name", errors);
  CheckSeed(request.secret(), "secret", 1, kMaxSecret, errors);
  if (request.secret().find('|') != std::string::npos) {
    errors.Add("secret", "must not have a \"|\"");
  }
  const std::string& salt = request.salt();
  const bool plain = std::all_of(salt.begin(), salt.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c));
  });
  if (salt.size() < 16 || salt.size() > 64 || !plain) {
    errors.Add("salt", "must be 16 to 64 letters and digits");
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::AbortDrawRequest& request) {
  FieldErrors errors;
  CheckName(request.name(), "draws", "name", errors);
  CheckText(request.reason(), "reason", 1, kMaxReason, errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::ActivateReserveRequest& request) {
  FieldErrors errors;
  CheckName(request.name(), "draws", "name", errors);
  if (request.count() < 1 || request.count() > 1000) {
    errors.Add("count", "must be 1 to 1000");
  }
  return errors.ToStatus();
}

}  // namespace huifang::callback
