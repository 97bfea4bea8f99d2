// Every request the grading service validates.
#include "services/grading/validate.h"
#include "tests/fuzz/requests.h"

namespace huifang::grading {
namespace {

template <typename Message>
fuzz::Request Plain() {
  return fuzz::Of<Message>(
      [](const Message& request) { return Validate(request); });
}

}  // namespace
}  // namespace huifang::grading

const std::vector<huifang::fuzz::Request>& huifang::fuzz::AllRequests() {
  using namespace huifang::grading;
  static const std::vector<Request> kAll = {
      Plain<v1::ListInspectionsRequest>(),
      Plain<v1::PreviewInspectionRequest>(),
      Plain<v1::LeaseReviewRequest>(),
      Plain<v1::SubmitGradeRequest>(),
      Plain<v1::ReleaseReviewRequest>(),
      Plain<v1::CreateReviewRequest>(),
      Plain<v1::PublishRubricRequest>(),
      Plain<v1::CreateAppealRequest>(),
      Plain<v1::SetPrecedentRequest>(),
  };
  return kAll;
}
