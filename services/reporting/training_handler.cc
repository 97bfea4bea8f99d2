#include "services/reporting/training_handler.h"

#include <string>
#include <utility>
#include <vector>

#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/validate.h"
#include "services/reporting/verb_of.h"

namespace huifang::reporting {
namespace {

// An effect may be about a few people's work: not for every handler's eyes.
constexpr char kReaders[] = "admin officer head leader service";
constexpr char kWriters[] = "admin officer leader";
constexpr rpc::Method kCreate{"CreateTraining", "parent", kWriters};
constexpr rpc::Method kGet{"GetTraining", "name", kReaders};
constexpr rpc::Method kList{"ListTrainings", "parent", kReaders};
constexpr rpc::Method kHold{"HoldTraining", "name", kWriters};
constexpr rpc::Method kCancel{"CancelTraining", "name", kWriters};

}  // namespace

grpc::ServerUnaryReactor* TrainingHandler::CreateTraining(
    Context* context, const v1::CreateTrainingRequest* request,
    v1::Training* response) {
  return rpc::RunUnary(
      runtime_, context, kCreate, request, response,
      [this](const rpc::Call& call, const v1::CreateTrainingRequest& asked)
          -> absl::StatusOr<v1::Training> {
        RETURN_IF_ERROR(Validate(asked));
        return writer_.Create(call.court, call.principal,
                              {call.court, kCreate.name, asked.request_id()},
                              asked);
      });
}

grpc::ServerUnaryReactor* TrainingHandler::GetTraining(
    Context* context, const v1::GetTrainingRequest* request,
    v1::Training* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call& call, const v1::GetTrainingRequest& asked)
          -> absl::StatusOr<v1::Training> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "trainings"));
        return store_.Get(call.court, name.id, runtime_.clock.Now());
      });
}

grpc::ServerUnaryReactor* TrainingHandler::ListTrainings(
    Context* context, const v1::ListTrainingsRequest* request,
    v1::ListTrainingsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListTrainingsRequest& asked)
          -> absl::StatusOr<v1::ListTrainingsResponse> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        ASSIGN_OR_RETURN(std::vector<v1::Training> trainings,
                         store_.List(call.court, asked, runtime_.clock.Now(),
                                     start.cursor, start.size + 1));
        v1::ListTrainingsResponse page;
        if (trainings.size() > static_cast<std::size_t>(start.size)) {
          trainings.pop_back();
          page.set_next_page_token(
              NextPage(start, TrainingStore::CursorOf(trainings.back())));
        }
        for (v1::Training& training : trainings) {
          *page.add_trainings() = std::move(training);
        }
        return page;
      });
}

grpc::ServerUnaryReactor* TrainingHandler::HoldTraining(
    Context* context, const v1::HoldTrainingRequest* request,
    v1::Training* response) {
  return rpc::RunUnary(
      runtime_, context, kHold, request, response,
      [this](const rpc::Call& call, const v1::HoldTrainingRequest& asked)
          -> absl::StatusOr<v1::Training> {
        ASSIGN_OR_RETURN(const Verb verb,
                         VerbOf(kHold, call, "trainings", asked));
        return writer_.Hold(verb, call.principal, asked);
      });
}

grpc::ServerUnaryReactor* TrainingHandler::CancelTraining(
    Context* context, const v1::CancelTrainingRequest* request,
    v1::Training* response) {
  return rpc::RunUnary(
      runtime_, context, kCancel, request, response,
      [this](const rpc::Call& call, const v1::CancelTrainingRequest& asked)
          -> absl::StatusOr<v1::Training> {
        ASSIGN_OR_RETURN(const Verb verb,
                         VerbOf(kCancel, call, "trainings", asked));
        return writer_.Cancel(verb, call.principal, asked);
      });
}

}  // namespace huifang::reporting
