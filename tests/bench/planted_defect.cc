// Whether a defect that begins in one division is noticed, and nobody else
// blamed: eight weeks of the generator's court, ten divisions that differ in
// size and quality, replies inspected by the grading service's rules, charts
// and alerts made each Monday by the reporting service's. From week 6 on most
// replies of one division are poor. Usage: planted_defect [FIRST LAST]
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "clients/generator/court.h"
#include "clients/generator/tickets.h"
#include "services/common/clock.h"
#include "services/grading/inspection_rules.h"
#include "services/grading/relevance_model.h"
#include "services/grading/rubric_rules.h"
#include "services/grading/rubrics.h"
#include "services/reporting/alert_rules.h"
#include "services/reporting/watch_rules.h"

namespace huifang {
namespace {

namespace rp = reporting;
namespace v1 = reporting::v1;

constexpr int kWeeks = 8;
constexpr int kPlantedWeek = 6;
constexpr int kFoundBy = 7;
constexpr int kPerWeek = 1000;
constexpr double kPlantedShare = 0.9;
// Tickets the relevance model learns from; more change no verdict's rate.
constexpr std::int64_t kLearned = 1000;
const absl::CivilDay kUntil(2019, 7, 29);

void Must(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

grading::RubricData TicketRubric() {
  for (const auto& file : grading::kRubricFiles) {
    absl::StatusOr<grading::RubricData> rubric =
        grading::ParseRubricJson(file.text);
    Must(rubric.status());
    if (!rubric->about_calls) return *std::move(rubric);
  }
  std::abort();
}

// Columns of the generated file.
enum Cell { kTitle = 6, kContent = 7, kCase = 10, kClosed = 16, kReply = 17 };

absl::CivilDay ClosedDay(const generator::GeneratedTicket& ticket) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(ticket.cells[kClosed].substr(0, 10), &day)) {
    std::abort();
  }
  return day;
}

struct Found {
  bool in_time = false;
  bool early = false;            // before there was a defect
  std::set<std::string> others;  // measure and division
};

class Court {
 public:
  Court(std::uint64_t seed, const grading::RubricData& rubric)
      : court_(generator::MakeCourt("110102", seed)),
        planted_(seed % court_.divisions.size()),
        rubric_(rubric) {
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
  }

  // What each Monday's look at the charts raises.
  Found Watch() const {
    Found found;
    for (int week = 1; week <= kWeeks; ++week) {
      const absl::CivilDay sunday = kUntil - 1 - 7 * (kWeeks - week);
      for (const v1::Alert& alert : AlertsOn(sunday)) {
        const bool planted = alert.division() == Division(planted_) &&
                             alert.measure() == v1::MEASURE_PASS_RATE;
        if (!planted) {
          if (alert.division() == Division(planted_)) continue;
          found.others.insert(absl::StrCat(v1::Measure_Name(alert.measure()),
                                           " ", alert.division(), " ",
                                           v1::Alert::Rule_Name(alert.rule())));
        } else if (week < kPlantedWeek) {
          found.early = true;
        } else if (week <= kFoundBy) {
          found.in_time = true;
        }
      }
    }
    return found;
  }

  const std::string& planted() const { return court_.divisions[planted_].id; }

  // Pass rate of the planted division before or after it began.
  rp::Tally Passed(bool after) const {
    const int begin = rp::DayNumber(kUntil - 7 * (kWeeks - kPlantedWeek + 1));
    rp::Tally sum;
    for (const auto& [day, totals] : days_.at(Division(planted_))) {
      if ((day >= begin) != after) continue;
      sum.successes += totals.passed.successes;
      sum.trials += totals.passed.trials;
    }
    return sum;
  }

 private:
  std::string Division(std::size_t i) const {
    return absl::StrCat("courts/110102/divisions/", court_.divisions[i].id);
  }

  void Add(const generator::GeneratedTicket& ticket) {
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
    for (const auto& finding :
         InspectTicket(facts, model_, scratch_).findings) {
      rules.emplace_back(finding.rule->id);
    }
    rp::DayTotals& day =
        days_[Division(ticket.division)][rp::DayNumber(ClosedDay(ticket))];
    ++day.passed.trials;
    day.passed.successes +=
        Judge(rubric_, ProposeScores(rubric_, rules)).passed ? 1 : 0;
    ++day.on_time.trials;
    day.on_time.successes += ticket.late ? 0 : 1;
  }

