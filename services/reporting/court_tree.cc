#include "services/reporting/court_tree.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::reporting {
namespace {

using Json = nlohmann::json;

absl::Status BadFile(absl::string_view why) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_COURTS_FILE",
                   absl::StrCat("the courts file cannot be used: ", why));
}

const Json* ListIn(const Json& entry, const char* key) {
  return entry.is_object() && entry.contains(key) && entry[key].is_array()
             ? &entry[key]
             : nullptr;
}

// The court an entry is about. INVALID_ARGUMENT without six digits or a name.
absl::StatusOr<LowerCourt> CourtIn(const Json& entry) {
  const auto text = [&](const char* key) {
    return entry.is_object() && entry.contains(key) && entry[key].is_string()
               ? entry[key].get<std::string>()
               : std::string();
  };
  LowerCourt court{text("court"), text("display_name")};
  if (!ParseCourt(absl::StrCat("courts/", court.court)).ok()) {
    return BadFile(
        absl::StrCat("\"", court.court, "\" is no court's code of six digits"));
  }
  if (court.display_name.empty()) {
    return BadFile(absl::StrCat("court ", court.court, " has no display_name"));
  }
  return court;
}

}  // namespace

absl::StatusOr<CourtTree> CourtTree::Read(const std::string& path) {
  if (path.empty()) return CourtTree();
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return BadFile(absl::StrCat(path, " cannot be read"));
  return Parse(text.str());
}

absl::StatusOr<CourtTree> CourtTree::Parse(absl::string_view json) {
  const Json root = Json::parse(json.begin(), json.end(), nullptr,
                                /*allow_exceptions=*/false);
  const Json* superiors = ListIn(root, "superior_courts");
  if (superiors == nullptr) return BadFile("want {\"superior_courts\": [...]}");
  CourtTree tree;
  for (const Json& entry : *superiors) {
    ASSIGN_OR_RETURN(const LowerCourt head, CourtIn(entry));
    SuperiorCourt superior{head.display_name, {}};
    const Json* courts = ListIn(entry, "courts");
    if (courts == nullptr || courts->empty() ||
        courts->size() > kMaxLowerCourts) {
      return BadFile(absl::StrCat("court ", head.court, " wants 1 to ",
                                  kMaxLowerCourts, " \"courts\""));
    }
    std::set<std::string> seen = {head.court};
    for (const Json& lower : *courts) {
      ASSIGN_OR_RETURN(LowerCourt court, CourtIn(lower));
      if (!seen.insert(court.court).second) {
        return BadFile(absl::StrCat("court ", court.court,
                                    " is twice in what court ", head.court,
                                    " has, or is that court"));
      }
      superior.courts.push_back(std::move(court));
    }
    if (!tree.superiors_.emplace(head.court, std::move(superior)).second) {
      return BadFile(absl::StrCat("court ", head.court, " is there twice"));
    }
  }
  return tree;
}

const SuperiorCourt* CourtTree::Find(const std::string& court) const {
  const auto found = superiors_.find(court);
  return found == superiors_.end() ? nullptr : &found->second;
}

}  // namespace huifang::reporting
