// How many of the drawn callers were heard, in AAPOR's definitions (Standard
// Definitions, telephone surveys), and what to do about those who were not.
#ifndef HUIFANG_SERVICES_REPORTING_RESPONSE_RULES_H_
#define HUIFANG_SERVICES_REPORTING_RESPONSE_RULES_H_

#include <cstdint>
#include <vector>

namespace huifang::reporting {

// Drawn callers by final disposition. A call still open belongs to the class
// it would have if nothing more came of it.
struct DispositionCounts {
  std::int64_t complete = 0;           // I
  std::int64_t partial = 0;            // P
  std::int64_t refusal = 0;            // R
  std::int64_t non_contact = 0;        // NC
  std::int64_t other = 0;              // O
  std::int64_t unknown_household = 0;  // UH
  std::int64_t unknown_other = 0;      // UO
  std::int64_t not_eligible = 0;       // NE
};

// Each NaN when its denominator is 0: "no rate" is not 0 %.
struct ResponseRates {
  // Response: 1, 3, 5 complete interviews; 2, 4, 6 partial ones too. 1 and 2
  // count all unknown as eligible, 3 and 4 the share e, 5 and 6 none.
  double rr1, rr2, rr3, rr4, rr5, rr6;
  // Cooperation: of those reached; 3 and 4 without those unable.
  double coop1, coop2, coop3, coop4;
  // Refusal, contact: all unknown, the share e, none.
  double ref1, ref2, ref3;
  double con1, con2, con3;
  // Located: all whose eligibility is known.
  double loc1;
};

// The share e of known cases that are eligible; NaN without known cases.
double EligibleShare(const DispositionCounts& counts);

// `eligible_share`: e, of the unknown cases; 0 to 1.
ResponseRates RatesOf(const DispositionCounts& counts, double eligible_share);

// Callers that are taken to answer alike, whether heard or not.
struct WeightingClass {
  double base_weight = 1;  // N_h / n_h
  std::int64_t sampled = 0;
  std::int64_t respondents = 0;
  std::int64_t successes = 0;
};

struct AdjustedRate {
  double value = 0;             // NaN when nobody was heard
  std::vector<double> weights;  // of a respondent of each class
  double kish_effect = 1;       // what unequal weights cost
  double effective_size = 0;    // respondents / kish_effect
  int merged = 0;               // classes in which nobody was heard
};

// Each respondent stands for the sampled of its class. A class in which nobody
// was heard is merged into the next one, or the last that was heard.
AdjustedRate AdjustForNonResponse(const std::vector<WeightingClass>& classes);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_RESPONSE_RULES_H_
