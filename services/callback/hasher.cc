#include "services/callback/hasher.h"

#include <cstdlib>

#include "absl/strings/escaping.h"

namespace huifang::callback {

// SHA-256 cannot fail but for want of memory or a broken OpenSSL; neither
// leaves anything sensible to do.
Hasher::Hasher()
    : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_MD_free),
      context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
  if (algorithm_ == nullptr || context_ == nullptr) std::abort();
  Start();
}

void Hasher::Start() {
  if (EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) != 1) {
    std::abort();
  }
}

void Hasher::Add(absl::string_view data) {
  if (EVP_DigestUpdate(context_.get(), data.data(), data.size()) != 1) {
    std::abort();
  }
}

Hasher::Digest Hasher::Finish() {
  Digest digest;
  if (EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) != 1) {
    std::abort();
  }
  Start();
  return digest;
}

std::string Hasher::FinishHex() {
  const Digest digest = Finish();
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace huifang::callback
