#include "services/grading/inspection_rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace huifang::grading {
namespace {

// Up to this many words of substance are no answer yet: "希望能对您有帮助".
constexpr std::size_t kNoSubstance = 6;
// Below this relevance a reply of some length does not speak to the question.
constexpr double kOffTopicBelow = 0.05;
constexpr std::size_t kOffTopicWordsMin = 40;
constexpr std::size_t kOffTopicQuestionMin = 20;
// A quoted matter shares at least this part of its character pairs with the
// ticket it is quoted from.
constexpr double kQuoteShared = 0.1;
constexpr std::size_t kQuoteWordsMin = 8;
// A reply this relevant speaks of the ticket's matter, whatever it quotes.
constexpr double kSpeaksToMatter = 0.5;
constexpr double kCopySimilarity = 0.8;
// Two questions this alike are one matter raised twice.
constexpr double kSameMatter = 0.3;
// 我们不知道: blunt by itself, not as part of a longer explanation.
constexpr std::size_t kBluntWordsMax = 8;

constexpr absl::string_view kReplyField = "reply";

// The texts of one ticket, normalised and taken apart once.
struct Reading {
  explicit Reading(const TicketFacts& f)
      : facts(f),
        title(f.title),
        content(f.content),
        reply(f.reply),
        structure(AnalyzeReply(reply)) {}

