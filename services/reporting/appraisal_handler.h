#ifndef HUIFANG_SERVICES_REPORTING_APPRAISAL_HANDLER_H_
#define HUIFANG_SERVICES_REPORTING_APPRAISAL_HANDLER_H_

#include "huifang/reporting/v1/appraisal_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/reporting/appraisal_store.h"
#include "services/reporting/appraisal_writer.h"
#include "services/reporting/template_set.h"

namespace huifang::reporting {

// Speaks gRPC for appraisal sheets: admits, validates, one call inward.
class AppraisalHandler final : public v1::AppraisalService::CallbackService {
 public:
  AppraisalHandler(rpc::Runtime& runtime, AppraisalStore& sheets,
                   ExclusionStore& exclusions, AppraisalWriter& writer,
                   const TemplateSet& templates)
      : runtime_(runtime),
        sheets_(sheets),
        exclusions_(exclusions),
        writer_(writer),
        templates_(templates) {}

  using Context = grpc::CallbackServerContext;
  grpc::ServerUnaryReactor* CreateAppraisal(
      Context* context, const v1::CreateAppraisalRequest* request,
      v1::Appraisal* response) override;
  grpc::ServerUnaryReactor* GetAppraisal(Context* context,
                                         const v1::GetAppraisalRequest* request,
                                         v1::Appraisal* response) override;
  grpc::ServerUnaryReactor* ListAppraisals(
      Context* context, const v1::ListAppraisalsRequest* request,
      v1::ListAppraisalsResponse* response) override;
  grpc::ServerWriteReactor<v1::DownloadAppraisalResponse>* DownloadAppraisal(
      Context* context, const v1::DownloadAppraisalRequest* request) override;
  grpc::ServerUnaryReactor* CreateAppraisalExclusion(
      Context* context, const v1::CreateAppraisalExclusionRequest* request,
      v1::AppraisalExclusion* response) override;
  grpc::ServerUnaryReactor* GetAppraisalExclusion(
      Context* context, const v1::GetAppraisalExclusionRequest* request,
      v1::AppraisalExclusion* response) override;
  grpc::ServerUnaryReactor* ListAppraisalExclusions(
      Context* context, const v1::ListAppraisalExclusionsRequest* request,
      v1::ListAppraisalExclusionsResponse* response) override;
  grpc::ServerUnaryReactor* ApproveAppraisalExclusion(
      Context* context, const v1::ApproveAppraisalExclusionRequest* request,
      v1::AppraisalExclusion* response) override;
  grpc::ServerUnaryReactor* RejectAppraisalExclusion(
      Context* context, const v1::RejectAppraisalExclusionRequest* request,
      v1::AppraisalExclusion* response) override;

 private:
  rpc::Runtime& runtime_;
  AppraisalStore& sheets_;
  ExclusionStore& exclusions_;
  AppraisalWriter& writer_;
  const TemplateSet& templates_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_APPRAISAL_HANDLER_H_
