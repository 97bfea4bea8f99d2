#ifndef HUIFANG_TESTS_UNIT_REPORTING_SAMPLE_COURTS_H_
#define HUIFANG_TESTS_UNIT_REPORTING_SAMPLE_COURTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "huifang/reporting/v1/roll_up_service.pb.h"
#include "services/reporting/comparison_rules.h"
#include "services/reporting/estimate_rules.h"
#include "services/reporting/figure_rules.h"

namespace huifang::reporting {

// What a made-up court's delivered report of 2019-W30 tells.
struct CourtSpec {
  std::string court = "110101";
  std::string display_name = "北京市东城区人民法院";
  // Of the callbacks, solved and satisfied alike.
  std::vector<Stratum> strata = {WholeStratum(200, 30, 24),
                                 WholeStratum(300, 30, 27)};
  Tally on_time = {180, 200};
  Tally passed = {190, 200};    // by the machine's proposal
  std::int64_t unreached = 12;  // of the last stratum
  std::string verdict_rule = "items/1";
  std::string rubric = "ticket/1";
};
v1::CourtFigures SampleCourt(const CourtSpec& spec);

// A rate estimated from a sample, as a report has it.
v1::Figure SurveyFigure(v1::Measure measure,
                        const std::vector<Stratum>& strata);

// Sets what one criterion says.
void SetVersions(v1::Criterion::Kind kind,
                 const std::vector<std::string>& versions,
                 v1::CourtFigures& court);

// Five courts: three alike, one late, one with a rubric of its own; a sixth
// delivered nothing. Of the seven weeks before the first has no report at all,
// the second that of one court, and in the third all had another rubric.
v1::RollUp SampleRollUp();

}  // namespace huifang::reporting

#endif  // HUIFANG_TESTS_UNIT_REPORTING_SAMPLE_COURTS_H_
