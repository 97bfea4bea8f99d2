#ifndef HUIFANG_SERVICES_REPORTING_SVG_CANVAS_H_
#define HUIFANG_SERVICES_REPORTING_SVG_CANVAS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace huifang::reporting {

// `&`, `<`, `>` and quotes as entities.
std::string EscapeXml(absl::string_view text);

// Collects SVG elements. Lengths are CSS pixels of the view box; `style` is a
// class name of the page's style sheet.
class SvgCanvas {
 public:
  SvgCanvas(double width, double height, absl::string_view title);

  void Line(double x1, double y1, double x2, double y2,
            absl::string_view style);
  void Rect(double x, double y, double width, double height,
            absl::string_view style);
  void Circle(double x, double y, double radius, absl::string_view style);
  void Polyline(const std::vector<std::pair<double, double>>& points,
                absl::string_view style);
  void Polygon(const std::vector<std::pair<double, double>>& points,
               absl::string_view style);
  // `anchor` is start, middle or end.
  void Text(double x, double y, absl::string_view text,
            absl::string_view anchor, absl::string_view style);

  std::string Finish() const;

 private:
  double width_;
  double height_;
  std::string title_;
  std::string body_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_SVG_CANVAS_H_
