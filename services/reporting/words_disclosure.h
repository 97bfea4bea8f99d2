// Which callers' words a report leaves out: where a rate is withheld, the
// verdicts, answers and opinions of those it is about would give it back.
#ifndef HUIFANG_SERVICES_REPORTING_WORDS_DISCLOSURE_H_
#define HUIFANG_SERVICES_REPORTING_WORDS_DISCLOSURE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/reporting/item_rules.h"
#include "services/reporting/period_rules.h"
#include "services/reporting/survey_disclosure.h"

namespace huifang::reporting {

// The finding that holds the record against what the caller answered; no other
// rule of an inspection knows of the call.
inline constexpr absl::string_view kCallersFinding = "contradiction";

// Whether what a caller said must be left out of a report of `span`: a callback
// rate that the call counts in is withheld; or the call is of no division, no
// team or no whole week, something beside it is withheld, and the only thing
// that keeps that from being told is that nobody knows what the call brought.
bool AreWordsWithheld(SurveyDisclosure& disclosure, const Span& span,
                      const CallCell& cell);

// `candidates` as a report of `span` may print them, worst first: without what
// callers said where that is withheld, and without those that nothing but the
// caller's word makes a defect of. Their order then does not tell of it either.
std::vector<ItemFacts> ChooseItems(SurveyDisclosure& disclosure,
                                   const Span& span,
                                   std::vector<ItemFacts> candidates);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_WORDS_DISCLOSURE_H_
