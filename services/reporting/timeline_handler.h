#ifndef HUIFANG_SERVICES_REPORTING_TIMELINE_HANDLER_H_
#define HUIFANG_SERVICES_REPORTING_TIMELINE_HANDLER_H_

#include "huifang/reporting/v1/timeline_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/reporting/timeline_store.h"

namespace huifang::reporting {

// Speaks gRPC for timelines: admits, validates, one call inward.
class TimelineHandler final : public v1::TimelineService::CallbackService {
 public:
  TimelineHandler(rpc::Runtime& runtime, TimelineStore& store)
      : runtime_(runtime), store_(store) {}

  using Context = grpc::CallbackServerContext;
  grpc::ServerUnaryReactor* GetSuggestionTimeline(
      Context* context, const v1::GetSuggestionTimelineRequest* request,
      v1::Timeline* response) override;
  grpc::ServerUnaryReactor* GetTrainingTimeline(
      Context* context, const v1::GetTrainingTimelineRequest* request,
      v1::Timeline* response) override;
  grpc::ServerUnaryReactor* GetSupervisionTimeline(
      Context* context, const v1::GetSupervisionTimelineRequest* request,
      v1::Timeline* response) override;
  grpc::ServerUnaryReactor* ListTicketEntries(
      Context* context, const v1::ListTicketEntriesRequest* request,
      v1::Timeline* response) override;

 private:
  rpc::Runtime& runtime_;
  TimelineStore& store_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_TIMELINE_HANDLER_H_
