#include "services/grading/rubric_handler.h"

#include <algorithm>
#include <utility>

#include "services/common/page_token.h"
#include "services/common/request_log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/grading/rubric_store.h"
#include "services/grading/validate.h"

namespace huifang::grading {
namespace {

constexpr rpc::Method kPublish{"PublishRubric", "parent", "admin leader"};
constexpr rpc::Method kGet{"GetRubric", "name", "*"};
constexpr rpc::Method kList{"ListRubrics", "parent", "*"};

}  // namespace

grpc::ServerUnaryReactor* RubricHandler::PublishRubric(
    grpc::CallbackServerContext* context,
    const v1::PublishRubricRequest* request, v1::Rubric* response) {
  return rpc::RunUnary(
      runtime_, context, kPublish, request, response,
      [this](const rpc::Call& call,
             const v1::PublishRubricRequest& r) -> absl::StatusOr<v1::Rubric> {
        RETURN_IF_ERROR(Validate(r));
        v1::Rubric rubric;
        const auto publish = [&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(rubric,
                           RubricStore::Publish(session, call.court, r.rubric(),
                                                runtime_.clock.Now()));
          return absl::OkStatus();
        };
        RETURN_IF_ERROR(db_.Write(call.court, [&](sql::Session& session) {
          rubric.Clear();
          return RunOnce(session, {call.court, "PublishRubric", r.request_id()},
                         runtime_.clock.Now(), r, rubric,
                         [&] { return publish(session); });
        }));
        return rubric;
      });
}

grpc::ServerUnaryReactor* RubricHandler::GetRubric(
    grpc::CallbackServerContext* context, const v1::GetRubricRequest* request,
    v1::Rubric* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call&,
             const v1::GetRubricRequest& r) -> absl::StatusOr<v1::Rubric> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(r.name(), "rubrics"));
        v1::Rubric rubric;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(rubric, RubricStore::Find(session, name.court,
                                                     name.id, r.version()));
          return absl::OkStatus();
        }));
        return rubric;
      });
}

grpc::ServerUnaryReactor* RubricHandler::ListRubrics(
    grpc::CallbackServerContext* context, const v1::ListRubricsRequest* request,
    v1::ListRubricsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListRubricsRequest& r)
          -> absl::StatusOr<v1::ListRubricsResponse> {
        ASSIGN_OR_RETURN(const int size, PageSize(r.page_size(), 50, 1000));
        ASSIGN_OR_RETURN(const std::vector<std::string> cursor,
                         DecodePageToken(r.page_token(), QueryHash(r)));
        const std::string after = cursor.empty() ? "" : cursor[0];
        v1::ListRubricsResponse page;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          page.Clear();
          ASSIGN_OR_RETURN(std::vector<v1::Rubric> rubrics,
                           RubricStore::List(session, call.court));
          for (v1::Rubric& rubric : rubrics) {
            if (rubric.name() <= after) continue;
            if (page.rubrics_size() == size) {
              page.set_next_page_token(EncodePageToken(
                  QueryHash(r), {page.rubrics(size - 1).name()}));
              break;
            }
            *page.add_rubrics() = std::move(rubric);
          }
          return absl::OkStatus();
        }));
        return page;
      });
}

}  // namespace huifang::grading
