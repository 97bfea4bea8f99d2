// Appraisal sheets through gRPC on both engines: when they may be made, what
// they count, who excludes a ticket, and how they are corrected.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "huifang/reporting/v1/appraisal_service.grpc.pb.h"
#include "huifang/reporting/v1/reporting_events.pb.h"
#include "services/common/status_macros.h"
#include "services/reporting/appraisal_handler.h"
#include "tests/contract/reporting/reporting_fixture.h"
#include "tests/support/backends.h"
#include "tests/support/matchers.h"
#include "tests/support/test_runtime.h"

namespace huifang::reporting {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Stub = v1::AppraisalService::Stub;
using Exclusion = v1::AppraisalExclusion;

constexpr char kParent[] = "courts/110102";
constexpr char kWeek[] = "2019-W30";  // 22 to 28 July
constexpr char kRequest[] = "0197c3a2-5e10-7c41-9b0e-3f4d8c2a1b77";

std::string Name(const char* collection, const std::string& id) {
  return absl::StrCat(kParent, "/", collection, "/", id);
}

class AppraisalContract : public ReportingFixture {
 protected:
  void SetUp() override {
    ReportingFixture::SetUp();
    sheets_ = std::make_unique<AppraisalStore>(*db_);
    exclusions_ = std::make_unique<ExclusionStore>(*db_);
    writer_ = std::make_unique<AppraisalWriter>(
        *db_, host_.clock(), FigurePolicy(), AppraisalPolicy());
    handler_ = std::make_unique<AppraisalHandler>(
        host_.runtime(), *sheets_, *exclusions_, *writer_, templates_);
    stub_ = v1::AppraisalService::NewStub(host_.Start({handler_.get()}));
    ApplyDirectory();
    for (int i = 0; i < 12; ++i) Ticket(absl::StrCat("t", i));
    // The windows of the grades, given on the 29th, end on 8 August at 10:00.
    host_.clock().SetCourtTime(absl::CivilSecond(2019, 8, 9, 9));
  }
  void TearDown() override { host_.Stop(); }

  // A graded ticket of wang's, closed on 22 July.
  void Ticket(const std::string& id, const char* tier = "A",
              const char* rule = "") {
    Apply(TicketEventOf({.id = id}));
    grading::v1::GradeEvent seen = InspectionOf({.id = id}, rule);
    seen.mutable_inspection()->set_handler(Name("staff", "wang"));
    Apply(seen);
    Grade(id, tier);
  }

  // A grade given on 29 July, or some hours later.
  void Grade(const std::string& id, const char* tier, int hours = 0,
             bool tells_window = true) {
    grading::v1::GradeEvent event =
        GradeOf({.id = id}, tier, std::string(tier) != "D");
    grading::v1::Grade& grade = *event.mutable_grade();
    grade.set_name(Name("grades", absl::StrCat(id, "-", hours)));
    grade.mutable_create_time()->set_seconds(grade.create_time().seconds() +
                                             3600 * hours);
    if (tells_window) {
      grade.mutable_appeal_end_time()->set_seconds(
          grade.create_time().seconds() + 10 * 24 * 3600);
    }
    Apply(event);
  }

  void Appeal(const std::string& id, const std::string& ticket,
              grading::v1::Appeal::State state) {
    grading::v1::GradeEvent event;
    event.set_court(kCourt);
    event.set_type(state == grading::v1::Appeal::STATE_OPEN
                       ? grading::v1::GradeEvent::TYPE_APPEALED
                       : grading::v1::GradeEvent::TYPE_APPEAL_DECIDED);
    event.mutable_appeal()->set_name(Name("appeals", id));
    event.mutable_appeal()->set_ticket(Name("tickets", ticket));
    event.mutable_appeal()->set_state(state);
    Apply(event);
  }

  void As(const std::string& principal, const std::string& role,
          const std::string& staff = "") {
    host_.admission().SetCaller({.principal = principal,
                                 .role = role,
                                 .staff = staff,
                                 .court = "",
                                 .deadline = absl::InfinitePast(),
                                 .trace_id = "test"});
  }

