#include "clients/cli/names.h"

#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace huifang::cli {

std::string CourtName(absl::string_view court) {
  return absl::StrCat("courts/", court);
}

absl::string_view ResourceId(absl::string_view name) {
  const std::size_t slash = name.rfind('/');
  return slash == absl::string_view::npos ? name : name.substr(slash + 1);
}

std::string CompleteName(absl::string_view collection, absl::string_view court,
                         absl::string_view name_or_id) {
  if (absl::StartsWith(name_or_id, "courts/")) return std::string(name_or_id);
  return absl::StrCat("courts/", court, "/", collection, "/", name_or_id);
}

}  // namespace huifang::cli
