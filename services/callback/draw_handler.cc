#include "services/callback/draw_handler.h"

#include <memory>
#include <utility>
#include <vector>

#include "services/callback/bundle_rules.h"
#include "services/callback/validate.h"
#include "services/common/error.h"
#include "services/common/listing.h"
#include "services/common/resource_name.h"
#include "services/common/rpc_stream.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr char kReaders[] = "admin officer head leader service";

constexpr rpc::Method kCreate{"CreateDraw", "parent", "admin officer service"};
constexpr rpc::Method kGet{"GetDraw", "name", kReaders};
constexpr rpc::Method kList{"ListDraws", "parent", kReaders};
constexpr rpc::Method kSeed{"SeedDraw", "name", "admin head leader"};
constexpr char kSeedParties[] = "admin head leader officer reviewer";
constexpr rpc::Method kCommit{"CommitSeed", "name", kSeedParties};
constexpr rpc::Method kReveal{"RevealSeed", "name", kSeedParties};
constexpr rpc::Method kAbort{"AbortDraw", "name", "admin head leader"};
constexpr rpc::Method kActivate{"ActivateReserve", "name", "admin officer",
                                absl::Minutes(1)};
constexpr rpc::Method kExport{"ExportDraw", "name", kReaders,
                              absl::Minutes(10)};
constexpr rpc::Method kLog{"ListDrawLog", "parent", kReaders};

constexpr std::size_t kPartBytes = 128 * 1024;
constexpr int kDefaultLogPage = 500;
constexpr int kMaxLogPage = 5000;

// Writes a bundle piece by piece.
class BundleSource final : public rpc::Source<v1::ExportDrawResponse> {
 public:
  explicit BundleSource(BundleContent content) : stream_(std::move(content)) {}

  absl::StatusOr<rpc::Pulled<v1::ExportDrawResponse>> Pull() override {
    rpc::Pulled<v1::ExportDrawResponse> pulled;
    std::string part = stream_.Next(kPartBytes);
    if (part.empty()) {
      pulled.next = rpc::Pulled<v1::ExportDrawResponse>::Next::kEnd;
    } else {
      pulled.messages.emplace_back().set_data(std::move(part));
    }
    return pulled;
  }

 private:
  BundleStream stream_;
};

}  // namespace

grpc::ServerUnaryReactor* DrawHandler::CreateDraw(
    grpc::CallbackServerContext* context, const v1::CreateDrawRequest* request,
    v1::Draw* response) {
  return rpc::RunUnary(
      runtime_, context, kCreate, request, response,
      [this](const rpc::Call& call,
             const v1::CreateDrawRequest& asked) -> absl::StatusOr<v1::Draw> {
        RETURN_IF_ERROR(Validate(asked));
        return office_.Create(call, asked);
      });
}

grpc::ServerUnaryReactor* DrawHandler::GetDraw(
    grpc::CallbackServerContext* context, const v1::GetDrawRequest* request,
    v1::Draw* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call& call,
             const v1::GetDrawRequest& asked) -> absl::StatusOr<v1::Draw> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "draws"));
        ASSIGN_OR_RETURN(StoredDraw stored, draws_.Get(call.court, name.id));
        return std::move(stored.draw);
      });
}

grpc::ServerUnaryReactor* DrawHandler::ListDraws(
    grpc::CallbackServerContext* context, const v1::ListDrawsRequest* request,
    v1::ListDrawsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListDrawsRequest& asked)
          -> absl::StatusOr<v1::ListDrawsResponse> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        ASSIGN_OR_RETURN(
            std::vector<v1::Draw> draws,
            draws_.List(call.court,
                        {asked.states().begin(), asked.states().end()},
                        start.cursor, start.size));
        v1::ListDrawsResponse page;
        if (static_cast<int>(draws.size()) == start.size) {
          const v1::Draw& last = draws.back();
          page.set_next_page_token(NextPage(
              start, {absl::ToUnixMicros(FromProto(last.create_time())),
                      IdOf(last.name())}));
        }
        for (v1::Draw& draw : draws) *page.add_draws() = std::move(draw);
        return page;
      });
}

grpc::ServerUnaryReactor* DrawHandler::SeedDraw(
    grpc::CallbackServerContext* context, const v1::SeedDrawRequest* request,
    v1::Draw* response) {
  return rpc::RunUnary(
      runtime_, context, kSeed, request, response,
      [this](const rpc::Call& call,
             const v1::SeedDrawRequest& asked) -> absl::StatusOr<v1::Draw> {
        RETURN_IF_ERROR(Validate(asked));
        return office_.Seed(call, asked);
      });
}

