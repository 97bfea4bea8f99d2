#include "services/grading/proto_convert.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/common/crypto.h"
#include "services/common/proto_time.h"
#include "services/common/text.h"

namespace huifang::grading {
namespace {

// Phone numbers and the like are masked upstream; "*" is not a surname.
std::string Surname(const ticket::v1::Caller& caller) {
  const absl::string_view first = FirstCodePoints(caller.display_name(), 1);
  absl::string_view rest = first;
  const auto code_point = NextCodePoint(rest);
  if (!code_point.has_value() || !IsHan(*code_point)) return "";
  return std::string(first);
}

}  // namespace

RubricData ToData(const v1::Rubric& rubric) {
  RubricData data;
  data.about_calls = rubric.subject() == v1::SUBJECT_CALL;
  data.display_name = rubric.display_name();
  for (const v1::Criterion& c : rubric.criteria()) {
    RubricCriterion criterion;
    criterion.id = c.id();
    criterion.display_name = c.display_name();
    criterion.description = c.description();
    criterion.weight = c.weight();
    criterion.max_points = c.max_points();
    criterion.critical = c.critical();
    criterion.not_applicable_allowed = c.not_applicable_allowed();
    for (const v1::Deduction& d : c.deductions()) {
      criterion.deductions.push_back({d.rule_id(), d.points()});
    }
    data.criteria.push_back(std::move(criterion));
  }
  for (const v1::Tier& tier : rubric.tiers()) {
    data.tiers.push_back({tier.code(), tier.display_name(), tier.min_score()});
  }
  data.lowest_passing_tier = rubric.pass_rule().lowest_passing_tier();
  data.required_criteria.assign(rubric.pass_rule().required_criteria().begin(),
                                rubric.pass_rule().required_criteria().end());
  return data;
}

v1::Rubric ToProto(const RubricData& data) {
  v1::Rubric rubric;
  rubric.set_subject(data.about_calls ? v1::SUBJECT_CALL : v1::SUBJECT_TICKET);
  rubric.set_display_name(data.display_name);
  for (const RubricCriterion& c : data.criteria) {
    v1::Criterion* criterion = rubric.add_criteria();
    criterion->set_id(c.id);
    criterion->set_display_name(c.display_name);
    criterion->set_description(c.description);
    criterion->set_weight(c.weight);
    criterion->set_max_points(c.max_points);
    criterion->set_critical(c.critical);
    criterion->set_not_applicable_allowed(c.not_applicable_allowed);
    for (const RubricDeduction& d : c.deductions) {
      v1::Deduction* deduction = criterion->add_deductions();
      deduction->set_rule_id(d.rule_id);
      deduction->set_points(d.points);
    }
  }
  for (const RubricTier& t : data.tiers) {
    v1::Tier* tier = rubric.add_tiers();
    tier->set_code(t.code);
    tier->set_display_name(t.display_name);
    tier->set_min_score(t.min_score);
  }
  rubric.mutable_pass_rule()->set_lowest_passing_tier(data.lowest_passing_tier);
  for (const std::string& id : data.required_criteria) {
    rubric.mutable_pass_rule()->add_required_criteria(id);
  }
  return rubric;
}

std::vector<CriterionScore> ToData(
    const google::protobuf::RepeatedPtrField<v1::Score>& scores) {
  std::vector<CriterionScore> data;
  for (const v1::Score& score : scores) {
    data.push_back(
        {score.criterion_id(), score.points(), score.not_applicable()});
  }
  return data;
}

v1::Finding ToProto(const RuleFinding& finding) {
  v1::Finding out;
  out.set_rule_id(std::string(finding.rule->id));
  out.set_rule_version(finding.rule->version);
  out.set_display_name(std::string(finding.rule->display_name));
  out.set_severity(static_cast<v1::Severity>(finding.rule->gravity));
  out.set_explanation(finding.explanation);
  out.set_suggestion(std::string(finding.rule->suggestion));
  for (const Quote& quote : finding.quotes) {
    v1::QuotedSpan* span = out.add_quotes();
    span->set_field(quote.field);
    span->set_byte_offset(quote.byte_offset);
    span->set_byte_length(quote.byte_length);
    span->set_char_offset(quote.char_offset);
    span->set_char_length(quote.char_length);
    span->set_text(quote.text);
  }
  return out;
}

bool IsClosed(const ticket::v1::Ticket& ticket) {
  return ticket.state() == ticket::v1::Ticket::STATE_CLOSED ||
         ticket.state() == ticket::v1::Ticket::STATE_ANSWERED_AT_DESK;
}

std::string JoinReplies(const ticket::v1::Ticket& ticket) {
  std::set<std::int32_t> replaced;
  for (const ticket::v1::Reply& reply : ticket.replies()) {
    if (reply.replaces_revision() > 0) {
      replaced.insert(reply.replaces_revision());
    }
  }
  std::string joined;
  for (const ticket::v1::Reply& reply : ticket.replies()) {
    if (replaced.contains(reply.revision())) continue;
    if (!joined.empty()) joined += '\n';
    joined += reply.text();
  }
  return joined;
}

std::vector<std::string> AnsweredBy(const ticket::v1::Ticket& ticket) {
  std::set<std::string> people = {ticket.handler()};
  for (const ticket::v1::Reply& reply : ticket.replies()) {
    people.insert(reply.author());
  }
  if (ticket.state() == ticket::v1::Ticket::STATE_ANSWERED_AT_DESK) {
    people.insert(ticket.agent());
  }
  people.erase("");
  return {people.begin(), people.end()};
}

std::string Fingerprint(const ticket::v1::Ticket& ticket) {
  ticket::v1::Ticket read;
  read.set_title(ticket.title());
  read.set_content(ticket.content());
  read.set_case_number(ticket.case_number());
  read.set_division(ticket.division());
  read.set_team(ticket.team());
  read.set_handler(ticket.handler());
  read.set_overdue(ticket.overdue());
  read.set_contact_recorded(ticket.contact_recorded());
  read.mutable_caller()->set_display_name(ticket.caller().display_name());
  *read.mutable_due_time() = ticket.due_time();
  *read.mutable_close_time() = ticket.close_time();
  *read.mutable_replies() = ticket.replies();
  return ShortHash(read.SerializeAsString());
}

TicketTexts::TicketTexts(const ticket::v1::Ticket& ticket,
                         const callback::v1::Callback* callback)
    : reply(JoinReplies(ticket)), surname(Surname(ticket.caller())) {
  facts.title = ticket.title();
  facts.content = ticket.content();
  facts.reply = reply;
  facts.case_number = ticket.case_number();
  facts.caller_surname = surname;
  facts.overdue = ticket.overdue();
  facts.contact_recorded = ticket.contact_recorded();
  if (ticket.has_due_time()) facts.due = FromTimestamp(ticket.due_time());
  if (ticket.has_close_time()) {
    facts.closed = FromTimestamp(ticket.close_time());
  }
  for (const ticket::v1::Reply& r : ticket.replies()) {
    facts.contact_recorded = facts.contact_recorded || r.by_phone();
  }
  if (callback == nullptr) return;
  CallbackFacts heard;
  heard.quote = callback->opinion();
  switch (callback->items().judge_called()) {
    case callback::v1::ANSWER_YES:
    case callback::v1::ANSWER_PARTLY:
      heard.called_back = true;
      break;
    case callback::v1::ANSWER_NO:
      heard.called_back = false;
      if (heard.quote.empty()) heard.quote = "法官给您回电话了吗？——否";
      break;
    default:
      break;
  }
  facts.callback = std::move(heard);
}

std::string ShortHash(absl::string_view data) {
  return Sha256Hex(data).substr(0, 32);
}

}  // namespace huifang::grading
