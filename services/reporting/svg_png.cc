#include "services/reporting/svg_png.h"

#include <cairo.h>
#include <librsvg/rsvg.h>

#include <cmath>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace huifang::reporting {
namespace {

constexpr double kDots = 3;

struct Unref {
  void operator()(RsvgHandle* handle) const { g_object_unref(handle); }
  void operator()(GError* error) const { g_error_free(error); }
  void operator()(cairo_surface_t* surface) const {
    cairo_surface_destroy(surface);
  }
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};

absl::Status Failed(const char* step, GError* error) {
  const std::unique_ptr<GError, Unref> owned(error);
  return absl::InternalError(absl::StrCat(
      "chart: ", step, ": ", error == nullptr ? "failed" : error->message));
}

cairo_status_t Append(void* text, const unsigned char* bytes,
                      unsigned int size) {
  static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes),
                                          size);
  return CAIRO_STATUS_SUCCESS;
}

const guint8* Bytes(const std::string& text) {
  return reinterpret_cast<const guint8*>(text.data());
}

}  // namespace

absl::StatusOr<Picture> DrawPng(const std::string& svg,
                                const std::string& css) {
  GError* error = nullptr;
  const std::unique_ptr<RsvgHandle, Unref> handle(
      rsvg_handle_new_from_data(Bytes(svg), svg.size(), &error));
  if (handle == nullptr) return Failed("read", error);
  if (!rsvg_handle_set_stylesheet(handle.get(), Bytes(css), css.size(),
                                  &error)) {
    return Failed("style", error);
  }
  gboolean has_box = FALSE;
  RsvgRectangle box{};
  rsvg_handle_get_intrinsic_dimensions(handle.get(), nullptr, nullptr, nullptr,
                                       nullptr, &has_box, &box);
  if (!has_box) return absl::InternalError("chart: no viewBox");
  Picture picture;
  picture.width = box.width;
  picture.height = box.height;
  const RsvgRectangle paper{0, 0, std::ceil(kDots * box.width),
                            std::ceil(kDots * box.height)};
  const std::unique_ptr<cairo_surface_t, Unref> surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24,
                                 static_cast<int>(paper.width),
                                 static_cast<int>(paper.height)));
  const std::unique_ptr<cairo_t, Unref> cairo(cairo_create(surface.get()));
  cairo_set_source_rgb(cairo.get(), 1, 1, 1);
  cairo_paint(cairo.get());
  if (!rsvg_handle_render_document(handle.get(), cairo.get(), &paper, &error)) {
    return Failed("draw", error);
  }
  const cairo_status_t written =
      cairo_surface_write_to_png_stream(surface.get(), Append, &picture.png);
  if (written != CAIRO_STATUS_SUCCESS) {
    return absl::InternalError(
        absl::StrCat("chart: ", cairo_status_to_string(written)));
  }
  return picture;
}

}  // namespace huifang::reporting
