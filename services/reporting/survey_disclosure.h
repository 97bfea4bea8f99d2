// Which callback rates of a court, its divisions and teams may be printed: none
// that is about too few people, and none that, taken from what readers have,
// would tell about them.
#ifndef HUIFANG_SERVICES_REPORTING_SURVEY_DISCLOSURE_H_
#define HUIFANG_SERVICES_REPORTING_SURVEY_DISCLOSURE_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/disclosure_rules.h"
#include "services/reporting/facts.h"
#include "services/reporting/printed_rates.h"

namespace huifang::reporting {

// Readers know that a court is the sum of its divisions, a division of its
// teams, and a month of the weeks inside it, whose reports they have. Answers
// follow from the calls alone, so all reports of one period withhold the same;
// but where reports of the period were delivered, and facts came in since, what
// differs from those must not tell about too few people either. Keeps what it
// worked out; not thread safe.
class SurveyDisclosure {
 public:
  // `calls` and `printed` must outlive it.
  SurveyDisclosure(const std::vector<CallFact>& calls, std::int64_t min_people,
                   const std::vector<PrintedRates>* printed = nullptr)
      : calls_(calls), min_people_(min_people), printed_(printed) {}

  // Empty names: the whole court, the whole division.
  bool IsWithheld(v1::Measure measure, const Span& span,
                  const std::string& division, const std::string& team);

  // Of those of a court that belong to no division, or of a division to no
  // team: whether their answers would tell of something withheld. No rate of
  // them is printed, so what keeps a part from being told is that nobody knows
  // theirs.
  bool IsRestWithheld(v1::Measure measure, const Span& span,
                      const std::string& division);

 private:
  // What is withheld of a whole ("") and its parts.
  using Withheld = std::set<std::string>;
  struct Column;
  struct System;

  // Parts of the court when `division` is empty, else of that division.
  const Withheld& Solve(v1::Measure measure, const Span& span,
                        const std::string& division);
  // Days in one of `without` left out.
  Column Count(v1::Measure measure, const Span& span,
               const std::string& division,
               const std::vector<Span>& without = {}) const;
  std::vector<Column> ColumnsOf(v1::Measure measure, const Span& span,
                                const std::string& division);
  // What came in since a report was delivered: unknown cells that the printed
  // rates and the new ones would give.
  void AddLate(v1::Measure measure, const Span& span,
               const std::string& division, const PrintedRates& printed,
               System& system) const;

  const std::vector<CallFact>& calls_;
  const std::int64_t min_people_;
  const std::vector<PrintedRates>* const printed_;  // null: none
  std::map<std::tuple<int, std::string, std::string>, Withheld> solved_;
};

// Groups of a statistic that must be withheld for `measure`, by CallFact::group
// (those in `lines` only). `lines` names for each group the sums it is part of,
// such as its row and its column; all groups together are one more. More groups
// than can be worked out in time are withheld altogether.
std::set<std::string> WithheldGroups(
    v1::Measure measure, const Span& days, const std::vector<CallFact>& calls,
    const std::map<std::string, std::vector<std::string>>& lines,
    std::int64_t min_people);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_SURVEY_DISCLOSURE_H_
