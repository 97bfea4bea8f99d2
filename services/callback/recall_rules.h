// Interviews made again by another officer (盲复访): which, and how far both
// agree. docs/methods/draw.md says how the choice can be checked.
#ifndef HUIFANG_SERVICES_CALLBACK_RECALL_RULES_H_
#define HUIFANG_SERVICES_CALLBACK_RECALL_RULES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/common/agreement_interval_rules.h"

namespace huifang::callback {

// A caller is not called again on the day of the first interview.
inline constexpr absl::Duration kRecallDelay = absl::Hours(24);

// Whether the interview about a drawn ticket is made again. Follows from the
// draw's seed alone; a larger share keeps what a smaller one chose.
bool IsRecalled(absl::string_view seed, absl::string_view ticket_id,
                double share);

// One question that was answered both times.
struct AnswerPair {
  std::string question;
  std::string first;
  std::string second;
};

// What may be answered to a question.
struct AnswerScale {
  std::string question;
  // Empty: whatever was answered; of an ordered one numbers, and all between
  // the lowest and the highest of them.
  std::vector<std::string> answers;
  // The answers go from one end to the other.
  bool ordered = false;
};

struct AgreementEstimate {
  double value = 0;
  std::optional<AgreementInterval> interval;
};

// Nothing where a figure is undefined.
struct QuestionFigures {
  std::string question;
  int pairs = 0;
  int equal = 0;
  std::optional<double> observed;
  std::optional<AgreementEstimate> kappa;
  std::optional<AgreementEstimate> ac1;
  // With quadratic weights; of ordered answers only.
  std::optional<AgreementEstimate> weighted_kappa;
  // Krippendorff's, ordinal of ordered answers and nominal of others.
  std::optional<AgreementEstimate> alpha;
};

// One entry for each scale, in order. Answers outside their scale are left out.
std::vector<QuestionFigures> AgreementOf(
    const std::vector<AnswerPair>& pairs,
    const std::vector<AnswerScale>& scales);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_RECALL_RULES_H_