  std::vector<v1::Alert> AlertsOn(absl::CivilDay sunday) const {
    const rp::Span week{rp::Span::Kind::kWeek, sunday - 6, sunday};
    // No later day is known yet.
    rp::DayFacts days;
    for (const auto& [division, by_day] : days_) {
      auto& until = days[division];
      for (const auto& [day, totals] : by_day) {
        if (day <= rp::DayNumber(sunday)) until[day] = totals;
      }
    }
    const std::vector<rp::CallFact> calls;
    rp::WatchFacts watch;
    watch.week = week;
    watch.days = &days;
    watch.calls = &calls;
    v1::Report report;
    report.mutable_period()->set_label(rp::SpanLabel(week));
    for (v1::ControlChart& chart : MakeCharts(watch, rp::FigurePolicy())) {
      *report.add_charts() = std::move(chart);
    }
    const absl::Time monday =
        absl::FromCivil(sunday + 1, CourtTimeZone()) + absl::Hours(8);
    return rp::AlertsOf("110102", report, monday, rp::AlertPolicy());
  }

  const generator::CourtModel court_;
  const std::size_t planted_;
  const grading::RubricData& rubric_;
  grading::RelevanceModel model_;
  grading::RelevanceModel::Scratch scratch_;
  rp::DayFacts days_;
};

struct Group {
  int found = 0;
  int all = 0;
  rp::Tally before;
  rp::Tally after;
};

void Add(const rp::Tally& tally, rp::Tally& sum) {
  sum.successes += tally.successes;
  sum.trials += tally.trials;
}

double Percent(const rp::Tally& tally) {
  return 100 * static_cast<double>(tally.successes) /
         static_cast<double>(tally.trials);
}

int Main(int first, int last) {
  const grading::RubricData rubric = TicketRubric();
  int found = 0;
  int early = 0;
  int others = 0;
  std::map<std::string, int> blamed;
  std::map<std::string, Group> groups;
  for (int seed = first; seed <= last; ++seed) {
    const Court court(static_cast<std::uint64_t>(seed), rubric);
    const Found one = court.Watch();
    found += one.in_time ? 1 : 0;
    early += one.early ? 1 : 0;
    const bool passed = std::any_of(
        one.others.begin(), one.others.end(), [](const std::string& other) {
          return other.rfind("MEASURE_PASS_RATE", 0) == 0;
        });
    others += passed ? 1 : 0;
    for (const std::string& other : one.others) ++blamed[other];
    Group& group = groups[court.planted()];
    group.found += one.in_time ? 1 : 0;
    ++group.all;
    Add(court.Passed(false), group.before);
    Add(court.Passed(true), group.after);
  }
  const int seeds = last - first + 1;
  std::printf(
      "%d seeds of %d weeks, %d tickets a week, %.0f %% of one division's "
      "replies poor from week %d\nits pass rate alarmed by week %d: %d; before "
      "it began: %d; another division's in any week: %d\n",
      seeds, kWeeks, kPerWeek, 100 * kPlantedShare, kPlantedWeek, kFoundBy,
      found, early, others);
  for (const auto& [division, group] : groups) {
    std::printf(
        "  planted in %-12s found %d of %d; %.1f %% passed, then %.1f\n",
        division.c_str(), group.found, group.all, Percent(group.before),
        Percent(group.after));
  }
  for (const auto& [other, count] : blamed) {
    std::printf("  alarmed in %d: %s\n", count, other.c_str());
  }
  return others * 20 <= seeds && found * 100 >= seeds * 99 ? 0 : 1;
}

}  // namespace
}  // namespace huifang

int main(int argc, char** argv) {
  int first = 1;
  int last = 200;
  if ((argc != 1 && argc != 3) ||
      (argc == 3 &&
       (!absl::SimpleAtoi(argv[1], &first) ||
        !absl::SimpleAtoi(argv[2], &last) || first < 1 || last < first))) {
    std::fprintf(stderr, "usage: planted_defect [FIRST LAST]\n");
    return 2;
  }
  return huifang::Main(first, last);
}
