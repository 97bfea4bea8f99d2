#include "services/reporting/zip_package.h"

#include <zip.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace huifang::reporting {
namespace {

// The same report gives the same bytes: noon UTC of 1 January 1980, the oldest
// day that ZIP can tell.
constexpr std::time_t kPartTime = 315576000;

absl::Status Failed(zip_error_t* error) {
  return absl::InternalError(absl::StrCat("zip: ", zip_error_strerror(error)));
}

struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

absl::StatusOr<std::string> ReadAll(zip_source_t* source) {
  zip_stat_t size;
  zip_stat_init(&size);
  if (zip_source_stat(source, &size) != 0 || zip_source_open(source) != 0) {
    return Failed(zip_source_error(source));
  }
  std::string bytes(size.size, '\0');
  const zip_int64_t read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (read != static_cast<zip_int64_t>(bytes.size())) {
    return Failed(zip_source_error(source));
  }
  return bytes;
}

}  // namespace

absl::StatusOr<std::string> ZipPackage(const std::vector<ZipPart>& parts) {
  zip_error_t error;
  zip_error_init(&error);
  const std::unique_ptr<zip_source_t, FreeSource> source(
      zip_source_buffer_create(nullptr, 0, 0, &error));
  if (source == nullptr) return Failed(&error);
  std::unique_ptr<zip_t, Discard> archive(
      zip_open_from_source(source.get(), ZIP_CREATE | ZIP_TRUNCATE, &error));
  if (archive == nullptr) return Failed(&error);
  zip_source_keep(source.get());  // the archive owns one reference
  for (const ZipPart& part : parts) {
    std::unique_ptr<zip_source_t, FreeSource> content(zip_source_buffer(
        archive.get(), part.bytes.data(), part.bytes.size(), 0));
    if (content == nullptr) return Failed(zip_get_error(archive.get()));
    const zip_int64_t at = zip_file_add(archive.get(), part.name.c_str(),
                                        content.get(), ZIP_FL_ENC_UTF_8);
    if (at < 0) return Failed(zip_get_error(archive.get()));
    static_cast<void>(content.release());  // now the archive's
    zip_file_set_mtime(archive.get(), static_cast<zip_uint64_t>(at), kPartTime,
                       0);
  }
  if (zip_close(archive.get()) != 0)
    return Failed(zip_get_error(archive.get()));
  static_cast<void>(archive.release());  // closed
  return ReadAll(source.get());
}

}  // namespace huifang::reporting
