#ifndef HUIFANG_SERVICES_CALLBACK_CONVEYANCE_HANDLER_H_
#define HUIFANG_SERVICES_CALLBACK_CONVEYANCE_HANDLER_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/callback/conveyance_store.h"
#include "services/common/request_log.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"

namespace huifang::callback {

class ConveyanceHandler final : public v1::ConveyanceService::CallbackService {
 public:
  ConveyanceHandler(rpc::Runtime& runtime, sql::Database& db,
                    ConveyanceStore& conveyances)
      : runtime_(runtime), db_(db), conveyances_(conveyances) {}

  grpc::ServerUnaryReactor* GetConveyance(
      grpc::CallbackServerContext* context,
      const v1::GetConveyanceRequest* request,
      v1::Conveyance* response) override;
  grpc::ServerUnaryReactor* ListConveyances(
      grpc::CallbackServerContext* context,
      const v1::ListConveyancesRequest* request,
      v1::ListConveyancesResponse* response) override;
  grpc::ServerUnaryReactor* AcknowledgeConveyance(
      grpc::CallbackServerContext* context,
      const v1::AcknowledgeConveyanceRequest* request,
      v1::Conveyance* response) override;
  grpc::ServerUnaryReactor* RecordConveyanceContact(
      grpc::CallbackServerContext* context,
      const v1::RecordConveyanceContactRequest* request,
      v1::Conveyance* response) override;

 private:
  // Loads, checks the etag, changes and saves, once for the request id.
  absl::StatusOr<v1::Conveyance> Change(
      const RequestKey& key, const std::string& name, const std::string& etag,
      const google::protobuf::Message& request,
      absl::FunctionRef<absl::Status(v1::Conveyance&)> change);

  rpc::Runtime& runtime_;
  sql::Database& db_;
  ConveyanceStore& conveyances_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_CONVEYANCE_HANDLER_H_
