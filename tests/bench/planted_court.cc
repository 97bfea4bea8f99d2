#include "tests/bench/planted_court.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/generator/truth.h"
#include "services/callback/allocation_rules.h"
#include "services/common/clock.h"
#include "services/common/resource_name.h"
#include "services/grading/inspection_rules.h"
#include "services/reporting/alert_rules.h"
#include "services/reporting/report_rules.h"

namespace huifang::bench {
namespace {

namespace rp = reporting;
namespace v1 = reporting::v1;

constexpr char kCourt[] = "110102";
// Tickets the relevance model learns from; more change no verdict's rate.
constexpr std::int64_t kLearned = 1000;
// A draw's, unless its plan says otherwise.
constexpr std::int64_t kFloor = 2;
const absl::CivilDay kUntil(2019, 7, 29);

// Columns of the generated file.
enum Cell {
  kSource = 0,
  kTitle = 6,
  kContent = 7,
  kCase = 10,
  kClosed = 16,
  kReply = 17
};

absl::CivilDay ClosedDay(const generator::GeneratedTicket& ticket) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(ticket.cells[kClosed].substr(0, 10), &day)) {
    std::abort();
  }
  return day;
}

rp::Span SpanOf(int week) {
  const absl::CivilDay sunday = kUntil - 1 - 7 * (kWeeks - week);
  return {rp::Span::Kind::kWeek, sunday - 6, sunday};
}

}  // namespace

PlantedCourt::PlantedCourt(std::uint64_t seed,
                           const grading::RubricData& rubric)
    : seed_(seed),
      court_(generator::MakeCourt(kCourt, seed)),
      planted_(seed % court_.divisions.size()),
      rubric_(rubric),
      weeks_(kWeeks) {
  for (int i = 0; i < kWeeks; ++i) {
    Week& week = weeks_[static_cast<std::size_t>(i)];
    week.facts.span = SpanOf(i + 1);
    week.frame.resize(court_.divisions.size());
  }
  generator::TicketOptions options;
  options.seed = seed;
  // One before the first: else that lacked the tickets that take long.
  options.weeks = kWeeks + 1;
  options.per_week = kPerWeek;
  options.until = kUntil;
  const absl::CivilDay begin =
      generator::FirstMonday(options) + 7 * kPlantedWeek;
  options.poor_share = [&, begin](const generator::DivisionModel& division,
                                  bool at_desk, absl::CivilDay day) {
    const bool planted =
        &division == &court_.divisions[planted_] && day >= begin && !at_desk;
    return planted ? kPlantedShare
                   : generator::UsualPoorShare(division, at_desk);
  };
  MakeTickets(court_, options, [&](const generator::GeneratedTicket& ticket) {
    if (!ticket.closed) return;
    if (ClosedDay(ticket) >= kUntil - 7 * kWeeks) Add(ticket);
  });
  generator::Random random(seed * 15485863 + 5);
  int number = 0;
  for (Week& week : weeks_) Draw(week, ++number, random);
}

std::vector<Raised> PlantedCourt::Watch() const {
  std::vector<Raised> all;
  for (int week = 1; week <= kWeeks; ++week) {
    for (Raised& raised : RaisedIn(week)) all.push_back(std::move(raised));
  }
  return all;
}

rp::Tally PlantedCourt::Passed(bool after) const {
  const int begin = rp::DayNumber(SpanOf(kPlantedWeek).first);
  rp::Tally sum;
  for (const auto& [day, totals] : days_.at(Division(planted_))) {
    if ((day >= begin) != after) continue;
    sum.successes += totals.passed.successes;
    sum.trials += totals.passed.trials;
  }
  return sum;
}

std::string PlantedCourt::Division(std::size_t i) const {
  return MakeResourceName(kCourt, "divisions", court_.divisions[i].id);
}

bool PlantedCourt::Passes(const generator::GeneratedTicket& ticket) {
  grading::TicketFacts facts;
  facts.title = ticket.cells[kTitle];
  facts.content = ticket.cells[kContent];
  facts.reply = ticket.cells[kReply];
  facts.case_number = ticket.cells[kCase];
  facts.overdue = ticket.late;
  if (model_.documents() < kLearned) {
    model_.Learn({grading::NormalizedText(facts.title),
                  grading::NormalizedText(facts.content),
                  grading::NormalizedText(facts.reply)},
                 scratch_);
  }
  std::vector<std::string> rules;
  for (const auto& finding : InspectTicket(facts, model_, scratch_).findings) {
    rules.emplace_back(finding.rule->id);
  }
  return Judge(rubric_, ProposeScores(rubric_, rules)).passed;
}

