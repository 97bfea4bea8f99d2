// 逐条逐项: one ticket's facts become one item of a report.
#ifndef HUIFANG_SERVICES_REPORTING_ITEM_RULES_H_
#define HUIFANG_SERVICES_REPORTING_ITEM_RULES_H_

#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "huifang/grading/v1/grading_resources.pb.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

// Where a call counts among the callback rates.
struct CallCell {
  std::string division;  // resource name, or empty
  std::string team;
  int close_day = 0;  // of the ticket, as DayNumber
};

// What is known of a ticket that may become an item.
struct ItemFacts {
  std::string ticket;     // resource name
  std::string source_id;  // empty when it was born here
  std::string division;
  std::string handler;
  std::string matter;
  std::string reply;
  absl::Time due_time = absl::UnixEpoch();
  absl::Time close_time = absl::UnixEpoch();
  bool overdue = false;
  bool failed = false;  // by its grade, else by the machine's proposal
  bool inspected = false;
  huifang::grading::v1::Inspection inspection;
  bool graded = false;
  huifang::grading::v1::Grade grade;
  // Of the interview, if there was one: its id, where it counts, its words.
  bool called = false;
  bool unsatisfied = false;
  std::string callback_id;
  CallCell cell;
  huifang::callback::v1::Callback callback;
};

using DisplayNames = std::map<std::string, std::string>;

// 满意, 基本满意, 不满意, 待定; empty without an interview.
std::string VerdictText(huifang::callback::v1::Verdict verdict);

// A verdict that VerdictText wrote, in the reader's language.
std::string VerdictIn(const std::string& verdict, Locale locale);

// What to do about findings of a rule, for the item and the training topic.
std::string AdviceFor(absl::string_view rule, Locale locale);

// The Chinese name of a built-in rule; the id itself for others.
std::string RuleName(absl::string_view rule);

// `number` counts the items of the report from 1.
v1::Item MakeItem(const ItemFacts& facts, int number,
                  const DisplayNames& names);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ITEM_RULES_H_
