#ifndef HUIFANG_SERVICES_COMMON_PAGE_TOKEN_H_
#define HUIFANG_SERVICES_COMMON_PAGE_TOKEN_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace huifang {

// 0 means `default_size`, larger than `max_size` is read as `max_size`,
// negative is INVALID_ARGUMENT (AIP-158).
absl::StatusOr<int> PageSize(int requested, int default_size, int max_size);

// A hash of a listing's request without its page fields (page_size,
// page_token), so that a token fits its own query only.
std::uint64_t QueryHash(const google::protobuf::Message& request);

// An opaque page token. It is not an authorization: admission still applies.
std::string EncodePageToken(std::uint64_t query_hash,
                            const std::vector<std::string>& cursor);

// The cursor of `token`; empty for an empty token. INVALID_ARGUMENT if the
// token is damaged, of another version or of another query.
absl::StatusOr<std::vector<std::string>> DecodePageToken(
    absl::string_view token, std::uint64_t query_hash);

// Last sequence seen of each shard, as an opaque resume token.
std::string EncodeResumeToken(const std::map<int, std::int64_t>& sequences);
absl::StatusOr<std::map<int, std::int64_t>> DecodeResumeToken(
    absl::string_view token);

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_PAGE_TOKEN_H_
