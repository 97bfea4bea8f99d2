// How frames lie in the database: some 18 bytes a ticket.
#ifndef HUIFANG_SERVICES_CALLBACK_FRAME_CODEC_H_
#define HUIFANG_SERVICES_CALLBACK_FRAME_CODEC_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace huifang::callback {

// Tickets in one chunk; a chunk is at most some 400 KB.
inline constexpr std::size_t kChunkRows = 20000;

// Appends a ticket id with a small number: its stratum, or why it was left
// out. A UUID in lower case takes 16 bytes, any other id its length.
void AppendRow(std::string& chunk, absl::string_view id, std::uint32_t number);

// DATA_LOSS if the chunk is damaged.
absl::Status ReadRows(
    absl::string_view chunk,
    absl::FunctionRef<void(absl::string_view id, std::uint32_t number)> each);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_FRAME_CODEC_H_
