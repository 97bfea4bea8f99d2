#include "services/callback/frame_codec.h"

#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"

namespace huifang::callback {
namespace {

constexpr std::size_t kUuidBytes = 16;

// A row begins with the length of its id, or 0 for a UUID.
void AppendVarint(std::string& out, std::uint32_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

std::optional<std::uint32_t> TakeVarint(absl::string_view& in) {
  std::uint32_t value = 0;
  for (int shift = 0; shift < 35 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    value |= static_cast<std::uint32_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

bool IsLowerUuid(absl::string_view id) {
  if (id.size() != 36) return false;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = id[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

std::string UuidText(absl::string_view bytes) {
  std::string text = absl::BytesToHexString(bytes);
  for (const std::size_t at : {20u, 16u, 12u, 8u}) text.insert(at, 1, '-');
  return text;
}

}  // namespace

void AppendRow(std::string& chunk, absl::string_view id, std::uint32_t number) {
  if (IsLowerUuid(id)) {
    AppendVarint(chunk, 0);
    chunk += absl::HexStringToBytes(absl::StrReplaceAll(id, {{"-", ""}}));
  } else {
    AppendVarint(chunk, static_cast<std::uint32_t>(id.size()));
    chunk.append(id.data(), id.size());
  }
  AppendVarint(chunk, number);
}

absl::Status ReadRows(
    absl::string_view chunk,
    absl::FunctionRef<void(absl::string_view id, std::uint32_t number)> each) {
  while (!chunk.empty()) {
    const std::optional<std::uint32_t> length = TakeVarint(chunk);
    const std::size_t bytes =
        length.value_or(0) == 0 ? kUuidBytes : length.value();
    if (!length.has_value() || chunk.size() < bytes) {
      return absl::DataLossError("a stored frame is damaged");
    }
    const std::string id = *length == 0 ? UuidText(chunk.substr(0, bytes))
                                        : std::string(chunk.substr(0, bytes));
    chunk.remove_prefix(bytes);
    const std::optional<std::uint32_t> number = TakeVarint(chunk);
    if (!number.has_value()) {
      return absl::DataLossError("a stored frame is damaged");
    }
    each(id, *number);
  }
  return absl::OkStatus();
}

}  // namespace huifang::callback
