#include "tests/unit/reporting/sample_appraisal.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/common/clock.h"
#include "services/common/proto_time.h"
#include "services/reporting/appraisal_correction.h"
#include "services/reporting/appraisal_rules.h"

namespace huifang::reporting {
namespace {

absl::Time At(int month, int day, int hour) {
  return absl::FromCivil(absl::CivilHour(2019, month, day, hour),
                         CourtTimeZone());
}

HandledFacts Line(std::int64_t closed, std::int64_t graded, std::int64_t passed,
                  std::int64_t late) {
  HandledFacts line;
  line.tickets.closed = closed;
  line.tickets.with_due = closed;
  line.tickets.on_time = closed - late;
  line.quality.inspected = closed;
  line.quality.flagged = graded / 2;
  line.quality.flagged_graded = graded / 2;
  line.quality.flagged_passed =
      std::max<std::int64_t>(0, graded / 2 - (graded - passed));
  line.quality.plain_graded = graded - graded / 2;
  line.quality.plain_passed = passed - line.quality.flagged_passed;
  line.tiers = {
      {"A", passed / 2}, {"B", passed - passed / 2}, {"D", graded - passed}};
  line.findings = {{"over_simplified", graded - passed}, {"overdue", late}};
  return line;
}

AppraisalFacts Facts(std::int64_t passed_of_wang) {
  AppraisalFacts facts;
  facts.court = "courts/110102";
  facts.span = ParseSpan("2019-07").value();
  facts.appeals = {
      .open_windows = 0, .last_end = At(8, 20, 17), .appeals = {}, .any = true};
  const auto name = [&](const char* collection, const char* id,
                        const char* text) {
    const std::string full = absl::StrCat("courts/110102/", collection, id);
    facts.names[full] = text;
    return full;
  };
  facts.names["courts/110102"] = "北京市西城区人民法院";
  const std::string civil = name("divisions/", "civil-1", "民事审判一庭");
  const std::string second = name("divisions/", "civil-2", "民事审判二庭");
  facts.lines[{civil, name("staff/", "wang", "王法官")}] =
      Line(120, 48, passed_of_wang, 2);
  facts.lines[{civil, name("staff/", "li", "李法官<b>")}] = Line(96, 40, 39, 1);
  facts.lines[{second, name("staff/", "chen", "陈助理")}] =
      Line(110, 44, 43, 9);
  facts.lines[{second, name("staff/", "zhao", "赵法官")}] = Line(14, 6, 3, 0);
  facts.lines[{second, ""}] = Line(30, 0, 0, 0);
  facts.lines[{civil, "courts/110102/staff/li"}].excluded = 1;
  v1::AppraisalExclusion& one = facts.exclusions.emplace_back();
  one.set_name("courts/110102/appraisalExclusions/x1");
  one.set_ticket("courts/110102/tickets/t9");
  one.set_ticket_number("12368-201907-0412");
  one.set_division_display_name("民事审判一庭");
  one.set_reason("=诉求超出法院职责");
  one.set_requester("officer-yang");
  one.set_decider("head-zhao");
  *one.mutable_create_time() = ToTimestamp(At(7, 25, 10));
  *one.mutable_decide_time() = ToTimestamp(At(7, 26, 9));
  for (int i = 0; i < 24; ++i) {
    CallFact& call = facts.calls.emplace_back();
    call.draw = "d1";
    call.stratum = "s";
    call.stratum_population = 200;
    call.division = i % 2 == 0 ? civil : second;
    call.group = HandlerGroup(
        {call.division,
         absl::StrCat("courts/110102/staff/", i % 2 == 0 ? "wang" : "chen")});
    call.close_day = DayNumber(absl::CivilDay(2019, 7, 10));
    call.ticket = absl::StrCat("c", i);
    call.caller = call.ticket;
    call.disposition = Disposition::kComplete;
    call.verdict = i % 6 == 0 ? Verdict::kUnsatisfied : Verdict::kSatisfied;
  }
  return facts;
}

}  // namespace

v1::Appraisal SampleAppraisal() {
  const auto sheet = [](std::int64_t passed) {
    return AssembleAppraisal(Facts(passed), FigurePolicy(), AppraisalPolicy());
  };
  v1::Appraisal before = sheet(29);
  before.set_name("courts/110102/appraisals/one");
  before.set_version(1);
  v1::Appraisal made = sheet(30);
  if (!CorrectAppraisal(before, "一件复评改判", made).ok()) std::abort();
  made.set_name("courts/110102/appraisals/two");
  made.set_version(2);
  made.set_creator("officer-yang");
  *made.mutable_create_time() = ToTimestamp(At(9, 2, 10));
  return made;
}

}  // namespace huifang::reporting
