#include "services/common/page_token.h"

#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "huifang/common/v1/tokens.pb.h"
#include "services/common/crypto.h"
#include "services/common/error.h"

namespace huifang {
namespace {

constexpr int kVersion = 1;

absl::Status BadToken(absl::string_view field, absl::string_view why) {
  FieldErrors errors;
  errors.Add(field, why);
  return errors.ToStatus();
}

// Parses base64url of a message; false if it is neither.
template <typename Message>
bool Decode(absl::string_view token, Message& message) {
  std::string bytes;
  return token.size() < 4096 && absl::WebSafeBase64Unescape(token, &bytes) &&
         message.ParseFromString(bytes) && message.version() == kVersion;
}

template <typename Message>
std::string Encode(Message& message) {
  message.set_version(kVersion);
  return absl::WebSafeBase64Escape(message.SerializeAsString());
}

}  // namespace

absl::StatusOr<int> PageSize(int requested, int default_size, int max_size) {
  if (requested < 0) return BadToken("page_size", "must not be negative");
  if (requested == 0) return default_size;
  return std::min(requested, max_size);
}

std::uint64_t QueryHash(const google::protobuf::Message& request) {
  const std::unique_ptr<google::protobuf::Message> copy(request.New());
  copy->CopyFrom(request);
  const auto* descriptor = copy->GetDescriptor();
  for (const char* field : {"page_size", "page_token"}) {
    const auto* found = descriptor->FindFieldByName(field);
    if (found != nullptr) copy->GetReflection()->ClearField(copy.get(), found);
  }
  const std::string digest = Sha256(
      absl::StrCat(descriptor->full_name(), "\n", copy->SerializeAsString()));
  std::uint64_t hash = 0;
  for (int i = 0; i < 8; ++i) {
    hash = hash << 8 |
           static_cast<unsigned char>(digest[static_cast<std::size_t>(i)]);
  }
  return hash;
}

std::string EncodePageToken(std::uint64_t query_hash,
                            const std::vector<std::string>& cursor) {
  common::v1::PageToken token;
  token.set_query_hash(query_hash);
  for (const std::string& part : cursor) token.add_cursor(part);
  return Encode(token);
}

absl::StatusOr<std::vector<std::string>> DecodePageToken(
    absl::string_view token, std::uint64_t query_hash) {
  if (token.empty()) return std::vector<std::string>{};
  common::v1::PageToken parsed;
  if (!Decode(token, parsed)) {
    return BadToken("page_token", "is damaged; start again without one");
  }
  if (parsed.query_hash() != query_hash) {
    return BadToken("page_token",
                    "belongs to another query; start again without one");
  }
  return std::vector<std::string>(parsed.cursor().begin(),
                                  parsed.cursor().end());
}

std::string EncodeResumeToken(const std::map<int, std::int64_t>& sequences) {
  common::v1::ResumeToken token;
  for (const auto& [shard, sequence] : sequences) {
    (*token.mutable_sequences())[shard] = sequence;
  }
  return Encode(token);
}

absl::StatusOr<std::map<int, std::int64_t>> DecodeResumeToken(
    absl::string_view token) {
  std::map<int, std::int64_t> sequences;
  if (token.empty()) return sequences;
  common::v1::ResumeToken parsed;
  if (!Decode(token, parsed)) {
    return BadToken("resume_token", "is damaged; start again without one");
  }
  for (const auto& [shard, sequence] : parsed.sequences()) {
    sequences[shard] = sequence;
  }
  return sequences;
}

}  // namespace huifang
