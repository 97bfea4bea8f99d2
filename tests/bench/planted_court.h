// The court of planted_defect: weeks of made-up tickets, inspected by the
// grading service's rules and called back in samples, in which a defect begins
// in one division; and what the reporting service raises each Monday.
#ifndef HUIFANG_TESTS_BENCH_PLANTED_COURT_H_
#define HUIFANG_TESTS_BENCH_PLANTED_COURT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "clients/generator/court.h"
#include "clients/generator/random.h"
#include "clients/generator/tickets.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/grading/relevance_model.h"
#include "services/grading/rubric_rules.h"
#include "services/reporting/facts.h"

namespace huifang::bench {

inline constexpr int kWeeks = 8;
inline constexpr int kPlantedWeek = 6;
inline constexpr int kPerWeek = 1000;
// Of the planted division's dispatched replies, from then on.
inline constexpr double kPlantedShare = 0.9;
// Called back, of a week's closed tickets.
inline constexpr int kSampled = 60;

// One alert of a division that a Monday raised.
struct Raised {
  int week = 0;
  std::string division;  // id
  reporting::v1::Measure measure;
  reporting::v1::Alert::Rule rule;
};

class PlantedCourt {
 public:
  // The seed also says which division it is. `rubric` must outlive this.
  PlantedCourt(std::uint64_t seed, const grading::RubricData& rubric);

  // Of all divisions and all weeks, as AlertWriter::Watch raises them; each
  // week's callers have been called by its Monday. The court's own are left
  // out: it is worse off for its division.
  std::vector<Raised> Watch() const;

  const std::string& planted() const { return court_.divisions[planted_].id; }

  // Pass rate of the planted division before or after it began.
  reporting::Tally Passed(bool after) const;

 private:
  struct Week {
    reporting::SpanFacts facts;
    // Drawn from when the week is over.
    std::vector<std::vector<reporting::CallFact>> frame;  // by division
    std::vector<reporting::CallFact> calls;
  };

  std::string Division(std::size_t i) const;
  void Add(const generator::GeneratedTicket& ticket);
  bool Passes(const generator::GeneratedTicket& ticket);
  void Draw(Week& week, int number, generator::Random& random) const;
  std::vector<Raised> RaisedIn(int week) const;

  const std::uint64_t seed_;
  const generator::CourtModel court_;
  const std::size_t planted_;
  const grading::RubricData& rubric_;
  grading::RelevanceModel model_;
  grading::RelevanceModel::Scratch scratch_;
  std::vector<Week> weeks_;
  reporting::DayFacts days_;
};

}  // namespace huifang::bench

#endif  // HUIFANG_TESTS_BENCH_PLANTED_COURT_H_
