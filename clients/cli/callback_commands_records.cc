// callbacks record, release, conveyances and acknowledge.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/callback_commands.h"
#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/common/clock.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = callback::v1;
using Stub = v1::CallService::Stub;
using ConveyStub = v1::ConveyanceService::Stub;

// As `callbacks next` prints it: hex in a table, base64 in JSON.
absl::StatusOr<std::string> ParseToken(const std::string& text) {
  std::string token;
  if (text.size() == 32 &&
      text.find_first_not_of("0123456789abcdef") == std::string::npos) {
    return absl::HexStringToBytes(text);
  }
  if (absl::Base64Unescape(text, &token) && !token.empty()) return token;
  return absl::InvalidArgumentError(
      "--token: must be the one that callbacks next showed");
}

absl::Status ParseAnswer(const char* flag, const std::string& text,
                         v1::Answer& answer) {
  if (text.empty()) return absl::OkStatus();
  const std::string lower = absl::AsciiStrToLower(text);
  if (lower == "yes" || text == "是") {
    answer = v1::ANSWER_YES;
  } else if (lower == "partly" || text == "一般") {
    answer = v1::ANSWER_PARTLY;
  } else if (lower == "no" || text == "否") {
    answer = v1::ANSWER_NO;
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat(flag, " ", text, ": say yes, partly or no"));
  }
  return absl::OkStatus();
}

// "QUESTION=OPTION", or "QUESTION:WORDS".
absl::Status ParseReply(const std::string& text, v1::ScriptReply& reply) {
  const std::size_t at = text.find_first_of("=:");
  if (at == std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--answer ", text, ": say QUESTION=OPTION or QUESTION:WORDS"));
  }
  reply.set_question(text.substr(0, at));
  if (text[at] == '=') {
    reply.set_option(text.substr(at + 1));
  } else {
    reply.set_text(text.substr(at + 1));
  }
  return absl::OkStatus();
}

struct RecordOptions {
  std::shared_ptr<std::string> court;
  std::string callback, token, outcome, appointment, note;
  std::string called, in_time, attitude, clear, solved;
  std::string explanation, convey;
  std::vector<std::string> opinions, answers, snippets;
  int score = 0;
  double minutes = 0;
  bool reopen = false, emotional = false, abusive = false;
  bool broken_off = false;
  bool simulated = false;
};

absl::StatusOr<v1::Items> ItemsOf(const RecordOptions& options) {
  v1::Items items;
  v1::Answer answer = v1::ANSWER_UNSPECIFIED;
  RETURN_IF_ERROR(ParseAnswer("--called", options.called, answer));
  items.set_judge_called(std::exchange(answer, v1::ANSWER_UNSPECIFIED));
  RETURN_IF_ERROR(ParseAnswer("--in-time", options.in_time, answer));
  items.set_in_time(std::exchange(answer, v1::ANSWER_UNSPECIFIED));
  RETURN_IF_ERROR(ParseAnswer("--attitude", options.attitude, answer));
  items.set_attitude(std::exchange(answer, v1::ANSWER_UNSPECIFIED));
  RETURN_IF_ERROR(ParseAnswer("--clear", options.clear, answer));
  items.set_clear(std::exchange(answer, v1::ANSWER_UNSPECIFIED));
  RETURN_IF_ERROR(ParseAnswer("--solved", options.solved, answer));
  items.set_solved(answer);
  items.set_score(options.score);
  return items;
}

absl::StatusOr<google::protobuf::Timestamp> ParseMinute(
    const char* option, const std::string& text) {
  absl::Time at;
  if (!absl::ParseTime("%Y-%m-%d %H:%M", text, CourtTimeZone(), &at, nullptr)) {
    return absl::InvalidArgumentError(
        absl::StrCat(option, ": must be \"YYYY-MM-DD HH:MM\""));
  }
  return ToTimestamp(at);
}

