// The people of a trial: they answer calls and grade reviews through the same
// doors as real ones, and everything they enter says that it is simulated.
#ifndef HUIFANG_CLIENTS_GENERATOR_PEOPLE_H_
#define HUIFANG_CLIENTS_GENERATOR_PEOPLE_H_

#include <string>

#include "absl/status/statusor.h"

namespace huifang::generator {

struct PeopleOptions {
  std::string address;  // of the service
  std::string token_file;
  std::string court;  // six digits
  std::uint64_t seed = 1;
  // truth.csv of the court; empty: guessed from the look of replies.
  std::string truth_file;
  int limit = 100000;
};

struct CallCounts {
  int completed = 0;
  int without_interview = 0;
};

// Leases and records calls until none is due (模拟回访). What a caller says
// depends on what the ticket's reply looks like.
absl::StatusOr<CallCounts> SimulateOfficer(const PeopleOptions& options);

// Leases and grades reviews until none waits (模拟评级): the rubric's
// deductions for the machine's findings, with a person's small deviations.
absl::StatusOr<int> SimulateReviewer(const PeopleOptions& options);

}  // namespace huifang::generator

#endif  // HUIFANG_CLIENTS_GENERATOR_PEOPLE_H_
