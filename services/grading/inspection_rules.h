// What the machine finds in one closed ticket.
#ifndef HUIFANG_SERVICES_GRADING_INSPECTION_RULES_H_
#define HUIFANG_SERVICES_GRADING_INSPECTION_RULES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/grading/normalized_text.h"
#include "services/grading/relevance_model.h"
#include "services/grading/reply_structure.h"
#include "services/grading/signature.h"

namespace huifang::grading {

enum class Gravity { kNotice = 1, kWarning = 2, kCritical = 3 };

// One rule as people see it.
struct RuleInfo {
  absl::string_view id;
  int version;
  absl::string_view display_name;
  Gravity gravity;
  absl::string_view suggestion;
};

// Every rule, in the order of the documentation.
const std::vector<RuleInfo>& AllRules();
// Null for an unknown id.
const RuleInfo* FindRule(absl::string_view id);

// What a rule found.
struct RuleFinding {
  const RuleInfo* rule = nullptr;
  std::vector<Quote> quotes;
  std::string explanation;
};

// What the caller said of the handler's record.
struct CallbackFacts {
  // The caller says that nobody called back. Nothing: not asked or unclear.
  std::optional<bool> called_back;
  std::string quote;  // the answer as recorded
};

// A closed ticket as the rules see it. The texts must outlive the call.
struct TicketFacts {
  absl::string_view title;
  absl::string_view content;
  absl::string_view reply;
  std::optional<absl::Time> due;
  std::optional<absl::Time> closed;
  bool overdue = false;
  // As written on the ticket; empty if none.
  absl::string_view case_number;
  // First character of the caller's name; empty if unknown.
  absl::string_view caller_surname;
  // The handler recorded that the caller was phoned.
  bool contact_recorded = false;
  std::optional<CallbackFacts> callback;
};

struct RuleResult {
  std::optional<double> relevance;
  std::vector<RuleFinding> findings;  // gravest first
  ReplySignature signature;
  std::u16string substance;
};

// Runs every rule that needs this ticket only. `scratch` belongs to the
// calling thread.
RuleResult InspectTicket(const TicketFacts& facts, const RelevanceModel& model,
                         RelevanceModel::Scratch& scratch);

// Another ticket whose signature shares a band with this one.
struct CopyCandidate {
  std::string inspection;  // its name
  std::string title;
  std::string content;
  std::string reply;
};

// Adds a near-duplicate finding if one of `candidates` was answered with the
// same words although something else was asked. Returns the candidate's name,
// empty if there is none.
std::string AddCopyFinding(const TicketFacts& facts,
                           const std::vector<CopyCandidate>& candidates,
                           const RelevanceModel& model,
                           RelevanceModel::Scratch& scratch,
                           RuleResult& result);

// Orders findings by gravity, then by rule.
void SortFindings(std::vector<RuleFinding>& findings);

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_INSPECTION_RULES_H_
