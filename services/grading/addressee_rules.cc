#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/grading/reading.h"

namespace huifang::grading {
namespace {

// A quoted matter shares at least this part of its character pairs with the
// ticket it is quoted from.
constexpr double kQuoteShared = 0.1;
constexpr std::size_t kQuoteWordsMin = 8;
// A reply this relevant speaks of the ticket's matter, whatever it quotes.
constexpr double kSpeaksToMatter = 0.5;

std::vector<std::uint32_t> Pairs(std::u16string_view text) {
  std::vector<std::uint32_t> pairs;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (!IsWordChar(text[i]) || !IsWordChar(text[i + 1])) continue;
    pairs.push_back((std::uint32_t{text[i]} << 16) | text[i + 1]);
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

// Part of the pairs of `quoted` that occur in the ticket's question.
double SharedWithQuestion(const Reading& reading, std::u16string_view quoted) {
  const std::vector<std::uint32_t> wanted = Pairs(quoted);
  if (wanted.empty()) return 1.0;
  std::vector<std::uint32_t> have = Pairs(reading.title.chars());
  const std::vector<std::uint32_t> content = Pairs(reading.content.chars());
  have.insert(have.end(), content.begin(), content.end());
  std::sort(have.begin(), have.end());
  std::size_t shared = 0;
  for (const std::uint32_t pair : wanted) {
    if (std::binary_search(have.begin(), have.end(), pair)) ++shared;
  }
  return static_cast<double>(shared) / static_cast<double>(wanted.size());
}

// 反映的“…”: a matter quoted back to the caller that is not the caller's.
bool QuotesAnotherMatter(const Reading& reading, RuleResult& result) {
  if (result.relevance.value_or(0) >= kSpeaksToMatter) return false;
  const std::u16string& chars = reading.reply.chars();
  for (const std::u16string_view lead :
       {u"反映的“", u"反映“", u"咨询的“", u"提出的“", u"投诉的“"}) {
    const std::size_t at = chars.find(lead);
    if (at == std::u16string::npos) continue;
    const std::size_t begin = at + lead.size();
    const std::size_t end = chars.find(u'”', begin);
    if (end == std::u16string::npos || end - begin > 80) continue;
    const Span span{begin, end};
    if (CountWordChars(reading.reply.at(span)) < kQuoteWordsMin) continue;
    const double shared = SharedWithQuestion(reading, reading.reply.at(span));
    if (shared >= kQuoteShared) continue;
    AddFinding("wrong_addressee", {reading.QuoteReply(span)},
               absl::StrFormat("答复引述的事项与本工单只有 %.0f%% 的用词相同",
                               100 * shared),
               result);
    return true;
  }
  return false;
}

// Position of a modern case number such as (2021)京0102民初7664号, after
// `from`.
std::optional<Span> FindCaseNumber(std::u16string_view text, std::size_t from) {
  for (std::size_t i = from; i + 10 < text.size(); ++i) {
    if (text[i] != u'(' && text[i] != u'〔') continue;
    const char16_t close = text[i] == u'(' ? u')' : u'〕';
    if (text[i + 5] != close || !HasFigure(text.substr(i + 1, 1))) continue;
    const std::size_t end = text.find(u'号', i + 6);
    if (end == std::u16string_view::npos || end - i > 24) continue;
    if (HasFigure(text.substr(end - 1, 1))) return Span{i, end + 1};
  }
  return std::nullopt;
}

// The reply speaks of a case and neither the ticket nor its text does.
bool NamesAnotherCase(const Reading& reading, RuleResult& result) {
  const NormalizedText own(reading.facts.case_number);
  if (own.empty()) return false;
  const std::optional<Span> found = FindCaseNumber(reading.reply.chars(), 0);
  if (!found.has_value()) return false;
  const std::u16string_view number = reading.reply.at(*found);
  const auto mentions = [number](const NormalizedText& text) {
    return text.chars().find(number) != std::u16string::npos;
  };
  if (mentions(own) || mentions(reading.title) || mentions(reading.content) ||
      reading.reply.chars().find(own.chars()) != std::u16string::npos) {
    return false;
  }
  AddFinding("wrong_addressee", {reading.QuoteReply(*found)},
             absl::StrCat("答复所述案号与工单案号 ", reading.facts.case_number,
                          " 不一致"),
             result);
  return true;
}

// 王先生 in the salutation of a reply to somebody called Li.
bool GreetsAnotherPerson(const Reading& reading, RuleResult& result) {
  const NormalizedText surname(reading.facts.caller_surname);
  if (surname.empty()) return false;
  const std::u16string& chars = reading.reply.chars();
  for (const Clause& clause : reading.structure.clauses) {
    if (clause.kind != ClauseKind::kGreeting) break;
    for (const std::u16string_view style : {u"先生", u"女士"}) {
      const std::size_t at = chars.find(style, clause.span.begin);
      if (at == std::u16string::npos || at >= clause.span.end) continue;
      // One or two characters of surname right at the start of the clause or
      // after 尊敬的; anything else is not a plain salutation.
      std::size_t begin = clause.span.begin;
      if (chars.compare(begin, 3, u"尊敬的") == 0) begin += 3;
      if (at <= begin || at - begin > 2 || !IsWordChar(chars[begin])) continue;
      if (chars[begin] == surname.chars().front()) return false;
      AddFinding("wrong_addressee", {reading.QuoteReply({begin, at + 2})},
                 absl::StrCat("答复称呼与诉求人姓氏（",
                              reading.facts.caller_surname, "）不符"),
                 result);
      return true;
    }
  }
  return false;
}

}  // namespace

void CheckAddressee(const Reading& reading, RuleResult& result) {
  if (NamesAnotherCase(reading, result)) return;
  if (GreetsAnotherPerson(reading, result)) return;
  QuotesAnotherMatter(reading, result);
}

}  // namespace huifang::grading
