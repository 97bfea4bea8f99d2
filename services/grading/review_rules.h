// Who may review what, and what is reviewed.
#ifndef HUIFANG_SERVICES_GRADING_REVIEW_RULES_H_
#define HUIFANG_SERVICES_GRADING_REVIEW_RULES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace huifang::grading {

// A person who asks for a review to grade.
struct Reviewer {
  std::string principal;
  std::string staff;  // courts/{court}/staff/{staff}, or empty
  std::string team;   // of the directory, or empty
};

// What a review is about, as far as independence goes.
struct ReviewSubject {
  std::string team;
  // Handler, desk agent and authors of the replies: everyone who answered.
  std::vector<std::string> answered_by;
  // Stepped back from it (回避), by staff name or principal.
  std::vector<std::string> recused;
  // Graded this ticket before, for reviews that must be independent of it.
  std::vector<std::string> graded_by;
};

// Empty if the reviewer may judge it, else why not: HANDLED_IT, SAME_TEAM,
// RECUSED or GRADED_BEFORE.
std::string WhyNotIndependent(const Reviewer& reviewer,
                              const ReviewSubject& subject);

// Whether something with the keyed digest `digest` (hex, at least 8 digits)
// falls into a share of `percent` of all. The digest is keyed so that nobody
// outside can tell beforehand which tickets are looked at.
bool InRandomShare(absl::string_view digest, double percent);

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_REVIEW_RULES_H_
