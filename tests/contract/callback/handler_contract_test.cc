#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/callback/bundle_rules.h"
#include "services/callback/callback_handler.h"
#include "services/callback/conveyance_handler.h"
#include "services/callback/draw_handler.h"
#include "services/callback/plan_handler.h"
#include "tests/contract/callback/callback_service_fixture.h"

namespace huifang::callback {
namespace {

// The service as its callers see it, over gRPC in this process.
class HandlerContract : public CallbackServiceTest {
 protected:
  HandlerContract() {
    const auto channel = host_.Start(
        {&plan_handler_, &draw_handler_, &call_handler_, &conveyance_handler_});
    plans_stub_ = v1::SamplingPlanService::NewStub(channel);
    draws_stub_ = v1::DrawService::NewStub(channel);
    calls_stub_ = v1::CallService::NewStub(channel);
    conveyances_stub_ = v1::ConveyanceService::NewStub(channel);
    As(Officer());
  }
  ~HandlerContract() override { host_.Stop(); }

  void As(rpc::Call caller) { host_.admission().SetCaller(std::move(caller)); }

  template <typename Stub, typename Owner, typename Request, typename Response>
  grpc::Status Call(Stub& stub,
                    grpc::Status (Owner::*method)(grpc::ClientContext*,
                                                  const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    return (*stub.*method)(&context, request, response);
  }

  // A caller's words that are on the ticket; the task is their name.
  Lease Conveyed() {
    AddTickets(10);
    DrawOf(1);
    v1::CompleteCallbackRequest complete = AllGood(*LeaseFor(Officer()));
    complete.set_convey_text("请再联系我");
    v1::Callback done;
    EXPECT_TRUE(Call(calls_stub_, &v1::CallService::Stub::CompleteCallback,
                     complete, &done)
                    .ok());
    Lease task;
    task.task_id = done.conveyance();
    EXPECT_TRUE(convey_worker_.Work(task).ok());
    return task;
  }

  PlanHandler plan_handler_{host_.runtime(), *db_, plans_, planner_,
                            judge_queue_};
  DrawHandler draw_handler_{host_.runtime(), draws_, maker_, office_};
  CallbackHandler call_handler_{host_.runtime(), *db_,     callbacks_, plans_,
                                contacts_,       tickets_, desk_,      events_};
  ConveyanceHandler conveyance_handler_{host_.runtime(), *db_, conveyances_};
  std::unique_ptr<v1::SamplingPlanService::Stub> plans_stub_;
  std::unique_ptr<v1::DrawService::Stub> draws_stub_;
  std::unique_ptr<v1::CallService::Stub> calls_stub_;
  std::unique_ptr<v1::ConveyanceService::Stub> conveyances_stub_;
};

TEST_P(HandlerContract, DrawGoesThroughTheFrontDoor) {
  AddTickets(40);
  v1::Draw draw;
  ASSERT_TRUE(
      Call(draws_stub_, &v1::DrawService::Stub::CreateDraw, Week30(10), &draw)
          .ok());
  EXPECT_EQ(draw.state(), v1::Draw::STATE_FREEZING);
  const TakeResult due = draw_queue_.Take(1, absl::Minutes(1)).value();
  ASSERT_EQ(due.leases.size(), 1u);
  ASSERT_TRUE(draw_worker_.Work(due.leases[0]).ok());

  grpc::ClientContext context;
  v1::ExportDrawRequest request;
  request.set_name(draw.name());
  const auto reader = draws_stub_->ExportDraw(&context, request);
  v1::ExportDrawResponse part;
  std::string bundle;
  while (reader->Read(&part)) bundle += part.data();
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_TRUE(VerifyBundle(bundle).ok());
}

TEST_P(HandlerContract, BadRequestsNeverReachTheStore) {
  v1::Draw draw;
  v1::CreateDrawRequest request = Week30(10);
  request.set_from_date("2019-07-29");
  request.set_to_date("2019-07-28");
  EXPECT_EQ(
      Call(draws_stub_, &v1::DrawService::Stub::CreateDraw, request, &draw)
          .error_code(),
      grpc::StatusCode::INVALID_ARGUMENT);
  request = Week30(10);
  request.set_public_seed("a\nb");
  EXPECT_EQ(
      Call(draws_stub_, &v1::DrawService::Stub::CreateDraw, request, &draw)
          .error_code(),
      grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(draws_.List(kCourt, {}, std::nullopt, 10)->empty());
}

TEST_P(HandlerContract, ForeignCourtIsRefused) {
  v1::GetDrawRequest request;
  request.set_name("courts/310101/draws/x");
  v1::Draw draw;
  EXPECT_EQ(Call(draws_stub_, &v1::DrawService::Stub::GetDraw, request, &draw)
                .error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

TEST_P(HandlerContract, HandlersMayNotDrawOrCall) {
  As(host_.CallAs("handler", kCourt));
  v1::Draw draw;
  EXPECT_EQ(
      Call(draws_stub_, &v1::DrawService::Stub::CreateDraw, Week30(1), &draw)
          .error_code(),
      grpc::StatusCode::PERMISSION_DENIED);
  v1::LeaseCallbackRequest request;
  request.set_parent(kParent);
  v1::LeaseCallbackResponse lease;
  EXPECT_EQ(
      Call(calls_stub_, &v1::CallService::Stub::LeaseCallback, request, &lease)
          .error_code(),
      grpc::StatusCode::PERMISSION_DENIED);
}

TEST_P(HandlerContract, HandlerSeesTheirOwnCallbacksOnly) {
  AddTickets(5);
  const v1::Draw draw = DrawOf(2);
  using Stub = v1::CallService::Stub;
  for (const char* staff : {"judge-1", "judge-2"}) {
    As(host_.CallAs("handler", kCourt,
                    absl::StrCat(kParent, "/staff/", staff)));
    const bool own = std::string(staff) == "judge-1";
    v1::ListCallbacksRequest list;
    list.set_parent(kParent);
    v1::ListCallbacksResponse page;
    ASSERT_TRUE(Call(calls_stub_, &Stub::ListCallbacks, list, &page).ok());
    EXPECT_EQ(page.callbacks_size(), own ? 2 : 0);
    v1::GetCallbackRequest get;
    get.set_name(Callbacks(draw)[0].name());
    v1::Callback callback;
    EXPECT_EQ(Call(calls_stub_, &Stub::GetCallback, get, &callback).ok(), own);
  }
}

TEST_P(HandlerContract, RelationThatWasTakenBackStaysOnRecord) {
  AddTickets(3);
  DrawOf(1);
  As(Officer());
  using Stub = v1::CallService::Stub;
  v1::CreateRelationRequest create;
  create.set_parent(kParent);
  create.mutable_relation()->set_officer("officer-other");
  create.mutable_relation()->set_subject("courts/110102/staff/judge-1");
  create.mutable_relation()->set_reason("同学");
  v1::Relation relation;
  EXPECT_EQ(
      Call(calls_stub_, &Stub::CreateRelation, create, &relation).error_code(),
      grpc::StatusCode::PERMISSION_DENIED);
  create.mutable_relation()->set_officer("officer-yang");
  ASSERT_TRUE(Call(calls_stub_, &Stub::CreateRelation, create, &relation).ok());
  EXPECT_EQ(relation.declarer(), "officer-yang");
  EXPECT_FALSE(LeaseFor(Officer()).ok());

  As(host_.CallAs("head", kCourt));
  v1::DeleteRelationRequest end;
  end.set_name(relation.name());
  v1::DeleteRelationResponse ended;
  ASSERT_TRUE(Call(calls_stub_, &Stub::DeleteRelation, end, &ended).ok());
  v1::ListRelationsRequest list;
  list.set_parent(kParent);
  v1::ListRelationsResponse page;
  ASSERT_TRUE(Call(calls_stub_, &Stub::ListRelations, list, &page).ok());
  ASSERT_EQ(page.relations_size(), 1);
  EXPECT_TRUE(page.relations(0).has_end_time());
  EXPECT_EQ(page.relations(0).ender(), "head-tester");
  EXPECT_TRUE(LeaseFor(Officer()).ok());
}

TEST_P(HandlerContract, CallerWhoIsNotToBeCalledLeavesFramesAndQueue) {
  AddTickets(5);
  const v1::Draw draw = DrawOf(5);
  As(Officer());
  using Stub = v1::CallService::Stub;
  v1::CreateDoNotCallRequest create;
  create.set_parent(kParent);
  create.mutable_do_not_call()->set_ticket(Callbacks(draw)[0].ticket());
  create.mutable_do_not_call()->set_reason("不愿接电话");
  *create.mutable_do_not_call()->mutable_expire_time() =
      ToProto(clock().Now() + absl::Hours(24 * 30));
  v1::DoNotCall entry;
  ASSERT_TRUE(Call(calls_stub_, &Stub::CreateDoNotCall, create, &entry).ok());
  EXPECT_EQ(entry.masked_phone(), "138****1234");

  // Its call is closed when its turn comes; nobody dials.
  std::set<std::string> called;
  for (const char* officer : {"a", "b", "c", "d", "e"}) {
    const auto lease = LeaseFor(Officer(officer));
    if (lease.ok()) called.insert(lease->callback().ticket());
  }
  EXPECT_EQ(called.size(), 4u);
  EXPECT_FALSE(called.contains(entry.ticket()));
  EXPECT_EQ(CountEvents(v1::CallbackEvent::TYPE_UNREACHED), 1);

  Abort(draw);
  const v1::Draw next = DrawOf(5);
  EXPECT_EQ(next.population(), 4);
  ASSERT_EQ(next.exclusions_size(), 1);
  EXPECT_EQ(next.exclusions(0).reason(),
            v1::ExclusionCount::REASON_DO_NOT_CALL);

  // Taken back, it is on record, and the caller may be drawn again.
  Abort(next);
  As(host_.CallAs("head", kCourt));
  v1::DeleteDoNotCallRequest end;
  end.set_name(entry.name());
  ASSERT_TRUE(Call(calls_stub_, &Stub::DeleteDoNotCall, end, &entry).ok());
  EXPECT_EQ(entry.ender(), "head-tester");
  v1::ListDoNotCallsRequest list;
  list.set_parent(kParent);
  v1::ListDoNotCallsResponse page;
  ASSERT_TRUE(Call(calls_stub_, &Stub::ListDoNotCalls, list, &page).ok());
  ASSERT_EQ(page.do_not_calls_size(), 1);
  EXPECT_TRUE(page.do_not_calls(0).has_end_time());
  EXPECT_EQ(DrawOf(5).population(), 5);
}

TEST_P(HandlerContract, PagesHoldEachCallbackOnce) {
  AddTickets(30);
  const v1::Draw draw = DrawOf(11);
  v1::ListCallbacksRequest request;
  request.set_parent(kParent);
  request.set_page_size(4);
  request.mutable_filter()->set_draw(draw.name());
  std::set<std::string> names;
  std::size_t rows = 0;
  std::string token;
  do {
    request.set_page_token(token);
    v1::ListCallbacksResponse page;
    ASSERT_TRUE(
        Call(calls_stub_, &v1::CallService::Stub::ListCallbacks, request, &page)
            .ok());
    for (const v1::Callback& callback : page.callbacks()) {
      names.insert(callback.name());
      ++rows;
    }
    token = page.next_page_token();
    if (rows == 4) {
      // A token fits its own query only.
      v1::ListCallbacksRequest other = request;
      other.mutable_filter()->clear_draw();
      other.set_page_token(token);
      EXPECT_EQ(
          Call(calls_stub_, &v1::CallService::Stub::ListCallbacks, other, &page)
              .error_code(),
          grpc::StatusCode::INVALID_ARGUMENT);
    }
  } while (!token.empty());
  EXPECT_EQ(names.size(), 11u);
  EXPECT_EQ(rows, 11u);
}

TEST_P(HandlerContract, ExportStreamsAllThatMatch) {
  AddTickets(20, "min-1");
  AddTickets(20, "min-2");
  DrawOf(10);
  v1::ExportCallbacksRequest request;
  request.set_parent(kParent);
  request.mutable_filter()->set_division("courts/110102/divisions/min-2");
  grpc::ClientContext context;
  const auto reader = calls_stub_->ExportCallbacks(&context, request);
  v1::ExportCallbacksResponse part;
  int rows = 0;
  while (reader->Read(&part)) rows += part.callbacks_size();
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(rows, 5);
}

TEST_P(HandlerContract, WatchResumesWhereItStopped) {
  AddTickets(10);
  const v1::Draw draw = DrawOf(3);
  As(host_.CallAs("service", ""));
  v1::WatchCallbacksRequest request;
  request.set_parent("courts/-");
  const auto read_until = [&](int wanted) {
    grpc::ClientContext context;
    const auto reader = calls_stub_->WatchCallbacks(&context, request);
    v1::WatchCallbacksResponse response;
    std::vector<v1::CallbackEvent> events;
    while (static_cast<int>(events.size()) < wanted &&
           reader->Read(&response)) {
      events.insert(events.end(), response.events().begin(),
                    response.events().end());
      request.set_resume_token(response.resume_token());
    }
    context.TryCancel();
    reader->Finish();
    return events;
  };
  const auto first = read_until(5);  // frozen, three queued, drawn
  ASSERT_EQ(first.size(), 5u);
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].sequence(), static_cast<std::int64_t>(i) + 1);
  }
  EXPECT_EQ(first[0].type(), v1::CallbackEvent::TYPE_FRAME_FROZEN);
  EXPECT_EQ(first[4].type(), v1::CallbackEvent::TYPE_DRAWN);
  Abort(draw);
  const auto second = read_until(1);
  EXPECT_EQ(second.at(0).sequence(), 6);
}

TEST_P(HandlerContract, PlansAreVersionedByEtag) {
  As(host_.CallAs("head", kCourt));
  v1::CreateSamplingPlanRequest create;
  create.set_parent(kParent);
  create.set_plan_id("weekly");
  create.mutable_plan()->set_display_name("每周六十件");
  create.mutable_plan()->mutable_size()->set_fixed(60);
  using Stub = v1::SamplingPlanService::Stub;
  v1::SamplingPlan plan;
  ASSERT_TRUE(Call(plans_stub_, &Stub::CreateSamplingPlan, create, &plan).ok());
  v1::SamplingPlan twice;
  EXPECT_EQ(
      Call(plans_stub_, &Stub::CreateSamplingPlan, create, &twice).error_code(),
      grpc::StatusCode::ALREADY_EXISTS);

  v1::UpdateSamplingPlanRequest update;
  *update.mutable_plan() = plan;
  update.mutable_plan()->mutable_size()->set_fixed(80);
  update.mutable_update_mask()->add_paths("size");
  v1::SamplingPlan updated;
  ASSERT_TRUE(
      Call(plans_stub_, &Stub::UpdateSamplingPlan, update, &updated).ok());
  EXPECT_EQ(updated.size().fixed(), 80);
  EXPECT_EQ(updated.display_name(), "每周六十件");
  EXPECT_EQ(Call(plans_stub_, &Stub::UpdateSamplingPlan, update, &updated)
                .error_code(),
            grpc::StatusCode::ABORTED);

  // Without a mask: what is set replaces what was there.
  for (const ticket::v1::Kind kind :
       {ticket::v1::KIND_CONSULT, ticket::v1::KIND_CONTACT_JUDGE}) {
    v1::UpdateSamplingPlanRequest whole;
    whole.mutable_plan()->set_name(plan.name());
    whole.mutable_plan()->mutable_frame()->add_kinds(kind);
    ASSERT_TRUE(
        Call(plans_stub_, &Stub::UpdateSamplingPlan, whole, &updated).ok());
    EXPECT_EQ(updated.frame().kinds_size(), 1);
    EXPECT_EQ(updated.size().fixed(), 80);
  }
}

TEST_P(HandlerContract, PreviewCountsWithoutDrawing) {
  AddTickets(40, "min-1");
  AddTickets(20, "min-2");
  v1::PreviewSamplingPlanRequest request;
  request.set_parent(kParent);
  request.set_from_date("2019-07-22");
  request.set_to_date("2019-07-28");
  request.mutable_inline_plan()
      ->mutable_size()
      ->mutable_precision()
      ->set_margin(0.1);
  v1::PreviewSamplingPlanResponse preview;
  ASSERT_TRUE(Call(plans_stub_,
                   &v1::SamplingPlanService::Stub::PreviewSamplingPlan, request,
                   &preview)
                  .ok());
  EXPECT_EQ(preview.population(), 60);
  EXPECT_EQ(preview.sampled(), 38);
  EXPECT_LT(preview.margin(), 0.11);
  EXPECT_TRUE(draws_.List(kCourt, {}, std::nullopt, 10)->empty());
}

TEST_P(HandlerContract, PreviewLeavesRoomForTheCallsStillOpen) {
  AddTickets(60);
  v1::PreviewSamplingPlanRequest request;
  request.set_parent(kParent);
  request.set_from_date("2019-07-22");
  request.set_to_date("2019-07-28");
  // Before any calls a ticket takes 15 minutes.
  request.set_capacity_minutes(300);
  const auto preview = [&] {
    v1::PreviewSamplingPlanResponse shown;
    const grpc::Status status =
        Call(plans_stub_, &v1::SamplingPlanService::Stub::PreviewSamplingPlan,
             request, &shown);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return shown;
  };
  EXPECT_EQ(preview().sampled(), 20);
  EXPECT_EQ(preview().open_calls(), 0);
  DrawOf(8);
  ASSERT_TRUE(desk_.Complete(Officer(), AllGood(*LeaseFor(Officer()))).ok());
  ASSERT_TRUE(desk_.Record(Officer(), Miss(*LeaseFor(Officer()))).ok());
  const v1::PreviewSamplingPlanResponse beside = preview();
  EXPECT_EQ(beside.open_calls(), 7);
  EXPECT_EQ(beside.open_minutes(), 7 * 15);
  EXPECT_EQ(beside.sampled(), 13);
  EXPECT_EQ(beside.applied_plan().size().capacity().minutes(), 195);
  // They take all there is: a sample has at least one ticket.
  request.set_capacity_minutes(60);
  EXPECT_EQ(preview().sampled(), 1);
  // Without a capacity the plan's size stands.
  request.clear_capacity_minutes();
  request.mutable_inline_plan()->mutable_size()->set_fixed(9);
  EXPECT_EQ(preview().sampled(), 9);
  EXPECT_EQ(preview().open_calls(), 7);
}

TEST_P(HandlerContract, ConveyanceIsFollowedToTheNextContact) {
  AddTickets(10);
  DrawOf(1);
  const auto lease = LeaseFor(Officer());
  v1::CompleteCallbackRequest complete;
  complete.set_name(lease->callback().name());
  complete.set_lease_token(lease->lease_token());
  complete.mutable_items()->set_score(2);
  complete.set_convey_text("请再联系我");
  v1::Callback done;
  ASSERT_TRUE(Call(calls_stub_, &v1::CallService::Stub::CompleteCallback,
                   complete, &done)
                  .ok());
  EXPECT_EQ(done.verdict(), v1::VERDICT_UNSATISFIED);
  using Stub = v1::ConveyanceService::Stub;
  v1::AcknowledgeConveyanceRequest acknowledge;
  acknowledge.set_name(done.conveyance());
  v1::Conveyance conveyance;
  As(host_.CallAs("handler", kCourt, absl::StrCat(kParent, "/staff/judge-2")));
  EXPECT_EQ(Call(conveyances_stub_, &Stub::AcknowledgeConveyance, acknowledge,
                 &conveyance)
                .error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  As(host_.CallAs("handler", kCourt, absl::StrCat(kParent, "/staff/judge-1")));
  EXPECT_EQ(Call(conveyances_stub_, &Stub::AcknowledgeConveyance, acknowledge,
                 &conveyance)
                .error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  Lease task;
  task.task_id = done.conveyance();
  ASSERT_TRUE(convey_worker_.Work(task).ok());
  ASSERT_TRUE(Call(conveyances_stub_, &Stub::AcknowledgeConveyance, acknowledge,
                   &conveyance)
                  .ok());
  EXPECT_EQ(conveyance.state(), v1::Conveyance::STATE_ACKNOWLEDGED);
  v1::RecordConveyanceContactRequest contact;
  contact.set_name(done.conveyance());
  ASSERT_TRUE(Call(conveyances_stub_, &Stub::RecordConveyanceContact, contact,
                   &conveyance)
                  .ok());
  EXPECT_EQ(conveyance.state(), v1::Conveyance::STATE_CONTACTED);
}

TEST_P(HandlerContract, OthersContactDoesNotAcknowledgeForTheDivision) {
  const Lease task = Conveyed();
  using Stub = v1::ConveyanceService::Stub;
  v1::RecordConveyanceContactRequest contact;
  contact.set_name(task.task_id);
  v1::Conveyance conveyance;
  ASSERT_TRUE(Call(conveyances_stub_, &Stub::RecordConveyanceContact, contact,
                   &conveyance)
                  .ok());
  EXPECT_EQ(conveyance.state(), v1::Conveyance::STATE_CONTACTED);
  EXPECT_FALSE(conveyance.has_acknowledge_time());
  // The handler is still reminded.
  Advance(absl::Hours(24 * 3));
  EXPECT_EQ(conveyances_.Due(clock().Now(), {}, 10)->size(), 1u);
  ASSERT_TRUE(convey_worker_.Work(task).ok());

  As(host_.CallAs("handler", kCourt, absl::StrCat(kParent, "/staff/judge-1")));
  v1::AcknowledgeConveyanceRequest acknowledge;
  acknowledge.set_name(task.task_id);
  ASSERT_TRUE(Call(conveyances_stub_, &Stub::AcknowledgeConveyance, acknowledge,
                   &conveyance)
                  .ok());
  EXPECT_EQ(conveyance.state(), v1::Conveyance::STATE_CONTACTED);
  EXPECT_EQ(conveyance.reminder_count(), 1);
  EXPECT_TRUE(conveyance.has_acknowledge_time());
  acknowledge.set_request_id("00000000-0000-4000-8000-000000000002");
  EXPECT_EQ(Call(conveyances_stub_, &Stub::AcknowledgeConveyance, acknowledge,
                 &conveyance)
                .error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  Advance(absl::Hours(24 * 30));
  EXPECT_TRUE(conveyances_.Due(clock().Now(), {}, 10)->empty());
}

TEST_P(HandlerContract, HandlersContactAcknowledges) {
  const Lease task = Conveyed();
  As(host_.CallAs("handler", kCourt, absl::StrCat(kParent, "/staff/judge-1")));
  v1::RecordConveyanceContactRequest contact;
  contact.set_name(task.task_id);
  v1::Conveyance conveyance;
  ASSERT_TRUE(Call(conveyances_stub_,
                   &v1::ConveyanceService::Stub::RecordConveyanceContact,
                   contact, &conveyance)
                  .ok());
  EXPECT_TRUE(conveyance.has_acknowledge_time());
  EXPECT_FALSE(conveyance.has_next_reminder_time());
}

INSTANTIATE_TEST_SUITE_P(
    Engines, HandlerContract, ::testing::ValuesIn(testing::SqlEngines()),
    testing::EngineName<::testing::TestParamInfo<std::string>>);

}  // namespace
}  // namespace huifang::callback