absl::StatusOr<v1::Callback> RecordOutcome(Context& context,
                                           const RecordOptions& options) {
  v1::RecordAttemptRequest request;
  request.set_name(CompleteName("callbacks", *options.court, options.callback));
  ASSIGN_OR_RETURN(*request.mutable_lease_token(), ParseToken(options.token));
  v1::Outcome outcome;
  if (!v1::Outcome_Parse(
          absl::StrCat("OUTCOME_", absl::AsciiStrToUpper(options.outcome)),
          &outcome)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--outcome ", options.outcome,
        ": say NO_ANSWER, BUSY, SWITCHED_OFF, OUT_OF_SERVICE, WRONG_NUMBER, "
        "REFUSED, UNABLE, NO_NUMBER or APPOINTMENT"));
  }
  request.set_outcome(outcome);
  request.set_minutes(options.minutes);
  request.set_note(options.note);
  request.set_simulated(options.simulated);
  if (!options.appointment.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_appointment_time(),
                     ParseMinute("--appointment", options.appointment));
  }
  request.set_request_id(NewRequestId());
  const auto stub =
      v1::CallService::NewStub(context.Channel(Service::kCallback));
  return context.Call(*stub, &Stub::RecordAttempt, request);
}

absl::StatusOr<v1::Callback> RecordInterview(Context& context,
                                             const RecordOptions& options) {
  v1::CompleteCallbackRequest request;
  request.set_name(CompleteName("callbacks", *options.court, options.callback));
  ASSIGN_OR_RETURN(*request.mutable_lease_token(), ParseToken(options.token));
  ASSIGN_OR_RETURN(const v1::Items items, ItemsOf(options));
  if (items.ByteSizeLong() > 0) *request.mutable_items() = items;
  for (const std::string& text : options.answers) {
    RETURN_IF_ERROR(ParseReply(text, *request.add_answers()));
  }
  request.set_broken_off(options.broken_off);
  request.set_minutes(options.minutes);
  request.set_note(options.note);
  for (const std::string& opinion : options.opinions) {
    request.add_opinions(opinion);
  }
  request.set_explanation(options.explanation);
  for (const std::string& snippet : options.snippets) {
    request.add_snippets(CompleteName("snippets", *options.court, snippet));
  }
  request.set_emotional(options.emotional);
  request.set_abusive(options.abusive);
  request.set_convey_text(options.convey);
  request.set_reopen_ticket(options.reopen);
  request.set_simulated(options.simulated);
  request.set_request_id(NewRequestId());
  const auto stub =
      v1::CallService::NewStub(context.Channel(Service::kCallback));
  return context.Call(*stub, &Stub::CompleteCallback, request);
}

