// callbacks bar, barred and unbar: callers who are not to be called.
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "clients/cli/callback_commands.h"
#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/common/clock.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = callback::v1;
using Stub = v1::CallService::Stub;

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::CallService::NewStub(context.Channel(Service::kCallback));
}

struct BarOptions {
  std::shared_ptr<std::string> court;
  std::string ticket, reason, until, entry;
};

absl::Status Bar(Context& context, const BarOptions& options) {
  v1::CreateDoNotCallRequest request;
  request.set_parent(CourtName(*options.court));
  v1::DoNotCall& entry = *request.mutable_do_not_call();
  entry.set_ticket(CompleteName("tickets", *options.court, options.ticket));
  entry.set_reason(options.reason);
  if (!options.until.empty()) {
    absl::CivilDay day;
    if (!absl::ParseCivilTime(options.until, &day)) {
      return absl::InvalidArgumentError("--until: must be a day, YYYY-MM-DD");
    }
    *entry.mutable_expire_time() =
        ToTimestamp(absl::FromCivil(day, CourtTimeZone()));
  }
  request.set_request_id(NewRequestId());
  ASSIGN_OR_RETURN(
      const v1::DoNotCall created,
      context.Call(*NewStub(context), &Stub::CreateDoNotCall, request));
  context.PrintMessage(created);
  return absl::OkStatus();
}

absl::Status Barred(Context& context, const std::string& court) {
  v1::ListDoNotCallsRequest request;
  request.set_parent(CourtName(court));
  request.set_page_size(500);
  const auto stub = NewStub(context);
  auto rows = context.Rows({"entry", "phone", "ticket", "reason", "creator",
                            "created_at", "expires_at", "ended_at", "ender"});
  while (true) {
    ASSIGN_OR_RETURN(const v1::ListDoNotCallsResponse page,
                     context.Call(*stub, &Stub::ListDoNotCalls, request));
    for (const v1::DoNotCall& entry : page.do_not_calls()) {
      rows->Add({ResourceId(entry.name()), entry.masked_phone(),
                 ResourceId(entry.ticket()), entry.reason(), entry.creator(),
                 FormatTime(entry.create_time()),
                 FormatTime(entry.expire_time()), FormatTime(entry.end_time()),
                 entry.ender()});
    }
    if (page.next_page_token().empty()) break;
    request.set_page_token(page.next_page_token());
  }
  rows->Finish();
  return absl::OkStatus();
}

}  // namespace

void AddDoNotCallCommands(CLI::App& callbacks, Context& context) {
  CLI::App* bar =
      AddCommand(callbacks, "bar",
                 "Enters the caller of a ticket as not to be called (免打扰).",
                 "huifangctl callbacks bar --court 110102 TICKET --reason "
                 "\"asked for it\" "
                 "--until 2020-01-01");
  const auto entry = std::make_shared<BarOptions>();
  entry->court = AddCourtOption(*bar);
  bar->add_option("ticket", entry->ticket, "A ticket of the caller")
      ->required();
  bar->add_option("--reason", entry->reason, "Why")->required();
  bar->add_option("--until", entry->until,
                  "First day on which the caller may be called again");
  context.OnRun(*bar, [&context, entry] { return Bar(context, *entry); });

  CLI::App* barred =
      AddCommand(callbacks, "barred", "Lists callers who are not to be called.",
                 "huifangctl callbacks barred --court 110102");
  const auto court = AddCourtOption(*barred);
  context.OnRun(*barred, [&context, court] { return Barred(context, *court); });

  CLI::App* unbar =
      AddCommand(callbacks, "unbar", "Takes an entry back; it stays on record.",
                 "huifangctl callbacks unbar --court 110102 ENTRY");
  const auto ended = std::make_shared<BarOptions>();
  ended->court = AddCourtOption(*unbar);
  unbar->add_option("entry", ended->entry, "Entry's id or name")->required();
  context.OnRun(*unbar, [&context, ended]() -> absl::Status {
    v1::DeleteDoNotCallRequest request;
    request.set_name(CompleteName("doNotCalls", *ended->court, ended->entry));
    ASSIGN_OR_RETURN(
        const v1::DoNotCall entry,
        context.Call(*NewStub(context), &Stub::DeleteDoNotCall, request));
    context.PrintMessage(entry);
    return absl::OkStatus();
  });
}

}  // namespace huifang::cli