  template <typename Request, typename Answer>
  absl::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                 const Request&, Answer*),
                    const Request& request, Answer& answer) {
    grpc::ClientContext context;
    return rpc::FromGrpcStatus(((*stub_).*method)(&context, request, &answer));
  }

  absl::StatusOr<v1::Appraisal> Create(const std::string& reason = "",
                                       const std::string& request_id = "") {
    v1::CreateAppraisalRequest request;
    request.set_parent(kParent);
    request.set_period(kWeek);
    request.set_correction_reason(reason);
    request.set_request_id(request_id);
    v1::Appraisal sheet;
    RETURN_IF_ERROR(Call(&Stub::CreateAppraisal, request, sheet));
    return sheet;
  }

  absl::StatusOr<Exclusion> Ask(const std::string& ticket,
                                const std::string& request_id = "") {
    v1::CreateAppraisalExclusionRequest request;
    request.set_parent(kParent);
    request.mutable_appraisal_exclusion()->set_ticket(Name("tickets", ticket));
    request.mutable_appraisal_exclusion()->set_reason("诉求超出法院职责");
    request.set_request_id(request_id);
    Exclusion exclusion;
    RETURN_IF_ERROR(Call(&Stub::CreateAppraisalExclusion, request, exclusion));
    return exclusion;
  }

  absl::StatusOr<Exclusion> Approve(const Exclusion& asked,
                                    const std::string& etag = "") {
    v1::ApproveAppraisalExclusionRequest request;
    request.set_name(asked.name());
    request.set_etag(etag);
    Exclusion exclusion;
    RETURN_IF_ERROR(Call(&Stub::ApproveAppraisalExclusion, request, exclusion));
    return exclusion;
  }

  static std::vector<std::int64_t> TiersOf(const v1::AppraisalLine& line) {
    std::vector<std::int64_t> counts;
    for (const v1::TierShare& tier : line.tiers()) {
      counts.push_back(tier.count());
    }
    return counts;
  }

  testing::TestRuntime host_{"reporting"};
  const TemplateSet templates_;
  std::unique_ptr<AppraisalStore> sheets_;
  std::unique_ptr<ExclusionStore> exclusions_;
  std::unique_ptr<AppraisalWriter> writer_;
  std::unique_ptr<AppraisalHandler> handler_;
  std::unique_ptr<Stub> stub_;
};

TEST_P(AppraisalContract, RefusedUntilTheLastWindowIsOverThenFrozen) {
  Grade("t3", "B", 20);  // graded again: its window ends a day later
  host_.clock().SetCourtTime(absl::CivilSecond(2019, 8, 8, 12));
  const absl::Status early = Create().status();
  EXPECT_THAT(early, HasReason("APPEALS_NOT_OVER"));
  EXPECT_TRUE(absl::IsFailedPrecondition(early));
  EXPECT_THAT(std::string(early.message()), HasSubstr("2019-08-09 06:00"));
  host_.clock().SetCourtTime(absl::CivilSecond(2019, 8, 9, 6));
  EXPECT_FALSE(Create().ok()) << "the last instant is in time";
  host_.clock().Advance(absl::Seconds(1));
  ASSERT_OK_AND_ASSIGN(const v1::Appraisal sheet, Create());
  EXPECT_EQ(sheet.version(), 1);
  EXPECT_EQ(sheet.creator(), "tester");
  EXPECT_EQ(sheet.graded(), 12);
  ASSERT_THAT(sheet.handlers(), SizeIs(1));
  const v1::AppraisalLine& wang = sheet.handlers(0);
  EXPECT_EQ(wang.line().group(), Name("staff", "wang"));
  EXPECT_EQ(wang.state(), v1::Figure::STATE_OK);
  EXPECT_THAT(TiersOf(wang), ElementsAre(11, 1, 0, 0));
  EXPECT_EQ(wang.line().figures(0).current().denominator(), 12);
  EXPECT_EQ(wang.line().figures(1).current().numerator(), 12);
  ASSERT_THAT(sheet.divisions(), SizeIs(1));
  EXPECT_EQ(sheet.divisions(0).line().display_name(), "民事审判一庭");
  v1::GetAppraisalRequest get;
  get.set_name(sheet.name());
  v1::Appraisal stored;
  ASSERT_OK(Call(&Stub::GetAppraisal, get, stored));
  EXPECT_EQ(stored.SerializeAsString(), sheet.SerializeAsString());
}

