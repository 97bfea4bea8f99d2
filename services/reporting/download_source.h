#ifndef HUIFANG_SERVICES_REPORTING_DOWNLOAD_SOURCE_H_
#define HUIFANG_SERVICES_REPORTING_DOWNLOAD_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "services/common/rpc_stream.h"
#include "services/reporting/report_file.h"

namespace huifang::reporting {

// Streams a file piece by piece; the first one carries its name and type.
template <typename Piece>
class DownloadSource final : public rpc::Source<Piece> {
 public:
  explicit DownloadSource(ReportFile file) : file_(std::move(file)) {}

  absl::StatusOr<rpc::Pulled<Piece>> Pull() override {
    constexpr std::size_t kPiece = 64 * 1024;
    rpc::Pulled<Piece> pulled;
    Piece& piece = pulled.messages.emplace_back();
    if (sent_ == 0) {
      piece.set_file_name(file_.name);
      piece.set_mime_type(file_.mime_type);
      piece.set_size_bytes(static_cast<std::int64_t>(file_.bytes.size()));
    }
    piece.set_data(file_.bytes.substr(sent_, kPiece));
    sent_ += piece.data().size();
    if (sent_ >= file_.bytes.size()) {
      pulled.next = rpc::Pulled<Piece>::Next::kEnd;
    }
    return pulled;
  }

 private:
  const ReportFile file_;
  std::size_t sent_ = 0;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_DOWNLOAD_SOURCE_H_
