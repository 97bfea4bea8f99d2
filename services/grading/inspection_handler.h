#ifndef HUIFANG_SERVICES_GRADING_INSPECTION_HANDLER_H_
#define HUIFANG_SERVICES_GRADING_INSPECTION_HANDLER_H_

#include "huifang/grading/v1/grading_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"
#include "services/grading/inspect_worker.h"
#include "services/grading/inspection_store.h"
#include "services/grading/model_store.h"

namespace huifang::grading {

class InspectionHandler final : public v1::InspectionService::CallbackService {
 public:
  InspectionHandler(rpc::Runtime& runtime, sql::Database& db,
                    InspectionStore& inspections, ModelStore& models,
                    InspectWorker& worker, InspectQueue& queue)
      : runtime_(runtime),
        db_(db),
        inspections_(inspections),
        models_(models),
        worker_(worker),
        queue_(queue) {}

  grpc::ServerUnaryReactor* GetInspection(
      grpc::CallbackServerContext* context,
      const v1::GetInspectionRequest* request,
      v1::Inspection* response) override;
  grpc::ServerUnaryReactor* ListInspections(
      grpc::CallbackServerContext* context,
      const v1::ListInspectionsRequest* request,
      v1::ListInspectionsResponse* response) override;
  grpc::ServerUnaryReactor* ReinspectTicket(
      grpc::CallbackServerContext* context,
      const v1::ReinspectTicketRequest* request,
      v1::Inspection* response) override;
  grpc::ServerUnaryReactor* PreviewInspection(
      grpc::CallbackServerContext* context,
      const v1::PreviewInspectionRequest* request,
      v1::Inspection* response) override;
  grpc::ServerUnaryReactor* GetRelevanceModel(
      grpc::CallbackServerContext* context,
      const v1::GetRelevanceModelRequest* request,
      v1::RelevanceModel* response) override;

 private:
  rpc::Runtime& runtime_;
  sql::Database& db_;
  InspectionStore& inspections_;
  ModelStore& models_;
  InspectWorker& worker_;
  InspectQueue& queue_;
};

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_INSPECTION_HANDLER_H_
