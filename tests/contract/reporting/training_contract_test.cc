// Trainings through gRPC on both engines: planned, held, cancelled, found
// again, and what came of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "huifang/reporting/v1/reporting_events.pb.h"
#include "huifang/reporting/v1/reporting_service.grpc.pb.h"
#include "services/common/proto_time.h"
#include "services/reporting/training_handler.h"
#include "tests/contract/reporting/reporting_fixture.h"
#include "tests/support/backends.h"
#include "tests/support/matchers.h"
#include "tests/support/test_runtime.h"

namespace huifang::reporting {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Stub = v1::TrainingService::Stub;

constexpr char kCivil[] = "courts/110102/divisions/civil-1";
constexpr char kRule[] = "over_simplified";

class TrainingContract : public ReportingFixture {
 protected:
  void SetUp() override {
    ReportingFixture::SetUp();
    host_.clock().SetCourtTime(absl::CivilSecond(2019, 7, 15, 18));
    store_ = std::make_unique<TrainingStore>(*db_);
    writer_ = std::make_unique<TrainingWriter>(*db_, host_.clock());
    handler_ =
        std::make_unique<TrainingHandler>(host_.runtime(), *store_, *writer_);
    stub_ = v1::TrainingService::NewStub(host_.Start({handler_.get()}));
    ApplyDirectory();
    ticket::v1::TicketEvent event;
    event.set_court(kCourt);
    for (const char* id : {"wang", "li", "zhao", "qian", "sun"}) {
      ticket::v1::Staff& staff = *event.mutable_directory()->add_staff();
      staff.set_name(Staff(id));
      staff.set_display_name(id);
    }
    Apply(event);
  }
  void TearDown() override { host_.Stop(); }

  static std::string Staff(const std::string& id) {
    return absl::StrCat("courts/110102/staff/", id);
  }

  static v1::CreateTrainingRequest Asked(const char* title) {
    v1::CreateTrainingRequest request;
    request.set_parent("courts/110102");
    v1::Training& training = *request.mutable_training();
    training.set_title(title);
    training.set_day("2019-07-15");
    training.add_rules(kRule);
    training.add_divisions(kCivil);
    return request;
  }

  template <typename Request, typename Answer>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                 const Request&, Answer*),
                    const Request& request, Answer& answer) {
    grpc::ClientContext context;
    return ((*stub_).*method)(&context, request, &answer);
  }

  v1::Training Create(const v1::CreateTrainingRequest& request) {
    v1::Training made;
    const grpc::Status status = Call(&Stub::CreateTraining, request, made);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return made;
  }

  grpc::Status Hold(v1::Training& training, const std::string& etag = "",
                    const std::vector<const char*>& attendees = {"wang"}) {
    v1::HoldTrainingRequest request;
    request.set_name(training.name());
    for (const char* one : attendees) request.add_attendees(Staff(one));
    request.set_etag(etag);
    return Call(&Stub::HoldTraining, request, training);
  }

  v1::Training Get(const v1::Training& training) {
    v1::GetTrainingRequest request;
    request.set_name(training.name());
    v1::Training stored;
    EXPECT_TRUE(Call(&Stub::GetTraining, request, stored).ok());
    return stored;
  }

  std::vector<std::string> List(const v1::ListTrainingsRequest& asked) {
    v1::ListTrainingsRequest request = asked;
    request.set_parent("courts/110102");
    v1::ListTrainingsResponse page;
    EXPECT_TRUE(Call(&Stub::ListTrainings, request, page).ok());
    token_ = page.next_page_token();
    std::vector<std::string> titles;
    for (const v1::Training& one : page.trainings()) {
      titles.push_back(one.title());
    }
    return titles;
  }

  // `defects` of `count` inspected tickets of one handler, closed on a day of
  // July, have the finding.
  void Inspect(const char* handler, int day, int defects, int count) {
    for (int i = 0; i < count; ++i) {
      grading::v1::GradeEvent event = InspectionOf(
          {.id = absl::StrCat(handler, "-", day, "-", i), .closed_day = day},
          i < defects ? kRule : "");
      event.mutable_inspection()->set_handler(Staff(handler));
      Apply(event);
    }
  }

  testing::TestRuntime host_{"reporting"};
  std::unique_ptr<TrainingStore> store_;
  std::unique_ptr<TrainingWriter> writer_;
  std::unique_ptr<TrainingHandler> handler_;
  std::unique_ptr<Stub> stub_;
  std::string token_;
};

