// How long a court's and a division's reports take with years of history behind
// them, against their limits. Usage: report_bench DATABASE_URL [TICKETS]
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "services/common/event_log.h"
#include "services/common/proto_time.h"
#include "services/common/schema.h"
#include "services/reporting/facts_store.h"
#include "services/reporting/report_file.h"
#include "services/reporting/report_writer.h"
#include "services/reporting/schema.h"
#include "tests/support/fake_clock.h"

namespace huifang::reporting {
namespace {

constexpr char kCourt[] = "110102";
constexpr int kWeeks = 156;
constexpr int kDivisions = 20;
// Handlers in teams in divisions, as many as a customer service of a real file
// has agents and supervisors.
constexpr int kTeamsADivision = 10;
constexpr int kHandlers = 1400;
constexpr int kCallsAWeek = 60;
constexpr int kBatch = 2000;
constexpr absl::Duration kWeekLimit = absl::Seconds(1);
constexpr absl::Duration kMonthLimit = absl::Seconds(2);
const absl::CivilDay kFirstMonday(2016, 8, 1);

void Must(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << "\n";
  std::exit(1);
}

std::string Name(const char* collection, absl::string_view id) {
  return absl::StrCat("courts/", kCourt, "/", collection, "/", id);
}

// The `i`th of `total` tickets, spread evenly over the weeks.
absl::CivilHour ClosedAt(std::int64_t i, std::int64_t total) {
  const std::int64_t hours = std::int64_t{kWeeks} * 7 * 24;
  return absl::CivilHour(kFirstMonday) + i * hours / total;
}

std::string Division(std::int64_t i) {
  return Name("divisions", absl::StrCat("d", i % kDivisions));
}

// Each handler in one team, each team in one division.
std::string Handler(std::int64_t i) {
  return Name("staff", absl::StrCat("s", i % kHandlers));
}
std::string Team(std::int64_t i) {
  const std::int64_t place = i % kHandlers / kDivisions % kTeamsADivision;
  return Name("teams", absl::StrCat("d", i % kDivisions, "-", place));
}

ticket::v1::TicketEvent TicketOf(std::int64_t i, std::int64_t total) {
  const absl::Time closed =
      absl::FromCivil(ClosedAt(i, total), CourtTimeZone());
  ticket::v1::TicketEvent event;
  event.set_court(kCourt);
  event.set_type(ticket::v1::TicketEvent::TYPE_CLOSED);
  ticket::v1::Ticket& t = *event.mutable_ticket();
  t.set_name(Name("tickets", absl::StrFormat("t%08d", i)));
  t.set_source_id(absl::StrCat("S", i));
  t.set_channel(ticket::v1::CHANNEL_PHONE);
  t.set_kind(ticket::v1::KIND_CONTACT_JUDGE);
  t.set_state(ticket::v1::Ticket::STATE_CLOSED);
  t.set_division(Division(i));
  t.set_team(Team(i));
  t.set_handler(Handler(i));
  t.set_content("请法官回电说明案件进展，开庭时间是否已经确定。");
  t.set_version(1);
  *t.mutable_create_time() = ToTimestamp(closed - absl::Hours(20));
  *t.mutable_dispatch_time() = ToTimestamp(closed - absl::Hours(19));
  *t.mutable_due_time() =
      ToTimestamp(closed + (i % 17 == 0 ? -absl::Hours(1) : absl::Hours(5)));
  *t.mutable_reply_time() = ToTimestamp(closed - absl::Hours(1));
  *t.mutable_close_time() = ToTimestamp(closed);
  t.add_replies()->set_text(
      "已电话告知当事人开庭时间，并说明了需要准备的材料。");
  return event;
}

grading::v1::GradeEvent InspectionOf(const ticket::v1::Ticket& ticket,
                                     std::int64_t i) {
  grading::v1::GradeEvent event;
  event.set_court(kCourt);
  event.set_type(grading::v1::GradeEvent::TYPE_INSPECTED);
  grading::v1::Inspection& inspection = *event.mutable_inspection();
  inspection.set_name(Name("inspections", absl::StrFormat("t%08d", i)));
  inspection.set_ticket(ticket.name());
  inspection.set_state(grading::v1::Inspection::STATE_DONE);
  inspection.set_version(1);
  inspection.set_division(ticket.division());
  inspection.set_team(ticket.team());
  inspection.set_handler(ticket.handler());
  *inspection.mutable_closed_time() = ticket.close_time();
  const bool bad = i % 13 == 0;
  inspection.set_proposed_tier(bad ? "D" : "A");
  inspection.set_proposed_pass(!bad);
  inspection.set_flagged(bad);
  if (bad) {
    grading::v1::Finding& finding = *inspection.add_findings();
    finding.set_rule_id("over_simplified");
    finding.set_rule_version(1);
    finding.set_display_name("过于简单");
    finding.add_quotes()->set_text("已电话告知");
  }
  return event;
}

callback::v1::CallbackEvent CallOf(const ticket::v1::Ticket& ticket,
                                   std::int64_t i, std::int64_t week) {
  callback::v1::CallbackEvent event;
  event.set_court(kCourt);
  event.set_type(callback::v1::CallbackEvent::TYPE_COMPLETED);
  callback::v1::Callback& call = *event.mutable_callback();
  call.set_name(Name("callbacks", absl::StrCat("c", i)));
  call.set_ticket(ticket.name());
  call.set_draw(Name("draws", absl::StrCat("w", week)));
  call.mutable_stratum()->set_key(absl::StrCat("d", i % kDivisions));
  call.mutable_stratum()->set_population(320);
  call.set_division(ticket.division());
  call.set_team(ticket.team());
  *call.mutable_ticket_close_time() = ticket.close_time();
  call.set_state(callback::v1::Callback::STATE_COMPLETED);
  call.set_disposition(callback::v1::DISPOSITION_COMPLETE);
  call.set_verdict(i % 19 == 0 ? callback::v1::VERDICT_UNSATISFIED
                               : callback::v1::VERDICT_SATISFIED);
  call.mutable_items()->set_solved(callback::v1::ANSWER_YES);
  call.set_version(1);
  return event;
}

void Fill(sql::Database& db, std::int64_t total) {
  const std::int64_t a_week = total / kWeeks;
  const std::int64_t every = a_week > kCallsAWeek ? a_week / kCallsAWeek : 1;
  for (std::int64_t at = 0; at < total; at += kBatch) {
    Must(db.Write(kCourt, [&](sql::Session& session) -> absl::Status {
      for (std::int64_t i = at; i < std::min(at + kBatch, total); ++i) {
        const ticket::v1::TicketEvent event = TicketOf(i, total);
        absl::Status status = ApplyTicketEvent(session, event);
        status.Update(
            ApplyGradeEvent(session, InspectionOf(event.ticket(), i)));
        if (i % every == 0) {
          status.Update(ApplyCallbackEvent(
              session, CallOf(event.ticket(), i, i / (a_week + 1))));
        }
        if (!status.ok()) return status;
      }
      return absl::OkStatus();
    }));
  }
}

void Measure(ReportWriter& writer, sql::Database& db, const std::string& period,
             const std::string& division) {
  v1::BuildReportRequest request;
  request.set_parent(absl::StrCat("courts/", kCourt));
  request.set_period(period);
  request.set_division(division);
  const absl::StatusOr<v1::Report> asked =
      writer.Request(kCourt, "bench", {kCourt, "BuildReport", ""}, request);
  Must(asked.status());
  const std::string id = asked->name().substr(asked->name().rfind('/') + 1);
  const absl::Duration limit =
      absl::StrContains(period, 'W') ? kWeekLimit : kMonthLimit;
  const absl::Time begin = absl::Now();
  const std::clock_t cpu = std::clock();
  Must(writer.Build(kCourt, id));
  const absl::Duration built = absl::Now() - begin;
  const double cpu_ms =
      1000.0 * static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
  ReportStore store(db);
  const absl::StatusOr<v1::Report> report = store.Get(kCourt, id);
  Must(report.status());
  const absl::Time render = absl::Now();
  const auto html =
      RenderFile(*report, v1::REPORT_FORMAT_HTML, Locale::kChinese);
  Must(html.status());
  std::printf(
      "%-8s %-9s %2d groups, built in %4.0f ms (%.2f x the limit), "
      "%4.0f ms of CPU, "
      "HTML %3.0f ms, %zu kB\n",
      period.c_str(), division.empty() ? "court" : "division",
      report->groups_size(), absl::ToDoubleMilliseconds(built),
      absl::FDivDuration(built, limit), cpu_ms,
      absl::ToDoubleMilliseconds(absl::Now() - render),
      html->bytes.size() / 1000);
}

int Main(const std::string& url, std::int64_t total) {
  absl::StatusOr<std::unique_ptr<sql::Database>> db =
      sql::Database::Open({.url = url});
  Must(db.status());
  WakeHub hub(absl::Milliseconds(5));
  EventLog log(**db, hub);
  Must((*db)->Migrate(
      "common", {std::begin(kCommonMigrations), std::end(kCommonMigrations)}));
  Must((*db)->Migrate("reporting",
                      {std::begin(kMigrations), std::end(kMigrations)}));
  const absl::Time begin = absl::Now();
  Fill(**db, total);
  std::printf(
      "projected %lld tickets: %.0f a second\n", static_cast<long long>(total),
      static_cast<double>(total) / absl::ToDoubleSeconds(absl::Now() - begin));
  testing::FakeClock clock(
      absl::FromCivil(kFirstMonday + kWeeks * 7, CourtTimeZone()));
  ReportWriter writer(**db, clock, FigurePolicy());
  for (const char* division : {"", "d3"}) {
    for (const char* period : {"2019-W29", "2019-06"}) {
      Measure(writer, **db, period,
              *division == '\0' ? "" : Name("divisions", division));
    }
  }
  return 0;
}

}  // namespace
}  // namespace huifang::reporting

int main(int argc, char** argv) {
  std::int64_t total = 1'000'000;
  if (argc < 2 || argc > 3 ||
      (argc == 3 && (!absl::SimpleAtoi(argv[2], &total) || total < 1))) {
    std::cerr << "usage: report_bench DATABASE_URL [TICKETS]\n"
                 "  for example: report_bench sqlite:/tmp/report.db 1000000\n";
    return 2;
  }
  return huifang::reporting::Main(argv[1], total);
}