TEST_P(AppraisalContract, AnOpenAppealIsWaitedForAndNamed) {
  Appeal("a1", "t3", grading::v1::Appeal::STATE_OPEN);
  const absl::Status open = Create().status();
  EXPECT_THAT(open, HasReason("APPEALS_NOT_OVER"));
  EXPECT_THAT(std::string(open.message()), HasSubstr(Name("appeals", "a1")));
  Appeal("a1", "t3", grading::v1::Appeal::STATE_UPHELD);
  Appeal("a1", "t3", grading::v1::Appeal::STATE_OPEN);  // an event again
  EXPECT_OK(Create().status());
}

TEST_P(AppraisalContract, AGradeOfBeforeTellsNoWindowAndWaitsForTheLongest) {
  Grade("t3", "A", 1, /*tells_window=*/false);
  const absl::Status early = Create().status();
  EXPECT_THAT(early, HasReason("APPEALS_NOT_OVER"));
  EXPECT_THAT(std::string(early.message()), HasSubstr("2020-07-28 11:00"));
  AppraisalWriter told(
      *db_, host_.clock(), FigurePolicy(),
      {.min_tickets = 10, .untold_window = absl::Hours(24 * 10)});
  v1::CreateAppraisalRequest request;
  request.set_period(kWeek);
  EXPECT_OK(
      told.Create(kCourt, "tester", {kCourt, "CreateAppraisal", ""}, request)
          .status());
}

TEST_P(AppraisalContract, AppealsOfOtherPeriodsAreNotWaitedFor) {
  Apply(TicketEventOf({.id = "next", .closed_day = 29}));
  Appeal("a1", "next", grading::v1::Appeal::STATE_OPEN);
  EXPECT_OK(Create().status());
}

TEST_P(AppraisalContract, AnExclusionCountsOnlyOnceASecondPersonApproved) {
  As("officer-yang", "officer", Name("staff", "yang"));
  ASSERT_OK_AND_ASSIGN(const Exclusion asked, Ask("t3"));
  EXPECT_EQ(asked.state(), Exclusion::STATE_REQUESTED);
  EXPECT_EQ(asked.ticket_number(), "S-t3");
  EXPECT_THAT(Ask("t3"), HasReason("EXCLUSION_EXISTS"));
  ASSERT_OK_AND_ASSIGN(const v1::Appraisal first, Create());
  EXPECT_EQ(first.closed(), 12) << "one person alone excludes nothing";
  EXPECT_THAT(first.exclusions(), IsEmpty());

  EXPECT_TRUE(absl::IsPermissionDenied(Approve(asked).status()));
  As("officer-yang", "head");
  EXPECT_THAT(Approve(asked), HasReason("SAME_PERSON"));
  As("head-wang", "head", Name("staff", "wang"));
  EXPECT_THAT(Approve(asked), HasReason("OWN_TICKET"));
  As("head-zhao", "head", Name("staff", "zhao"));
  EXPECT_TRUE(absl::IsAborted(Approve(asked, "9").status()));
  ASSERT_OK_AND_ASSIGN(const Exclusion approved, Approve(asked, asked.etag()));
  EXPECT_EQ(approved.state(), Exclusion::STATE_APPROVED);
  EXPECT_THAT(Approve(asked), HasReason("WRONG_STATE"));

  As("officer-yang", "officer");
  EXPECT_THAT(Create(), HasReason("CORRECTION_REASON_NEEDED"));
  ASSERT_OK_AND_ASSIGN(const v1::Appraisal second, Create("批准排除一件"));
  EXPECT_EQ(second.version(), 2);
  EXPECT_EQ(second.corrects(), first.name());
  EXPECT_EQ(second.closed(), 11);
  EXPECT_EQ(second.graded(), 11);
  EXPECT_EQ(second.handlers(0).excluded(), 1);
  EXPECT_THAT(TiersOf(second.handlers(0)), ElementsAre(11, 0, 0, 0));
  ASSERT_THAT(second.exclusions(), SizeIs(1));
  EXPECT_EQ(second.exclusions(0).decider(), "head-zhao");
  EXPECT_EQ(second.exclusions(0).reason(), "诉求超出法院职责");
}

