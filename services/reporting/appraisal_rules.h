// The appraisal sheet (考核表) as a pure function of facts.
#ifndef HUIFANG_SERVICES_REPORTING_APPRAISAL_RULES_H_
#define HUIFANG_SERVICES_REPORTING_APPRAISAL_RULES_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "huifang/reporting/v1/appraisal_resources.pb.h"
#include "services/reporting/appeal_rules.h"
#include "services/reporting/facts.h"
#include "services/reporting/figure_rules.h"
#include "services/reporting/report_rules.h"

namespace huifang::reporting {

// A court's choices about its appraisals.
struct AppraisalPolicy {
  // Tickets below which a rate is not given and nobody is compared.
  std::int64_t min_tickets = 10;
  // Taken for the appeal window of a grade that does not say: the longest that
  // grading can be set to.
  absl::Duration untold_window = absl::Hours(24 * 365);
};

// Division and handler by full name; either may be empty.
using Handled = std::pair<std::string, std::string>;

// Tickets that closed in the period, without those excluded.
struct HandledFacts {
  TicketTotals tickets;
  QualityTotals quality;  // without tiers
  // Of the tickets that a person graded.
  std::map<std::string, std::int64_t> tiers;
  std::map<std::string, std::int64_t> findings;  // tickets by rule
  std::int64_t excluded = 0;                     // tickets left out

  HandledFacts& operator+=(const HandledFacts& other);
};

struct AppraisalFacts {
  std::string court;  // courts/110102
  Span span;
  std::map<Handled, HandledFacts> lines;
  // Every call of every draw that touches the period, also of excluded
  // tickets: `division` as in `lines`, `group` HandlerGroup of the two.
  std::vector<CallFact> calls;
  // Exclusions that hold, of tickets closed in the period.
  std::vector<v1::AppraisalExclusion> exclusions;
  DisplayNames names;
  DisplayNames rule_names;
  std::vector<TierInfo> tiers = DefaultTiers();
  AppealStanding appeals;
};

std::string HandlerGroup(const Handled& handled);

// Everything of a sheet but its name, version, and who made it when.
v1::Appraisal AssembleAppraisal(const AppraisalFacts& facts,
                                const FigurePolicy& figures,
                                const AppraisalPolicy& policy);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_APPRAISAL_RULES_H_
