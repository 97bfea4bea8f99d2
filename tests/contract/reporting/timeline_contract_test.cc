// Timelines through gRPC on both engines: who did what when, as the one who
// asks about a suggestion, a training, a supervision or a ticket reads it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "huifang/reporting/v1/reporting_service.grpc.pb.h"
#include "services/common/proto_time.h"
#include "services/reporting/suggestion_handler.h"
#include "services/reporting/timeline_handler.h"
#include "services/reporting/training_handler.h"
#include "tests/contract/reporting/reporting_fixture.h"
#include "tests/support/backends.h"
#include "tests/support/matchers.h"
#include "tests/support/test_runtime.h"

namespace huifang::reporting {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using Entry = v1::TimelineEntry;
using Stub = v1::TimelineService::Stub;

namespace ticket = huifang::ticket::v1;

constexpr char kDivision[] = "courts/110102/divisions/civil-1";
constexpr char kTicket[] = "courts/110102/tickets/1";
constexpr char kWang[] = "courts/110102/staff/wang";

std::vector<Entry::Type> TypesOf(const v1::Timeline& timeline) {
  std::vector<Entry::Type> types;
  for (const Entry& entry : timeline.entries()) types.push_back(entry.type());
  return types;
}

class TimelineContract : public ReportingFixture {
 protected:
  void SetUp() override {
    ReportingFixture::SetUp();
    host_.clock().SetCourtTime(absl::CivilSecond(2019, 7, 15, 9));
    suggestions_ = std::make_unique<SuggestionStore>(*db_);
    suggestion_writer_ =
        std::make_unique<SuggestionWriter>(*db_, host_.clock());
    trainings_ = std::make_unique<TrainingStore>(*db_);
    training_writer_ = std::make_unique<TrainingWriter>(*db_, host_.clock());
    timelines_ = std::make_unique<TimelineStore>(*db_);
    suggestion_handler_ = std::make_unique<SuggestionHandler>(
        host_.runtime(), *suggestions_, *suggestion_writer_);
    training_handler_ = std::make_unique<TrainingHandler>(
        host_.runtime(), *trainings_, *training_writer_);
    timeline_handler_ =
        std::make_unique<TimelineHandler>(host_.runtime(), *timelines_);
    const auto channel =
        host_.Start({suggestion_handler_.get(), training_handler_.get(),
                     timeline_handler_.get()});
    suggestion_stub_ = v1::SuggestionService::NewStub(channel);
    training_stub_ = v1::TrainingService::NewStub(channel);
    stub_ = v1::TimelineService::NewStub(channel);
    ApplyDirectory();
    ticket::TicketEvent event;
    event.set_court(kCourt);
    ticket::Staff& wang = *event.mutable_directory()->add_staff();
    wang.set_name(kWang);
    wang.set_display_name("王法官");
    Apply(event);
  }
  void TearDown() override { host_.Stop(); }

  v1::Suggestion Suggest(const std::string& source) {
    v1::CreateSuggestionRequest request;
    request.set_parent("courts/110102");
    request.mutable_suggestion()->set_title("诉讼费退费");
    request.mutable_suggestion()->set_text("建议窗口一次告知退费流程");
    request.mutable_suggestion()->add_departments()->set_division(kDivision);
    request.mutable_suggestion()->add_sources(source);
    grpc::ClientContext context;
    v1::Suggestion made;
    EXPECT_TRUE(
        suggestion_stub_->CreateSuggestion(&context, request, &made).ok());
    return made;
  }
  void Respond(const v1::Suggestion& suggestion, v1::Suggestion::State state,
               const std::string& request_id = "") {
    host_.clock().Advance(absl::Hours(1));
    v1::RespondToSuggestionRequest request;
    request.set_name(suggestion.name());
    request.set_division(kDivision);
    request.set_state(state);
    request.set_request_id(request_id);
    grpc::ClientContext context;
    v1::Suggestion answer;
    ASSERT_TRUE(
        suggestion_stub_->RespondToSuggestion(&context, request, &answer).ok());
  }

