#ifndef HUIFANG_SERVICES_TICKET_DIRECTORY_HANDLER_H_
#define HUIFANG_SERVICES_TICKET_DIRECTORY_HANDLER_H_

#include "huifang/ticket/v1/directory_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"
#include "services/ticket/directory_store.h"

namespace huifang::ticket {

// Speaks DirectoryService.
class DirectoryHandler final : public v1::DirectoryService::CallbackService {
 public:
  DirectoryHandler(rpc::Runtime& runtime, sql::Database& db,
                   DirectoryStore& store)
      : runtime_(runtime), db_(db), store_(store) {}

  grpc::ServerUnaryReactor* ImportDirectory(
      grpc::CallbackServerContext* context,
      const v1::ImportDirectoryRequest* request,
      v1::ImportDirectoryResponse* response) override;
  grpc::ServerUnaryReactor* GetDirectory(grpc::CallbackServerContext* context,
                                         const v1::GetDirectoryRequest* request,
                                         v1::Directory* response) override;

 private:
  rpc::Runtime& runtime_;
  sql::Database& db_;
  DirectoryStore& store_;
};

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_DIRECTORY_HANDLER_H_
