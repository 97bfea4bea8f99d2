#include "services/callback/recall_rules.h"

#include <cstddef>
#include <cstdint>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/common/agreement_rules.h"
#include "services/common/crypto.h"

namespace huifang::callback {
namespace {

constexpr std::size_t kDigits = 8;         // of the hash that decide
constexpr double kNumbers = 4294967296.0;  // 16 to the power of kDigits

QuestionFigures FiguresOf(const std::vector<AnswerPair>& pairs,
                          const AnswerScale& scale) {
  std::map<std::string, std::size_t> places;
  const auto place = [&places](const std::string& answer) {
    places.try_emplace(answer, places.size());
  };
  for (const std::string& answer : scale.answers) place(answer);
  if (scale.answers.empty()) {
    for (const AnswerPair& pair : pairs) {
      if (pair.question != scale.question) continue;
      place(pair.first);
      place(pair.second);
    }
  }
  QuestionFigures figures;
  figures.question = scale.question;
  AgreementTable table(places.size(), std::vector<double>(places.size(), 0));
  for (const AnswerPair& pair : pairs) {
    const auto first = places.find(pair.first);
    const auto second = places.find(pair.second);
    if (pair.question != scale.question || first == places.end() ||
        second == places.end()) {
      continue;
    }
    ++table[first->second][second->second];
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
