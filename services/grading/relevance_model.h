#ifndef HUIFANG_SERVICES_GRADING_RELEVANCE_MODEL_H_
#define HUIFANG_SERVICES_GRADING_RELEVANCE_MODEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/grading/normalized_text.h"

namespace huifang::grading {

// One ticket's texts as the model reads them.
struct Exchange {
  const NormalizedText& title;
  const NormalizedText& content;
  const NormalizedText& reply;
};

// How well a reply speaks to its question, learned from a court's own texts
// without labels.
//
// It counts, for hashed pairs and triples of characters, in how many questions
// and in how many replies they occur. Boilerplate is then simply what occurs in
// many replies, and a place, a name or a matter is what does not. Because only
// document counts are learned, never which reply stood under which question,
// wrong pairs in the corpus do no harm. docs/methods/inspection.md has the
// formulas and the measurements.
//
// Thread-compatible: share a const model, give each thread its own `Scratch`.
class RelevanceModel {
 public:
  static constexpr int kBucketBits = 17;
  static constexpr std::size_t kBuckets = std::size_t{1} << kBucketBits;

  // Working memory of one thread; reusing it saves the allocations.
  class Scratch {
   public:
    Scratch();

   private:
    friend class RelevanceModel;
    struct Slot {
      std::uint64_t key = 0;
      std::uint32_t stamp = 0;
      std::uint16_t in_question = 0;
      std::uint16_t in_reply = 0;
      bool in_title = false;
    };
    void Reset(std::size_t grams_max);
    Slot& Find(std::uint64_t key);
    // The inverse frequency of a gram that occurs `uses` times, both sides
    // together, in a model of `documents`.
    double Rarity(std::size_t uses, std::int64_t documents);

    std::vector<Slot> slots_;
    std::vector<std::uint32_t> used_;
    std::uint32_t stamp_ = 0;
    int shift_ = 0;
    // A logarithm for each gram would cost more than all the rest.
    std::int64_t rarity_documents_ = -1;
    std::vector<double> rarity_;
  };

  RelevanceModel();

  // Counts one ticket's texts.
  void Learn(const Exchange& exchange, Scratch& scratch);

  // Adds what another model has learned; the order does not matter.
  void Merge(const RelevanceModel& other);

  // 0 to 1: how much likelier it is that the reply belongs to this question
  // than that it was written for another one, at even odds. Nothing if the
  // question or the reply has no words.
  std::optional<double> Score(const Exchange& exchange, Scratch& scratch) const;

  // Tickets learned, with older ones fading once there are very many.
  std::int64_t documents() const { return documents_; }

  // At most 2 * 2 * kBuckets bytes and a header; far less while little is
  // known.
  std::string Serialize() const;
  // DATA_LOSS if `blob` was not made by Serialize.
  static absl::StatusOr<RelevanceModel> Parse(absl::string_view blob);

 private:
  struct Evidence;
  static std::size_t Gather(const Exchange& exchange, Scratch& scratch);
  void Halve();

  std::int64_t documents_ = 0;
  // Sum over replies of their different grams, for the average length.
  double reply_grams_ = 0;
  // In how many questions and replies the grams of a bucket occur.
  std::vector<std::uint16_t> in_questions_;
  std::vector<std::uint16_t> in_replies_;
};

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_RELEVANCE_MODEL_H_
