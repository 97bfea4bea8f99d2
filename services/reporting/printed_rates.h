// Callback rates that readers have from reports delivered before.
#ifndef HUIFANG_SERVICES_REPORTING_PRINTED_RATES_H_
#define HUIFANG_SERVICES_REPORTING_PRINTED_RATES_H_

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "huifang/reporting/v1/reporting_resources.pb.h"

namespace huifang::reporting {

struct PrintedRate {
  bool withheld = false;
  std::int64_t answers = 0;  // both 0 where withheld, or nobody had answered
  std::int64_t good = 0;
};

// What one delivered report says of the whole it is about, of its parts and of
// the periods before.
class PrintedRates {
 public:
  explicit PrintedRates(const v1::Report& delivered);

  // Nothing: the report does not tell it. Empty names: the whole court, the
  // whole division.
  const PrintedRate* Find(v1::Measure measure, const std::string& period,
                          const std::string& division,
                          const std::string& team) const;

 private:
  using Key = std::tuple<int, std::string, std::string, std::string>;

  void Add(v1::Measure measure, const std::string& period,
           const std::string& division, const std::string& team,
           const v1::Figure::Value& value);

  std::map<Key, PrintedRate> rates_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_PRINTED_RATES_H_
