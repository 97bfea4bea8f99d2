#ifndef HUIFANG_SERVICES_REPORTING_SVG_PNG_H_
#define HUIFANG_SERVICES_REPORTING_SVG_PNG_H_

#include <string>

#include "absl/status/statusor.h"

namespace huifang::reporting {

struct Picture {
  std::string png;
  double width = 0;  // of the SVG, in CSS pixels
  double height = 0;
};

// Draws an SVG of ours, styled by `css`, with three dots to a CSS pixel. Text
// is set in the fonts of this machine. INTERNAL when it is no SVG.
absl::StatusOr<Picture> DrawPng(const std::string& svg, const std::string& css);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_SVG_PNG_H_
