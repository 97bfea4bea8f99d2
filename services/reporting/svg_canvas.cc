#include "services/reporting/svg_canvas.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace huifang::reporting {
namespace {

std::string Points(const std::vector<std::pair<double, double>>& points) {
  std::string text;
  for (const auto& [x, y] : points) {
    absl::StrAppendFormat(&text, "%s%.1f,%.1f", text.empty() ? "" : " ", x, y);
  }
  return text;
}

}  // namespace

std::string EscapeXml(absl::string_view text) {
  // No XML may contain the other control characters, not even escaped.
  std::string legal(text);
  std::erase_if(legal, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
  });
  return absl::StrReplaceAll(legal, {{"&", "&amp;"},
                                     {"<", "&lt;"},
                                     {">", "&gt;"},
                                     {"\"", "&quot;"},
                                     {"'", "&#39;"}});
}

SvgCanvas::SvgCanvas(double width, double height, absl::string_view title)
    : width_(width), height_(height), title_(title) {}

void SvgCanvas::Line(double x1, double y1, double x2, double y2,
                     absl::string_view style) {
  absl::StrAppendFormat(
      &body_, "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' class='%s'/>", x1,
      y1, x2, y2, style);
}

void SvgCanvas::Rect(double x, double y, double width, double height,
                     absl::string_view style) {
  absl::StrAppendFormat(
      &body_, "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' class='%s'/>",
      x, y, width, height, style);
}

void SvgCanvas::Circle(double x, double y, double radius,
                       absl::string_view style) {
  absl::StrAppendFormat(&body_,
                        "<circle cx='%.1f' cy='%.1f' r='%.1f' class='%s'/>", x,
                        y, radius, style);
}

void SvgCanvas::Polyline(const std::vector<std::pair<double, double>>& points,
                         absl::string_view style) {
  if (points.size() < 2) return;
  absl::StrAppendFormat(&body_, "<polyline points='%s' class='%s'/>",
                        Points(points), style);
}

void SvgCanvas::Polygon(const std::vector<std::pair<double, double>>& points,
                        absl::string_view style) {
  if (points.size() < 3) return;
  absl::StrAppendFormat(&body_, "<polygon points='%s' class='%s'/>",
                        Points(points), style);
}

void SvgCanvas::Text(double x, double y, absl::string_view text,
                     absl::string_view anchor, absl::string_view style) {
  absl::StrAppendFormat(
      &body_, "<text x='%.1f' y='%.1f' text-anchor='%s' class='%s'>%s</text>",
      x, y, anchor, style, EscapeXml(text));
}

std::string SvgCanvas::Finish() const {
  return absl::StrFormat(
      "<svg viewBox='0 0 %.0f %.0f' role='img' aria-label='%s' "
      "xmlns='http://www.w3.org/2000/svg'>%s</svg>",
      width_, height_, EscapeXml(title_), body_);
}

}  // namespace huifang::reporting