void PlantedCourt::Add(const generator::GeneratedTicket& ticket) {
  const absl::CivilDay day = ClosedDay(ticket);
  const std::string division = Division(ticket.division);
  const int passed = Passes(ticket) ? 1 : 0;
  const int on_time = ticket.late ? 0 : 1;

  rp::DayTotals& totals = days_[division][rp::DayNumber(day)];
  ++totals.passed.trials;
  totals.passed.successes += passed;
  ++totals.on_time.trials;
  totals.on_time.successes += on_time;

  Week& week = weeks_[static_cast<std::size_t>(
      (day - weeks_.front().facts.span.first) / 7)];
  rp::TicketTotals& tickets = week.facts.tickets[division];
  ++tickets.closed;
  ++tickets.with_due;
  tickets.on_time += on_time;
  rp::QualityTotals& quality = week.facts.quality[division];
  ++quality.inspected;
  quality.proposed_passed += passed;

  const generator::Truth truth =
      generator::TruthOf(seed_, ticket.cells[kSource], ticket.poor_reply);
  rp::CallFact& call = week.frame[ticket.division].emplace_back();
  call.division = division;
  call.close_day = rp::DayNumber(day);
  call.disposition =
      truth.reached ? rp::Disposition::kComplete : rp::Disposition::kNonContact;
  if (truth.reached) {
    call.verdict =
        truth.satisfied ? rp::Verdict::kSatisfied : rp::Verdict::kUnsatisfied;
  }
}

void PlantedCourt::Draw(Week& week, int number,
                        generator::Random& random) const {
  std::vector<callback::StratumSize> sizes;
  for (const auto& tickets : week.frame) {
    sizes.push_back({static_cast<std::int64_t>(tickets.size()), 1});
  }
  const std::vector<std::int64_t> counts = callback::Allocate(
      sizes, kSampled, callback::AllocationMethod::kProportional, kFloor);
  for (std::size_t h = 0; h < counts.size(); ++h) {
    std::vector<rp::CallFact>& frame = week.frame[h];
    for (std::size_t i = 0; i < static_cast<std::size_t>(counts[h]); ++i) {
      std::swap(frame[i], frame[i + random.Below(frame.size() - i)]);
      rp::CallFact& call = week.calls.emplace_back(frame[i]);
      call.draw = absl::StrCat(number);
      call.stratum = court_.divisions[h].id;
      call.stratum_population = sizes[h].population;
    }
  }
  week.frame.clear();
}

std::vector<Raised> PlantedCourt::RaisedIn(int week) const {
  rp::ReportFacts facts;
  facts.court = absl::StrCat("courts/", kCourt);
  const rp::Span span = SpanOf(week);
  for (const rp::Span& one : rp::SpansUpTo(span, rp::kTrendSpans)) {
    facts.spans.emplace_back().span = one;
    for (const Week& known : weeks_) {
      if (known.facts.span == one) facts.spans.back() = known.facts;
    }
  }
  // No later day is known yet.
  for (int i = 0; i < week; ++i) {
    const std::vector<rp::CallFact>& calls =
        weeks_[static_cast<std::size_t>(i)].calls;
    facts.calls.insert(facts.calls.end(), calls.begin(), calls.end());
  }
  for (const auto& [division, by_day] : days_) {
    const auto end = by_day.upper_bound(rp::DayNumber(span.last));
    facts.days[division] = {by_day.begin(), end};
  }
  const absl::Time monday =
      absl::FromCivil(span.last + 1, CourtTimeZone()) + absl::Hours(8);
  std::vector<Raised> raised;
  for (const v1::Alert& alert :
       rp::AlertsOf(kCourt, AssembleReport(facts, rp::FigurePolicy()), monday,
                    rp::AlertPolicy())) {
    if (alert.division().empty()) continue;
    raised.push_back(
        {week, IdOf(alert.division()), alert.measure(), alert.rule()});
  }
  return raised;
}

}  // namespace huifang::bench
