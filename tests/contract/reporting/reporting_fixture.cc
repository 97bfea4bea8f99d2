#include "tests/contract/reporting/reporting_fixture.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "services/common/proto_time.h"
#include "services/common/schema.h"
#include "services/common/status_macros.h"
#include "services/reporting/facts_reader.h"
#include "services/reporting/facts_store.h"
#include "services/reporting/schema.h"
#include "tests/support/backends.h"
#include "tests/support/matchers.h"

namespace huifang::reporting {
namespace {

std::string Name(const char* collection, const std::string& id) {
  return absl::StrCat("courts/", kCourt, "/", collection, "/", id);
}

absl::Time July(int day, int hour) {
  return absl::FromCivil(absl::CivilHour(2019, 7, day, hour), CourtTimeZone());
}

}  // namespace

ticket::v1::TicketEvent TicketEventOf(const TicketSpec& spec) {
  ticket::v1::TicketEvent event;
  event.set_court(kCourt);
  event.set_type(ticket::v1::TicketEvent::TYPE_CLOSED);
  ticket::v1::Ticket& t = *event.mutable_ticket();
  t.set_name(Name("tickets", spec.id));
  t.set_source_id(absl::StrCat("S-", spec.id));
  t.set_channel(ticket::v1::CHANNEL_PHONE);
  t.set_kind(ticket::v1::KIND_CONTACT_JUDGE);
  t.set_division(Name("divisions", spec.division));
  t.set_handler(Name("staff", "wang"));
  t.set_content("请法官回电说明案件进展。");
  t.set_version(spec.version);
  const int day = spec.closed_day == 0 ? 20 : spec.closed_day;
  *t.mutable_create_time() = ToTimestamp(July(day, 9));
  if (!spec.instant) {
    *t.mutable_dispatch_time() = ToTimestamp(July(day, 10));
    *t.mutable_due_time() = ToTimestamp(July(day, spec.late ? 14 : 18));
  }
  if (spec.closed_day == 0) {
    t.set_state(ticket::v1::Ticket::STATE_DISPATCHED);
    return event;
  }
  t.set_state(spec.instant ? ticket::v1::Ticket::STATE_ANSWERED_AT_DESK
                           : ticket::v1::Ticket::STATE_CLOSED);
  *t.mutable_reply_time() = ToTimestamp(July(day, 15));
  *t.mutable_close_time() = ToTimestamp(July(day, 16));
  t.add_replies()->set_text("已收悉，会尽快处理。");
  return event;
}

grading::v1::GradeEvent InspectionOf(const TicketSpec& spec,
                                     const std::string& rule, int version) {
  grading::v1::GradeEvent event;
  event.set_court(kCourt);
  event.set_type(grading::v1::GradeEvent::TYPE_INSPECTED);
  grading::v1::Inspection& i = *event.mutable_inspection();
  i.set_name(Name("inspections", spec.id));
  i.set_ticket(Name("tickets", spec.id));
  i.set_state(grading::v1::Inspection::STATE_DONE);
  i.set_version(version);
  i.set_division(Name("divisions", spec.division));
  *i.mutable_closed_time() = ToTimestamp(July(spec.closed_day, 16));
  i.set_proposed_tier(rule.empty() ? "A" : "D");
  i.set_proposed_pass(rule.empty());
  i.set_flagged(!rule.empty());
  if (!rule.empty()) {
    grading::v1::Finding& finding = *i.add_findings();
    finding.set_rule_id(rule);
    finding.set_rule_version(1);
    finding.set_display_name("仅表示收悉");
    finding.add_quotes()->set_text("已收悉");
  }
  return event;
}

grading::v1::GradeEvent GradeOf(const TicketSpec& spec, const char* tier,
                                bool passed) {
  grading::v1::GradeEvent event;
  event.set_court(kCourt);
  event.set_type(grading::v1::GradeEvent::TYPE_GRADED);
  grading::v1::Grade& g = *event.mutable_grade();
  g.set_name(Name("grades", absl::StrCat("g-", spec.id)));
  g.set_ticket(Name("tickets", spec.id));
  g.set_subject(grading::v1::SUBJECT_TICKET);
  g.set_division(Name("divisions", spec.division));
  g.set_tier(tier);
  g.set_passed(passed);
  g.set_counts(true);
  *g.mutable_closed_time() = ToTimestamp(July(spec.closed_day, 16));
  *g.mutable_create_time() = ToTimestamp(July(29, 10));
  return event;
}

callback::v1::CallbackEvent CallOf(const CallSpec& spec) {
  callback::v1::CallbackEvent event;
  event.set_court(kCourt);
  event.set_type(callback::v1::CallbackEvent::TYPE_COMPLETED);
  callback::v1::Callback& c = *event.mutable_callback();
  c.set_name(Name("callbacks", spec.id));
  c.set_ticket(Name("tickets", spec.ticket));
  c.set_draw(Name("draws", "d1"));
  c.mutable_stratum()->set_key(spec.division);
  c.mutable_stratum()->set_population(spec.population);
  c.set_division(Name("divisions", spec.division));
  *c.mutable_ticket_close_time() = ToTimestamp(July(22, 16));
  c.set_state(callback::v1::Callback::STATE_COMPLETED);
  c.set_disposition(callback::v1::DISPOSITION_COMPLETE);
  c.set_verdict(spec.verdict);
  const bool good = spec.verdict != callback::v1::VERDICT_UNSATISFIED;
  c.mutable_items()->set_solved(good ? callback::v1::ANSWER_YES
                                     : callback::v1::ANSWER_NO);
  c.mutable_items()->set_judge_called(callback::v1::ANSWER_YES);
  c.set_opinion(spec.opinion);
  c.set_version(spec.version);
  return event;
}

void ReportingFixture::SetUp() {
  ASSERT_OK_AND_ASSIGN(
      db_, sql::Database::Open({.url = testing::FreshDatabase(GetParam())}));
  log_ = std::make_unique<EventLog>(*db_, hub_);
  ASSERT_OK(db_->Migrate(
      "common", {std::begin(kCommonMigrations), std::end(kCommonMigrations)}));
  ASSERT_OK(db_->Migrate("reporting",
                         {std::begin(kMigrations), std::end(kMigrations)}));
  // Monday after the week that most tests report on.
  clock_.SetCourtTime(absl::CivilSecond(2019, 7, 29, 9));
}

void ReportingFixture::Apply(const ticket::v1::TicketEvent& event) {
  ASSERT_OK(db_->Write(kCourt, [&](sql::Session& session) {
    return ApplyTicketEvent(session, event);
  }));
}

void ReportingFixture::Apply(const callback::v1::CallbackEvent& event) {
  ASSERT_OK(db_->Write(kCourt, [&](sql::Session& session) {
    return ApplyCallbackEvent(session, event);
  }));
}

void ReportingFixture::Apply(const grading::v1::GradeEvent& event) {
  ASSERT_OK(db_->Write(kCourt, [&](sql::Session& session) {
    return ApplyGradeEvent(session, event);
  }));
}

void ReportingFixture::ApplyDirectory() {
  ticket::v1::TicketEvent event;
  event.set_court(kCourt);
  event.set_type(ticket::v1::TicketEvent::TYPE_DIRECTORY_CHANGED);
  ticket::v1::Directory& directory = *event.mutable_directory();
  directory.mutable_court()->set_name(absl::StrCat("courts/", kCourt));
  directory.mutable_court()->set_display_name("北京市西城区人民法院");
  for (const auto& [id, name] : {std::pair{"civil-1", "民事审判一庭"},
                                 std::pair{"civil-2", "民事审判二庭"}}) {
    ticket::v1::Division& division = *directory.add_divisions();
    division.set_name(Name("divisions", id));
    division.set_display_name(name);
  }
  Apply(event);
}

v1::Report ReportingFixture::Report(const std::string& period,
                                    const std::string& division) {
  v1::Report report;
  const absl::StatusOr<Span> span = ParseSpan(period);
  EXPECT_OK(span.status());
  EXPECT_OK(db_->Read([&](sql::Session& session) -> absl::Status {
    FactsReader reader(session, kCourt);
    ASSIGN_OR_RETURN(const ReportFacts facts,
                     reader.ReadReport(*span, division));
    report = AssembleReport(facts, FigurePolicy());
    return absl::OkStatus();
  }));
  return report;
}

v1::Figure ReportingFixture::Figure(const v1::Report& report,
                                    v1::Measure measure) {
  for (const v1::Figure& figure : report.figures()) {
    if (figure.measure() == measure) return figure;
  }
  return {};
}

}  // namespace huifang::reporting