grpc::ServerUnaryReactor* DrawHandler::CommitSeed(
    grpc::CallbackServerContext* context, const v1::CommitSeedRequest* request,
    v1::Draw* response) {
  return rpc::RunUnary(
      runtime_, context, kCommit, request, response,
      [this](const rpc::Call& call,
             const v1::CommitSeedRequest& asked) -> absl::StatusOr<v1::Draw> {
        RETURN_IF_ERROR(Validate(asked));
        return office_.Commit(call, asked);
      });
}

grpc::ServerUnaryReactor* DrawHandler::RevealSeed(
    grpc::CallbackServerContext* context, const v1::RevealSeedRequest* request,
    v1::Draw* response) {
  return rpc::RunUnary(
      runtime_, context, kReveal, request, response,
      [this](const rpc::Call& call,
             const v1::RevealSeedRequest& asked) -> absl::StatusOr<v1::Draw> {
        RETURN_IF_ERROR(Validate(asked));
        return office_.Reveal(call, asked);
      });
}

grpc::ServerUnaryReactor* DrawHandler::AbortDraw(
    grpc::CallbackServerContext* context, const v1::AbortDrawRequest* request,
    v1::Draw* response) {
  return rpc::RunUnary(
      runtime_, context, kAbort, request, response,
      [this](const rpc::Call& call,
             const v1::AbortDrawRequest& asked) -> absl::StatusOr<v1::Draw> {
        RETURN_IF_ERROR(Validate(asked));
        return office_.Abort(call, asked);
      });
}

grpc::ServerUnaryReactor* DrawHandler::ActivateReserve(
    grpc::CallbackServerContext* context,
    const v1::ActivateReserveRequest* request, v1::Draw* response) {
  return rpc::RunUnary(
      runtime_, context, kActivate, request, response,
      [this](const rpc::Call& call, const v1::ActivateReserveRequest& asked)
          -> absl::StatusOr<v1::Draw> {
        RETURN_IF_ERROR(Validate(asked));
        return office_.ActivateReserve(call, asked);
      });
}

grpc::ServerWriteReactor<v1::ExportDrawResponse>* DrawHandler::ExportDraw(
    grpc::CallbackServerContext* context,
    const v1::ExportDrawRequest* request) {
  using Source = rpc::Source<v1::ExportDrawResponse>;
  return rpc::RunStream<v1::ExportDrawResponse>(
      runtime_, context, kExport, request,
      [this](const rpc::Call& call, const v1::ExportDrawRequest& asked)
          -> absl::StatusOr<std::unique_ptr<Source>> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "draws"));
        ASSIGN_OR_RETURN(const StoredDraw stored,
                         draws_.Get(call.court, name.id));
        // An aborted draw that was drawn can still be checked.
        if (stored.draw.seed().empty()) {
          return MakeError(absl::StatusCode::kFailedPrecondition, "NOT_DRAWN",
                           "the draw is not made yet, or never was");
        }
        ASSIGN_OR_RETURN(BundleContent content, maker_.LoadBundle(stored));
        return std::unique_ptr<Source>(new BundleSource(std::move(content)));
      });
}

grpc::ServerUnaryReactor* DrawHandler::ListDrawLog(
    grpc::CallbackServerContext* context, const v1::ListDrawLogRequest* request,
    v1::ListDrawLogResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kLog, request, response,
      [this](const rpc::Call& call, const v1::ListDrawLogRequest& asked)
          -> absl::StatusOr<v1::ListDrawLogResponse> {
        ASSIGN_OR_RETURN(const PageStart start,
                         StartPage(asked, kDefaultLogPage, kMaxLogPage));
        const std::int64_t after = start.cursor ? start.cursor->time : 0;
        ASSIGN_OR_RETURN(std::vector<v1::DrawLogEntry> entries,
                         draws_.ListLog(call.court, after, start.size));
        v1::ListDrawLogResponse page;
        if (static_cast<int>(entries.size()) == start.size) {
          page.set_next_page_token(
              NextPage(start, {entries.back().sequence(), ""}));
        }
        for (v1::DrawLogEntry& entry : entries) {
          *page.add_entries() = std::move(entry);
        }
        return page;
      });
}

}  // namespace huifang::callback
