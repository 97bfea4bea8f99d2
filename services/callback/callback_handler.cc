#include "services/callback/callback_handler.h"

#include <memory>
#include <utility>
#include <vector>

#include "services/callback/recalls.h"
#include "services/callback/validate.h"
#include "services/common/error.h"
#include "services/common/listing.h"
#include "services/common/resource_name.h"
#include "services/common/rpc_stream.h"
#include "services/common/status_macros.h"
#include "services/common/watch_source.h"

namespace huifang::callback {
namespace {

constexpr char kReaders[] = "admin handler officer head leader service";

constexpr rpc::Method kLease{"LeaseCallback", "parent", "admin officer"};
constexpr rpc::Method kExtend{"ExtendCallback", "name", "admin officer"};
constexpr rpc::Method kRecord{"RecordAttempt", "name", "admin officer"};
constexpr rpc::Method kComplete{"CompleteCallback", "name", "admin officer"};
constexpr rpc::Method kRelease{"ReleaseCallback", "name", "admin officer"};
constexpr rpc::Method kGet{"GetCallback", "name", kReaders};
constexpr rpc::Method kList{"ListCallbacks", "parent", kReaders};
constexpr rpc::Method kExport{"ExportCallbacks", "parent",
                              "admin officer head leader service",
                              absl::Minutes(10)};
constexpr rpc::Method kWatch{"WatchCallbacks",    "parent",
                             "admin service",     absl::Hours(24 * 365),
                             /*all_courts=*/true,
                             /*watch=*/true};

constexpr int kExportBatch = 500;

class ExportSource final : public rpc::Source<v1::ExportCallbacksResponse> {
 public:
  ExportSource(CallbackStore& store, rpc::Call call, v1::CallbackFilter filter)
      : store_(store), call_(std::move(call)), filter_(std::move(filter)) {}

  absl::StatusOr<rpc::Pulled<v1::ExportCallbacksResponse>> Pull() override {
    ASSIGN_OR_RETURN(Listing<v1::Callback> callbacks,
                     store_.List(call_.court, filter_, cursor_, kExportBatch));
    rpc::Pulled<v1::ExportCallbacksResponse> pulled;
    if (!callbacks.more) {
      pulled.next = rpc::Pulled<v1::ExportCallbacksResponse>::Next::kEnd;
    }
    if (callbacks.rows.empty()) return pulled;
    cursor_ = CallbackStore::CursorOf(callbacks.rows.back());
    HideFrom(call_, filter_.verdicts_size() > 0, callbacks.rows);
    v1::ExportCallbacksResponse& response = pulled.messages.emplace_back();
    for (v1::Callback& callback : callbacks.rows) {
      *response.add_callbacks() = std::move(callback);
    }
    return pulled;
  }

 private:
  CallbackStore& store_;
  const rpc::Call call_;
  const v1::CallbackFilter filter_;
  std::optional<TimeCursor> cursor_;
};

}  // namespace

grpc::ServerUnaryReactor* CallbackHandler::LeaseCallback(
    grpc::CallbackServerContext* context,
    const v1::LeaseCallbackRequest* request,
    v1::LeaseCallbackResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kLease, request, response,
      [this](const rpc::Call& call, const v1::LeaseCallbackRequest& asked)
          -> absl::StatusOr<v1::LeaseCallbackResponse> {
        RETURN_IF_ERROR(Validate(asked));
        return desk_.Lease(call, asked);
      });
}

grpc::ServerUnaryReactor* CallbackHandler::ExtendCallback(
    grpc::CallbackServerContext* context,
    const v1::ExtendCallbackRequest* request, v1::Callback* response) {
  return rpc::RunUnary(runtime_, context, kExtend, request, response,
                       [this](const rpc::Call& call, const auto& asked) {
                         return desk_.Extend(call, asked);
                       });
}

grpc::ServerUnaryReactor* CallbackHandler::RecordAttempt(
    grpc::CallbackServerContext* context,
    const v1::RecordAttemptRequest* request, v1::Callback* response) {
  return rpc::RunUnary(
      runtime_, context, kRecord, request, response,
      [this](const rpc::Call& call, const v1::RecordAttemptRequest& asked)
          -> absl::StatusOr<v1::Callback> {
        RETURN_IF_ERROR(Validate(asked));
        return desk_.Record(call, asked);
      });
}

