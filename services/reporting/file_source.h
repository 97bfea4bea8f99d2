#ifndef HUIFANG_SERVICES_REPORTING_FILE_SOURCE_H_
#define HUIFANG_SERVICES_REPORTING_FILE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "services/common/rpc_stream.h"
#include "services/reporting/report_file.h"

namespace huifang::reporting {

// Sends a file in pieces; the first one says what it is.
template <typename Response>
class FileSource final : public rpc::Source<Response> {
 public:
  explicit FileSource(ReportFile file) : file_(std::move(file)) {}

  absl::StatusOr<rpc::Pulled<Response>> Pull() override {
    constexpr std::size_t kPiece = 64 * 1024;
    rpc::Pulled<Response> pulled;
    Response& piece = pulled.messages.emplace_back();
    if (sent_ == 0) {
      piece.set_file_name(file_.name);
      piece.set_mime_type(file_.mime_type);
      piece.set_size_bytes(static_cast<std::int64_t>(file_.bytes.size()));
    }
    piece.set_data(file_.bytes.substr(sent_, kPiece));
    sent_ += piece.data().size();
    if (sent_ >= file_.bytes.size()) {
      pulled.next = rpc::Pulled<Response>::Next::kEnd;
    }
    return pulled;
  }

 private:
  const ReportFile file_;
  std::size_t sent_ = 0;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_FILE_SOURCE_H_
