#include "services/grading/reply_structure.h"

#include <algorithm>
#include <string_view>

namespace huifang::grading {
namespace {

constexpr std::size_t kShortClause = 14;
constexpr std::size_t kLongCourtesy = 60;
constexpr std::size_t kSignatureMax = 30;
constexpr std::size_t kWordsAfterAsNext = 6;
constexpr std::size_t kBareForward = 10;
constexpr std::size_t kBareReceipt = 6;
constexpr std::size_t kBareHaste = 13;

bool IsDateOrDigit(char16_t c) {
  return (c >= u'0' && c <= u'9') || c == u'年' || c == u'月' || c == u'日' ||
         c == u'时' || c == u'分' || c == u'号';
}

bool IsHanOrLetter(char16_t c) { return IsWordChar(c) && !IsDateOrDigit(c); }

// The clause without the numbers, dates and marks at its ends.
std::u16string_view Core(std::u16string_view text) {
  while (!text.empty() && !IsHanOrLetter(text.back())) text.remove_suffix(1);
  while (!text.empty() && !IsHanOrLetter(text.front())) text.remove_prefix(1);
  return text;
}

// Word characters outside quotation marks and outside greeting terms, user
// numbers aside: what a mere salutation does not have.
std::size_t WordsBesideGreeting(std::u16string_view text, const Clause& clause,
                                const std::vector<TermMatch>& terms) {
  std::size_t words = 0;
  std::size_t covered = 0;  // up to here by greeting terms
  std::size_t next = clause.terms_begin;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t at = clause.span.begin + i;
    for (; next < clause.terms_end && terms[next].begin <= at; ++next) {
      if (terms[next].term != Term::kGreeting) continue;
      covered = std::max(covered, at + terms[next].length);
    }
    if (text[i] == u'“' || text[i] == u'”') quoted = text[i] == u'“';
    const bool han = IsWordChar(text[i]) && text[i] >= 0x100;
    if (han && !quoted && at >= covered && !IsDateOrDigit(text[i])) ++words;
  }
  return words;
}

class Classifier {
 public:
  Classifier(const NormalizedText& reply, const std::vector<TermMatch>& terms)
      : reply_(reply), terms_(terms) {}

  ClauseKind Classify(const Clause& clause, bool late) const {
    const std::u16string_view text = reply_.at(clause.span);
    const std::u16string_view core = Core(text);
    const std::size_t words = CountWordChars(text);
    if (CountWordChars(core) == 0) return ClauseKind::kSignature;
    if (IsForward(clause, text)) return ClauseKind::kForward;
    if (IsReceipt(clause, text, words)) return ClauseKind::kReceipt;
    if (IsWait(clause, text, words)) return ClauseKind::kWait;
    if (IsGreeting(clause, text)) return ClauseKind::kGreeting;
    if (IsClosing(clause, words)) return ClauseKind::kClosing;
    if (IsReferral(clause, words)) return ClauseKind::kReferral;
    if (IsPreface(clause, text, words)) return ClauseKind::kPreface;
    if (late && IsSignature(clause, core)) return ClauseKind::kSignature;
    return ClauseKind::kSubstance;
  }

 private:
  static bool IsForward(const Clause& c, std::u16string_view text) {
    if (c.Has(Term::kTakenOver)) return false;
    // Handed to a court for enforcement: a step of its own, not a detour.
    if (text.find(u"强制执行") != std::u16string_view::npos) return false;
    const bool about = c.Has(Term::kMatter) || c.Has(Term::kAboutHead);
    if (c.Has(Term::kHandOver)) {
      return about || c.Has(Term::kHandOverTo) || c.Has(Term::kTask);
    }
    return c.Has(Term::kHandOverTo) && (about || c.Has(Term::kTask) ||
                                        CountWordChars(text) <= kBareForward);
  }

  static bool IsReceipt(const Clause& c, std::u16string_view text,
                        std::size_t words) {
    // 收到, 来信收到: by itself, not as part of 于某日收到判决书.
    if (words <= kBareReceipt && text.find(u"收到") != text.npos) return true;
    return c.Has(Term::kReceived) &&
           (c.Has(Term::kMatter) || c.Has(Term::kAboutHead) ||
            words <= kShortClause);
  }

  static bool IsWait(const Clause& c, std::u16string_view text,
                     std::size_t words) {
    if (c.Has(Term::kIf) && !c.Has(Term::kFollowUp)) return false;
    // 已作出回复: it happened.
    if (text.find(u"已作出") != std::u16string_view::npos ||
        text.find(u"已做出") != std::u16string_view::npos) {
      return false;
    }
    if (c.Has(Term::kSoon) && words <= kBareHaste) return true;
    return (c.Has(Term::kWait) || c.Has(Term::kFollowUp)) && words <= 36;
  }

  bool IsGreeting(const Clause& c, std::u16string_view text) const {
    const std::size_t beside = WordsBesideGreeting(text, c, terms_);
    if (c.Has(Term::kGreeting)) {
      return beside <= 2 ||
             (beside <= 8 && text.size() <= 16 && text.substr(0, 2) == u"网友");
    }
    return beside == 0;  // a quoted name, a user number
  }

