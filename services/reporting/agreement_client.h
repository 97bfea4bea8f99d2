#ifndef HUIFANG_SERVICES_REPORTING_AGREEMENT_CLIENT_H_
#define HUIFANG_SERVICES_REPORTING_AGREEMENT_CLIENT_H_

#include <string>
#include <utility>
#include <vector>

#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "huifang/grading/v1/grading_service.grpc.pb.h"
#include "services/reporting/agreement_lines.h"

namespace huifang::reporting {

// Asks grading and callback how far their judges agree. Thread safe.
class AgreementClient {
 public:
  // The stubs must outlive it. `token` is this service's own.
  AgreementClient(grading::v1::GradeService::StubInterface& grades,
                  callback::v1::CallService::StubInterface& calls,
                  std::string token)
      : grades_(grades), calls_(calls), token_(std::move(token)) {}

  // As AgreementReader; takes a few seconds at most.
  std::vector<v1::AgreementLine> Read(const std::string& court,
                                      const Span& span);

 private:
  grading::v1::GradeService::StubInterface& grades_;
  callback::v1::CallService::StubInterface& calls_;
  const std::string token_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_AGREEMENT_CLIENT_H_
