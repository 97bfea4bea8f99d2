#include "services/grading/inspection_rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/grading/reading.h"

namespace huifang::grading {
namespace {

// Up to this many words of substance are no answer yet: "希望能对您有帮助".
constexpr std::size_t kNoSubstance = 6;
// 无, 略: not even words.
constexpr std::size_t kNoWords = 2;
// 已电话告知当事人: a note of this length says that, not what.
constexpr std::size_t kNoteWordsMax = 16;
// 经查, 目前: a connective alone states nothing.
constexpr std::size_t kConcreteWordsMin = 6;
// Below this relevance a reply of some length does not speak to the question.
constexpr double kOffTopicBelow = 0.05;
constexpr std::size_t kOffTopicWordsMin = 40;
constexpr std::size_t kOffTopicQuestionMin = 20;
constexpr double kCopySimilarity = 0.8;
// Two questions this alike are one matter raised twice.
constexpr double kSameMatter = 0.3;
// 我们不知道: blunt by itself, not as part of a longer explanation.
constexpr std::size_t kBluntWordsMax = 8;

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
  AddFinding("overdue", {std::move(quote)}, std::move(explanation), result);
}

std::size_t QuestionWords(const Reading& reading) {
  return CountWordChars(reading.title.chars()) +
         CountWordChars(reading.content.chars());
}

// Substance in words, with credit for clauses that state something checkable
// and half weight for mere promises and notes.
double WeighSubstance(const Reading& reading) {
  double weight = 0;
  for (const Clause& clause : reading.structure.clauses) {
    if (clause.kind != ClauseKind::kSubstance) continue;
    const std::u16string_view text = reading.reply.at(clause.span);
    const std::size_t words = CountWordChars(text);
    const bool figure = HasFigure(text);
    const bool note =
        clause.Has(Term::kContactNote) && !figure && words <= kNoteWordsMax;
    const bool concrete = figure || (!note && words >= kConcreteWordsMin &&
                                     clause.Has(Term::kConcrete));
    const bool vague = note || (clause.Has(Term::kPromise) && !concrete);
    const bool direct = words >= kConcreteWordsMin && clause.Has(Term::kDirect);
    weight += (vague ? 0.5 : 1.0) * static_cast<double>(words) +
              (concrete ? 12.0 : 0.0) + (direct ? 12.0 : 0.0);
  }
  return weight;
}

// Substance a question of `words` words calls for.
double SubstanceNeeded(std::size_t words) {
  return std::clamp(10.0 + static_cast<double>(words) / 12.0, 14.0, 40.0);
}

// A reply without substance: which of the empty forms it is.
void CheckEmptyForm(const Reading& reading, std::size_t substance,
                    RuleResult& result) {
  const ReplyStructure& s = reading.structure;
  const std::string words = absl::StrCat("实质内容 ", substance, " 字");
  if (s.First(ClauseKind::kForward) != nullptr) {
    AddFinding("forward_only", {reading.QuoteFirst(ClauseKind::kForward)},
               absl::StrCat("答复只说明已转交，除套话外的", words), result);
    return;
  }
  if (s.First(ClauseKind::kReferral) != nullptr) {
    AddFinding("referral_only", {reading.QuoteFirst(ClauseKind::kReferral)},
               absl::StrCat("答复只让诉求人另找部门，", words), result);
    return;
  }
  for (const ClauseKind kind :
       {ClauseKind::kReceipt, ClauseKind::kWait, ClauseKind::kPreface}) {
    if (s.First(kind) == nullptr) continue;
    AddFinding("acknowledgement_only", {reading.QuoteFirst(kind)},
               absl::StrCat("答复只有收悉、等待之类的套话，", words), result);
    return;
  }
  if (substance > kNoWords) {
    AddFinding("over_simplified", {reading.QuoteSubstance()},
               absl::StrCat("答复", words, "，未见可核对的事实、依据或结果"),
               result);
    return;
  }
  AddFinding("empty_reply", {reading.QuoteWholeReply()},
             reading.reply.empty()
                 ? std::string("答复为空")
                 : std::string("答复只有称谓、致谢、日期或落款"),
             result);
}

// At most one of these fits.
void CheckAnswered(const Reading& reading, RuleResult& result) {
  const std::size_t substance = reading.structure.Words(ClauseKind::kSubstance);
  if (substance <= kNoSubstance) {
    CheckEmptyForm(reading, substance, result);
    return;
  }
  const double weight = WeighSubstance(reading);
  const double needed = SubstanceNeeded(QuestionWords(reading));
  if (weight >= needed) return;
  AddFinding(
      "over_simplified", {reading.QuoteSubstance()},
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
  AddFinding("off_topic", std::move(quotes),
             absl::StrFormat("答复与诉求的相关度 %.2f，低于 %.2f",
                             *result.relevance, kOffTopicBelow),
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
  if (reading.structure.Words(ClauseKind::kSubstance) <= kNoSubstance) return;
  const std::vector<Clause>& clauses = reading.structure.clauses;
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    const Clause& clause = clauses[i];
    const bool says =
        clause.kind == ClauseKind::kSubstance ||
        (clause.kind == ClauseKind::kWait && clause.Has(Term::kSoon));
    if (!says || !clause.Has(Term::kPromise) || !clause.Has(Term::kDeed) ||
        clause.Has(Term::kIf) || clause.Has(Term::kDone) ||
        clause.Has(Term::kOngoing) || clause.Has(Term::kNotOwn) ||
        ConditionBefore(clauses, i) || TimedNearby(reading, i)) {
      continue;
    }
    AddFinding("promise_without_date", {reading.QuoteReply(clause.span)},
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
    AddFinding(
        "shirking", {reading.QuoteReply(clause.span)},
        blunt ? "答复用语生硬或推脱" : "以不属职责为由结束，没有代为转办",
        result);
    return;
  }
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
  AddFinding("contradiction", std::move(quotes),
             "工单记录已联系诉求人，回访时诉求人表示没有接到联系", result);
}

// Of the two replies' substance, 0 to 1.
double SimilarityOf(const TicketFacts& facts, const CopyCandidate& candidate,
                    const RuleResult& result) {
  if (candidate.reply == facts.reply) return 1;
  const NormalizedText reply(candidate.reply);
  return TripleSimilarity(result.substance,
                          SubstanceText(reply, AnalyzeReply(reply)));
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
    if (best != nullptr && best_similarity >= 1) break;  // none is nearer
    // One matter raised twice rightly gets one answer: known at sight if it was
    // filed twice, else by the words.
    if (candidate.title == facts.title && candidate.content == facts.content) {
      continue;
    }
    const double similarity = SimilarityOf(facts, candidate, result);
    if (similarity < best_similarity) continue;
    const NormalizedText other(
        absl::StrCat(candidate.title, "\n", candidate.content));
    const std::optional<double> same =
        model.Score({reading.title, reading.content, other}, scratch);
    if (!same.has_value() || *same >= kSameMatter) continue;
    best = &candidate;
    best_similarity = similarity;
  }
  if (best == nullptr) return "";
  AddFinding("near_duplicate", {reading.QuoteSubstance()},
             absl::StrFormat("与 %s 的答复内容 %.0f%% 相同，而两件诉求不同",
                             best->inspection, 100 * best_similarity),
             result);
  SortFindings(result.findings);
  return best->inspection;
}

}  // namespace huifang::grading
