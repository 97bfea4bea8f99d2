#ifndef HUIFANG_SERVICES_REPORTING_TEMPLATE_SET_H_
#define HUIFANG_SERVICES_REPORTING_TEMPLATE_SET_H_

#include <cstddef>
#include <functional>
#include <kainjow/mustache.hpp>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace huifang::reporting {

using PageData = kainjow::mustache::data;

// Makes of an SVG what the templates of a form print for it.
using ChartMaker = std::function<PageData(const std::string& svg)>;

// Largest template file. The largest that ships has 30 KB.
inline constexpr std::size_t kMaxTemplateBytes = 512 * 1024;

// What HTML and Word reports are printed from: the templates that ship, and in
// their place those of a folder, for all courts or for one:
//
//   DIR/report.html.mustache
//   DIR/courts/110102/report.html.mustache
//
// Immutable, so threads may share it.
class TemplateSet {
 public:
  // Those that ship.
  TemplateSet() = default;

  // INVALID_ARGUMENT names the file: one that no report uses, is too large or
  // no UTF-8, or a folder that is not there.
  static absl::StatusOr<TemplateSet> Read(const std::string& folder);

  // The text that holds for the court.
  const std::string& Text(absl::string_view court,
                          absl::string_view name) const;

  // Prints `page` into the template, values escaped for XML and HTML.
  // INVALID_ARGUMENT says what is wrong with the template.
  absl::StatusOr<std::string> Print(absl::string_view court,
                                    absl::string_view name,
                                    const PageData& page) const;

  // Courts that have a template of their own.
  std::vector<std::string> Courts() const;

 private:
  // By court, "" for all courts, then by file name.
  std::map<std::string, std::map<std::string, std::string, std::less<>>,
           std::less<>>
      own_;
};

// Writes the templates that ship to `folder`, which is made; ALREADY_EXISTS
// rather than overwrite a file.
absl::Status WriteTemplates(const std::string& folder);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_TEMPLATE_SET_H_
