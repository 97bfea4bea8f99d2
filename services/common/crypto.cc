#include "services/common/crypto.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/status_macros.h"

namespace huifang {
namespace {

constexpr int kKeyBytes = 32;
constexpr int kNonceBytes = 12;
constexpr int kTagBytes = 16;

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* c) const { EVP_CIPHER_CTX_free(c); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;
struct FreeMac {
  void operator()(EVP_MAC_CTX* c) const { EVP_MAC_CTX_free(c); }
};

// OpenSSL 3 looks an algorithm up by name, under a lock, whenever it is asked
// for by EVP_sha256() and the like: that takes longer than a short digest. So
// they are looked up once, and never freed.
const EVP_MD* Sha256Algorithm() {
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return md;
}
const EVP_CIPHER* GcmAlgorithm() {
  static const EVP_CIPHER* const cipher =
      EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return cipher;
}

// Contexts of this thread, to be initialised for each use.
EVP_CIPHER_CTX* CipherContext() {
  thread_local const Cipher context(EVP_CIPHER_CTX_new());
  return context.get();
}
EVP_MAC_CTX* HmacContext() {
  static EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  thread_local const std::unique_ptr<EVP_MAC_CTX, FreeMac> context(
      EVP_MAC_CTX_new(hmac));
  return context.get();
}

const unsigned char* Raw(absl::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}
unsigned char* Raw(std::string& s) {
  return reinterpret_cast<unsigned char*>(s.data());
}

absl::Status BadKeyFile(absl::string_view why) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_KEY_FILE",
                   absl::StrCat("the key file cannot be used: ", why));
}

// Bytes of the UTF-8 character that starts with `lead`.
std::size_t CharBytes(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0x80) return 1;
  if (byte < 0xE0) return 2;
  return byte < 0xF0 ? 3 : 4;
}

}  // namespace

std::string Sha256(absl::string_view data) {
  std::string out(32, '\0');
  unsigned int size = 0;
  if (EVP_Digest(data.data(), data.size(), Raw(out), &size, Sha256Algorithm(),
                 nullptr) != 1) {
    std::abort();  // cannot fail for a built-in digest
  }
  return out;
}

std::string Sha256Hex(absl::string_view data) {
  return absl::BytesToHexString(Sha256(data));
}

std::string HmacSha256(absl::string_view key, absl::string_view data) {
  std::string out(32, '\0');
  std::string digest = "SHA256";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  // A null key would mean the key of last time.
  const unsigned char none = 0;
  EVP_MAC_CTX* context = HmacContext();
  std::size_t size = 0;
  const bool ok = EVP_MAC_init(context, key.empty() ? &none : Raw(key),
                               key.size(), params) == 1 &&
                  EVP_MAC_update(context, Raw(data), data.size()) == 1 &&
                  EVP_MAC_final(context, Raw(out), &size, out.size()) == 1;
  if (!ok) std::abort();  // only out of memory can do this
  return out;
}

std::string RandomBytes(int count) {
  // A draw from the generator costs more than sealing a name, however few bytes
  // are wanted: a block lasts this thread for a while.
  thread_local std::string block;
  const auto wanted = static_cast<std::size_t>(count);
  if (block.size() < wanted) {
    block.resize(std::max<std::size_t>(wanted, 4096));
    // Without randomness nothing sealed would be safe: stop.
    if (RAND_bytes(Raw(block), static_cast<int>(block.size())) != 1) {
      std::abort();
    }
  }
  std::string out = block.substr(block.size() - wanted);
  // What was handed out may be a key or a token, and is not kept here.
  OPENSSL_cleanse(block.data() + (block.size() - wanted), wanted);
  block.resize(block.size() - wanted);
  return out;
}

absl::StatusOr<Sealer> Sealer::FromFile(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) {
    return BadKeyFile(absl::StrCat(path, " cannot be read"));
  }
  if ((info.st_mode & (S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)) != 0) {
    return BadKeyFile(absl::StrCat(path, " is open to others; chmod 600 it"));
  }
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return BadKeyFile(absl::StrCat(path, " cannot be read"));
  return FromJson(text.str());
}

