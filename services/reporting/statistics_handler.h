#ifndef HUIFANG_SERVICES_REPORTING_STATISTICS_HANDLER_H_
#define HUIFANG_SERVICES_REPORTING_STATISTICS_HANDLER_H_

#include "huifang/reporting/v1/reporting_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/reporting/figure_rules.h"
#include "services/reporting/statistics_store.h"

namespace huifang::reporting {

// Speaks gRPC for statistics.
class StatisticsHandler final : public v1::StatisticsService::CallbackService {
 public:
  StatisticsHandler(rpc::Runtime& runtime, StatisticsStore& store,
                    FigurePolicy policy)
      : runtime_(runtime), store_(store), policy_(std::move(policy)) {}

  grpc::ServerUnaryReactor* QueryStatistics(
      grpc::CallbackServerContext* context,
      const v1::QueryStatisticsRequest* request,
      v1::QueryStatisticsResponse* response) override;

 private:
  absl::StatusOr<v1::QueryStatisticsResponse> Query(
      const rpc::Call& call, const v1::QueryStatisticsRequest& request);

  rpc::Runtime& runtime_;
  StatisticsStore& store_;
  const FigurePolicy policy_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_STATISTICS_HANDLER_H_
