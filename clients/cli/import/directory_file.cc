#include "clients/cli/import/directory_file.h"

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/cli/import/csv_reader.h"
#include "clients/cli/names.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/common/text.h"

namespace huifang::cli {
namespace {

namespace v1 = ticket::v1;
using Json = nlohmann::json;

absl::Status Bad(absl::string_view place, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("directory: ", place, " ", why));
}

// One entry, whatever file it came from.
using Entry = std::map<std::string, std::string>;

// Builds the directory out of entries, completing ids to names.
class Builder {
 public:
  explicit Builder(absl::string_view court) : court_(court) {
    directory_.mutable_court()->set_name(CourtName(court));
  }

  absl::Status Add(const std::string& type, const Entry& entry,
                   const std::vector<std::string>& aliases,
                   const std::string& place) {
    if (type == "court") return AddCourt(entry);
    if (type != "division" && type != "team" && type != "staff") {
      return Bad(place, absl::StrCat("has the type \"", type,
                                     "\"; possible: court, division, team, "
                                     "staff"));
    }
    const std::string id = Get(entry, "id");
    if (id.empty() || Get(entry, "display_name").empty()) {
      return Bad(place, "needs id and display_name");
    }
    const std::string collection = type == "staff" ? type : type + "s";
    const std::string name = Name(collection, id);
    const absl::StatusOr<ResourceName> parsed =
        ParseResourceName(name, collection);
    if (!parsed.ok()) return Bad(place, parsed.status().message());
    if (parsed->court != court_) {
      return Bad(place, absl::StrCat("names ", name, ", of another court"));
    }
    if (!seen_.insert(name).second) {
      return Bad(place, absl::StrCat("repeats the ", type, " ", id));
    }
    if (type == "division") return AddDivision(entry, aliases);
    if (type == "team") return AddTeam(entry, place);
    return AddStaff(entry, place);
  }

  v1::Directory Take() { return std::move(directory_); }

 private:
  static std::string Get(const Entry& entry, const std::string& key) {
    const auto it = entry.find(key);
    return it == entry.end() ? "" : std::string(TrimText(it->second));
  }

  std::string Name(absl::string_view collection, const std::string& id) const {
    return id.empty() ? "" : CompleteName(collection, court_, id);
  }

  absl::Status AddCourt(const Entry& entry) {
    v1::Court& court = *directory_.mutable_court();
    court.set_display_name(Get(entry, "display_name"));
    court.set_case_code(Get(entry, "case_code"));
    const std::string parent = Get(entry, "parent_court");
    if (!parent.empty()) {
      court.set_parent_court(
          absl::StartsWith(parent, "courts/") ? parent : CourtName(parent));
    }
    return absl::OkStatus();
  }

  absl::Status AddDivision(const Entry& entry,
                           const std::vector<std::string>& aliases) {
    v1::Division& division = *directory_.add_divisions();
    division.set_name(Name("divisions", Get(entry, "id")));
    division.set_display_name(Get(entry, "display_name"));
    for (const std::string& alias : aliases) {
      if (!alias.empty()) division.add_aliases(alias);
    }
    return absl::OkStatus();
  }

  absl::Status AddTeam(const Entry& entry, const std::string& place) {
    if (Get(entry, "division").empty()) return Bad(place, "needs division");
    v1::Team& team = *directory_.add_teams();
    team.set_name(Name("teams", Get(entry, "id")));
    team.set_display_name(Get(entry, "display_name"));
    team.set_division(Name("divisions", Get(entry, "division")));
    return absl::OkStatus();
  }

  absl::Status AddStaff(const Entry& entry, const std::string& place) {
    static const auto* const kChinese =
        new std::map<std::string, v1::Staff::Role>{
            {"法官", v1::Staff::ROLE_JUDGE},
            {"法官助理", v1::Staff::ROLE_ASSISTANT},
            {"坐席员", v1::Staff::ROLE_AGENT},
            {"回访质检员", v1::Staff::ROLE_OFFICER},
            {"院庭长", v1::Staff::ROLE_HEAD},
            {"庭长", v1::Staff::ROLE_HEAD}};
    const std::string role = Get(entry, "role");
    v1::Staff::Role value = v1::Staff::ROLE_UNSPECIFIED;
    if (const auto it = kChinese->find(role); it != kChinese->end()) {
      value = it->second;
    } else if (!v1::Staff::Role_Parse(
                   absl::StrCat("ROLE_", absl::StripPrefix(role, "ROLE_")),
                   &value)) {
      return Bad(place, absl::StrCat("has the role \"", role,
                                     "\"; possible: JUDGE, ASSISTANT, AGENT, "
                                     "OFFICER, HEAD"));
    }
    v1::Staff& staff = *directory_.add_staff();
    staff.set_name(Name("staff", Get(entry, "id")));
    staff.set_display_name(Get(entry, "display_name"));
    staff.set_role(value);
    staff.set_division(Name("divisions", Get(entry, "division")));
    staff.set_team(Name("teams", Get(entry, "team")));
    for (const auto language :
         absl::StrSplit(Get(entry, "languages"), '|', absl::SkipEmpty())) {
      staff.add_languages(std::string(language));
    }
    for (const auto kind :
         absl::StrSplit(Get(entry, "kinds"), '|', absl::SkipEmpty())) {
      v1::Kind known;
      if (!v1::Kind_Parse(absl::StrCat("KIND_", kind), &known)) {
        return Bad(place, absl::StrCat("has the kind \"", kind,
                                       "\"; possible: CONSULT, CASE_QUERY, "
                                       "CONTACT_JUDGE, COMPLAINT, SUGGESTION, "
                                       "OTHER"));
      }
      staff.add_kinds(known);
    }
    return absl::OkStatus();
  }

