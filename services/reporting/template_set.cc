#include "services/reporting/template_set.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/common/embedded.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/common/text.h"
#include "services/reporting/svg_canvas.h"
#include "services/reporting/templates.h"

namespace huifang::reporting {
namespace {

namespace fs = std::filesystem;

absl::Status BadTemplate(absl::string_view file, absl::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_TEMPLATE",
                   absl::StrCat("template ", file, ": ", what));
}

const std::map<std::string, std::string, std::less<>>& Shipped() {
  static const auto& shipped =
      *new std::map<std::string, std::string, std::less<>>([] {
        std::map<std::string, std::string, std::less<>> texts;
        for (const EmbeddedFile& file : kTemplates)
          texts[file.name] = file.text;
        return texts;
      }());
  return shipped;
}

std::string NamesOfTemplates() {
  std::string names;
  for (const auto& [name, text] : Shipped()) {
    absl::StrAppend(&names, names.empty() ? "" : ", ", name);
  }
  return names;
}

// XML allows no control characters and no U+FFFE or U+FFFF, even as entities.
std::string Escape(const std::string& text) {
  std::string kept;
  absl::string_view rest = text;
  while (const std::optional<char32_t> c = NextCodePoint(rest)) {
    const bool control = *c < 0x20 && *c != '\t' && *c != '\n' && *c != '\r';
    if (!control && *c != 0xFFFE && *c != 0xFFFF) AppendUtf8(*c, kept);
  }
  return EscapeXml(kept);
}

absl::StatusOr<std::string> ReadTemplate(const fs::path& path) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) return BadTemplate(path.string(), error.message());
  if (size > kMaxTemplateBytes) {
    return BadTemplate(path.string(),
                       absl::StrCat("has ", size, " bytes; ", kMaxTemplateBytes,
                                    " are the most"));
  }
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (!(text << file.rdbuf())) {
    return BadTemplate(path.string(), "cannot be read, or is empty");
  }
  if (const auto at = FindInvalidUtf8(text.str())) {
    return BadTemplate(path.string(), absl::StrCat("no UTF-8 at byte ", *at));
  }
  return text.str();
}

}  // namespace

absl::StatusOr<TemplateSet> TemplateSet::Read(const std::string& folder) {
  TemplateSet set;
  std::error_code error;
  std::vector<std::pair<std::string, fs::path>> folders = {{"", folder}};
  const fs::path courts = fs::path(folder) / "courts";
  if (fs::exists(courts, error)) {
    for (const auto& entry : fs::directory_iterator(courts, error)) {
      const std::string code = entry.path().filename().string();
      if (!ParseCourt(absl::StrCat("courts/", code)).ok()) {
        return BadTemplate(entry.path().string(),
                           "want a court's six digits, as in courts/110102");
      }
      folders.emplace_back(code, entry.path());
    }
  }
  for (const auto& [court, path] : folders) {
    if (error) break;
    for (const auto& entry : fs::directory_iterator(path, error)) {
      if (entry.path() == courts) continue;
      const std::string name = entry.path().filename().string();
      if (absl::StartsWith(name, ".")) continue;  // of the system, of a mount
      if (Shipped().count(name) == 0) {
        return BadTemplate(
            entry.path().string(),
            absl::StrCat("no report uses it; there are ", NamesOfTemplates()));
      }
      ASSIGN_OR_RETURN(set.own_[court][name], ReadTemplate(entry.path()));
    }
  }
  if (error) return BadTemplate(folder, error.message());
  return set;
}

const std::string& TemplateSet::Text(absl::string_view court,
                                     absl::string_view name) const {
  for (const absl::string_view scope : {court, absl::string_view()}) {
    const auto texts = own_.find(scope);
    if (texts == own_.end()) continue;
    const auto text = texts->second.find(name);
    if (text != texts->second.end()) return text->second;
  }
  return Shipped().find(name)->second;
}

absl::StatusOr<std::string> TemplateSet::Print(absl::string_view court,
                                               absl::string_view name,
                                               const PageData& page) const {
  kainjow::mustache::mustache paper(Text(court, name));
  if (!paper.is_valid()) return BadTemplate(name, paper.error_message());
  paper.set_custom_escape(Escape);
  std::string printed = paper.render(page);
  if (!paper.is_valid()) return BadTemplate(name, paper.error_message());
  return printed;
}

std::vector<std::string> TemplateSet::Courts() const {
  std::vector<std::string> courts;
  for (const auto& [court, texts] : own_) {
    if (!court.empty()) courts.push_back(court);
  }
  return courts;
}

absl::Status WriteTemplates(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return BadTemplate(folder, error.message());
  for (const auto& [name, text] : Shipped()) {
    const fs::path path = fs::path(folder) / name;
    if (fs::exists(path, error)) {
      return absl::AlreadyExistsError(
          absl::StrCat(path.string(), " is there already"));
    }
    std::ofstream file(path, std::ios::binary);
    if (!(file << text << std::flush)) {
      return BadTemplate(path.string(), "cannot be written");
    }
  }
  return absl::OkStatus();
}

}  // namespace huifang::reporting
