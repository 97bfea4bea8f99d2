// How often the intervals of a report hold the truth. Draws frames of tickets,
// samples and answers many times, and prints Markdown tables for
// docs/methods.md. Fails where an interval that reports print misses the truth
// more often than it may, or is wide for nothing. Usage: coverage [REPETITIONS]
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/callback/allocation_rules.h"
#include "services/reporting/caller_rules.h"
#include "services/reporting/claim_rules.h"
#include "services/reporting/estimate_rules.h"
#include "services/reporting/interval_rules.h"

namespace huifang::reporting {
namespace {

constexpr int kDefaultRepetitions = 10000;
constexpr int kMinRepetitions = 2000;
constexpr std::size_t kRepeats = 5;
// What an interval called 95 % should reach.
constexpr double kLeastCoverage = 0.930;
constexpr double kMostCoverage = 0.975;
// Worst-case bounds know nothing of sampling error.
constexpr double kLeastOfBounds = 0.90;
// [0, 1] would always hold the truth: a printed interval is at most so much
// wider than Wilson's on the effective size.
constexpr double kMostWidth = 1.25;

struct Design {
  std::string name;
  std::vector<std::int64_t> strata;  // tickets a week
  int weeks = 1;
  std::int64_t sampled = 60;  // a week
  double member_share = 1;    // of a stratum, that belong to the division
};

const std::vector<Design>& Designs() {
  static const auto& designs = *new std::vector<Design>{
      {"court, week", {400, 250, 150, 80, 20}},
      {"court, month", {400, 250, 150, 80, 20}, 4},
      {"large division, week", {400}},
      {"small division, week", {40}, 1, 12},
      {"small division, month", {40}, 4, 8},
      {"division across two strata, month", {500, 300}, 4, 60, 0.15}};
  return designs;
}

struct Circumstances {
  double rate = 0.95;
  // Chance that a drawn caller is heard.
  double response_if_good = 0.7;
  double response_if_bad = 0.7;
  // Share of tickets whose callers have kRepeats of them in the week, which all
  // went well or all badly.
  double repeated = 0;
};

struct Ticket {
  std::size_t stratum = 0;
  std::string caller;
  bool member = true;
  bool good = false;
  bool heard = false;  // if drawn
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  bool Chance(double p) { return Uniform() < p; }
  std::size_t Below(std::size_t n) { return engine_() % n; }

 private:
  double Uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  std::mt19937_64 engine_;
};

// What a month's sample said, and what was true.
struct Outcome {
  std::vector<Stratum> strata;
  std::vector<std::int64_t> populations;
  std::vector<CallerAnswers> callers;
  double truth = 0;  // of the frame's members
};

// Strata fail unequally often: the first half as often as it might, the last
// half more often; the mean failure rate is the one asked for.
std::vector<double> RatesOf(const Design& design, double rate) {
  std::vector<double> factors;
  double mean = 0;
  double all = 0;
  const auto count = static_cast<double>(design.strata.size());
  for (std::size_t h = 0; h < design.strata.size(); ++h) {
    factors.push_back(0.5 + (static_cast<double>(h) + 0.5) / count);
    mean += factors[h] * static_cast<double>(design.strata[h]);
    all += static_cast<double>(design.strata[h]);
  }
  for (double& f : factors) f = 1 - (1 - rate) * f * all / mean;
  return factors;
}

std::vector<Ticket> DrawWeek(const Design& design,
                             const Circumstances& circumstances,
                             const std::vector<double>& rates, Random& random) {
  std::vector<Ticket> tickets;
  for (std::size_t h = 0; h < design.strata.size(); ++h) {
    for (std::int64_t i = 0; i < design.strata[h]; ++i) {
      Ticket t;
      t.stratum = h;
      t.member = random.Chance(design.member_share);
      t.good = random.Chance(rates[h]);
      t.heard = random.Chance(t.good ? circumstances.response_if_good
                                     : circumstances.response_if_bad);
      tickets.push_back(std::move(t));
    }
  }
  if (circumstances.repeated <= 0) return tickets;
  // Random tickets become those of one caller each, kRepeats at a time.
  for (std::size_t i = tickets.size(); i > 1; --i) {
    std::swap(tickets[i - 1], tickets[random.Below(i)]);
  }
  const auto repeated = static_cast<std::size_t>(
      circumstances.repeated * static_cast<double>(tickets.size()));
  for (std::size_t i = 0; i < tickets.size(); ++i) {
    const std::size_t first = i < repeated ? i / kRepeats * kRepeats : i;
    tickets[i].caller = absl::StrCat(first);
    tickets[i].good = tickets[first].good;
    tickets[i].heard = tickets[first].heard;
  }
  return tickets;
}

// The first n_h of each stratum in random order, and those of them heard.
void SampleWeek(const Design& design, std::vector<Ticket> tickets, int week,
                Random& random, Outcome& outcome) {
  for (std::size_t i = tickets.size(); i > 1; --i) {
    std::swap(tickets[i - 1], tickets[random.Below(i)]);
  }
  std::vector<callback::StratumSize> sizes;
  for (const std::int64_t population : design.strata) {
    sizes.push_back({population, 1});
  }
  std::vector<std::int64_t> left = callback::Allocate(
      sizes, design.sampled, callback::AllocationMethod::kProportional, 2);
  const std::size_t offset = outcome.strata.size();
  for (const std::int64_t population : design.strata) {
    outcome.strata.push_back(WholeStratum(population, 0, 0));
    outcome.populations.push_back(population);
  }
  std::map<std::pair<std::size_t, std::string>, CallerAnswers> callers;
  for (const Ticket& t : tickets) {
    if (left[t.stratum] == 0) continue;
    --left[t.stratum];
    const std::size_t h = offset + t.stratum;
    const std::int64_t member = t.member ? 1 : 0;
    const std::int64_t success = t.member && t.good ? 1 : 0;
    Stratum& s = outcome.strata[h];
    if (!t.heard) {
      ++s.missing;
      s.missing_members += member;
      continue;
    }
    ++s.respondents;
    s.members += member;
    s.successes += success;
    if (t.caller.empty()) continue;
    CallerAnswers& a = callers[{h, t.caller}];
    a.stratum = h;
    a.caller = absl::StrCat(week, "/", t.caller);
    ++a.respondents;
    a.members += member;
    a.successes += success;
  }
  for (auto& [key, answers] : callers) {
    outcome.callers.push_back(std::move(answers));
  }
}

Outcome Simulate(const Design& design, const Circumstances& circumstances,
                 Random& random) {
  const std::vector<double> rates = RatesOf(design, circumstances.rate);
  Outcome outcome;
  double members = 0;
  double good = 0;
  for (int week = 0; week < design.weeks; ++week) {
    std::vector<Ticket> tickets =
        DrawWeek(design, circumstances, rates, random);
    for (const Ticket& t : tickets) {
      members += t.member ? 1 : 0;
      good += t.member && t.good ? 1 : 0;
    }
    SampleWeek(design, std::move(tickets), week, random, outcome);
  }
  outcome.truth = members > 0 ? good / members : 0;
  return outcome;
}

// How often an interval held the truth, and how wide it was.
class Score {
 public:
  void Add(const Limits& limits, double truth) {
    constexpr double kSlack = 1e-9;
    ++count_;
    below_ += truth < limits.lower - kSlack ? 1 : 0;
    above_ += truth > limits.upper + kSlack ? 1 : 0;
    width_ += std::min(1.0, limits.upper) - std::max(0.0, limits.lower);
  }

