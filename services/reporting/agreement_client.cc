#include "services/reporting/agreement_client.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/client.h"
#include "services/common/log.h"
#include "services/common/proto_time.h"

namespace huifang::reporting {
namespace {

// A report is not kept waiting for a peer that is away.
constexpr absl::Duration kPatience = absl::Seconds(3);

template <typename Response>
absl::StatusOr<Response> OrError(const grpc::Status& status, Response response,
                                 const char* peer) {
  if (status.ok()) return response;
  log::Warning("agreement_missing",
               {{"peer", peer}, {"error", status.error_message()}});
  return absl::UnavailableError(status.error_message());
}

}  // namespace

std::vector<v1::AgreementLine> AgreementClient::Read(const std::string& court,
                                                     const Span& span) {
  const absl::CivilDay first = span.last - (kAgreementDays - 1);
  const auto start = ToTimestamp(StartTime({span.kind, first, span.last}));
  const auto end = ToTimestamp(EndTime(span));
  std::vector<v1::AgreementLine> lines;
  {
    grading::v1::GetAgreementRequest request;
    request.set_parent(absl::StrCat("courts/", court));
    *request.mutable_closed_from() = start;
    *request.mutable_closed_before() = end;
    grpc::ClientContext context;
    PrepareContext(context, token_, kPatience);
    grading::v1::Agreement response;
    const grpc::Status status =
        grades_.GetAgreement(&context, request, &response);
    lines.push_back(
        ReviewLine(OrError(status, std::move(response), "grading")));
  }
  {
    callback::v1::GetRecallAgreementRequest request;
    request.set_parent(absl::StrCat("courts/", court));
    *request.mutable_first_from() = start;
    *request.mutable_first_before() = end;
    grpc::ClientContext context;
    PrepareContext(context, token_, kPatience);
    callback::v1::RecallAgreement response;
    const grpc::Status status =
        calls_.GetRecallAgreement(&context, request, &response);
    for (v1::AgreementLine& line :
         RecallLines(OrError(status, std::move(response), "callback"))) {
      lines.push_back(std::move(line));
    }
  }
  for (v1::AgreementLine& line : lines) {
    line.set_start_day(DayText(first));
    line.set_end_day(DayText(span.last));
  }
  return lines;
}

}  // namespace huifang::reporting
