#ifndef HUIFANG_SERVICES_CALLBACK_HASHER_H_
#define HUIFANG_SERVICES_CALLBACK_HASHER_H_

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace huifang::callback {

// SHA-256 in pieces, again and again. The algorithm is looked up once: OpenSSL
// 3 takes longer to find it than to hash an id. Not thread safe.
class Hasher {
 public:
  using Digest = std::array<unsigned char, 32>;

  Hasher();
  void Add(absl::string_view data);
  // The digest of what was added; starts anew.
  Digest Finish();
  std::string FinishHex();

 private:
  void Start();

  std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm_;
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_HASHER_H_
