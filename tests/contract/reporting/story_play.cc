#include "tests/contract/reporting/story_play.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/generator/random.h"
#include "services/common/clock.h"
#include "services/common/proto_time.h"
#include "tests/contract/reporting/reporting_fixture.h"

namespace huifang::reporting {
namespace {

using generator::Random;

constexpr std::uint64_t kSeed = 12368;
constexpr int kPerDivision = 14;  // tickets a week
// The office tries four calls in its fourth week; from the sixth on it draws
// weekly, 8 to 80, of whom three in four are heard.
constexpr int kTrialWeek = 3;
constexpr int kFirstWeek = 5;
constexpr int kDrawnFirst = 8;
constexpr int kDrawnLast = 80;
// People grade all flagged tickets and this share of the others.
constexpr double kGradedShare = 0.1;

std::string Name(const char* collection, absl::string_view id) {
  return absl::StrCat("courts/", kCourt, "/", collection, "/", id);
}

std::string DivisionOf(const Played& one) {
  return Name("divisions", absl::StrCat("d", one.division));
}

google::protobuf::Timestamp At(absl::CivilDay day, int hour) {
  return ToTimestamp(
      absl::FromCivil(absl::CivilHour(day) + hour, CourtTimeZone()));
}

int DrawnIn(int week) {
  if (week == kTrialWeek) return 4;
  if (week < kFirstWeek) return 0;
  return kDrawnFirst + (kDrawnLast - kDrawnFirst) * (week - kFirstWeek) /
                           (kWeeks - 1 - kFirstWeek);
}

}  // namespace

std::vector<Played> PlayWeek(int week) {
  Random random(kSeed * 1000 + static_cast<std::uint64_t>(week));
  std::vector<Played> tickets;
  for (int i = 0; i < kDivisions * kPerDivision; ++i) {
    Played& one = tickets.emplace_back();
    one.id = absl::StrFormat("w%03dn%03d", week, i);
    one.division = static_cast<std::size_t>(i % kDivisions);
    one.closed = kFirstMonday + 7 * week + random.Between(0, 6);
    const double elapsed = static_cast<double>(week) / kWeeks;
    const bool poor = random.Chance(generator::PoorShareAt(elapsed));
    one.truth = generator::TruthOf(kSeed, one.id, poor);
    // The machine overlooks one in ten, and suspects one in twenty wrongly.
    one.flagged = random.Chance(poor ? 0.9 : 0.05);
    one.graded = one.flagged || random.Chance(kGradedShare);
    one.framed = DrawnIn(week) > 0;
  }
  // Equal strata, the odd ones to divisions in turn; lots within a stratum.
  for (int d = 0; d < kDivisions; ++d) {
    const int n = (DrawnIn(week) + (d + week) % kDivisions) / kDivisions;
    for (int left = n; left > 0;) {
      Played& one = tickets[static_cast<std::size_t>(
          d + kDivisions * random.Between(0, kPerDivision - 1))];
      if (one.drawn) continue;
      one.drawn = true;
      --left;
    }
  }
  return tickets;
}

ticket::v1::TicketEvent TicketOf(const Played& one, bool late) {
  ticket::v1::TicketEvent event;
  event.set_court(kCourt);
  event.set_type(ticket::v1::TicketEvent::TYPE_CLOSED);
  ticket::v1::Ticket& t = *event.mutable_ticket();
  t.set_name(Name("tickets", one.id));
  t.set_source_id(one.id);
  t.set_state(ticket::v1::Ticket::STATE_CLOSED);
  t.set_division(DivisionOf(one));
  t.set_content("请法官回电说明案件进展。");
  t.set_generated(true);
  t.set_version(1);
  *t.mutable_create_time() = At(one.closed, 9);
  *t.mutable_dispatch_time() = At(one.closed, 10);
  *t.mutable_reply_time() = At(one.closed, 15);
  *t.mutable_close_time() = At(one.closed, 16);
  *t.mutable_due_time() = At(one.closed, late ? 15 : 18);
  t.add_replies()->set_text("已电话告知当事人开庭时间。");
  return event;
}

grading::v1::GradeEvent InspectionOf(const Played& one) {
  grading::v1::GradeEvent event;
  event.set_court(kCourt);
  event.set_type(grading::v1::GradeEvent::TYPE_INSPECTED);
  grading::v1::Inspection& inspection = *event.mutable_inspection();
  inspection.set_name(Name("inspections", one.id));
  inspection.set_ticket(Name("tickets", one.id));
  inspection.set_state(grading::v1::Inspection::STATE_DONE);
  inspection.set_version(1);
  inspection.set_division(DivisionOf(one));
  *inspection.mutable_closed_time() = At(one.closed, 16);
  inspection.set_proposed_tier(one.flagged ? "D" : "A");
  inspection.set_proposed_pass(!one.flagged);
  inspection.set_flagged(one.flagged);
  return event;
}

grading::v1::GradeEvent GradeOf(const Played& one) {
  grading::v1::GradeEvent event;
  event.set_court(kCourt);
  event.set_type(grading::v1::GradeEvent::TYPE_GRADED);
  grading::v1::Grade& grade = *event.mutable_grade();
  grade.set_name(Name("grades", one.id));
  grade.set_ticket(Name("tickets", one.id));
  grade.set_subject(grading::v1::SUBJECT_TICKET);
  grade.set_division(DivisionOf(one));
  grade.set_tier(one.truth.good_reply ? "A" : "D");
  grade.set_passed(one.truth.good_reply);
  grade.set_counts(true);
  *grade.mutable_closed_time() = At(one.closed, 16);
  *grade.mutable_create_time() = At(one.closed + 7, 10);
  return event;
}

callback::v1::CallbackEvent CallOf(const Played& one, int week) {
  callback::v1::CallbackEvent event;
  event.set_court(kCourt);
  callback::v1::Callback& call = *event.mutable_callback();
  call.set_name(Name("callbacks", one.id));
  call.set_ticket(Name("tickets", one.id));
  call.set_draw(Name("draws", absl::StrCat("w", week)));
  call.mutable_stratum()->set_key(absl::StrCat("d", one.division));
  call.mutable_stratum()->set_population(kPerDivision);
  call.set_division(DivisionOf(one));
  *call.mutable_ticket_close_time() = At(one.closed, 16);
  call.set_simulated(true);
  call.set_version(1);
  if (one.truth.reached) {
    event.set_type(callback::v1::CallbackEvent::TYPE_COMPLETED);
    call.set_state(callback::v1::Callback::STATE_COMPLETED);
    call.set_disposition(callback::v1::DISPOSITION_COMPLETE);
    call.set_verdict(one.truth.satisfied ? callback::v1::VERDICT_SATISFIED
                                         : callback::v1::VERDICT_UNSATISFIED);
    call.mutable_items()->set_solved(one.truth.satisfied
                                         ? callback::v1::ANSWER_YES
                                         : callback::v1::ANSWER_NO);
  } else {
    event.set_type(callback::v1::CallbackEvent::TYPE_UNREACHED);
    call.set_state(callback::v1::Callback::STATE_UNREACHED);
    call.set_disposition(callback::v1::DISPOSITION_NON_CONTACT);
  }
  return event;
}

}  // namespace huifang::reporting
