#include "clients/generator/truth.h"

#include <algorithm>

#include "clients/generator/random.h"

namespace huifang::generator {
namespace {

constexpr double kReached = 0.75;
constexpr double kSatisfiedIfGood = 0.985;
constexpr double kSatisfiedIfPoor = 0.12;

constexpr double kPoorAtFirst = 0.62;
constexpr double kPoorAtLast = 0.01;
constexpr double kSettledFrom = 0.8;

}  // namespace

Truth TruthOf(std::uint64_t seed, absl::string_view source_id,
              bool poor_reply) {
  Random random = RandomFor(seed, source_id);
  Truth truth;
  truth.good_reply = !poor_reply;
  truth.reached = random.Chance(kReached);
  truth.satisfied =
      random.Chance(poor_reply ? kSatisfiedIfPoor : kSatisfiedIfGood);
  return truth;
}

double PoorShareAt(double elapsed) {
  const double t = std::clamp(elapsed / kSettledFrom, 0.0, 1.0);
  const double risen = t * t * (3 - 2 * t);
  return kPoorAtFirst + (kPoorAtLast - kPoorAtFirst) * risen;
}

const std::vector<std::string>& TruthColumns() {
  static const auto& columns = *new std::vector<std::string>{
      "source_id", "reached", "satisfied", "good_reply"};
  return columns;
}

std::vector<std::string> TruthCells(const std::string& source_id,
                                    const Truth& truth) {
  const auto cell = [](bool value) { return value ? "1" : "0"; };
  return {source_id, cell(truth.reached), cell(truth.satisfied),
          cell(truth.good_reply)};
}

}  // namespace huifang::generator
