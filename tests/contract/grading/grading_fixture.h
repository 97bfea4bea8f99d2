#ifndef HUIFANG_TESTS_CONTRACT_GRADING_GRADING_FIXTURE_H_
#define HUIFANG_TESTS_CONTRACT_GRADING_GRADING_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "huifang/grading/v1/grading_events.pb.h"
#include "services/common/crypto.h"
#include "services/common/event_log.h"
#include "services/common/metrics.h"
#include "services/common/proto_time.h"
#include "services/common/schema.h"
#include "services/common/sql.h"
#include "services/common/status_macros.h"
#include "services/common/wake_hub.h"
#include "services/grading/inspect_queue.h"
#include "services/grading/inspect_worker.h"
#include "services/grading/inspection_store.h"
#include "services/grading/model_store.h"
#include "services/grading/review_desk.h"
#include "services/grading/schema.h"
#include "tests/support/backends.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_lease_queue.h"
#include "tests/support/test_runtime.h"

namespace huifang::grading {

inline constexpr char kCourt[] = "110102";
inline constexpr char kYang[] = "courts/110102/staff/yang";
inline constexpr char kHandler[] = "courts/110102/staff/li";
inline constexpr char kForwardOnly[] = "您反映的问题已转交承办庭处理，谢谢。";
inline constexpr char kGoodAnswer[] =
    "您好，经查，您的退费申请已于5月6日审批完成，预计5月20日前退至您提供的银行"
    "账户，请携带身份证到诉讼服务大厅3号窗口核对账户信息。";

// The whole service but its network, on one SQL engine.
class GradingContract : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    absl::StatusOr<std::unique_ptr<sql::Database>> db =
        sql::Database::Open({.url = testing::FreshDatabase(GetParam())});
    ASSERT_TRUE(db.ok()) << db.status();
    db_ = *std::move(db);
    std::vector<sql::Migration> common(std::begin(kCommonMigrations),
                                       std::end(kCommonMigrations));
    ASSERT_TRUE(db_->Migrate("common", common).ok());
    std::vector<sql::Migration> own(std::begin(kMigrations),
                                    std::end(kMigrations));
    const absl::Status migrated = db_->Migrate("grading", own);
    ASSERT_TRUE(migrated.ok()) << migrated;
    events_ = std::make_unique<EventLog>(*db_, hub_);
    sealer_ = std::make_unique<Sealer>(
        Sealer::FromJson(testing::kTestKeysJson).value());
    inspections_ = std::make_unique<InspectionStore>(*db_);
    models_ = std::make_unique<ModelStore>(*db_);
    UsePolicy({.random_percent = 0, .blind_percent = 0});
    inspect_queue_ = std::make_unique<InspectQueue>(queue_, *inspections_);
    MakeWorker();
  }

  void UsePolicy(const ReviewPolicy& policy) {
    desk_ = std::make_unique<ReviewDesk>(*db_, clock_, *sealer_, policy);
    if (worker_ != nullptr) MakeWorker();
  }
  void MakeWorker() {
    worker_ = std::make_unique<InspectWorker>(*db_, clock_, metrics_,
                                              *inspections_, *models_, *desk_,
                                              *inspect_queue_, learn_queue_);
  }

  ticket::v1::Ticket ClosedTicket(const std::string& id,
                                  const std::string& reply) {
    ticket::v1::Ticket ticket;
    ticket.set_name(absl::StrCat("courts/", kCourt, "/tickets/", id));
    ticket.set_source_id(absl::StrCat("src-", id));
    ticket.set_title("询问诉讼费退费进度");
    ticket.set_content(
        "我的案件已经判决生效，一直没有收到退费，请问什么时候能够退还诉讼费？");
    ticket.set_state(ticket::v1::Ticket::STATE_CLOSED);
    ticket.set_division("courts/110102/divisions/civil1");
    ticket.set_team("courts/110102/teams/t1");
    ticket.set_handler(kHandler);
    ticket.set_version(3);
    *ticket.mutable_create_time() = ToTimestamp(clock_.Now() - absl::Hours(9));
    *ticket.mutable_close_time() = ToTimestamp(clock_.Now());
    ticket::v1::Reply* said = ticket.add_replies();
    said->set_revision(1);
    said->set_text(reply);
    said->set_author(kHandler);
    return ticket;
  }

  // Applies a ticket event as the consumer does.
  void See(const ticket::v1::Ticket& ticket) {
    ticket::v1::TicketEvent event;
    event.set_court(kCourt);
    event.set_type(ticket::v1::TicketEvent::TYPE_STATE_CHANGED);
    *event.mutable_ticket() = ticket;
    const absl::Status status = db_->Write(kCourt, [&](sql::Session& session) {
      return InspectionStore::ApplyTicket(session, event, clock_.Now());
    });
    ASSERT_TRUE(status.ok()) << status;
  }
  void Hear(const std::string& ticket, callback::v1::Answer judge_called,
            const std::string& recall_of = "") {
    callback::v1::CallbackEvent event;
    event.set_court(kCourt);
    event.set_type(callback::v1::CallbackEvent::TYPE_COMPLETED);
    callback::v1::Callback* callback = event.mutable_callback();
    callback->set_name("courts/110102/callbacks/c1");
    callback->set_ticket(absl::StrCat("courts/", kCourt, "/tickets/", ticket));
    callback->mutable_items()->set_judge_called(judge_called);
    callback->set_recall_of(recall_of);
    const absl::Status status = db_->Write(kCourt, [&](sql::Session& session) {
      return InspectionStore::ApplyCallback(session, event);
    });
    ASSERT_TRUE(status.ok()) << status;
  }
  void Inspect(const std::vector<std::string>& tickets) {
    const absl::Status status = worker_->InspectCourt(kCourt, tickets);
    ASSERT_TRUE(status.ok()) << status;
  }
  v1::Inspection Get(const std::string& ticket) {
    absl::StatusOr<v1::Inspection> got = inspections_->Get(kCourt, ticket);
    EXPECT_TRUE(got.ok()) << got.status();
    return got.ok() ? *got : v1::Inspection();
  }

  std::vector<v1::GradeEvent> Events() {
    std::vector<v1::GradeEvent> events;
    const absl::StatusOr<EventBatch> stored =
        events_->ReadAfter({{sql::ShardOf(kCourt), 0}}, kCourt, 1000);
    EXPECT_TRUE(stored.ok()) << stored.status();
    for (const StoredEvent& event : stored->events) {
      EXPECT_TRUE(events.emplace_back().ParseFromString(event.payload));
    }
    return events;
  }
  std::vector<v1::GradeEvent::Type> EventTypes() {
    std::vector<v1::GradeEvent::Type> types;
    for (const v1::GradeEvent& event : Events()) types.push_back(event.type());
    return types;
  }

  absl::StatusOr<v1::LeaseReviewResponse> Lease(const Actor& actor) {
    v1::LeaseReviewRequest request;
    request.set_parent("courts/110102");
    return desk_->Lease(request, actor);
  }
  // Full points but for `weak`, which gets none.
  v1::SubmitGradeRequest GradeFor(const v1::LeaseReviewResponse& lease,
                                  const std::string& weak = "") {
    v1::SubmitGradeRequest request;
    request.set_name(lease.review().name());
    request.set_lease_token(lease.review().lease_token());
    for (const v1::Criterion& criterion : lease.rubric().criteria()) {
      v1::Score* score = request.add_scores();
      score->set_criterion_id(criterion.id());
      score->set_points(criterion.id() == weak ? 0 : criterion.max_points());
    }
    if (!weak.empty()) request.set_comment("没有实质内容");
    return request;
  }

  const Actor yang_{"officer-yang", kYang, "officer"};
  const Actor wang_{"officer-wang", "courts/110102/staff/wang", "officer"};

  testing::FakeClock clock_;
  WakeHub hub_;
  Metrics metrics_;
  testing::FakeLeaseQueue queue_{5, "inspect"};
  testing::FakeLeaseQueue learn_queue_{5, "learn"};
  std::unique_ptr<sql::Database> db_;
  std::unique_ptr<EventLog> events_;
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<InspectionStore> inspections_;
  std::unique_ptr<ModelStore> models_;
  std::unique_ptr<ReviewDesk> desk_;
  std::unique_ptr<InspectQueue> inspect_queue_;
  std::unique_ptr<InspectWorker> worker_;
};

}  // namespace huifang::grading

#endif  // HUIFANG_TESTS_CONTRACT_GRADING_GRADING_FIXTURE_H_
