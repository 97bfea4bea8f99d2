#include "clients/cli/import/byte_source.h"

#include <iconv.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace huifang::cli {
namespace {

constexpr std::size_t kPieceBytes = 256 << 10;

class FileSource final : public ByteSource {
 public:
  FileSource(std::ifstream file, std::int64_t size)
      : file_(std::move(file)), size_(size) {}

  absl::Status Next(std::string& piece) override {
    piece.resize(kPieceBytes);
    file_.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<std::size_t>(file_.gcount()));
    position_ += file_.gcount();
    if (file_.bad()) return absl::DataLossError("the file cannot be read on");
    return absl::OkStatus();
  }

  std::int64_t position() const override { return position_; }
  std::int64_t size() const override { return size_; }

 private:
  std::ifstream file_;
  const std::int64_t size_;
  std::int64_t position_ = 0;
};

class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string text)
      : text_(std::move(text)),
        size_(static_cast<std::int64_t>(text_.size())) {}

  absl::Status Next(std::string& piece) override {
    piece = std::exchange(text_, "");
    return absl::OkStatus();
  }

  std::int64_t position() const override {
    return size_ - static_cast<std::int64_t>(text_.size());
  }
  std::int64_t size() const override { return size_; }

 private:
  std::string text_;
  const std::int64_t size_;
};

class ConvertedSource final : public ByteSource {
 public:
  ConvertedSource(std::unique_ptr<ByteSource> inner, iconv_t converter)
      : inner_(std::move(inner)), converter_(converter) {}
  ~ConvertedSource() override { iconv_close(converter_); }

  absl::Status Next(std::string& piece) override {
    piece.clear();
    while (piece.empty() && !ended_) {
      std::string more;
      if (absl::Status status = inner_->Next(more); !status.ok()) return status;
      ended_ = more.empty();
      pending_ += more;
      Convert(piece);
    }
    return absl::OkStatus();
  }

  std::int64_t position() const override { return inner_->position(); }
  std::int64_t size() const override { return inner_->size(); }

 private:
  // Converts what is complete; the head of a split character stays pending.
  void Convert(std::string& out) {
    char* in = pending_.data();
    std::size_t left = pending_.size();
    char buffer[16 << 10];
    while (left > 0) {
      char* to = buffer;
      std::size_t room = sizeof(buffer);
      const std::size_t result = iconv(converter_, &in, &left, &to, &room);
      const int error = errno;
      out.append(buffer, sizeof(buffer) - room);
      if (result != static_cast<std::size_t>(-1) || error == E2BIG) continue;
      if (error == EINVAL && !ended_) break;
      out.push_back('\xFF');
      ++in;
      --left;
    }
    pending_.erase(0, pending_.size() - left);
  }

  const std::unique_ptr<ByteSource> inner_;
  const iconv_t converter_;
  std::string pending_;
  bool ended_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> OpenFile(
    const std::string& path, const std::string& encoding) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read ", path, ": is it there, and a file?"));
  }
  return Decoded(std::make_unique<FileSource>(std::move(file),
                                              static_cast<std::int64_t>(size)),
                 encoding);
}

absl::StatusOr<std::unique_ptr<ByteSource>> Decoded(
    std::unique_ptr<ByteSource> source, const std::string& encoding) {
  if (encoding.empty() || absl::EqualsIgnoreCase(encoding, "UTF-8") ||
      absl::EqualsIgnoreCase(encoding, "UTF8")) {
    return source;
  }
  const iconv_t converter = iconv_open("UTF-8", encoding.c_str());
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    return absl::InvalidArgumentError(
        absl::StrCat("encoding \"", encoding,
                     "\" is not known; for Chinese files it is usually UTF-8 "
                     "or GB18030 (iconv -l lists all)"));
  }
  return std::make_unique<ConvertedSource>(std::move(source), converter);
}

std::unique_ptr<ByteSource> FromText(std::string text) {
  return std::make_unique<TextSource>(std::move(text));
}

}  // namespace huifang::cli