  Quote QuoteReply(Span span) const {
    return reply.MakeQuote(kReplyField, facts.reply, span);
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

void Add(absl::string_view rule_id, std::vector<Quote> quotes,
         std::string explanation, RuleResult& result) {
  result.findings.push_back(
      {FindRule(rule_id), std::move(quotes), std::move(explanation)});
}

void CheckOverdue(const TicketFacts& facts, RuleResult& result) {
  if (!facts.overdue || !facts.due.has_value()) return;
  const absl::TimeZone zone = absl::FixedTimeZone(8 * 60 * 60);
  Quote quote;
  quote.field = "due_time";
  quote.text = absl::FormatTime("%Y-%m-%d %H:%M", *facts.due, zone);
  quote.char_length = static_cast<std::int32_t>(quote.text.size());
  quote.byte_length = quote.char_length;
  std::string explanation = absl::StrCat("应于 ", quote.text, " 前办结");
  if (facts.closed.has_value()) {
    const absl::Duration late = *facts.closed - *facts.due;
    absl::StrAppendFormat(
        &explanation, "，实际 %s 办结，超期 %.1f 小时",
        absl::FormatTime("%Y-%m-%d %H:%M", *facts.closed, zone),
        absl::ToDoubleHours(late));
  }
  Add("overdue", {std::move(quote)}, std::move(explanation), result);
}

std::size_t QuestionWords(const Reading& reading) {
  return CountWordChars(reading.title.chars()) +
         CountWordChars(reading.content.chars());
}

bool HasFigure(std::u16string_view text) {
  return std::any_of(text.begin(), text.end(), [](char16_t c) {
    return (c >= u'0' && c <= u'9') || c == u'《';
  });
}

// Substance in words, with credit for clauses that state something checkable
// and half weight for mere promises.
double WeighSubstance(const Reading& reading) {
  double weight = 0;
  for (const Clause& clause : reading.structure.clauses) {
    if (clause.kind != ClauseKind::kSubstance) continue;
    const std::u16string_view text = reading.reply.at(clause.span);
    const auto words = static_cast<double>(CountWordChars(text));
    const bool concrete = clause.Has(Term::kConcrete) || HasFigure(text);
    const bool promise = clause.Has(Term::kPromise) && !concrete;
    weight += (promise ? 0.5 : 1.0) * words + (concrete ? 12.0 : 0.0);
  }
  return weight;
}

// Substance a question of `words` words calls for.
double SubstanceNeeded(std::size_t words) {
  return std::clamp(10.0 + static_cast<double>(words) / 12.0, 14.0, 40.0);
}

// Exactly one of these fits a reply that does not answer; the first does.
void CheckAnswered(const Reading& reading, RuleResult& result) {
  const ReplyStructure& s = reading.structure;
  const std::size_t substance = s.Words(ClauseKind::kSubstance);
  if (substance <= kNoSubstance) {
    if (s.First(ClauseKind::kForward) != nullptr) {
      Add("forward_only", {reading.QuoteFirst(ClauseKind::kForward)},
          absl::StrCat("答复只说明已转交，除套话外的实质内容 ", substance,
                       " 字"),
          result);
    } else if (s.First(ClauseKind::kReferral) != nullptr) {
      Add("referral_only", {reading.QuoteFirst(ClauseKind::kReferral)},
          absl::StrCat("答复只让诉求人另找部门，实质内容 ", substance, " 字"),
          result);
    } else if (s.First(ClauseKind::kReceipt) != nullptr ||
               s.First(ClauseKind::kWait) != nullptr) {
      const bool receipt = s.First(ClauseKind::kReceipt) != nullptr;
      Add("acknowledgement_only",
          {reading.QuoteFirst(receipt ? ClauseKind::kReceipt
                                      : ClauseKind::kWait)},
          absl::StrCat("答复只有收悉、等待之类的套话，实质内容 ", substance,
                       " 字"),
          result);
    } else {
      Add("empty_reply", {reading.QuoteWholeReply()},
          reading.reply.empty() ? std::string("答复为空")
                                : std::string("答复只有称谓、致谢、日期或落款"),
          result);
    }
    return;
  }
  const double weight = WeighSubstance(reading);
  const double needed = SubstanceNeeded(QuestionWords(reading));
  if (weight >= needed) return;
  Add("over_simplified", {reading.QuoteSubstance()},
      absl::StrFormat("诉求 %d 字，答复实质内容 %d 字（折算 %.0f，至少应有 "
                      "%.0f），未见可核对的事实、依据或结果",
                      QuestionWords(reading), substance, weight, needed),
      result);
}

void CheckRelevance(const Reading& reading, const RelevanceModel& model,
                    RelevanceModel::Scratch& scratch, RuleResult& result) {
  result.relevance =
      model.Score({reading.title, reading.content, reading.reply}, scratch);
  if (!result.relevance.has_value() || *result.relevance >= kOffTopicBelow) {
    return;
  }
  const ReplyStructure& s = reading.structure;
  if (s.Words(ClauseKind::kSubstance) < kOffTopicWordsMin ||
      QuestionWords(reading) < kOffTopicQuestionMin) {
    return;
  }
  std::vector<Quote> quotes = {reading.QuoteSubstance()};
  const bool titled = !reading.title.empty();
  quotes.push_back(
      titled ? reading.title.MakeQuote("title", reading.facts.title,
                                       {0, reading.title.size()})
             : reading.content.MakeQuote("content", reading.facts.content,
                                         {0, reading.content.size()}));
  Add("off_topic", std::move(quotes),
      absl::StrFormat("答复与诉求的相关度 %.2f，低于 %.2f", *result.relevance,
                      kOffTopicBelow),
      result);
}

// A sentence around clause `at`: a date may stand in a neighbouring clause.
bool TimedNearby(const Reading& reading, std::size_t at) {
  const std::vector<Clause>& clauses = reading.structure.clauses;
  const std::size_t from = at >= 2 ? at - 2 : 0;
  for (std::size_t i = from; i < std::min(clauses.size(), at + 3); ++i) {
    if (clauses[i].kind == ClauseKind::kSignature) continue;
    if (clauses[i].Has(Term::kTimed)) return true;
  }
  return false;
}

// 如发现…，将予以查处: holds only in a case that may never come.
bool ConditionBefore(const std::vector<Clause>& clauses, std::size_t at) {
  for (std::size_t i = at >= 2 ? at - 2 : 0; i < at; ++i) {
    if (clauses[i].Has(Term::kIf)) return true;
  }
  return false;
}

void CheckPromise(const Reading& reading, RuleResult& result) {
  const std::vector<Clause>& clauses = reading.structure.clauses;
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    const Clause& clause = clauses[i];
    if (clause.kind != ClauseKind::kSubstance || !clause.Has(Term::kPromise) ||
        !clause.Has(Term::kDeed) || clause.Has(Term::kIf) ||
        clause.Has(Term::kDone) || clause.Has(Term::kOngoing) ||
        clause.Has(Term::kNotOwn) || ConditionBefore(clauses, i) ||
        TimedNearby(reading, i)) {
      continue;
    }
    Add("promise_without_date", {reading.QuoteReply(clause.span)},
        "作出承诺但没有写明完成或反馈的时间", result);
    return;
  }
}

void CheckShirking(const Reading& reading, RuleResult& result) {
  const ReplyStructure& s = reading.structure;
  const bool helps = s.First(ClauseKind::kForward) != nullptr;
  for (const Clause& clause : s.clauses) {
    const bool blunt =
        clause.Has(Term::kShirk) &&
        CountWordChars(reading.reply.at(clause.span)) <= kBluntWordsMax;
    const bool disclaims = clause.Has(Term::kNotOurs) &&
                           clause.Has(Term::kOurs) && !helps &&
                           s.Words(ClauseKind::kSubstance) < 60;
    if (!blunt && !disclaims) continue;
    Add("shirking", {reading.QuoteReply(clause.span)},
        blunt ? "答复用语生硬或推脱" : "以不属职责为由结束，没有代为转办",
        result);
    return;
  }
}

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
    Add("wrong_addressee", {reading.QuoteReply(span)},
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
  Add("wrong_addressee", {reading.QuoteReply(*found)},
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
      Add("wrong_addressee", {reading.QuoteReply({begin, at + 2})},
          absl::StrCat("答复称呼与诉求人姓氏（", reading.facts.caller_surname,
                       "）不符"),
          result);
      return true;
    }
  }
  return false;
}

void CheckAddressee(const Reading& reading, RuleResult& result) {
  if (NamesAnotherCase(reading, result)) return;
  if (GreetsAnotherPerson(reading, result)) return;
  QuotesAnotherMatter(reading, result);
}

void CheckContradiction(const Reading& reading, RuleResult& result) {
  const TicketFacts& facts = reading.facts;
  if (!facts.callback.has_value() ||
      facts.callback->called_back.value_or(true)) {
    return;
  }
  std::vector<Quote> quotes;
  for (const TermMatch& match : reading.structure.terms) {
    if (match.term != Term::kPhoned) continue;
    quotes.push_back(
        reading.QuoteReply({match.begin, match.begin + match.length}));
    break;
  }
  if (quotes.empty() && !facts.contact_recorded) return;
  Quote answer;
  answer.field = "callback";
  answer.text = facts.callback->quote;
  answer.byte_length = static_cast<std::int32_t>(answer.text.size());
  quotes.push_back(std::move(answer));
  Add("contradiction", std::move(quotes),
      "工单记录已联系诉求人，回访时诉求人表示没有接到联系", result);
}

}  // namespace

