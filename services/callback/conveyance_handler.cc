#include "services/callback/conveyance_handler.h"

#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "services/callback/events.h"
#include "services/callback/validate.h"
#include "services/common/error.h"
#include "services/common/listing.h"
#include "services/common/mask_numbers.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr char kReaders[] = "admin handler officer head leader service";

constexpr rpc::Method kGet{"GetConveyance", "name", kReaders};
constexpr rpc::Method kList{"ListConveyances", "parent", kReaders};
constexpr rpc::Method kAcknowledge{"AcknowledgeConveyance", "name",
                                   "admin handler head"};
constexpr rpc::Method kContact{"RecordConveyanceContact", "name",
                               "admin handler head officer"};
// Whose contact shows that the division has read the words.
constexpr absl::string_view kDivisionRoles[] = {"handler", "head"};

absl::Status WrongState(const v1::Conveyance& conveyance) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
      absl::StrCat("the conveyance is ",
                   v1::Conveyance::State_Name(conveyance.state()).substr(6)));
}

// A handler sees and answers what is for them.
absl::Status CheckOwn(const rpc::Call& call, const v1::Conveyance& conveyance) {
  if (call.role != "handler" || conveyance.handler() == call.staff) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kPermissionDenied, "NOT_YOURS",
                   "the conveyance is for another handler");
}

// Kept from an officer who may be the one to make the interview again.
bool IsBlindTo(const rpc::Call& call, const v1::Conveyance& conveyance) {
  return conveyance.blind() && call.role == "officer" &&
         conveyance.officer() != call.principal;
}

void Acknowledge(const std::string& principal, absl::Time now,
                 v1::Conveyance& conveyance) {
  conveyance.set_acknowledger(principal);
  *conveyance.mutable_acknowledge_time() = ToProto(now);
  conveyance.clear_next_reminder_time();
}

void HideWords(const rpc::Call& call, v1::Conveyance& conveyance) {
  if (!IsBlindTo(call, conveyance)) return;
  conveyance.clear_text();
  conveyance.clear_response();
  // What follows from an unsolved matter, and whose words these were.
  conveyance.clear_reopen_ticket();
  conveyance.clear_reopen_failure();
  conveyance.clear_failure();
  conveyance.clear_callback();
}

}  // namespace

grpc::ServerUnaryReactor* ConveyanceHandler::GetConveyance(
    grpc::CallbackServerContext* context,
    const v1::GetConveyanceRequest* request, v1::Conveyance* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call& call, const v1::GetConveyanceRequest& asked)
          -> absl::StatusOr<v1::Conveyance> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "conveyances"));
        ASSIGN_OR_RETURN(v1::Conveyance conveyance,
                         conveyances_.Get(call.court, name.id));
        RETURN_IF_ERROR(CheckOwn(call, conveyance));
        HideWords(call, conveyance);
        return conveyance;
      });
}

grpc::ServerUnaryReactor* ConveyanceHandler::ListConveyances(
    grpc::CallbackServerContext* context,
    const v1::ListConveyancesRequest* request,
    v1::ListConveyancesResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListConveyancesRequest& asked)
          -> absl::StatusOr<v1::ListConveyancesResponse> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        v1::ListConveyancesRequest filter = asked;
        if (call.role == "handler") filter.set_handler(call.staff);
        ASSIGN_OR_RETURN(
            std::vector<v1::Conveyance> conveyances,
            conveyances_.List(call.court, filter, start.cursor, start.size));
        v1::ListConveyancesResponse page;
        if (static_cast<int>(conveyances.size()) == start.size) {
          const v1::Conveyance& last = conveyances.back();
          page.set_next_page_token(NextPage(
              start, {absl::ToUnixMicros(FromProto(last.create_time())),
                      IdOf(last.name())}));
        }
        for (v1::Conveyance& conveyance : conveyances) {
          // The filter alone would tell.
          if (asked.reopen_refused() && IsBlindTo(call, conveyance)) continue;
          HideWords(call, conveyance);
          *page.add_conveyances() = std::move(conveyance);
        }
        return page;
      });
}

