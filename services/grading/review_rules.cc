#include "services/grading/review_rules.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/numbers.h"

namespace huifang::grading {
namespace {

bool Names(const std::vector<std::string>& people, const Reviewer& reviewer) {
  return std::any_of(
      people.begin(), people.end(), [&reviewer](const std::string& person) {
        return !person.empty() &&
               (person == reviewer.staff || person == reviewer.principal);
      });
}

}  // namespace

std::string WhyNotIndependent(const Reviewer& reviewer,
                              const ReviewSubject& subject) {
  if (Names(subject.answered_by, reviewer)) return "HANDLED_IT";
  if (!reviewer.team.empty() && reviewer.team == subject.team) {
    return "SAME_TEAM";
  }
  if (Names(subject.recused, reviewer)) return "RECUSED";
  if (Names(subject.graded_by, reviewer)) return "GRADED_BEFORE";
  return "";
}

bool InRandomShare(absl::string_view digest, double percent) {
  std::uint32_t value = 0;
  if (!absl::SimpleHexAtoi(digest.substr(0, 8), &value)) return false;
  return static_cast<double>(value) < percent / 100.0 * 4294967296.0;
}

}  // namespace huifang::grading
