// The inspection rules on any title, question, reply and noted answer: every
// finding quotes words that stand where it says, and a verdict has a score.
#include <cmath>
#include <string>

#include "services/common/text.h"
#include "services/grading/inspection_rules.h"
#include "tests/fuzz/fuzz.h"

namespace huifang::grading {
namespace {

using fuzz::Require;

void TryQuote(const Quote& quote, const TicketFacts& facts) {
  Require(quote.byte_offset >= 0 && quote.byte_length >= 0,
          "a quote has a place");
  absl::string_view field;
  if (quote.field == "title") field = facts.title;
  if (quote.field == "content") field = facts.content;
  if (quote.field == "reply") field = facts.reply;
  if (field.data() == nullptr) return;  // of another record
  const auto begin = static_cast<std::size_t>(quote.byte_offset);
  const auto length = static_cast<std::size_t>(quote.byte_length);
  Require(begin + length <= field.size(), "a quote lies within its field");
  const absl::string_view words = field.substr(begin, length);
  Require(words == quote.text, "a quote has the words of its place");
  Require(
      CodePointCount(field.substr(0, begin)) ==
              static_cast<std::size_t>(quote.char_offset) &&
          CodePointCount(words) == static_cast<std::size_t>(quote.char_length),
      "bytes and characters agree");
}

void Try(const TicketFacts& facts) {
  static const RelevanceModel kModel;
  static RelevanceModel::Scratch scratch;
  RuleResult result = InspectTicket(facts, kModel, scratch);
  if (result.relevance.has_value()) {
    Require(*result.relevance >= 0 && *result.relevance <= 1,
            "relevance is a share");
  }
  (void)AddCopyFinding(facts,
                       {{"courts/110102/inspections/i", "another",
                         std::string(facts.content), std::string(facts.reply)}},
                       kModel, scratch, result);
  Gravity last = Gravity::kCritical;
  for (const RuleFinding& finding : result.findings) {
    Require(finding.rule != nullptr && FindRule(finding.rule->id) != nullptr,
            "a finding names its rule");
    Require(finding.rule->gravity <= last, "the gravest come first");
    last = finding.rule->gravity;
    for (const Quote& quote : finding.quotes) TryQuote(quote, facts);
  }
}

}  // namespace
}  // namespace huifang::grading

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang;
  absl::string_view rest = fuzz::Text(data, size);
  const std::size_t bits = fuzz::TakeChoice(rest, 32);
  grading::TicketFacts facts;
  facts.reply = fuzz::TakePart(rest);
  facts.content = fuzz::TakePart(rest);
  facts.title = fuzz::TakePart(rest);
  facts.caller_surname = fuzz::TakePart(rest);
  facts.case_number = fuzz::TakePart(rest);
  facts.overdue = (bits & 1) != 0;
  facts.contact_recorded = (bits & 2) != 0;
  if ((bits & 4) != 0) {
    facts.due = absl::FromUnixSeconds(1600000000);
    facts.closed = *facts.due + absl::Hours(bits);
  }
  if ((bits & 8) != 0) {
    facts.callback =
        grading::CallbackFacts{(bits & 16) != 0, std::string(rest)};
  }
  grading::Try(facts);
  return 0;
}
