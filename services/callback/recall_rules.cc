#include "services/callback/recall_rules.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/common/agreement_rules.h"
#include "services/common/crypto.h"

namespace huifang::callback {
namespace {

constexpr std::size_t kDigits = 8;         // of the hash that decide
constexpr double kNumbers = 4294967296.0;  // 16 to the power of kDigits

// Resampled pairs of one question, which bounds the time of an interval.
constexpr std::size_t kMostResampled = 1'000'000;

int ReplicatesFor(std::size_t units) {
  return static_cast<int>(
      std::clamp<std::size_t>(kMostResampled / units, 200, 2000));
}

std::vector<std::string> AnswersOf(const std::vector<AnswerPair>& pairs,
                                   const AnswerScale& scale) {
  if (!scale.answers.empty() || !scale.ordered) return scale.answers;
  std::set<int> given;
  for (const AnswerPair& pair : pairs) {
    if (pair.question != scale.question) continue;
    for (const std::string* answer : {&pair.first, &pair.second}) {
      int number = 0;
      if (absl::SimpleAtoi(*answer, &number)) given.insert(number);
    }
  }
  std::vector<std::string> answers;
  if (given.empty()) return answers;
  for (int n = *given.begin(); n <= *given.rbegin(); ++n) {
    answers.push_back(absl::StrCat(n));
  }
  return answers;
}

QuestionFigures FiguresOf(const std::vector<AnswerPair>& pairs,
                          const AnswerScale& scale) {
  std::map<std::string, std::size_t> places;
  const auto place = [&places](const std::string& answer) {
    places.try_emplace(answer, places.size());
  };
  for (const std::string& answer : AnswersOf(pairs, scale)) place(answer);
  if (scale.answers.empty() && !scale.ordered) {
    for (const AnswerPair& pair : pairs) {
      if (pair.question != scale.question) continue;
      place(pair.first);
      place(pair.second);
    }
  }
  QuestionFigures figures;
  figures.question = scale.question;
  AgreementTable table(places.size(), std::vector<double>(places.size(), 0));
  Ratings units;
  for (const AnswerPair& pair : pairs) {
    const auto first = places.find(pair.first);
    const auto second = places.find(pair.second);
    if (pair.question != scale.question || first == places.end() ||
        second == places.end()) {
      continue;
    }
    ++table[first->second][second->second];
    units.push_back(
        {static_cast<int>(first->second), static_cast<int>(second->second)});
    ++figures.pairs;
    if (first == second) ++figures.equal;
  }
  figures.observed = ObservedAgreement(table);
  if (figures.pairs < kMinAgreementPairs) return figures;
  if (const auto value = CohenKappa(table, KappaWeights::kNone)) {
    figures.kappa = {*value, CohenKappaInterval(table, KappaWeights::kNone)};
  }
  if (const auto value = GwetAc1(table)) {
    figures.ac1 = {*value, GwetAc1Interval(table)};
  }
  if (scale.ordered) {
    if (const auto value = CohenKappa(table, KappaWeights::kQuadratic)) {
      figures.weighted_kappa = {
          *value, CohenKappaInterval(table, KappaWeights::kQuadratic)};
    }
  }
  const AlphaMetric metric =
      scale.ordered ? AlphaMetric::kOrdinal : AlphaMetric::kNominal;
  if (const auto value = KrippendorffAlpha(units, metric)) {
    figures.alpha = {*value, KrippendorffAlphaInterval(
                                 units, metric,
                                 {.replicates = ReplicatesFor(units.size())})};
  }
  return figures;
}

}  // namespace

bool IsRecalled(absl::string_view seed, absl::string_view ticket_id,
                double share) {
  const std::string hash =
      Sha256Hex(absl::StrCat(Sha256Hex(seed), "|recall|", ticket_id));
  std::uint64_t number = 0;
  return absl::SimpleHexAtoi(hash.substr(0, kDigits), &number) &&
         static_cast<double>(number) < share * kNumbers;
}

std::vector<QuestionFigures> AgreementOf(
    const std::vector<AnswerPair>& pairs,
    const std::vector<AnswerScale>& scales) {
  std::vector<QuestionFigures> figures;
  for (const AnswerScale& scale : scales) {
    figures.push_back(FiguresOf(pairs, scale));
  }
  return figures;
}

}  // namespace huifang::callback