  // "95.1 (.120)"; an arrow where the coverage is outside its band.
  std::string Text() const {
    if (count_ == 0) return "–";
    const char* mark = coverage() < kLeastCoverage  ? " ↓"
                       : coverage() > kMostCoverage ? " ↑"
                                                    : "";
    std::string text = absl::StrFormat("%.3f", width());
    return absl::StrFormat("%.1f (%s)%s", 100 * coverage(),
                           text.substr(text[0] == '0' ? 1 : 0), mark);
  }

  double count() const { return count_; }
  double coverage() const { return 1 - (below_ + above_) / count_; }
  double width() const { return width_ / count_; }

 private:
  double count_ = 0;
  double below_ = 0;
  double above_ = 0;
  double width_ = 0;
};

// Whether a printed interval held the truth as often as it must; says so if
// not. `narrow`: what it is not to be much wider than.
bool Holds(const char* interval, const Design& design, double rate,
           const Score& score, double least, const Score* narrow = nullptr) {
  const bool held = score.coverage() >= least;
  const bool tight =
      narrow == nullptr || score.width() <= kMostWidth * narrow->width();
  if (!held || !tight) {
    std::fprintf(stderr, "%s, %s at %.2f: %s\n", interval, design.name.c_str(),
                 rate, score.Text().c_str());
  }
  return held && tight;
}

void PrintRow(const std::vector<std::string>& cells) {
  std::printf("| %s |\n", absl::StrJoin(cells, " | ").c_str());
}

void PrintHeader(const std::vector<std::string>& cells) {
  PrintRow(cells);
  PrintRow(std::vector<std::string>(cells.size(), "---"));
}

Limits WholeFrame(const Stratum& s) {
  const CountLimits counts =
      Hypergeometric(s.successes, s.respondents, s.population);
  const auto population = static_cast<double>(s.population);
  return {static_cast<double>(counts.lower) / population,
          static_cast<double>(counts.upper) / population};
}

// Whether a report would print the rate at all.
bool IsShown(const Estimate& estimate) {
  return ReadingOf(estimate.members, DisclosurePolicy()) == Reading::kOk;
}

bool PrintIntervals(int repetitions) {
  bool holds = true;
  PrintHeader({"design", "rate", "answers", "shown", "Korn-Graubard",
               "Wilson on n*", "logit", "mean ± t", "hypergeometric"});
  std::uint64_t seed = 1;
  for (const Design& design : Designs()) {
    for (const double rate : {0.8, 0.95, 0.99}) {
      Random random(seed++);
      Score korn, wilson, logit, mean, exact;
      double answers = 0;
      for (int i = 0; i < repetitions; ++i) {
        const Outcome outcome = Simulate(design, {.rate = rate}, random);
        const Estimate e = EstimateProportion(outcome.strata);
        answers += static_cast<double>(e.members);
        if (!IsShown(e)) continue;
        korn.Add(KornGraubard(e), outcome.truth);
        wilson.Add(WilsonOnEffectiveSize(e), outcome.truth);
        logit.Add(LogitLimits(e), outcome.truth);
        mean.Add(MeanLimits(e), outcome.truth);
        if (outcome.strata.size() == 1) {
          exact.Add(WholeFrame(outcome.strata[0]), outcome.truth);
        }
      }
      PrintRow({design.name, absl::StrFormat("%.2f", rate),
                absl::StrFormat("%.0f", answers / repetitions),
                absl::StrFormat("%.0f %%", 100 * korn.count() / repetitions),
                korn.Text(), wilson.Text(), logit.Text(), mean.Text(),
                exact.Text()});
      holds &=
          Holds("Korn-Graubard", design, rate, korn, kLeastCoverage, &wilson);
      if (exact.count() > 0) {
        holds &= Holds("hypergeometric", design, rate, exact, kLeastCoverage,
                       &wilson);
      }
    }
  }
  return holds;
}

bool PrintCallers(int repetitions) {
  bool holds = true;
  PrintHeader({"design", "rate", "frame: by ticket", "frame: by caller",
               "rate behind it: by ticket", "rate behind it: by caller"});
  std::uint64_t seed = 101;
  for (const std::size_t d : {1u, 2u, 4u}) {
    const Design& design = Designs()[d];
    for (const double rate : {0.8, 0.95, 0.99}) {
      Random random(seed++);
      Score frame, frame_caller, behind, behind_caller;
      for (int i = 0; i < repetitions; ++i) {
        const Outcome outcome =
            Simulate(design, {.rate = rate, .repeated = 0.6}, random);
        const Estimate plain = EstimateProportion(outcome.strata);
        if (!IsShown(plain)) continue;
        const Estimate robust =
            EstimateByCaller(outcome.populations, outcome.callers);
        frame.Add(KornGraubard(plain), outcome.truth);
        frame_caller.Add(KornGraubard(robust), outcome.truth);
        behind.Add(KornGraubard(plain), rate);
        behind_caller.Add(KornGraubard(robust), rate);
      }
      PrintRow({design.name, absl::StrFormat("%.2f", rate), frame.Text(),
                frame_caller.Text(), behind.Text(), behind_caller.Text()});
      holds &= Holds("by caller, of the frame", design, rate, frame_caller,
                     kLeastCoverage);
      holds &= Holds("by caller, of what is behind", design, rate,
                     behind_caller, kLeastCoverage);
    }
  }
  return holds;
}

bool PrintBiased(int repetitions) {
  bool holds = true;
  PrintHeader({"design", "rate", "Korn-Graubard", "worst-case bounds"});
  std::uint64_t seed = 201;
  for (const std::size_t d : {1u, 2u}) {
    for (const double rate : {0.8, 0.95}) {
      Random random(seed++);
      Score korn, bounds;
      for (int i = 0; i < repetitions; ++i) {
        const Outcome outcome = Simulate(
            Designs()[d],
            {.rate = rate, .response_if_good = 0.75, .response_if_bad = 0.4},
            random);
        const Estimate e = EstimateProportion(outcome.strata);
        korn.Add(KornGraubard(e), outcome.truth);
        bounds.Add(WorstCase(outcome.strata), outcome.truth);
      }
      PrintRow({Designs()[d].name, absl::StrFormat("%.2f", rate), korn.Text(),
                bounds.Text()});
      holds &= Holds("worst-case bounds", Designs()[d], rate, bounds,
                     kLeastOfBounds);
    }
  }
  return holds;
}

int Run(int argc, char** argv) {
  int repetitions = kDefaultRepetitions;
  if (argc > 2 || (argc == 2 && !absl::SimpleAtoi(argv[1], &repetitions)) ||
      repetitions < kMinRepetitions) {
    std::fprintf(stderr, "usage: coverage [REPETITIONS]   (at least %d)\n",
                 kMinRepetitions);
    return 2;
  }
  std::printf("%d repetitions a row. Coverage in %% (mean width).\n\n",
              repetitions);
  std::printf("Non-response of 30 %%, at random:\n\n");
  bool holds = PrintIntervals(repetitions);
  std::printf("\nThe same, 60 %% of tickets from callers with %zu each:\n\n",
              kRepeats);
  holds &= PrintCallers(repetitions);
  std::printf("\nThe satisfied answer in 75 %%, the others in 40 %%:\n\n");
  holds &= PrintBiased(repetitions);
  return holds ? 0 : 1;
}

}  // namespace
}  // namespace huifang::reporting

int main(int argc, char** argv) { return huifang::reporting::Run(argc, argv); }