  static bool IsClosing(const Clause& c, std::size_t words) {
    if (words > kLongCourtesy) return false;
    return c.Has(Term::kThanks) || c.Has(Term::kClosing) ||
           (c.Has(Term::kIf) && c.Has(Term::kDoubt) && words <= 30);
  }

  static bool IsReferral(const Clause& c, std::size_t words) {
    if (words > kLongCourtesy) return false;
    return c.Has(Term::kRefer) ||
           (c.Has(Term::kReferTo) && c.Has(Term::kReferAct));
  }

  // 联系电话：…, 地址：…
  static bool IsContact(std::u16string_view text) {
    const auto han = std::count_if(text.begin(), text.end(), [](char16_t c) {
      return c >= 0x100 && IsWordChar(c);
    });
    return han <= 8 && (text.find(u"电话") != std::u16string_view::npos ||
                        text.find(u"地址") != std::u16string_view::npos ||
                        text.find(u"联系人") != std::u16string_view::npos ||
                        text.find(u"联系方式") != std::u16string_view::npos);
  }

  // Whether the clause opens with the caller's matter, a quoted name aside.
  bool StartsAbout(const Clause& c, std::u16string_view text) const {
    if (text.front() == u'“') return true;
    for (std::size_t i = c.terms_begin; i < c.terms_end; ++i) {
      if (terms_[i].begin >= c.span.begin + 4) return false;
      if (terms_[i].term == Term::kAboutHead) return true;
    }
    return false;
  }

  bool IsPreface(const Clause& c, std::u16string_view text,
                 std::size_t words) const {
    if (c.Has(Term::kTakenOver)) return true;
    if (c.Has(Term::kAsNext) && words <= kLongCourtesy + 40) {
      // 回复如下 without a mark after it: the answer itself follows.
      const std::size_t next = text.rfind(u"如下");
      return next == std::u16string_view::npos ||
             CountWordChars(text.substr(next + 2)) <= kWordsAfterAsNext;
    }
    if (c.Has(Term::kRitual) && words <= 30) return true;
    if (!c.Has(Term::kContactNote) && IsContact(text)) return true;
    if (!c.Has(Term::kAboutHead) || !StartsAbout(c, text)) return false;
    const std::u16string_view core = Core(text);
    for (const std::u16string_view tail :
         {u"问题", u"情况", u"事宜", u"一事", u"留言", u"诉求", u"事项",
          u"建议", u"来信", u"反映", u"咨询", u"投诉"}) {
      if (core.ends_with(tail) && words <= kLongCourtesy + 40) return true;
    }
    return false;
  }

  // An office's name at the end, with no sentence before it.
  bool IsSignature(const Clause& c, std::u16string_view core) const {
    if (core.size() > kSignatureMax || c.Has(Term::kTask)) return false;
    const std::size_t end =
        c.span.begin +
        static_cast<std::size_t>(core.data() - reply_.at(c.span).data()) +
        core.size();
    for (std::size_t i = c.terms_begin; i < c.terms_end; ++i) {
      const TermMatch& match = terms_[i];
      if (match.term == Term::kUnitEnd && match.begin + match.length == end) {
        return core.find(u'的') == std::u16string_view::npos &&
               core.find(u'已') == std::u16string_view::npos &&
               core.find(u'由') == std::u16string_view::npos;
      }
    }
    return false;
  }

  const NormalizedText& reply_;
  const std::vector<TermMatch>& terms_;
};

}  // namespace

const Clause* ReplyStructure::First(ClauseKind kind) const {
  for (const Clause& clause : clauses) {
    if (clause.kind == kind) return &clause;
  }
  return nullptr;
}

ReplyStructure AnalyzeReply(const NormalizedText& reply) {
  ReplyStructure structure;
  std::vector<TermMatch>& terms = structure.terms;
  FindTerms(reply.chars(), terms);
  std::size_t next = 0;
  for (const Span span : SplitClauses(reply)) {
    Clause clause{.span = span};
    while (next < terms.size() && terms[next].begin < span.begin) ++next;
    clause.terms_begin = next;
    for (; next < terms.size() && terms[next].begin < span.end; ++next) {
      // A term may take the mark that ends the clause with it: 回复：
      if (terms[next].begin + terms[next].length <= span.end + 1) {
        clause.terms |= std::uint64_t{1}
                        << static_cast<unsigned>(terms[next].term);
      }
    }
    clause.terms_end = next;
    structure.clauses.push_back(clause);
  }
  const Classifier classifier(reply, terms);
  // From the end: only what nothing of substance follows can sign the reply.
  bool late = true;
  for (std::size_t i = structure.clauses.size(); i > 0; --i) {
    Clause& clause = structure.clauses[i - 1];
    clause.kind = classifier.Classify(clause, late);
    late = late && clause.kind != ClauseKind::kSubstance &&
           clause.kind != ClauseKind::kForward;
    structure.words[static_cast<std::size_t>(clause.kind)] +=
        CountWordChars(reply.at(clause.span));
  }
  return structure;
}

}  // namespace huifang::grading
