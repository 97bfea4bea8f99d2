// What the store hands to the rules: counts of tickets and of the quality
// check, and every drawn call.
#ifndef HUIFANG_SERVICES_REPORTING_FACTS_H_
#define HUIFANG_SERVICES_REPORTING_FACTS_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "services/reporting/comparison_rules.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {

// Tickets of one group in one span.
struct TicketTotals {
  std::int64_t created = 0;
  std::int64_t repeats = 0;  // of the created ones
  std::int64_t closed = 0;
  std::int64_t instant = 0;     // closed at the desk
  std::int64_t with_due = 0;    // closed and had a deadline
  std::int64_t on_time = 0;     // of these, in time
  std::int64_t dispatched = 0;  // closed after a dispatch
  std::int64_t dispatches = 0;  // first dispatches, transfers and returns
  std::int64_t replied = 0;     // dispatched and replied
  double reply_hours = 0;       // first dispatch to first reply, summed
  double handling_hours = 0;    // creation to closing, summed
  std::int64_t reopened = 0;
  std::int64_t generated = 0;
  std::int64_t overdue_open = 0;

  TicketTotals& operator+=(const TicketTotals& other);
};

// Quality check of the tickets of one group that closed in one span.
struct QualityTotals {
  std::int64_t inspected = 0;
  std::int64_t over_simplified = 0;
  // By the grade, or by the machine's proposal where there is none.
  std::int64_t proposed_passed = 0;
  // People grade all flagged tickets and a random share of the others, so the
  // two are strata of different sampling fractions.
  std::int64_t flagged = 0;
  std::int64_t flagged_graded = 0;
  std::int64_t flagged_passed = 0;
  std::int64_t plain_graded = 0;
  std::int64_t plain_passed = 0;
  // A person's tier, else the proposed one.
  std::map<std::string, std::int64_t> tiers;

  QualityTotals& operator+=(const QualityTotals& other);
};

// Answers of an interview, in the order the questions are asked.
enum Question {
  kJudgeCalled,
  kInTime,
  kAttitude,
  kClear,
  kSolved,
  kQuestionCount,
};

enum class Answer : std::int8_t { kNone = 0, kYes = 1, kPartly = 2, kNo = 3 };

enum class Verdict : std::int8_t {
  kNone = 0,
  kSatisfied = 1,        // 满意
  kMostlySatisfied = 2,  // 基本满意
  kUnsatisfied = 3,      // 不满意
  kUndetermined = 4,     // 待定
};

// AAPOR's classes; the numbers are those of the callback contract.
enum class Disposition : std::int8_t {
  kPending = 0,
  kComplete = 1,
  kPartial = 2,
  kRefusal = 3,
  kNonContact = 4,
  kOther = 5,
  kUnknownHousehold = 6,
  kUnknownOther = 7,
  kNotEligible = 8,
};

// One drawn ticket's call.
struct CallFact {
  std::string draw;
  std::string stratum;
  std::int64_t stratum_population = 0;
  std::string division;
  std::string team;
  int close_day = 0;   // of the ticket, as DayNumber
  std::string caller;  // equal for equal callers; empty: not known
  Disposition disposition = Disposition::kPending;
  Verdict verdict = Verdict::kNone;
  std::array<Answer, kQuestionCount> answers{};
  bool simulated = false;
  // Key of the row it counts in, for a statistic with dimensions of its own.
  std::string group;
  std::string ticket;  // its id, for such a statistic
};

// The CallFact::group of a call that counts in no row.
inline constexpr const char* kNoGroup = "\x1f-";

// Of the tickets closed on one day.
struct DayTotals {
  Tally on_time;  // of those with a deadline
  Tally passed;   // of those inspected, as QualityTotals::proposed_passed
};
// By division ("" for none), then by DayNumber.
using DayFacts = std::map<std::string, std::map<int, DayTotals>>;

// Everything counted in one span, by group: division, or team inside one
// division. "" groups those without one.
struct SpanFacts {
  Span span;
  std::map<std::string, TicketTotals> tickets;
  std::map<std::string, QualityTotals> quality;
  std::map<std::string, std::int64_t> findings;  // tickets by rule
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_FACTS_H_
