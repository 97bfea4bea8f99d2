#include "services/reporting/timeline_handler.h"

#include <string>
#include <vector>

#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/validate_timeline.h"

namespace huifang::reporting {
namespace {

// Each as the resource itself is read.
constexpr char kReaders[] = "admin officer head leader service";
constexpr char kSuggestionReaders[] =
    "admin officer head leader handler service";
constexpr rpc::Method kOfSuggestion{"GetSuggestionTimeline", "name",
                                    kSuggestionReaders};
constexpr rpc::Method kOfTraining{"GetTrainingTimeline", "name", kReaders};
constexpr rpc::Method kOfSupervision{"GetSupervisionTimeline", "name",
                                     kReaders};
constexpr rpc::Method kOfTickets{"ListTicketEntries", "parent",
                                 kSuggestionReaders};

}  // namespace

grpc::ServerUnaryReactor* TimelineHandler::GetSuggestionTimeline(
    Context* context, const v1::GetSuggestionTimelineRequest* request,
    v1::Timeline* response) {
  return rpc::RunUnary(runtime_, context, kOfSuggestion, request, response,
                       [this](const rpc::Call& call,
                              const v1::GetSuggestionTimelineRequest& asked)
                           -> absl::StatusOr<v1::Timeline> {
                         ASSIGN_OR_RETURN(
                             const ResourceName name,
                             ParseResourceName(asked.name(), "suggestions"));
                         return store_.OfSuggestion(call.court, name.id);
                       });
}

grpc::ServerUnaryReactor* TimelineHandler::GetTrainingTimeline(
    Context* context, const v1::GetTrainingTimelineRequest* request,
    v1::Timeline* response) {
  return rpc::RunUnary(
      runtime_, context, kOfTraining, request, response,
      [this](const rpc::Call& call, const v1::GetTrainingTimelineRequest& asked)
          -> absl::StatusOr<v1::Timeline> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "trainings"));
        return store_.OfTraining(call.court, name.id, runtime_.clock.Now());
      });
}

grpc::ServerUnaryReactor* TimelineHandler::GetSupervisionTimeline(
    Context* context, const v1::GetSupervisionTimelineRequest* request,
    v1::Timeline* response) {
  return rpc::RunUnary(runtime_, context, kOfSupervision, request, response,
                       [this](const rpc::Call& call,
                              const v1::GetSupervisionTimelineRequest& asked)
                           -> absl::StatusOr<v1::Timeline> {
                         ASSIGN_OR_RETURN(
                             const ResourceName name,
                             ParseResourceName(asked.name(), "supervisions"));
                         return store_.OfSupervision(call.court, name.id);
                       });
}

grpc::ServerUnaryReactor* TimelineHandler::ListTicketEntries(
    Context* context, const v1::ListTicketEntriesRequest* request,
    v1::Timeline* response) {
  return rpc::RunUnary(
      runtime_, context, kOfTickets, request, response,
      [this](const rpc::Call& call, const v1::ListTicketEntriesRequest& asked)
          -> absl::StatusOr<v1::Timeline> {
        RETURN_IF_ERROR(Validate(asked));
        return store_.OfTickets(
            call.court, std::vector<std::string>(asked.tickets().begin(),
                                                 asked.tickets().end()));
      });
}

}  // namespace huifang::reporting