TEST_P(TrainingContract, APlannedOneIsHeldOnceAndAStaleEtagIsRefused) {
  v1::Training training = Create(Asked("答复规范"));
  EXPECT_EQ(training.state(), v1::Training::STATE_PLANNED);
  EXPECT_EQ(training.creator(), "tester");
  EXPECT_EQ(Hold(training, "9").error_code(), grpc::StatusCode::ABORTED);
  ASSERT_TRUE(Hold(training, training.etag()).ok());
  EXPECT_EQ(training.state(), v1::Training::STATE_HELD);
  EXPECT_THAT(training.attendees(), ElementsAre(Staff("wang")));
  v1::CancelTrainingRequest cancel;
  cancel.set_name(training.name());
  EXPECT_EQ(Call(&Stub::CancelTraining, cancel, training).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Get(training).state(), v1::Training::STATE_HELD);
}

TEST_P(TrainingContract, ARepeatedRequestPlansOneTraining) {
  v1::CreateTrainingRequest request = Asked("答复规范");
  request.set_request_id("0197c3a2-5e10-7c41-9b0e-3f4d8c2a1b77");
  EXPECT_EQ(Create(request).name(), Create(request).name());
  EXPECT_THAT(List({}), SizeIs(1));
  request.mutable_training()->set_rules(0, "misspelt");
  request.clear_request_id();
  v1::Training made;
  EXPECT_EQ(Call(&Stub::CreateTraining, request, made).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
}

TEST_P(TrainingContract, FoundByStateDivisionAndRulePageByPage) {
  v1::Training first = Create(Asked("一"));
  host_.clock().Advance(absl::Minutes(1));
  v1::CreateTrainingRequest whole = Asked("全院");
  whole.mutable_training()->clear_divisions();
  whole.mutable_training()->clear_rules();
  Create(whole);
  ASSERT_TRUE(Hold(first).ok());
  v1::ListTrainingsRequest request;
  request.set_page_size(1);
  EXPECT_THAT(List(request), ElementsAre("全院"));
  request.set_page_token(token_);
  EXPECT_THAT(List(request), ElementsAre("一"));
  EXPECT_EQ(token_, "");
  request.Clear();
  request.set_state(v1::Training::STATE_PLANNED);
  EXPECT_THAT(List(request), ElementsAre("全院"));
  request.Clear();
  request.set_division(kCivil);
  request.set_rule(kRule);
  EXPECT_THAT(List(request), ElementsAre("一"));
  request.set_rule("overdue");
  EXPECT_THAT(List(request), IsEmpty());
}

TEST_P(TrainingContract, TheEffectCountsThoseWhoAttended) {
  Inspect("wang", 14, 10, 25);  // the last day before
  Inspect("wang", 15, 5, 5);    // the day itself
  Inspect("wang", 16, 2, 30);   // the first day after
  Inspect("li", 16, 9, 9);      // did not attend
  v1::Training training = Create(Asked("答复规范"));
  EXPECT_FALSE(Get(training).has_effect());
  ASSERT_TRUE(Hold(training).ok());
  v1::Training::Effect effect = Get(training).effect();
  EXPECT_FALSE(effect.complete());
  EXPECT_EQ(effect.state(), v1::Figure::STATE_NOT_ENOUGH_DATA);
  EXPECT_EQ(effect.end_day(), "2019-08-12");
  host_.clock().SetCourtTime(absl::CivilSecond(2019, 8, 13, 1));
  effect = Get(training).effect();
  ASSERT_EQ(effect.state(), v1::Figure::STATE_OK);
  EXPECT_EQ(effect.before().numerator(), 10);
  EXPECT_EQ(effect.before().denominator(), 25);
  EXPECT_EQ(effect.after().numerator(), 2);
  EXPECT_EQ(effect.after().denominator(), 30);
  EXPECT_LT(effect.difference().upper(), 0);
}

// A person's grade stands before the machine's proposal.
TEST_P(TrainingContract, WithoutRulesItCountsTheTicketsThatFailed) {
  Inspect("wang", 14, 3, 20);
  Apply(GradeOf({.id = "wang-14-0", .closed_day = 14}, "B", true));
  Apply(GradeOf({.id = "wang-14-19", .closed_day = 14}, "D", false));
  Apply(GradeOf({.id = "wang-14-18", .closed_day = 14}, "D", false));
  v1::CreateTrainingRequest request = Asked("全院");
  request.mutable_training()->clear_rules();
  v1::Training training = Create(request);
  ASSERT_TRUE(Hold(training).ok());
  EXPECT_EQ(Get(training).effect().before().numerator(), 4);
}

TEST_P(TrainingContract, ReportsPrintThemBesideTheTopicAsOfThePeriodsEnd) {
  Inspect("wang", 14, 10, 25);
  Inspect("wang", 22, 3, 30);
  v1::Training training = Create(Asked("答复规范"));
  ASSERT_TRUE(Hold(training, "", {"wang", "li", "zhao", "qian", "sun"}).ok());
  v1::Report report = Report("2019-W30", "");
  ASSERT_THAT(report.training_topics(), SizeIs(1));
  EXPECT_THAT(report.training_topics(0).trainings(),
              ElementsAre(training.name()));
  ASSERT_THAT(report.trainings(), SizeIs(1));
  EXPECT_FALSE(report.trainings(0).effect().complete());
  report = Report("2019-W33", "civil-1");
  ASSERT_THAT(report.trainings(), SizeIs(1));
  EXPECT_EQ(report.trainings(0).effect().state(), v1::Figure::STATE_OK);
  EXPECT_THAT(Report("2019-W33", "civil-2").trainings(), IsEmpty());
  EXPECT_THAT(Report("2019-W28", "").trainings(), IsEmpty()) << "not written";
  EXPECT_THAT(Report("2019-W42", "").trainings(), IsEmpty()) << "long ago";
}

// Handlers read reports, too.
TEST_P(TrainingContract, ReportsNameNobodyAndJudgeNoFew) {
  Inspect("wang", 14, 10, 25);
  Inspect("wang", 22, 3, 30);
  v1::Training training = Create(Asked("答复规范"));
  ASSERT_TRUE(Hold(training).ok());
  EXPECT_TRUE(Get(training).has_effect());
  const v1::Report report = Report("2019-W33", "");
  ASSERT_THAT(report.trainings(), SizeIs(1));
  EXPECT_THAT(report.trainings(0).attendees(), IsEmpty());
  EXPECT_EQ(report.trainings(0).attendee_count(), 1);
  EXPECT_FALSE(report.trainings(0).has_effect());
}

// However late it is built.
TEST_P(TrainingContract, ATrainingHeldAfterThePeriodIsPrintedAsPlanned) {
  v1::Training training = Create(Asked("答复规范"));
  host_.clock().SetCourtTime(absl::CivilSecond(2019, 7, 25, 18));
  ASSERT_TRUE(Hold(training).ok());
  const v1::Report report = Report("2019-W29", "");
  ASSERT_THAT(report.trainings(), SizeIs(1));
  EXPECT_EQ(report.trainings(0).state(), v1::Training::STATE_PLANNED);
}

TEST_P(TrainingContract, EveryChangeIsAnEvent) {
  v1::Training training = Create(Asked("答复规范"));
  ASSERT_TRUE(Hold(training).ok());
  v1::Training other = Create(Asked("另一"));
  v1::CancelTrainingRequest cancel;
  cancel.set_name(other.name());
  cancel.set_reason("与庭审冲突");
  ASSERT_TRUE(Call(&Stub::CancelTraining, cancel, other).ok());
  EXPECT_EQ(other.cancel_reason(), "与庭审冲突");
  std::vector<v1::ReportEvent> events;
  ASSERT_OK(db_->Read([&](sql::Session& session) {
    events.clear();
    return session.Query("SELECT payload FROM events ORDER BY sequence", {},
                         [&](const sql::Row& row) {
                           events.emplace_back().ParseFromString(row.Blob(0));
                           return absl::OkStatus();
                         });
  }));
  ASSERT_THAT(events, SizeIs(4));
  EXPECT_EQ(events[1].type(), v1::ReportEvent::TYPE_TRAINING_HELD);
  EXPECT_EQ(events[1].training().SerializeAsString(),
            training.SerializeAsString());
  EXPECT_EQ(events[3].type(), v1::ReportEvent::TYPE_TRAINING_CANCELLED);
}

INSTANTIATE_TEST_SUITE_P(Engines, TrainingContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::reporting