grpc::ServerUnaryReactor* CallbackHandler::CompleteCallback(
    grpc::CallbackServerContext* context,
    const v1::CompleteCallbackRequest* request, v1::Callback* response) {
  return rpc::RunUnary(
      runtime_, context, kComplete, request, response,
      [this](const rpc::Call& call, const v1::CompleteCallbackRequest& asked)
          -> absl::StatusOr<v1::Callback> {
        RETURN_IF_ERROR(Validate(asked));
        return desk_.Complete(call, asked);
      });
}

grpc::ServerUnaryReactor* CallbackHandler::ReleaseCallback(
    grpc::CallbackServerContext* context,
    const v1::ReleaseCallbackRequest* request, v1::Callback* response) {
  return rpc::RunUnary(
      runtime_, context, kRelease, request, response,
      [this](const rpc::Call& call, const v1::ReleaseCallbackRequest& asked)
          -> absl::StatusOr<v1::Callback> {
        RETURN_IF_ERROR(Validate(asked));
        return desk_.Release(call, asked);
      });
}

grpc::ServerUnaryReactor* CallbackHandler::GetCallback(
    grpc::CallbackServerContext* context, const v1::GetCallbackRequest* request,
    v1::Callback* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call& call, const v1::GetCallbackRequest& asked)
          -> absl::StatusOr<v1::Callback> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "callbacks"));
        ASSIGN_OR_RETURN(StoredCallback stored,
                         callbacks_.Get(call.court, name.id));
        if (call.role == "handler" && stored.callback.handler() != call.staff) {
          return MakeError(absl::StatusCode::kPermissionDenied, "NOT_YOURS",
                           "the callback is about another handler's ticket");
        }
        if (IsBlindTo(call, stored.callback)) HideAnswers(stored.callback);
        return std::move(stored.callback);
      });
}

grpc::ServerUnaryReactor* CallbackHandler::ListCallbacks(
    grpc::CallbackServerContext* context,
    const v1::ListCallbacksRequest* request,
    v1::ListCallbacksResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListCallbacksRequest& asked)
          -> absl::StatusOr<v1::ListCallbacksResponse> {
        RETURN_IF_ERROR(Validate(asked.filter()));
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        v1::CallbackFilter filter = asked.filter();
        if (call.role == "handler") filter.set_handler(call.staff);
        ASSIGN_OR_RETURN(
            Listing<v1::Callback> callbacks,
            callbacks_.List(call.court, filter, start.cursor, start.size));
        v1::ListCallbacksResponse page;
        if (callbacks.more) {
          page.set_next_page_token(
              NextPage(start, CallbackStore::CursorOf(callbacks.rows.back())));
        }
        HideFrom(call, filter.verdicts_size() > 0, callbacks.rows);
        for (v1::Callback& callback : callbacks.rows) {
          *page.add_callbacks() = std::move(callback);
        }
        return page;
      });
}

grpc::ServerWriteReactor<v1::ExportCallbacksResponse>*
CallbackHandler::ExportCallbacks(grpc::CallbackServerContext* context,
                                 const v1::ExportCallbacksRequest* request) {
  using Source = rpc::Source<v1::ExportCallbacksResponse>;
  return rpc::RunStream<v1::ExportCallbacksResponse>(
      runtime_, context, kExport, request,
      [this](const rpc::Call& call, const v1::ExportCallbacksRequest& asked)
          -> absl::StatusOr<std::unique_ptr<Source>> {
        RETURN_IF_ERROR(Validate(asked.filter()));
        return std::unique_ptr<Source>(
            new ExportSource(callbacks_, call, asked.filter()));
      });
}

grpc::ServerWriteReactor<v1::WatchCallbacksResponse>*
CallbackHandler::WatchCallbacks(grpc::CallbackServerContext* context,
                                const v1::WatchCallbacksRequest* request) {
  return rpc::RunStream<v1::WatchCallbacksResponse>(
      runtime_, context, kWatch, request,
      [this](const rpc::Call& call, const v1::WatchCallbacksRequest& asked) {
        return WatchSource<v1::WatchCallbacksResponse>::Create(
            events_, runtime_.clock, call.court, asked.resume_token(),
            asked.shards());
      });
}

}  // namespace huifang::callback
