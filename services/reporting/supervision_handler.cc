#include "services/reporting/supervision_handler.h"

#include <utility>
#include <vector>

#include "services/common/status_macros.h"
#include "services/reporting/validate.h"

namespace huifang::reporting {
namespace {

constexpr rpc::Method kList{"ListSupervisions", "parent",
                            "admin officer head leader service"};

}  // namespace

grpc::ServerUnaryReactor* SupervisionHandler::ListSupervisions(
    grpc::CallbackServerContext* context,
    const v1::ListSupervisionsRequest* request,
    v1::ListSupervisionsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListSupervisionsRequest& asked)
          -> absl::StatusOr<v1::ListSupervisionsResponse> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        ASSIGN_OR_RETURN(std::vector<v1::Supervision> supervisions,
                         store_.List(call.court, asked, runtime_.clock.Now(),
                                     start.cursor, start.size + 1));
        v1::ListSupervisionsResponse page;
        if (supervisions.size() > static_cast<std::size_t>(start.size)) {
          supervisions.pop_back();
          page.set_next_page_token(
              NextPage(start, SupervisionStore::CursorOf(supervisions.back())));
        }
        for (v1::Supervision& supervision : supervisions) {
          *page.add_supervisions() = std::move(supervision);
        }
        return page;
      });
}

}  // namespace huifang::reporting
