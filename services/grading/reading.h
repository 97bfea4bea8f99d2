// One ticket's texts, normalised and taken apart once, for all rules.
#ifndef HUIFANG_SERVICES_GRADING_READING_H_
#define HUIFANG_SERVICES_GRADING_READING_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/grading/inspection_rules.h"

namespace huifang::grading {

struct Reading {
  explicit Reading(const TicketFacts& f)
      : facts(f),
        title(f.title),
        content(f.content),
        reply(f.reply),
        structure(AnalyzeReply(reply)) {}

  Quote QuoteReply(Span span) const {
    return reply.MakeQuote("reply", facts.reply, span);
  }
  Quote QuoteWholeReply() const { return QuoteReply({0, reply.size()}); }
  // From the first to the last clause that says something.
  Quote QuoteSubstance() const {
    Span span{reply.size(), 0};
    for (const Clause& clause : structure.clauses) {
      if (clause.kind != ClauseKind::kSubstance) continue;
      span.begin = std::min(span.begin, clause.span.begin);
      span.end = clause.span.end;
    }
    return span.end == 0 ? QuoteWholeReply() : QuoteReply(span);
  }
  Quote QuoteFirst(ClauseKind kind) const {
    const Clause* clause = structure.First(kind);
    return clause == nullptr ? QuoteWholeReply() : QuoteReply(clause->span);
  }

  const TicketFacts& facts;
  const NormalizedText title;
  const NormalizedText content;
  const NormalizedText reply;
  const ReplyStructure structure;
};

inline void AddFinding(absl::string_view rule_id, std::vector<Quote> quotes,
                       std::string explanation, RuleResult& result) {
  result.findings.push_back(
      {FindRule(rule_id), std::move(quotes), std::move(explanation)});
}

// A digit, or a law's title.
inline bool HasFigure(std::u16string_view text) {
  return std::any_of(text.begin(), text.end(), [](char16_t c) {
    return (c >= u'0' && c <= u'9') || c == u'《';
  });
}

// Looks for signs that the reply was written for somebody else (答错对象).
void CheckAddressee(const Reading& reading, RuleResult& result);

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_READING_H_
