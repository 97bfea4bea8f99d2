#ifndef HUIFANG_SERVICES_REPORTING_COURT_TREE_H_
#define HUIFANG_SERVICES_REPORTING_COURT_TREE_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace huifang::reporting {

// Most courts that one superior court can have; the largest province has fewer
// than 200.
inline constexpr std::size_t kMaxLowerCourts = 500;

struct LowerCourt {
  std::string court;  // six digits
  std::string display_name;
};

struct SuperiorCourt {
  std::string display_name;
  std::vector<LowerCourt> courts;  // in the order they are printed
};

// Which courts a superior court sees, and must miss when they tell nothing:
//
//   {"superior_courts": [
//     {"court": "110000", "display_name": "北京市高级人民法院", "courts": [
//       {"court": "110102", "display_name": "北京市西城区人民法院"}]}]}
//
// A court may be below several, its intermediate and its high court. Immutable,
// so threads may share it.
class CourtTree {
 public:
  CourtTree() = default;  // no superior court

  // INVALID_ARGUMENT names the entry. An empty path gives an empty tree.
  static absl::StatusOr<CourtTree> Read(const std::string& path);
  static absl::StatusOr<CourtTree> Parse(absl::string_view json);

  // nullptr if the court is the superior of none.
  const SuperiorCourt* Find(const std::string& court) const;

 private:
  std::map<std::string, SuperiorCourt> superiors_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_COURT_TREE_H_