  template <typename Request>
  grpc::Status Get(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                const Request&, v1::Timeline*),
                   const std::string& name, v1::Timeline& timeline) {
    Request request;
    request.set_name(name);
    grpc::ClientContext context;
    return ((*stub_).*method)(&context, request, &timeline);
  }
  v1::Timeline OfTickets(const std::vector<std::string>& tickets) {
    v1::ListTicketEntriesRequest request;
    request.set_parent("courts/110102");
    for (const std::string& name : tickets) request.add_tickets(name);
    grpc::ClientContext context;
    v1::Timeline timeline;
    EXPECT_TRUE(stub_->ListTicketEntries(&context, request, &timeline).ok());
    return timeline;
  }

  ticket::TicketEvent Next(ticket::TicketEvent::Type type) {
    event_.set_type(type);
    event_.mutable_ticket()->set_version(event_.ticket().version() + 1);
    host_.clock().Advance(absl::Hours(1));
    *event_.mutable_event_time() = ToTimestamp(host_.clock().Now());
    return event_;
  }
  // Supervised from its second event on, warned, released.
  void ApplySupervised() {
    event_ = TicketEventOf({.id = "1", .closed_day = 0});
    Apply(Next(ticket::TicketEvent::TYPE_CREATED));
    event_.mutable_ticket()->set_key_supervision(true);
    const ticket::TicketEvent begun = Next(ticket::TicketEvent::TYPE_UPDATED);
    Apply(begun);
    Apply(begun);  // a repeat tells nothing new
    event_.set_deadline_stage(ticket::TicketEvent::DEADLINE_STAGE_WARNING);
    Apply(Next(ticket::TicketEvent::TYPE_DEADLINE));
    event_.mutable_ticket()->set_key_supervision(false);
    Apply(Next(ticket::TicketEvent::TYPE_UPDATED));
  }

  testing::TestRuntime host_{"reporting"};
  ticket::TicketEvent event_;
  std::unique_ptr<SuggestionStore> suggestions_;
  std::unique_ptr<SuggestionWriter> suggestion_writer_;
  std::unique_ptr<TrainingStore> trainings_;
  std::unique_ptr<TrainingWriter> training_writer_;
  std::unique_ptr<TimelineStore> timelines_;
  std::unique_ptr<SuggestionHandler> suggestion_handler_;
  std::unique_ptr<TrainingHandler> training_handler_;
  std::unique_ptr<TimelineHandler> timeline_handler_;
  std::unique_ptr<v1::SuggestionService::Stub> suggestion_stub_;
  std::unique_ptr<v1::TrainingService::Stub> training_stub_;
  std::unique_ptr<Stub> stub_;
};

TEST_P(TimelineContract, EveryAnswerToASuggestionIsKeptWithWhoGaveIt) {
  const v1::Suggestion made = Suggest(kTicket);
  Respond(made, v1::Suggestion::STATE_ACCEPTED);
  Respond(made, v1::Suggestion::STATE_DONE);
  v1::Timeline timeline;
  ASSERT_TRUE(Get(&Stub::GetSuggestionTimeline, made.name(), timeline).ok());
  EXPECT_THAT(TypesOf(timeline), ElementsAre(Entry::TYPE_SUGGESTION_CREATED,
                                             Entry::TYPE_SUGGESTION_ANSWERED,
                                             Entry::TYPE_SUGGESTION_ANSWERED));
  for (const Entry& entry : timeline.entries()) {
    EXPECT_EQ(entry.actor(), made.creator());
    EXPECT_EQ(entry.subject(), made.name());
  }
  EXPECT_NE(made.creator(), "");
}

TEST_P(TimelineContract, ARepeatedAnswerIsOneEntry) {
  const v1::Suggestion made = Suggest(kTicket);
  const std::string id = "0190b0c2-0000-7000-8000-000000000001";
  Respond(made, v1::Suggestion::STATE_ACCEPTED, id);
  Respond(made, v1::Suggestion::STATE_ACCEPTED, id);
  v1::Timeline timeline;
  ASSERT_TRUE(Get(&Stub::GetSuggestionTimeline, made.name(), timeline).ok());
  EXPECT_THAT(timeline.entries(), SizeIs(2));
}