TEST_P(AppraisalContract, TheHandlerNeitherAsksNorIsAskedOfAnUnknownTicket) {
  As("head-wang", "head", Name("staff", "wang"));
  EXPECT_THAT(Ask("t3"), HasReason("OWN_TICKET"));
  As("judge-li", "handler", Name("staff", "li"));
  EXPECT_TRUE(absl::IsPermissionDenied(Ask("t3").status()));
  As("officer-yang", "officer");
  EXPECT_TRUE(absl::IsNotFound(Ask("nowhere").status()));
}

TEST_P(AppraisalContract, ARejectedExclusionLeavesTheTicketAndMayBeAskedAgain) {
  As("officer-yang", "officer");
  ASSERT_OK_AND_ASSIGN(const Exclusion asked, Ask("t3"));
  As("head-zhao", "head");
  v1::RejectAppraisalExclusionRequest reject;
  reject.set_name(asked.name());
  Exclusion answer;
  EXPECT_TRUE(absl::IsInvalidArgument(
      Call(&Stub::RejectAppraisalExclusion, reject, answer)));
  reject.set_note("属于法院职责");
  ASSERT_OK(Call(&Stub::RejectAppraisalExclusion, reject, answer));
  EXPECT_EQ(answer.decision_note(), "属于法院职责");
  As("officer-yang", "officer");
  ASSERT_OK_AND_ASSIGN(const v1::Appraisal sheet, Create());
  EXPECT_EQ(sheet.closed(), 12);
  EXPECT_OK(Ask("t3").status());
  v1::ListAppraisalExclusionsRequest list;
  list.set_parent(kParent);
  list.set_state(Exclusion::STATE_REJECTED);
  v1::ListAppraisalExclusionsResponse page;
  ASSERT_OK(Call(&Stub::ListAppraisalExclusions, list, page));
  ASSERT_THAT(page.appraisal_exclusions(), SizeIs(1));
  EXPECT_EQ(page.appraisal_exclusions(0).name(), asked.name());
}

TEST_P(AppraisalContract, ARegradeIsACorrectionAndTheFrozenOneStays) {
  ASSERT_OK_AND_ASSIGN(const v1::Appraisal first, Create());
  EXPECT_THAT(Create("再做一次"), HasReason("NOTHING_TO_CORRECT"));
  Grade("t3", "D", 24 * 11);  // on 9 August
  EXPECT_THAT(Create("复评"), HasReason("APPEALS_NOT_OVER"))
      << "the new grade may be appealed too";
  host_.clock().SetCourtTime(absl::CivilSecond(2019, 8, 20, 9));
  ASSERT_OK_AND_ASSIGN(const v1::Appraisal second, Create("一件复评改判"));
  EXPECT_EQ(second.correction_reason(), "一件复评改判");
  ASSERT_THAT(second.changes(), SizeIs(2));
  EXPECT_EQ(second.changes(1).group(), Name("staff", "wang"));
  EXPECT_EQ(second.changes(1).figures(0).measure(), v1::MEASURE_PASS_RATE);
  EXPECT_THAT(TiersOf(second.handlers(0)), ElementsAre(11, 0, 0, 1));
  v1::GetAppraisalRequest get;
  get.set_name(first.name());
  v1::Appraisal stored;
  ASSERT_OK(Call(&Stub::GetAppraisal, get, stored));
  EXPECT_EQ(stored.SerializeAsString(), first.SerializeAsString());
}

TEST_P(AppraisalContract, FindingsAreThoseTheReviewersLetStand) {
  Ticket("bad", "D", "forward_only");
  Apply(TicketEventOf({.id = "machine"}));  // inspected, graded by nobody
  Apply(InspectionOf({.id = "machine"}, "forward_only"));
  ASSERT_OK_AND_ASSIGN(const v1::Appraisal sheet, Create());
  EXPECT_EQ(sheet.flagged_ungraded(), 1);
  ASSERT_THAT(sheet.handlers(0).findings(), SizeIs(1));
  EXPECT_EQ(sheet.handlers(0).findings(0).rule(), "forward_only");
  EXPECT_EQ(sheet.handlers(0).findings(0).count(), 1);
}

