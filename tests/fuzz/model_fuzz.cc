// The stored relevance model: damaged bytes are refused, and an accepted model
// scores and is stored again as it is.
#include <string>

#include "services/grading/relevance_model.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang::grading;
  using huifang::fuzz::Require;
  static RelevanceModel::Scratch scratch;
  static const NormalizedText kTitle("物业费");
  static const NormalizedText kContent("小区物业费如何收取，请问标准是多少");
  static const NormalizedText kReply("经查，物业费按合同约定的标准收取");
  const auto model = RelevanceModel::Parse(huifang::fuzz::Text(data, size));
  if (!model.ok()) return 0;
  const auto score = model->Score({kTitle, kContent, kReply}, scratch);
  if (score.has_value()) {
    Require(*score >= 0 && *score <= 1, "a score is a share");
  }
  const std::string stored = model->Serialize();
  const auto again = RelevanceModel::Parse(stored);
  Require(again.ok() && again->Serialize() == stored,
          "a model is stored as it is");
  RelevanceModel merged;
  merged.Merge(*model);
  Require(merged.documents() >= 0, "a model counts documents");
  return 0;
}
