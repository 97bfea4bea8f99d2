// What is true of made-up tickets, so that what a report says can be held
// against it.
#ifndef HUIFANG_CLIENTS_GENERATOR_TRUTH_H_
#define HUIFANG_CLIENTS_GENERATOR_TRUTH_H_

#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace huifang::generator {

// Of one closed ticket.
struct Truth {
  bool reached = false;     // the caller would take a call and talk
  bool satisfied = false;   // and say that all is well
  bool good_reply = false;  // a reviewer would pass the reply
};

// What the caller of a ticket would say; the same whenever it is asked.
// Whether they are reached has nothing to do with whether they are satisfied.
Truth TruthOf(std::uint64_t seed, absl::string_view source_id, bool poor_reply);

// Share of poor replies `elapsed` of the way through the replayed story, 0 to
// 1: most at first, hardly any over its last fifth.
double PoorShareAt(double elapsed);

// Columns and cells of the file, truth.csv.
const std::vector<std::string>& TruthColumns();
std::vector<std::string> TruthCells(const std::string& source_id,
                                    const Truth& truth);

// The file by source id.
using Truths = std::unordered_map<std::string, Truth>;
absl::StatusOr<Truths> ReadTruths(const std::string& path);

}  // namespace huifang::generator

#endif  // HUIFANG_CLIENTS_GENERATOR_TRUTH_H_
