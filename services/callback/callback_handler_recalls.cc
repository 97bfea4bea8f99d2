// The part of CallbackHandler about interviews that are made again.
#include <algorithm>
#include <utility>
#include <vector>

#include "services/callback/callback_handler.h"
#include "services/callback/recall_store.h"
#include "services/callback/recalls.h"
#include "services/callback/validate.h"
#include "services/common/listing.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr char kReaders[] = "admin head leader service";

constexpr rpc::Method kList{"ListRecalls", "parent", kReaders};
constexpr rpc::Method kAgreement{"GetRecallAgreement", "parent", kReaders};

// Pairs that an agreement is computed from: years of a large court.
constexpr int kMaxPairs = 10000;

}  // namespace

grpc::ServerUnaryReactor* CallbackHandler::ListRecalls(
    grpc::CallbackServerContext* context, const v1::ListRecallsRequest* request,
    v1::ListRecallsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListRecallsRequest& asked)
          -> absl::StatusOr<v1::ListRecallsResponse> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        RecallFilter filter;
        filter.draw_id = IdOf(asked.draw());
        filter.differing = asked.differing();
        std::vector<v1::Recall> recalls;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(recalls,
                           callback::ListRecalls(session, call.court, filter,
                                                 start.cursor, start.size));
          return absl::OkStatus();
        }));
        v1::ListRecallsResponse page;
        if (static_cast<int>(recalls.size()) == start.size) {
          const v1::Recall& last = recalls.back();
          page.set_next_page_token(NextPage(
              start, {absl::ToUnixMicros(FromProto(last.create_time())),
                      IdOf(last.recall())}));
        }
        for (v1::Recall& recall : recalls) {
          *page.add_recalls() = std::move(recall);
        }
        return page;
      });
}

grpc::ServerUnaryReactor* CallbackHandler::GetRecallAgreement(
    grpc::CallbackServerContext* context,
    const v1::GetRecallAgreementRequest* request,
    v1::RecallAgreement* response) {
  return rpc::RunUnary(
      runtime_, context, kAgreement, request, response,
      [this](const rpc::Call& call, const v1::GetRecallAgreementRequest& asked)
          -> absl::StatusOr<v1::RecallAgreement> {
        RETURN_IF_ERROR(Validate(asked));
        RecallFilter filter;
        filter.draw_id = IdOf(asked.draw());
        if (asked.has_first_from()) filter.from = FromProto(asked.first_from());
        if (asked.has_first_before()) {
          filter.before = FromProto(asked.first_before());
        }
        std::vector<v1::Recall> recalls;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(recalls,
                           callback::ListRecalls(session, call.court, filter,
                                                 std::nullopt, kMaxPairs));
          return absl::OkStatus();
        }));
        return AgreementOfRecalls(recalls);
      });
}

}  // namespace huifang::callback
