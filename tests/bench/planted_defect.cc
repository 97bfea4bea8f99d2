// Whether a defect that begins in one division is noticed, and nobody else
// blamed: eight weeks of the generator's court, ten divisions that differ in
// size and quality, replies inspected by the grading service's rules, sixty
// callers a week called back, alerts made each Monday by the reporting
// service's. From week 6 on most replies of one division are poor.
//
// Fails unless its pass rate alarms by week 7 in 99 % of the seeds, and in
// 95 % no chart of any other division does, of whatever measure and week. The
// funnel is printed and not asserted: divisions do differ here, and it says so.
// Of few seeds, what is asserted is what such shares would hardly miss.
// Usage: planted_defect [FIRST LAST]
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/grading/rubrics.h"
#include "services/reporting/comparison_rules.h"
#include "tests/bench/planted_court.h"

namespace huifang::bench {
namespace {

namespace v1 = reporting::v1;
using reporting::Tally;

constexpr int kFoundBy = 7;
constexpr double kFoundShare = 0.99;
constexpr double kOthersShare = 0.05;
// From so many seeds on the shares themselves must hold; of fewer, what is
// beyond this tail is no chance.
constexpr int kManySeeds = 200;
constexpr double kChance = 0.01;

grading::RubricData TicketRubric() {
  for (const auto& file : grading::kRubricFiles) {
    absl::StatusOr<grading::RubricData> rubric =
        grading::ParseRubricJson(file.text);
    if (!rubric.ok()) {
      std::fprintf(stderr, "%s\n", rubric.status().ToString().c_str());
      std::exit(1);
    }
    if (!rubric->about_calls) return *std::move(rubric);
  }
  std::abort();
}

bool IsChart(v1::Alert::Rule rule) {
  return rule == v1::Alert::RULE_CONTROL_LIMIT || rule == v1::Alert::RULE_RUN;
}

// Seeds in which something happened.
struct Counts {
  int found = 0;
  int early = 0;                      // before there was a defect
  int others = 0;                     // any chart of any other division
  int funnels = 0;                    // not of the planted one
  std::map<std::string, int> by;      // others, by measure
  std::map<std::string, int> blamed;  // by measure, division and rule
};

// Whether the division's defect was found in time.
bool Count(const PlantedCourt& court, Counts& counts) {
  bool found = false;
  bool early = false;
  bool funnel = false;
  std::set<std::string> measures;
  std::set<std::string> blamed;
  for (const Raised& raised : court.Watch()) {
    const std::string measure = v1::Measure_Name(raised.measure);
    if (raised.division != court.planted()) {
      if (IsChart(raised.rule)) {
        measures.insert(measure);
      } else {
        funnel = true;
      }
      blamed.insert(absl::StrCat(v1::Alert::Rule_Name(raised.rule), " ",
                                 measure, " ", raised.division));
    } else if (IsChart(raised.rule) &&
               raised.measure == v1::MEASURE_PASS_RATE) {
      early |= raised.week < kPlantedWeek;
      found |= raised.week >= kPlantedWeek && raised.week <= kFoundBy;
    }
  }
  counts.found += found ? 1 : 0;
  counts.early += early ? 1 : 0;
  counts.others += measures.empty() ? 0 : 1;
  counts.funnels += funnel ? 1 : 0;
  for (const std::string& measure : measures) ++counts.by[measure];
  for (const std::string& one : blamed) ++counts.blamed[one];
  return found;
}

struct Group {
  int found = 0;
  int all = 0;
  Tally before;
  Tally after;
};

void Add(const Tally& tally, Tally& sum) {
  sum.successes += tally.successes;
  sum.trials += tally.trials;
}

double Percent(const Tally& tally) {
  return 100 * static_cast<double>(tally.successes) /
         static_cast<double>(tally.trials);
}

void Print(int seeds, const Counts& counts,
           const std::map<std::string, Group>& groups) {
  std::printf(
      "%d seeds of %d weeks, %d tickets and %d calls a week, %.0f %% of one "
      "division's replies poor from week %d\nits pass rate alarmed by week %d: "
      "%d; before it began: %d\na chart of another division, in any week: %d\n",
      seeds, kWeeks, kPerWeek, kSampled, 100 * kPlantedShare, kPlantedWeek,
      kFoundBy, counts.found, counts.early, counts.others);
  for (const auto& [measure, count] : counts.by) {
    std::printf("  of these %s: %d\n", measure.c_str(), count);
  }
  std::printf("a funnel of another division, in any week: %d\n",
              counts.funnels);
  for (const auto& [division, group] : groups) {
    std::printf(
        "  planted in %-12s found %d of %d; %.1f %% passed, then %.1f\n",
        division.c_str(), group.found, group.all, Percent(group.before),
        Percent(group.after));
  }
  for (const auto& [other, count] : counts.blamed) {
    std::printf("  alarmed in %d: %s\n", count, other.c_str());
  }
}

bool Holds(int seeds, const Counts& counts) {
  if (seeds >= kManySeeds) {
    return counts.found >= kFoundShare * seeds &&
           counts.others <= kOthersShare * seeds;
  }
  return counts.found >=
             reporting::BinomialQuantile(seeds, kFoundShare, kChance) &&
         counts.others <=
             reporting::BinomialQuantile(seeds, kOthersShare, 1 - kChance);
}

int Main(int first, int last) {
  const grading::RubricData rubric = TicketRubric();
  Counts counts;
  std::map<std::string, Group> groups;
  for (int seed = first; seed <= last; ++seed) {
    const PlantedCourt court(static_cast<std::uint64_t>(seed), rubric);
    Group& group = groups[court.planted()];
    group.found += Count(court, counts) ? 1 : 0;
    ++group.all;
    Add(court.Passed(false), group.before);
    Add(court.Passed(true), group.after);
  }
  const int seeds = last - first + 1;
  Print(seeds, counts, groups);
  return Holds(seeds, counts) ? 0 : 1;
}

}  // namespace
}  // namespace huifang::bench

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
  return huifang::bench::Main(first, last);
}
