// Which of several figures may be printed side by side (小格隐去): none that is
// about too few people, and none from which such a one could be computed.
#ifndef HUIFANG_SERVICES_REPORTING_DISCLOSURE_RULES_H_
#define HUIFANG_SERVICES_REPORTING_DISCLOSURE_RULES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace huifang::reporting {

// How a figure gets to its readers.
enum class Printing {
  kNow,      // may be printed now, or hidden
  kAlready,  // readers have it, from a report delivered before
  kNever,    // such as tickets of no division: a part of a sum all the same
};

struct Cell {
  std::int64_t people = 0;  // how many answered
  Printing printing = Printing::kNow;
};

// Readers know that one cell is the sum of others: a court of its divisions, a
// month of its weeks, a later version of a report of the earlier one and the
// late facts.
struct CellSum {
  std::size_t total = 0;
  std::vector<std::size_t> parts;
};

enum class Disclosure {
  kShown,
  kTooFew,     // fewer than `min_people`, but not none
  kWouldTell,  // subtracting it would tell about too few
};

// Which cells to print. Hides as few people as a greedy choice can: of the
// cells that would give a hidden group away, the smallest. One that is printed
// already, or never is, comes back as kShown unless it is too small.
//
// What is protected: no sum of hidden cells that is about fewer than
// `min_people` follows from one CellSum, nor from the row-reduced system of
// them all; so no such cell by itself can be computed at all. Not protected:
// what cells printed already give away together, from a reader who knows some
// of the answers, and that all of a printed group answered alike.
std::vector<Disclosure> Disclose(const std::vector<Cell>& cells,
                                 const std::vector<CellSum>& sums,
                                 std::int64_t min_people);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_DISCLOSURE_RULES_H_