void AddRecord(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "record",
      "Records what came of a leased call: an outcome, or the answers.",
      "huifangctl callbacks record --court 110102 CALLBACK --token TOKEN "
      "--outcome NO_ANSWER\n"
      "huifangctl callbacks record --court 110102 CALLBACK --token TOKEN "
      "--called yes --in-time no --attitude yes --clear yes --solved yes "
      "--minutes 6 --opinion \"希望早点回复\" --convey \"希望早点回复\"");
  auto o = std::make_shared<RecordOptions>();
  o->court = AddCourtOption(*command);
  command->add_option("callback", o->callback, "Callback's id")->required();
  command->add_option("--token", o->token, "From callbacks next")->required();
  command->add_option("--outcome", o->outcome,
                      "How a call without an interview ended");
  command->add_option("--appointment", o->appointment,
                      "With APPOINTMENT: when to call, YYYY-MM-DD HH:MM");
  command->add_option("--called", o->called, "Judge called back: yes|no");
  command->add_option("--in-time", o->in_time, "In time: yes|partly|no");
  command->add_option("--attitude", o->attitude, "Attitude: yes|partly|no");
  command->add_option("--clear", o->clear, "Clear: yes|partly|no");
  command->add_option("--solved", o->solved, "Solved: yes|partly|no");
  command->add_option("--score", o->score, "On the court's scale, instead");
  command->add_option("--answer", o->answers,
                      "By the call's script, in its order: QUESTION=OPTION, "
                      "or QUESTION:WORDS");
  command->add_flag("--broken-off", o->broken_off, "The caller hung up");
  command->add_option("--minutes", o->minutes, "Length of the call");
  command->add_option("--note", o->note, "Officer's note");
  command->add_option("--opinion", o->opinions,
                      "The caller's own words; once for each opinion");
  command->add_option("--explanation", o->explanation,
                      "What was explained on the spot");
  command->add_option("--snippet", o->snippets,
                      "Text that was explained, with its version");
  command->add_flag("--emotional", o->emotional, "The caller was upset");
  command->add_flag("--abusive", o->abusive, "The caller was abusive (辱骂)");
  command->add_option("--convey", o->convey, "Words to hand to the handler");
  command->add_flag("--reopen", o->reopen, "Take the ticket up again");
  command->add_flag("--simulated", o->simulated, "No real call was made");
  context.OnRun(*command, [&context, o]() -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Callback callback,
                     o->outcome.empty() ? RecordInterview(context, *o)
                                        : RecordOutcome(context, *o));
    context.PrintMessage(callback);
    return absl::OkStatus();
  });
}

void AddRelease(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "release", "Gives a leased call back.",
      "huifangctl callbacks release --court 110102 CALLBACK --token TOKEN\n"
      "huifangctl callbacks release --court 110102 CALLBACK --token TOKEN "
      "--recuse --note \"当事人是亲属\"");
  auto o = std::make_shared<RecordOptions>();
  o->court = AddCourtOption(*command);
  command->add_option("callback", o->callback, "Callback's id")->required();
  command->add_option("--token", o->token, "From callbacks next")->required();
  command->add_flag("--recuse", o->reopen, "Never offer it to me again");
  command->add_option("--note", o->note, "Why");
  context.OnRun(*command, [&context, o]() -> absl::Status {
    v1::ReleaseCallbackRequest request;
    request.set_name(CompleteName("callbacks", *o->court, o->callback));
    ASSIGN_OR_RETURN(*request.mutable_lease_token(), ParseToken(o->token));
    request.set_recuse(o->reopen);
    request.set_reason(o->note);
    const auto stub =
        v1::CallService::NewStub(context.Channel(Service::kCallback));
    ASSIGN_OR_RETURN(const v1::Callback callback,
                     context.Call(*stub, &Stub::ReleaseCallback, request));
    context.PrintMessage(callback);
    return absl::OkStatus();
  });
}

struct ConveyanceOptions {
  std::shared_ptr<std::string> court;
  bool refused = false, reminded = false;
};

absl::Status ListConveyances(Context& context,
                             const ConveyanceOptions& options) {
  v1::ListConveyancesRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_reopen_refused(options.refused);
  request.set_reminded(options.reminded);
  request.set_page_size(500);
  const auto stub =
      v1::ConveyanceService::NewStub(context.Channel(Service::kCallback));
  auto rows =
      context.Rows({"conveyance", "state", "division", "handler", "text",
                    "reopen", "created_at", "acknowledged_at", "contacted_at",
                    "reminders", "reopen_failure", "ticket"});
  while (true) {
    ASSIGN_OR_RETURN(
        const v1::ListConveyancesResponse page,
        context.Call(*stub, &ConveyStub::ListConveyances, request));
    for (const v1::Conveyance& c : page.conveyances()) {
      rows->Add(
          {ResourceId(c.name()),
           absl::StripPrefix(v1::Conveyance::State_Name(c.state()), "STATE_"),
           ResourceId(c.division()), ResourceId(c.handler()), c.text(),
           c.reopen_ticket(), FormatTime(c.create_time()),
           FormatTime(c.acknowledge_time()), FormatTime(c.contact_time()),
           c.reminder_count(), c.reopen_failure(), ResourceId(c.ticket())});
    }
    if (page.next_page_token().empty()) break;
    request.set_page_token(page.next_page_token());
  }
  rows->Finish();
  return absl::OkStatus();
}

