// Supervised tickets through gRPC on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "huifang/reporting/v1/reporting_service.grpc.pb.h"
#include "services/common/proto_time.h"
#include "services/reporting/supervision_handler.h"
#include "tests/contract/reporting/reporting_fixture.h"
#include "tests/support/backends.h"
#include "tests/support/test_runtime.h"

namespace huifang::reporting {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SupervisionContract : public ReportingFixture {
 protected:
  void SetUp() override {
    ReportingFixture::SetUp();
    host_.clock().SetCourtTime(absl::CivilSecond(2019, 7, 24, 9));
    store_ = std::make_unique<SupervisionStore>(*db_);
    handler_ = std::make_unique<SupervisionHandler>(host_.runtime(), *store_);
    stub_ = v1::SupervisionService::NewStub(host_.Start({handler_.get()}));
    ApplyDirectory();
  }
  void TearDown() override { host_.Stop(); }

  // Due `hours` from now.
  void Supervise(const TicketSpec& spec, int hours) {
    ticket::v1::TicketEvent event = TicketEventOf(spec);
    event.mutable_ticket()->set_key_supervision(true);
    *event.mutable_ticket()->mutable_due_time() =
        ToTimestamp(host_.clock().Now() + absl::Hours(hours));
    Apply(event);
  }

  void Cancel(const std::string& id) {
    ticket::v1::TicketEvent event = TicketEventOf({.id = id, .closed_day = 0});
    event.mutable_ticket()->set_key_supervision(true);
    event.mutable_ticket()->set_state(ticket::v1::Ticket::STATE_CANCELLED);
    Apply(event);
  }

  v1::ListSupervisionsResponse List(v1::ListSupervisionsRequest request) {
    request.set_parent("courts/110102");
    grpc::ClientContext context;
    v1::ListSupervisionsResponse page;
    EXPECT_TRUE(stub_->ListSupervisions(&context, request, &page).ok());
    return page;
  }
  static std::vector<std::string> Tickets(
      const v1::ListSupervisionsResponse& page) {
    std::vector<std::string> ids;
    for (const v1::Supervision& one : page.supervisions()) {
      ids.push_back(one.ticket().substr(one.ticket().rfind('/') + 1));
    }
    return ids;
  }

  testing::TestRuntime host_{"reporting"};
  std::unique_ptr<SupervisionStore> store_;
  std::unique_ptr<SupervisionHandler> handler_;
  std::unique_ptr<v1::SupervisionService::Stub> stub_;
};

TEST_P(SupervisionContract, OpenOnesByDeadlineAndWhetherItHasPassed) {
  Supervise({.id = "later", .closed_day = 0}, 48);
  Supervise({.id = "missed", .closed_day = 0}, -2);
  Supervise({.id = "closed"}, 5);
  Apply(TicketEventOf({.id = "ordinary", .closed_day = 0}));
  Cancel("cancelled");
  const v1::ListSupervisionsResponse page = List({});
  ASSERT_THAT(Tickets(page), ElementsAre("missed", "later"));
  EXPECT_TRUE(page.supervisions(0).overdue());
  EXPECT_FALSE(page.supervisions(1).overdue());
  EXPECT_NE(page.supervisions(0).division_display_name(), "");
  v1::ListSupervisionsRequest all;
  all.set_include_closed(true);
  EXPECT_THAT(Tickets(List(all)), ElementsAre("missed", "closed", "later"));
}

TEST_P(SupervisionContract, ByDivisionAndPageByPage) {
  Supervise({.id = "a", .closed_day = 0}, 1);
  Supervise({.id = "b", .closed_day = 0}, 1);
  Supervise({.id = "c", .division = "civil-2", .closed_day = 0}, 2);
  v1::ListSupervisionsRequest request;
  request.set_page_size(2);
  v1::ListSupervisionsResponse page = List(request);
  EXPECT_THAT(Tickets(page), ElementsAre("a", "b"));
  request.set_page_token(page.next_page_token());
  page = List(request);
  EXPECT_THAT(Tickets(page), ElementsAre("c"));
  EXPECT_EQ(page.next_page_token(), "");
  request.Clear();
  request.set_division("courts/110102/divisions/civil-2");
  EXPECT_THAT(Tickets(List(request)), ElementsAre("c"));
  request.set_division("courts/110102/divisions/other");
  EXPECT_THAT(Tickets(List(request)), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, SupervisionContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::reporting