TEST_P(TimelineContract, ATrainingIsToldFromItsPlanToItsEffect) {
  v1::CreateTrainingRequest create;
  create.set_parent("courts/110102");
  create.mutable_training()->set_title("答复规范");
  create.mutable_training()->set_day("2019-07-15");
  v1::Training made;
  {
    grpc::ClientContext context;
    ASSERT_TRUE(training_stub_->CreateTraining(&context, create, &made).ok());
  }
  host_.clock().Advance(absl::Hours(2));
  v1::HoldTrainingRequest hold;
  hold.set_name(made.name());
  hold.add_attendees(kWang);
  {
    grpc::ClientContext context;
    ASSERT_TRUE(training_stub_->HoldTraining(&context, hold, &made).ok());
  }
  v1::Timeline timeline;
  ASSERT_TRUE(Get(&Stub::GetTrainingTimeline, made.name(), timeline).ok());
  EXPECT_THAT(TypesOf(timeline), ElementsAre(Entry::TYPE_TRAINING_PLANNED,
                                             Entry::TYPE_TRAINING_HELD));
  EXPECT_EQ(timeline.entries(1).actor(), made.creator());
  host_.clock().Advance(absl::Hours(24 * 30));
  ASSERT_TRUE(Get(&Stub::GetTrainingTimeline, made.name(), timeline).ok());
  EXPECT_THAT(TypesOf(timeline), ElementsAre(Entry::TYPE_TRAINING_PLANNED,
                                             Entry::TYPE_TRAINING_HELD,
                                             Entry::TYPE_TRAINING_EFFECT));
}

TEST_P(TimelineContract, ASupervisionIsToldFromTheEventsOfItsTicket) {
  ApplySupervised();
  v1::Timeline timeline;
  ASSERT_TRUE(Get(&Stub::GetSupervisionTimeline, "courts/110102/supervisions/1",
                  timeline)
                  .ok());
  EXPECT_THAT(TypesOf(timeline),
              ElementsAre(Entry::TYPE_SUPERVISION_BEGUN, Entry::TYPE_DEADLINE,
                          Entry::TYPE_SUPERVISION_ENDED));
  Apply(TicketEventOf({.id = "2"}));
  EXPECT_EQ(Get(&Stub::GetSupervisionTimeline, "courts/110102/supervisions/2",
                timeline)
                .error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_P(TimelineContract, ATicketShowsWhatRestsOnItAndItsSupervision) {
  ApplySupervised();
  const v1::Suggestion made = Suggest(kTicket);
  Respond(made, v1::Suggestion::STATE_DONE);
  Apply(TicketEventOf({.id = "2"}));
  const v1::Timeline timeline = OfTickets({kTicket, "courts/110102/tickets/2"});
  // Deadlines stand on the ticket's own timeline.
  EXPECT_THAT(TypesOf(timeline), ElementsAre(Entry::TYPE_SUPERVISION_BEGUN,
                                             Entry::TYPE_SUPERVISION_ENDED,
                                             Entry::TYPE_SUGGESTION_CREATED,
                                             Entry::TYPE_SUGGESTION_ANSWERED));
  for (const Entry& entry : timeline.entries()) {
    EXPECT_EQ(entry.ticket(), kTicket);
  }
  EXPECT_THAT(OfTickets({"courts/110102/tickets/2"}).entries(), SizeIs(0));
}

TEST_P(TimelineContract, ASuggestionFromACallbackStandsOnItsTicket) {
  Apply(TicketEventOf({.id = "1"}));
  Apply(CallOf({.id = "c1", .ticket = "1"}));
  Suggest("courts/110102/callbacks/c1");
  EXPECT_THAT(TypesOf(OfTickets({kTicket})),
              ElementsAre(Entry::TYPE_SUGGESTION_CREATED));
}

INSTANTIATE_TEST_SUITE_P(Engines, TimelineContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::reporting