absl::StatusOr<v1::Conveyance> ConveyanceHandler::Change(
    const RequestKey& key, const std::string& name, const std::string& etag,
    const google::protobuf::Message& request,
    absl::FunctionRef<absl::Status(v1::Conveyance&)> change) {
  ASSIGN_OR_RETURN(const ResourceName parsed,
                   ParseResourceName(name, "conveyances"));
  const absl::Time now = runtime_.clock.Now();
  v1::Conveyance changed;
  RETURN_IF_ERROR(
      db_.Write(parsed.court, [&](sql::Session& session) -> absl::Status {
        return RunOnce(
            session, key, now, request, changed, [&]() -> absl::Status {
              ASSIGN_OR_RETURN(changed, ConveyanceStore::Load(
                                            session, parsed.court, parsed.id));
              RETURN_IF_ERROR(CheckEtag(etag, changed.etag(), "conveyance"));
              RETURN_IF_ERROR(change(changed));
              RETURN_IF_ERROR(ConveyanceStore::Save(session, changed));
              EmitConveyance(session, changed, now);
              return absl::OkStatus();
            });
      }));
  return changed;
}

grpc::ServerUnaryReactor* ConveyanceHandler::AcknowledgeConveyance(
    grpc::CallbackServerContext* context,
    const v1::AcknowledgeConveyanceRequest* request, v1::Conveyance* response) {
  return rpc::RunUnary(
      runtime_, context, kAcknowledge, request, response,
      [this](const rpc::Call& call,
             const v1::AcknowledgeConveyanceRequest& asked)
          -> absl::StatusOr<v1::Conveyance> {
        RETURN_IF_ERROR(Validate(asked));
        return Change(
            {call.court, kAcknowledge.name, asked.request_id()}, asked.name(),
            asked.etag(), asked,
            [&](v1::Conveyance& conveyance) -> absl::Status {
              RETURN_IF_ERROR(CheckOwn(call, conveyance));
              const bool contacted =
                  conveyance.state() == v1::Conveyance::STATE_CONTACTED;
              if (conveyance.state() != v1::Conveyance::STATE_DELIVERED &&
                  (!contacted || conveyance.has_acknowledge_time())) {
                return WrongState(conveyance);
              }
              if (!contacted) {
                conveyance.set_state(v1::Conveyance::STATE_ACKNOWLEDGED);
              }
              conveyance.set_response(MaskNumbers(asked.response()));
              Acknowledge(call.principal, runtime_.clock.Now(), conveyance);
              return absl::OkStatus();
            });
      });
}

grpc::ServerUnaryReactor* ConveyanceHandler::RecordConveyanceContact(
    grpc::CallbackServerContext* context,
    const v1::RecordConveyanceContactRequest* request,
    v1::Conveyance* response) {
  return rpc::RunUnary(
      runtime_, context, kContact, request, response,
      [this](const rpc::Call& call,
             const v1::RecordConveyanceContactRequest& asked)
          -> absl::StatusOr<v1::Conveyance> {
        ASSIGN_OR_RETURN(
            v1::Conveyance changed,
            Change({call.court, kContact.name, asked.request_id()},
                   asked.name(), asked.etag(), asked,
                   [&](v1::Conveyance& conveyance) -> absl::Status {
                     RETURN_IF_ERROR(CheckOwn(call, conveyance));
                     if (conveyance.state() !=
                             v1::Conveyance::STATE_DELIVERED &&
                         conveyance.state() !=
                             v1::Conveyance::STATE_ACKNOWLEDGED) {
                       return WrongState(conveyance);
                     }
                     const absl::Time now = runtime_.clock.Now();
                     conveyance.set_state(v1::Conveyance::STATE_CONTACTED);
                     *conveyance.mutable_contact_time() =
                         asked.has_contact_time() ? asked.contact_time()
                                                  : ToProto(now);
                     if (!conveyance.has_acknowledge_time() &&
                         absl::c_linear_search(kDivisionRoles, call.role)) {
                       Acknowledge(call.principal, now, conveyance);
                     }
                     return absl::OkStatus();
                   }));
        HideWords(call, changed);
        return changed;
      });
}

}  // namespace huifang::callback
