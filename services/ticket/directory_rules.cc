#include "services/ticket/directory_rules.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/util/message_differencer.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/common/text.h"

namespace huifang::ticket {
namespace {

constexpr std::size_t kMaxNameCharacters = 100;
constexpr std::size_t kMaxErrors = 50;
constexpr int kMaxSkills = 20;
constexpr std::size_t kMaxLanguage = 35;  // RFC 5646, §4.4.1

std::string Fold(absl::string_view label) {
  return absl::StrReplaceAll(FoldFullWidth(TrimText(label)), {{" ", ""}});
}

// Entries of one kind, and where its complaints go.
class Checker {
 public:
  Checker(const std::string& court, FieldErrors& errors)
      : court_(court), errors_(errors) {}

  void Add(const std::string& field, const std::string& what) {
    if (++count_ <= kMaxErrors) errors_.Add(field, what);
  }

  template <typename Entries>
  void CheckEntries(const Entries& entries, const char* collection) {
    std::set<std::string> seen;
    for (int i = 0; i < entries.size(); ++i) {
      const std::string field =
          absl::StrCat("directory.", collection, "[", i, "]");
      const auto name = ParseResourceName(entries[i].name(), collection);
      if (!name.ok()) {
        Add(field + ".name", std::string(name.status().message()));
      } else if (name->court != court_) {
        Add(field + ".name", "belongs to another court");
      } else if (!seen.insert(entries[i].name()).second) {
        Add(field + ".name", "is there twice");
      }
      const std::size_t length = CodePointCount(entries[i].display_name());
      if (length < 1 || length > kMaxNameCharacters) {
        Add(field + ".display_name", "must have 1 to 100 characters");
      }
    }
  }

  void CheckReference(const std::string& field, const std::string& name,
                      const std::set<std::string>& known, bool required) {
    if (name.empty() ? required : !known.contains(name)) {
      Add(field, name.empty() ? "is missing"
                              : absl::StrCat(name, " is not in the directory"));
    }
  }

