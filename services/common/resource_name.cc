#include "services/common/resource_name.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/common/error.h"

namespace huifang {
namespace {

bool IsCourtCode(absl::string_view code) {
  return code.size() == 6 && std::all_of(code.begin(), code.end(), [](char c) {
           return absl::ascii_isdigit(static_cast<unsigned char>(c));
         });
}

bool IsId(absl::string_view id) {
  return !id.empty() && id.size() <= 64 &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  c == '.' || c == '_' || c == '-';
         });
}

absl::Status BadName(absl::string_view name, absl::string_view want) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_NAME",
                   absl::StrCat("\"", name.substr(0, 80),
                                "\" is not a name: ", "want ", want));
}

}  // namespace

absl::StatusOr<std::string> ParseCourt(absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts.size() != 2 || parts[0] != "courts" || !IsCourtCode(parts[1])) {
    return BadName(name, "courts/{six digits}");
  }
  return std::string(parts[1]);
}

absl::StatusOr<ResourceName> ParseResourceName(absl::string_view name,
                                               absl::string_view collection) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts.size() != 4 || parts[0] != "courts" || !IsCourtCode(parts[1]) ||
      parts[2] != collection || !IsId(parts[3])) {
    return BadName(name,
                   absl::StrCat("courts/{six digits}/", collection, "/{id}"));
  }
  return ResourceName{std::string(parts[1]), std::string(parts[3])};
}

std::string MakeResourceName(absl::string_view court,
                             absl::string_view collection,
                             absl::string_view id) {
  return absl::StrCat("courts/", court, "/", collection, "/", id);
}

std::string CourtOfName(absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts.size() < 2 || parts[0] != "courts") return "";
  if (parts[1] != "-" && !IsCourtCode(parts[1])) return "";
  return std::string(parts[1]);
}

}  // namespace huifang