RuleResult InspectTicket(const TicketFacts& facts, const RelevanceModel& model,
                         RelevanceModel::Scratch& scratch) {
  const Reading reading(facts);
  RuleResult result;
  CheckOverdue(facts, result);
  CheckAnswered(reading, result);
  CheckRelevance(reading, model, scratch, result);
  CheckPromise(reading, result);
  CheckShirking(reading, result);
  CheckAddressee(reading, result);
  CheckContradiction(reading, result);
  result.substance = SubstanceText(reading.reply, reading.structure);
  result.signature = Sign(result.substance);
  SortFindings(result.findings);
  return result;
}

std::string AddCopyFinding(const TicketFacts& facts,
                           const std::vector<CopyCandidate>& candidates,
                           const RelevanceModel& model,
                           RelevanceModel::Scratch& scratch,
                           RuleResult& result) {
  const Reading reading(facts);
  const CopyCandidate* best = nullptr;
  double best_similarity = kCopySimilarity;
  for (const CopyCandidate& candidate : candidates) {
    const NormalizedText reply(candidate.reply);
    const double similarity = TripleSimilarity(
        result.substance, SubstanceText(reply, AnalyzeReply(reply)));
    if (similarity < best_similarity) continue;
    // One matter raised twice rightly gets one answer.
    const NormalizedText other(
        absl::StrCat(candidate.title, "\n", candidate.content));
    const std::optional<double> same =
        model.Score({reading.title, reading.content, other}, scratch);
    if (!same.has_value() || *same >= kSameMatter) continue;
    best = &candidate;
    best_similarity = similarity;
  }
  if (best == nullptr) return "";
  Add("near_duplicate", {reading.QuoteSubstance()},
      absl::StrFormat("与 %s 的答复内容 %.0f%% 相同，而两件诉求不同",
                      best->inspection, 100 * best_similarity),
      result);
  SortFindings(result.findings);
  return best->inspection;
}

}  // namespace huifang::grading
