// Between the contract's messages and what the rules read.
#ifndef HUIFANG_SERVICES_GRADING_PROTO_CONVERT_H_
#define HUIFANG_SERVICES_GRADING_PROTO_CONVERT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "huifang/grading/v1/grading_resources.pb.h"
#include "huifang/ticket/v1/ticket_resources.pb.h"
#include "services/grading/inspection_rules.h"
#include "services/grading/rubric_rules.h"

namespace huifang::grading {

RubricData ToData(const v1::Rubric& rubric);
// Name, version, times and etag stay empty.
v1::Rubric ToProto(const RubricData& rubric);
std::vector<CriterionScore> ToData(
    const google::protobuf::RepeatedPtrField<v1::Score>& scores);
v1::Finding ToProto(const RuleFinding& finding);

// Whether the ticket is finished, at the desk or by a handler.
bool IsClosed(const ticket::v1::Ticket& ticket);

// What the caller was told, oldest first, joined by line feeds; replies that a
// later revision replaced are left out.
std::string JoinReplies(const ticket::v1::Ticket& ticket);

// Everyone who answered: handler, authors of replies, and the desk agent of an
// instant answer.
std::vector<std::string> AnsweredBy(const ticket::v1::Ticket& ticket);

// Changes exactly when something the rules read has changed.
std::string Fingerprint(const ticket::v1::Ticket& ticket);

// Keeps the texts it points into alive.
struct TicketTexts {
  TicketTexts(const ticket::v1::Ticket& ticket,
              const callback::v1::Callback* callback);
  TicketTexts(const TicketTexts&) = delete;
  TicketTexts& operator=(const TicketTexts&) = delete;

  std::string reply;
  std::string surname;
  TicketFacts facts;
};

// First `size` characters of the hex SHA-256: for etags.
std::string ShortHash(absl::string_view data);

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_PROTO_CONVERT_H_
