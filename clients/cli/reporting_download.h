#ifndef HUIFANG_CLIENTS_CLI_REPORTING_DOWNLOAD_H_
#define HUIFANG_CLIENTS_CLI_REPORTING_DOWNLOAD_H_

#include <grpcpp/grpcpp.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/cli.h"
#include "services/common/status_macros.h"

namespace huifang::cli {

// The server names the file; a name that is a path must not leave the folder.
inline std::string SafeName(std::string name) {
  for (char& c : name) {
    if (c == '/' || c == '\\' || c == '\0') c = '_';
  }
  return name.empty() || name[0] == '.' ? absl::StrCat("report", name) : name;
}

// Writes a stream of pieces, the first of which names the file, into a folder;
// the path of the file.
template <typename Piece>
absl::StatusOr<std::string> SaveDownload(
    std::unique_ptr<grpc::ClientReader<Piece>> reader,
    const std::string& folder) {
  std::string file_name;
  std::string bytes;
  Piece piece;
  while (reader->Read(&piece)) {
    if (!piece.file_name().empty()) file_name = piece.file_name();
    bytes += piece.data();
  }
  RETURN_IF_ERROR(FromGrpc(reader->Finish()));
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string path =
      (std::filesystem::path(folder) / SafeName(file_name)).string();
  RETURN_IF_ERROR(WriteFile(path, bytes));
  return path;
}

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_REPORTING_DOWNLOAD_H_
