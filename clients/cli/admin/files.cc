#include "clients/cli/admin/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "services/callback/hasher.h"
#include "services/common/status_macros.h"

namespace huifang::cli::admin {
namespace {

constexpr std::size_t kPiece = 1 << 20;

absl::Status Failed(absl::string_view what, const std::string& path) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot ", what, " ", path, ": ", std::strerror(errno)));
}

absl::Status ReadPieces(
    const std::string& path,
    absl::FunctionRef<absl::Status(absl::string_view piece)> each) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Failed("read", path);
  const auto closed = absl::MakeCleanup([file] { close(file); });
  std::vector<char> buffer(kPiece);
  while (true) {
    const ssize_t got = read(file, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("read", path);
    if (got == 0) return absl::OkStatus();
    RETURN_IF_ERROR(each({buffer.data(), static_cast<std::size_t>(got)}));
  }
}

}  // namespace

bool Exists(const std::string& path) {
  struct stat found {};
  return lstat(path.c_str(), &found) == 0;
}

absl::StatusOr<std::string> HashFile(const std::string& path) {
  callback::Hasher hasher;
  RETURN_IF_ERROR(ReadPieces(path, [&](absl::string_view piece) {
    hasher.Add(piece);
    return absl::OkStatus();
  }));
  return hasher.FinishHex();
}

absl::Status Sync(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Failed("open", path);
  const bool synced = fsync(file) == 0;
  const absl::Status status = synced ? absl::OkStatus() : Failed("sync", path);
  close(file);
  return status;
}

absl::Status CopyFile(const std::string& from, const std::string& to) {
  const int file =
      open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return Failed("write", to);
  absl::Status status = ReadPieces(from, [&](absl::string_view piece) {
    while (!piece.empty()) {
      const ssize_t put = write(file, piece.data(), piece.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return Failed("write", to);
      piece.remove_prefix(static_cast<std::size_t>(put));
    }
    return absl::OkStatus();
  });
  if (status.ok() && fsync(file) != 0) status = Failed("sync", to);
  close(file);
  return status;
}

absl::Status Rename(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  return Failed(absl::StrCat("rename ", from, " to"), to);
}

std::string DirectoryOf(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

}  // namespace huifang::cli::admin