absl::Status Contacted(Context& context, const RecordOptions& options) {
  v1::RecordConveyanceContactRequest request;
  request.set_name(
      CompleteName("conveyances", *options.court, options.callback));
  if (!options.appointment.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_contact_time(),
                     ParseMinute("--at", options.appointment));
  }
  request.set_request_id(NewRequestId());
  const auto stub =
      v1::ConveyanceService::NewStub(context.Channel(Service::kCallback));
  ASSIGN_OR_RETURN(
      const v1::Conveyance conveyance,
      context.Call(*stub, &ConveyStub::RecordConveyanceContact, request));
  context.PrintMessage(conveyance);
  return absl::OkStatus();
}

void AddContacted(CLI::App& callbacks, Context& context) {
  CLI::App* command = AddCommand(
      callbacks, "contacted",
      "The caller was contacted again about a conveyance (已再次联系).",
      "huifangctl callbacks contacted --court 110102 CONVEYANCE\n"
      "huifangctl callbacks contacted --court 110102 CONVEYANCE --at "
      "\"2019-08-01 10:30\"");
  const auto o = std::make_shared<RecordOptions>();
  o->court = AddCourtOption(*command);
  command->add_option("conveyance", o->callback, "Conveyance's id")->required();
  command->add_option("--at", o->appointment,
                      "When, YYYY-MM-DD HH:MM; now when it is missing");
  context.OnRun(*command, [&context, o] { return Contacted(context, *o); });
}

}  // namespace

void AddCallRecordCommands(CLI::App& callbacks, Context& context) {
  AddRecord(callbacks, context);
  AddRelease(callbacks, context);
}

void AddConveyanceCommands(CLI::App& callbacks, Context& context) {
  CLI::App* list = AddCommand(
      callbacks, "conveyances", "Lists words handed to handlers (转达).",
      "huifangctl callbacks conveyances --court 110102 --format csv\n"
      "huifangctl callbacks conveyances --court 110102 --refused");
  const auto options = std::make_shared<ConveyanceOptions>();
  options->court = AddCourtOption(*list);
  list->add_flag("--refused", options->refused,
                 "Only those whose ticket was not taken up again");
  list->add_flag("--reminded", options->reminded,
                 "Only those that were not acknowledged in time");
  context.OnRun(*list, [&context, options] {
    return ListConveyances(context, *options);
  });

  CLI::App* acknowledge = AddCommand(
      callbacks, "acknowledge", "The handler has read a conveyance (知悉).",
      "huifangctl callbacks acknowledge --court 110102 CONVEYANCE --response "
      "\"今天联系\"");
  auto o = std::make_shared<RecordOptions>();
  o->court = AddCourtOption(*acknowledge);
  acknowledge->add_option("conveyance", o->callback, "Conveyance's id")
      ->required();
  acknowledge->add_option("--response", o->note, "What the handler says");
  context.OnRun(*acknowledge, [&context, o]() -> absl::Status {
    v1::AcknowledgeConveyanceRequest request;
    request.set_name(CompleteName("conveyances", *o->court, o->callback));
    request.set_response(o->note);
    request.set_request_id(NewRequestId());
    const auto stub =
        v1::ConveyanceService::NewStub(context.Channel(Service::kCallback));
    ASSIGN_OR_RETURN(
        const v1::Conveyance conveyance,
        context.Call(*stub, &ConveyStub::AcknowledgeConveyance, request));
    context.PrintMessage(conveyance);
    return absl::OkStatus();
  });
  AddContacted(callbacks, context);
}

}  // namespace huifang::cli
