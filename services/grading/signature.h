#ifndef HUIFANG_SERVICES_GRADING_SIGNATURE_H_
#define HUIFANG_SERVICES_GRADING_SIGNATURE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "services/grading/normalized_text.h"
#include "services/grading/reply_structure.h"

namespace huifang::grading {

// A few numbers by which copies of a reply are found among millions: replies
// that share a band may be copies, and most that are 0.8 alike do.
struct ReplySignature {
  static constexpr std::size_t kBands = 4;
  // False when the reply says too little for a copy to mean anything.
  bool usable = false;
  std::array<std::int64_t, kBands> bands{};
};

// What the caller learns, without greetings, receipts and thanks: formulas that
// every reply shares must not make replies look alike.
std::u16string SubstanceText(const NormalizedText& text,
                             const ReplyStructure& structure);

// MinHash over the character triples of `substance`.
ReplySignature Sign(std::u16string_view substance);

// Jaccard similarity of the character triples, 0 to 1.
double TripleSimilarity(std::u16string_view a, std::u16string_view b);

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_SIGNATURE_H_
