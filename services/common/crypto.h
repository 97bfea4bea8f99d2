// Digests, random bytes and the sealing of personal data (OpenSSL 3).
#ifndef HUIFANG_SERVICES_COMMON_CRYPTO_H_
#define HUIFANG_SERVICES_COMMON_CRYPTO_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace huifang {

// Lower-case hex of SHA-256.
std::string Sha256Hex(absl::string_view data);
// 32 raw bytes.
std::string Sha256(absl::string_view data);
std::string HmacSha256(absl::string_view key, absl::string_view data);
std::string RandomBytes(int count);

// Seals personal data at rest: AES-256-GCM, a fresh nonce each time, bound to
// `context` (for example the row's name), so that a sealed value copied to
// another row does not open. Thread safe.
//
// The key file is JSON: {"keys": {"1": "<64 hex digits>"}, "current": "1"}.
// Old keys open what they sealed; `current` seals. The file must not be
// readable by others.
class Sealer {
 public:
  static absl::StatusOr<Sealer> FromFile(const std::string& path);
  static absl::StatusOr<Sealer> FromJson(absl::string_view json);

  std::string Seal(absl::string_view plain, absl::string_view context) const;
  // DATA_LOSS if it was altered, sealed elsewhere or under an unknown key.
  absl::StatusOr<std::string> Open(absl::string_view sealed,
                                   absl::string_view context) const;

  // A keyed digest for look-up: equal for equal values of one court, 32 hex
  // digits. It does not change when the sealing key is rotated: it uses the
  // key with the smallest id.
  std::string Index(absl::string_view court, absl::string_view value) const;

 private:
  Sealer() = default;
  std::map<std::string, std::string> keys_;
  std::string current_;
  std::string index_key_;
};

// "138****0000": the first three and the last four digits. Shorter numbers
// keep only their last two.
std::string MaskPhone(absl::string_view phone);
// "杨**": the first character and as many stars as characters follow, at most
// two.
std::string MaskName(absl::string_view name);

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_CRYPTO_H_