absl::StatusOr<Sealer> Sealer::FromJson(absl::string_view json) {
  const auto root = nlohmann::json::parse(json.begin(), json.end(), nullptr,
                                          /*allow_exceptions=*/false);
  if (!root.is_object() || !root.contains("keys") ||
      !root["keys"].is_object() || root["keys"].empty() ||
      !root.contains("current") || !root["current"].is_string()) {
    return BadKeyFile(R"(want {"keys": {"1": "<64 hex>"}, "current": "1"})");
  }
  Sealer sealer;
  for (const auto& [id, hex] : root["keys"].items()) {
    const std::string text = hex.is_string() ? hex.get<std::string>() : "";
    const std::string key = absl::HexStringToBytes(text);
    if (id.empty() || id.size() > 16 || text.size() != 2 * kKeyBytes ||
        absl::BytesToHexString(key) != absl::AsciiStrToLower(text)) {
      return BadKeyFile(absl::StrCat("key ", id, " is not 64 hex digits"));
    }
    sealer.keys_[id] = key;
  }
  sealer.current_ = root["current"].get<std::string>();
  if (!sealer.keys_.contains(sealer.current_)) {
    return BadKeyFile("\"current\" names no key");
  }
  sealer.index_key_ = HmacSha256(sealer.keys_.begin()->second, "index");
  return sealer;
}

// Layout: length of key id (1 byte), key id, nonce, ciphertext, tag.
std::string Sealer::Seal(absl::string_view plain,
                         absl::string_view context) const {
  const std::string nonce = RandomBytes(kNonceBytes);
  std::string cipher_text(plain.size(), '\0');
  std::string tag(kTagBytes, '\0');
  EVP_CIPHER_CTX* cipher = CipherContext();
  int size = 0;
  const bool ok =
      EVP_EncryptInit_ex(cipher, GcmAlgorithm(), nullptr,
                         Raw(keys_.at(current_)), Raw(nonce)) == 1 &&
      EVP_EncryptUpdate(cipher, nullptr, &size, Raw(context),
                        static_cast<int>(context.size())) == 1 &&
      EVP_EncryptUpdate(cipher, Raw(cipher_text), &size, Raw(plain),
                        static_cast<int>(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher, Raw(tag), &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, kTagBytes,
                          tag.data()) == 1;
  if (!ok) std::abort();  // only out of memory can do this
  return absl::StrCat(std::string(1, static_cast<char>(current_.size())),
                      current_, nonce, cipher_text, tag);
}

absl::StatusOr<std::string> Sealer::Open(absl::string_view sealed,
                                         absl::string_view context) const {
  const absl::Status damaged =
      MakeError(absl::StatusCode::kDataLoss, "SEAL_BROKEN",
                "sealed data was altered, or its key is gone");
  if (sealed.empty()) return damaged;
  const std::size_t id_size = static_cast<unsigned char>(sealed[0]);
  if (sealed.size() < 1 + id_size + kNonceBytes + kTagBytes) return damaged;
  const auto key = keys_.find(std::string(sealed.substr(1, id_size)));
  if (key == keys_.end()) return damaged;
  sealed.remove_prefix(1 + id_size);
  const absl::string_view nonce = sealed.substr(0, kNonceBytes);
  const absl::string_view body =
      sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  std::string plain(body.size(), '\0');
  EVP_CIPHER_CTX* cipher = CipherContext();
  int size = 0;
  const bool ok = EVP_DecryptInit_ex(cipher, GcmAlgorithm(), nullptr,
                                     Raw(key->second), Raw(nonce)) == 1 &&
                  EVP_DecryptUpdate(cipher, nullptr, &size, Raw(context),
                                    static_cast<int>(context.size())) == 1 &&
                  EVP_DecryptUpdate(cipher, Raw(plain), &size, Raw(body),
                                    static_cast<int>(body.size())) == 1 &&
                  EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, kTagBytes,
                                      tag.data()) == 1 &&
                  EVP_DecryptFinal_ex(cipher, Raw(tag), &size) == 1;
  if (!ok) return damaged;
  return plain;
}

std::string Sealer::Index(absl::string_view court,
                          absl::string_view value) const {
  return absl::BytesToHexString(
             HmacSha256(index_key_, absl::StrCat(court, "\n", value)))
      .substr(0, 32);
}

std::string MaskPhone(absl::string_view phone) {
  if (phone.size() >= 7) {
    return absl::StrCat(phone.substr(0, 3), "****",
                        phone.substr(phone.size() - 4));
  }
  if (phone.size() <= 2) return phone.empty() ? "" : "****";
  return absl::StrCat("****", phone.substr(phone.size() - 2));
}

std::string MaskName(absl::string_view name) {
  if (name.empty()) return "";
  const std::size_t first = std::min(CharBytes(name[0]), name.size());
  int rest = 0;
  for (std::size_t at = first; at < name.size() && rest < 2; ++rest) {
    at += CharBytes(name[at]);
  }
  return absl::StrCat(name.substr(0, first),
                      std::string(static_cast<std::size_t>(rest), '*'));
}

}  // namespace huifang