 private:
  const std::string& court_;
  FieldErrors& errors_;
  std::size_t count_ = 0;
};

void CheckSkills(const v1::Staff& staff, const std::string& field,
                 Checker& checker) {
  const auto is_tag = [](const std::string& language) {
    return !language.empty() && language.size() <= kMaxLanguage &&
           std::all_of(language.begin(), language.end(), [](char c) {
             return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                    c == '-';
           });
  };
  if (staff.languages_size() > kMaxSkills ||
      !std::all_of(staff.languages().begin(), staff.languages().end(),
                   is_tag)) {
    checker.Add(field + ".languages", "must be at most 20 tags as in BCP 47");
  }
  const auto is_kind = [](int kind) {
    return kind != v1::KIND_UNSPECIFIED && v1::Kind_IsValid(kind);
  };
  if (staff.kinds_size() > kMaxSkills ||
      !std::all_of(staff.kinds().begin(), staff.kinds().end(), is_kind)) {
    checker.Add(field + ".kinds", "must be known kinds, at most 20");
  }
}

template <typename Entries>
void CollectNames(const Entries& entries, std::set<std::string>& names) {
  for (const auto& entry : entries) names.insert(entry.name());
}

template <typename Entries>
void MergeEntries(const Entries& incoming, Entries& current,
                  v1::ImportDirectoryResponse& counts) {
  using google::protobuf::util::MessageDifferencer;
  for (const auto& entry : incoming) {
    const auto it = std::find_if(
        current.begin(), current.end(),
        [&](const auto& other) { return other.name() == entry.name(); });
    if (it == current.end()) {
      *current.Add() = entry;
      counts.set_created_count(counts.created_count() + 1);
    } else if (MessageDifferencer::Equals(*it, entry)) {
      counts.set_unchanged_count(counts.unchanged_count() + 1);
    } else {
      *it = entry;
      counts.set_updated_count(counts.updated_count() + 1);
    }
  }
}

template <typename Entries>
const auto* FindByName(const Entries& entries, const std::string& name) {
  const auto it =
      std::find_if(entries.begin(), entries.end(),
                   [&](const auto& entry) { return entry.name() == name; });
  return it == entries.end() ? nullptr : &*it;
}

absl::Status Unknown(absl::string_view what, const std::string& name) {
  return MakeError(absl::StatusCode::kNotFound, "NOT_IN_DIRECTORY",
                   absl::StrCat(what, " ", name,
                                " is not in the court's directory; import it "
                                "first"));
}

}  // namespace

absl::Status CheckDirectory(const std::string& court,
                            const v1::Directory& current,
                            const v1::Directory& incoming) {
  FieldErrors errors;
  Checker checker(court, errors);
  if (incoming.divisions_size() > 500) checker.Add("divisions", "at most 500");
  if (incoming.teams_size() > 2000) checker.Add("teams", "at most 2000");
  if (incoming.staff_size() > 10000) checker.Add("staff", "at most 10000");
  RETURN_IF_ERROR(errors.ToStatus());
  checker.CheckEntries(incoming.divisions(), "divisions");
  checker.CheckEntries(incoming.teams(), "teams");
  checker.CheckEntries(incoming.staff(), "staff");
  std::set<std::string> divisions;
  std::set<std::string> teams;
  for (const v1::Directory* source : {&current, &incoming}) {
    CollectNames(source->divisions(), divisions);
    CollectNames(source->teams(), teams);
  }
  for (int i = 0; i < incoming.teams_size(); ++i) {
    checker.CheckReference(absl::StrCat("directory.teams[", i, "].division"),
                           incoming.teams(i).division(), divisions, true);
  }
  for (int i = 0; i < incoming.staff_size(); ++i) {
    const std::string field = absl::StrCat("directory.staff[", i, "]");
    const v1::Staff& staff = incoming.staff(i);
    checker.CheckReference(field + ".division", staff.division(), divisions,
                           false);
    checker.CheckReference(field + ".team", staff.team(), teams, false);
    if (staff.role() == v1::Staff::ROLE_UNSPECIFIED) {
      checker.Add(field + ".role", "is missing");
    }
    CheckSkills(staff, field, checker);
  }
  return errors.ToStatus();
}

v1::ImportDirectoryResponse MergeDirectory(const v1::Directory& incoming,
                                           v1::Directory& current) {
  v1::ImportDirectoryResponse counts;
  if (incoming.has_court()) *current.mutable_court() = incoming.court();
  MergeEntries(incoming.divisions(), *current.mutable_divisions(), counts);
  MergeEntries(incoming.teams(), *current.mutable_teams(), counts);
  MergeEntries(incoming.staff(), *current.mutable_staff(), counts);
  return counts;
}

const v1::Division* FindDivision(const v1::Directory& directory,
                                 absl::string_view label) {
  const std::string wanted = Fold(label);
  for (const v1::Division& division : directory.divisions()) {
    const auto id = ParseResourceName(division.name(), "divisions");
    if (division.name() == label || Fold(division.display_name()) == wanted ||
        (id.ok() && id->id == wanted)) {
      return &division;
    }
    for (const std::string& alias : division.aliases()) {
      if (Fold(alias) == wanted) return &division;
    }
  }
  return nullptr;
}

const v1::Staff* FindStaff(const v1::Directory& directory,
                           absl::string_view label) {
  const std::string wanted = Fold(label);
  for (const v1::Staff& staff : directory.staff()) {
    const auto id = ParseResourceName(staff.name(), "staff");
    if (staff.name() == label || Fold(staff.display_name()) == wanted ||
        (id.ok() && id->id == wanted)) {
      return &staff;
    }
  }
  return nullptr;
}

absl::Status CheckAssignment(const v1::Directory& directory,
                             const std::string& division,
                             const std::string& team,
                             const std::string& handler) {
  if (!division.empty() &&
      FindByName(directory.divisions(), division) == nullptr) {
    return Unknown("division", division);
  }
  if (!team.empty()) {
    const v1::Team* found = FindByName(directory.teams(), team);
    if (found == nullptr) return Unknown("team", team);
    if (!division.empty() && found->division() != division) {
      FieldErrors errors;
      errors.Add("team", "belongs to another division");
      return errors.ToStatus();
    }
  }
  if (!handler.empty() && FindByName(directory.staff(), handler) == nullptr) {
    return Unknown("handler", handler);
  }
  return absl::OkStatus();
}

}  // namespace huifang::ticket
