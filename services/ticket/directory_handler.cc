#include "services/ticket/directory_handler.h"

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/event_log.h"
#include "services/common/proto_time.h"
#include "services/common/request_log.h"
#include "services/common/status_macros.h"
#include "services/ticket/directory_rules.h"

namespace huifang::ticket {
namespace {

constexpr rpc::Method kImport{"ImportDirectory", "parent", "admin",
                              absl::Seconds(60)};
constexpr rpc::Method kGet{"GetDirectory", "name", "*"};

}  // namespace

grpc::ServerUnaryReactor* DirectoryHandler::ImportDirectory(
    grpc::CallbackServerContext* context,
    const v1::ImportDirectoryRequest* request,
    v1::ImportDirectoryResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kImport, request, response,
      [this](const rpc::Call& call, const v1::ImportDirectoryRequest& asked)
          -> absl::StatusOr<v1::ImportDirectoryResponse> {
        const absl::Time now = runtime_.clock.Now();
        const RequestKey key{call.court, kImport.name, asked.request_id()};
        v1::ImportDirectoryResponse answer;
        const auto merge = [&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(v1::Directory directory,
                           DirectoryStore::LoadDirectory(session, call.court));
          RETURN_IF_ERROR(
              CheckDirectory(call.court, directory, asked.directory()));
          const v1::Directory before = directory;
          answer = MergeDirectory(asked.directory(), directory);
          if (directory.SerializeAsString() == before.SerializeAsString()) {
            return absl::OkStatus();
          }
          RETURN_IF_ERROR(
              DirectoryStore::SaveDirectory(session, call.court, directory));
          v1::TicketEvent event;
          event.set_court(call.court);
          *event.mutable_event_time() = ToTimestamp(now);
          event.set_type(v1::TicketEvent::TYPE_DIRECTORY_CHANGED);
          *event.mutable_directory() = std::move(directory);
          EventLog::Append(session, call.court, now, event);
          return absl::OkStatus();
        };
        RETURN_IF_ERROR(db_.Write(call.court, [&](sql::Session& session) {
          return RunOnce(session, key, now, asked, answer,
                         [&] { return merge(session); });
        }));
        store_.Forget(call.court);
        return answer;
      });
}

grpc::ServerUnaryReactor* DirectoryHandler::GetDirectory(
    grpc::CallbackServerContext* context,
    const v1::GetDirectoryRequest* request, v1::Directory* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call& call,
             const v1::GetDirectoryRequest&) -> absl::StatusOr<v1::Directory> {
        ASSIGN_OR_RETURN(const std::shared_ptr<const CourtBook> book,
                         store_.Book(call.court));
        if (book->directory.ByteSizeLong() == 0) {
          return MakeError(absl::StatusCode::kNotFound, "NO_DIRECTORY",
                           absl::StrCat("court ", call.court,
                                        " has no directory yet; import one"));
        }
        return book->directory;
      });
}

}  // namespace huifang::ticket
