#ifndef HUIFANG_SERVICES_TICKET_CASE_HANDLER_H_
#define HUIFANG_SERVICES_TICKET_CASE_HANDLER_H_

#include "huifang/ticket/v1/directory_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"
#include "services/ticket/case_store.h"

namespace huifang::ticket {

// Speaks CaseDirectoryService from imported cases.
class CaseHandler final : public v1::CaseDirectoryService::CallbackService {
 public:
  CaseHandler(rpc::Runtime& runtime, sql::Database& db, CaseStore& store)
      : runtime_(runtime), db_(db), store_(store) {}

  grpc::ServerUnaryReactor* GetCase(grpc::CallbackServerContext* context,
                                    const v1::GetCaseRequest* request,
                                    v1::Case* response) override;
  grpc::ServerUnaryReactor* ImportCases(
      grpc::CallbackServerContext* context,
      const v1::ImportCasesRequest* request,
      v1::ImportCasesResponse* response) override;

 private:
  rpc::Runtime& runtime_;
  sql::Database& db_;
  CaseStore& store_;
};

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_CASE_HANDLER_H_