  const std::string court_;
  v1::Directory directory_;
  std::set<std::string> seen_;
};

absl::Status AddJsonEntry(const std::string& type, const Json& json,
                          const std::string& place, Builder& builder) {
  static const auto* const kKeys = new std::set<std::string>{
      "id",   "display_name", "aliases",      "division",  "team",
      "role", "case_code",    "parent_court", "languages", "kinds"};
  if (!json.is_object()) return Bad(place, "must be an object {…}");
  Entry entry;
  std::vector<std::string> aliases;
  for (const auto& [key, value] : json.items()) {
    if (!kKeys->contains(key)) {
      return Bad(
          absl::StrCat(place, ".", key),
          absl::StrCat("is unknown; possible: ", absl::StrJoin(*kKeys, ", ")));
    }
    const bool is_list =
        key == "aliases" || key == "languages" || key == "kinds";
    if (is_list && value.is_array()) {
      std::vector<std::string> values;
      for (const Json& one : value) {
        if (!one.is_string()) {
          return Bad(place, absl::StrCat(key, " must be strings"));
        }
        values.push_back(one.get<std::string>());
      }
      if (key == "aliases") {
        aliases = std::move(values);
      } else {
        entry[key] = absl::StrJoin(values, "|");
      }
    } else if (value.is_string()) {
      entry[key] = value.get<std::string>();
    } else {
      return Bad(absl::StrCat(place, ".", key), "must be a string");
    }
  }
  return builder.Add(type, entry, aliases, place);
}

absl::Status ReadJson(absl::string_view text, Builder& builder) {
  const std::string copy(text);
  Json json;
  try {
    json = Json::parse(copy);
  } catch (const Json::exception& error) {
    return Bad("file", absl::StrCat("is not JSON: ", error.what()));
  }
  const std::map<std::string, std::string> lists = {
      {"divisions", "division"}, {"teams", "team"}, {"staff", "staff"}};
  if (!json.is_object()) return Bad("file", "must be an object {…}");
  for (const auto& [key, value] : json.items()) {
    if (key == "court") {
      RETURN_IF_ERROR(AddJsonEntry("court", value, "court", builder));
      continue;
    }
    const auto list = lists.find(key);
    if (list == lists.end() || !value.is_array()) {
      return Bad(key,
                 "is unknown or no list; possible: court, divisions, "
                 "teams, staff");
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
      RETURN_IF_ERROR(AddJsonEntry(list->second, value[i],
                                   absl::StrCat(key, "[", i, "]"), builder));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadCsv(absl::string_view text, Builder& builder) {
  ASSIGN_OR_RETURN(const std::unique_ptr<CsvReader> reader,
                   CsvReader::Open(FromText(std::string(text)), ','));
  const std::vector<std::string>& header = reader->header();
  for (const char* column : {"type", "id", "display_name"}) {
    if (std::find(header.begin(), header.end(), column) == header.end()) {
      return Bad("header",
                 absl::StrCat("lacks the column ", column,
                              "; it has: ", absl::StrJoin(header, ", ")));
    }
  }
  CsvRow row;
  while (true) {
    ASSIGN_OR_RETURN(const bool found, reader->Next(row));
    if (!found) return absl::OkStatus();
    const std::string place = absl::StrCat("line ", row.line);
    if (row.fault.has_value()) return Bad(place, row.fault->message);
    Entry entry;
    for (std::size_t i = 0; i < header.size(); ++i) {
      entry[header[i]] = row.cells[i];
    }
    const std::vector<std::string> aliases =
        absl::StrSplit(entry["aliases"], '|', absl::SkipEmpty());
    RETURN_IF_ERROR(builder.Add(std::string(TrimText(entry["type"])), entry,
                                aliases, place));
  }
}

}  // namespace

absl::StatusOr<v1::Directory> ParseDirectory(absl::string_view text,
                                             absl::string_view court) {
  Builder builder(court);
  absl::string_view body = TrimText(text);
  RETURN_IF_ERROR(absl::StartsWith(body, "{") ? ReadJson(body, builder)
                                              : ReadCsv(text, builder));
  return builder.Take();
}

}  // namespace huifang::cli