TEST_P(AppraisalContract, ARepeatedRequestHasTheFirstAnswer) {
  ASSERT_OK_AND_ASSIGN(const v1::Appraisal first, Create("", kRequest));
  Appeal("a1", "t3", grading::v1::Appeal::STATE_OPEN);
  ASSERT_OK_AND_ASSIGN(const v1::Appraisal again, Create("", kRequest));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_TRUE(absl::IsAlreadyExists(Create("x", kRequest).status()));
  ASSERT_OK_AND_ASSIGN(const Exclusion asked, Ask("t3", kRequest));
  ASSERT_OK_AND_ASSIGN(const Exclusion repeated, Ask("t3", kRequest));
  EXPECT_EQ(repeated.name(), asked.name());
}

TEST_P(AppraisalContract, ListedNewestFirstInOutlineAndDownloaded) {
  ASSERT_OK_AND_ASSIGN(const v1::Appraisal sheet, Create());
  v1::ListAppraisalsRequest list;
  list.set_parent(kParent);
  list.set_period(kWeek);
  v1::ListAppraisalsResponse page;
  ASSERT_OK(Call(&Stub::ListAppraisals, list, page));
  ASSERT_THAT(page.appraisals(), SizeIs(1));
  EXPECT_THAT(page.appraisals(0).handlers(), IsEmpty());
  list.set_period("2019-W31");
  ASSERT_OK(Call(&Stub::ListAppraisals, list, page));
  EXPECT_THAT(page.appraisals(), IsEmpty());

  for (const auto& [format, name, text] :
       {std::tuple{v1::REPORT_FORMAT_HTML, "回访质检考核表-2019-W30.html",
                   "民事审判一庭"},
        std::tuple{v1::REPORT_FORMAT_DOCX, "回访质检考核表-2019-W30.docx",
                   "word/document.xml"}}) {
    v1::DownloadAppraisalRequest request;
    request.set_name(sheet.name());
    request.set_format(format);
    grpc::ClientContext context;
    const auto reader = stub_->DownloadAppraisal(&context, request);
    std::string file_name;
    std::string bytes;
    v1::DownloadAppraisalResponse piece;
    while (reader->Read(&piece)) {
      if (!piece.file_name().empty()) file_name = piece.file_name();
      bytes += piece.data();
    }
    ASSERT_TRUE(reader->Finish().ok());
    EXPECT_EQ(file_name, name);
    EXPECT_THAT(bytes, HasSubstr(text));
  }
}

TEST_P(AppraisalContract, HandlersDoNotReadSheetsAboutTheirColleagues) {
  ASSERT_OK_AND_ASSIGN(const v1::Appraisal sheet, Create());
  As("judge-li", "handler", Name("staff", "li"));
  v1::GetAppraisalRequest get;
  get.set_name(sheet.name());
  v1::Appraisal stored;
  EXPECT_TRUE(absl::IsPermissionDenied(Call(&Stub::GetAppraisal, get, stored)));
}

TEST_P(AppraisalContract, EveryStepIsAnEvent) {
  As("officer-yang", "officer");
  ASSERT_OK_AND_ASSIGN(const Exclusion asked, Ask("t3"));
  As("head-zhao", "head");
  ASSERT_OK_AND_ASSIGN(const Exclusion approved, Approve(asked));
  As("officer-yang", "officer");
  ASSERT_OK_AND_ASSIGN(const v1::Appraisal sheet, Create());
  std::vector<v1::ReportEvent> events;
  ASSERT_OK(db_->Read([&](sql::Session& session) {
    events.clear();
    return session.Query("SELECT payload FROM events ORDER BY sequence", {},
                         [&](const sql::Row& row) {
                           events.emplace_back().ParseFromString(row.Blob(0));
                           return absl::OkStatus();
                         });
  }));
  ASSERT_THAT(events, SizeIs(3));
  EXPECT_EQ(events[0].type(), v1::ReportEvent::TYPE_EXCLUSION_REQUESTED);
  EXPECT_EQ(events[0].appraisal_exclusion().requester(), "officer-yang");
  EXPECT_EQ(events[1].type(), v1::ReportEvent::TYPE_EXCLUSION_APPROVED);
  EXPECT_EQ(events[1].appraisal_exclusion().SerializeAsString(),
            approved.SerializeAsString());
  EXPECT_EQ(events[2].type(), v1::ReportEvent::TYPE_APPRAISAL_CREATED);
  EXPECT_EQ(events[2].appraisal().name(), sheet.name());
  EXPECT_THAT(events[2].appraisal().handlers(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, AppraisalContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::reporting
