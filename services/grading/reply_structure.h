#ifndef HUIFANG_SERVICES_GRADING_REPLY_STRUCTURE_H_
#define HUIFANG_SERVICES_GRADING_REPLY_STRUCTURE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/grading/lexicon.h"
#include "services/grading/normalized_text.h"

namespace huifang::grading {

// What a clause of a reply does.
enum class ClauseKind : std::uint8_t {
  kGreeting,  // 网友您好
  kReceipt,   // 您的留言已收悉
  kPreface,  // 现回复如下, 关于您反映的…问题, 我局高度重视
  kForward,  // 已转有关部门处理
  kWait,     // 请耐心等待, 结果将及时反馈
  kReferral,   // 请咨询人社局
  kClosing,    // 感谢您的支持
  kSignature,  // 某某局2016年6月12日
  kSubstance,  // all else: what the caller learns
  kCount,
};

struct Clause {
  Span span;
  ClauseKind kind = ClauseKind::kSubstance;
  // Where its terms begin and end in the structure's.
  std::size_t terms_begin = 0;
  std::size_t terms_end = 0;
  // Bit t is set if the clause has a term t.
  std::uint64_t terms = 0;

  bool Has(Term term) const {
    return ((terms >> static_cast<unsigned>(term)) & 1U) != 0;
  }
};

// A reply taken apart.
struct ReplyStructure {
  std::vector<Clause> clauses;
  // The terms of the whole reply in order of position.
  std::vector<TermMatch> terms;
  // Word characters by kind.
  std::array<std::size_t, static_cast<std::size_t>(ClauseKind::kCount)> words{};

  std::size_t Words(ClauseKind kind) const {
    return words[static_cast<std::size_t>(kind)];
  }
  // The first clause of a kind, or null.
  const Clause* First(ClauseKind kind) const;
};

ReplyStructure AnalyzeReply(const NormalizedText& reply);

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_REPLY_STRUCTURE_H_
