#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/named_command.h"
#include "clients/cli/reporting_commands.h"
#include "clients/cli/reporting_download.h"
#include "huifang/reporting/v1/appraisal_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = reporting::v1;
using Stub = v1::AppraisalService::Stub;

constexpr int kPage = 500;

struct Options {
  std::shared_ptr<std::string> court;
  std::string name;
  std::string week, month, period, reason, state, note, etag;
  std::vector<std::string> formats;
  std::string folder = ".";
  std::string locale = "zh-CN";
  int limit = 50;
};

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::AppraisalService::NewStub(context.Channel(Service::kReporting));
}

std::unique_ptr<RowWriter> SheetRows(Context& context) {
  return context.Rows({"appraisal", "period", "version", "closed", "graded",
                       "made_by", "made_at", "correction_reason"});
}

void AddRow(const v1::Appraisal& sheet, RowWriter& rows) {
  rows.Add({ResourceId(sheet.name()), sheet.period().label(), sheet.version(),
            sheet.closed(), sheet.graded(), sheet.creator(),
            FormatTime(sheet.create_time()), sheet.correction_reason()});
}

absl::StatusOr<std::string> Save(Context& context, const std::string& name,
                                 v1::ReportFormat format,
                                 const Options& options) {
  grpc::ClientContext call;
  RETURN_IF_ERROR(context.PrepareStream(call));
  v1::DownloadAppraisalRequest request;
  request.set_name(name);
  request.set_format(format);
  request.set_locale(options.locale);
  return SaveDownload(NewStub(context)->DownloadAppraisal(&call, request),
                      options.folder);
}

absl::Status Create(Context& context, const Options& options) {
  if (options.week.empty() == options.month.empty()) {
    return absl::InvalidArgumentError("give either --week or --month");
  }
  ASSIGN_OR_RETURN(const std::vector<v1::ReportFormat> formats,
                   ParseReportFormats(options.formats));
  v1::CreateAppraisalRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_period(options.week.empty() ? options.month : options.week);
  request.set_correction_reason(options.reason);
  request.set_request_id(NewRequestId());
  ASSIGN_OR_RETURN(
      const v1::Appraisal sheet,
      context.Call(*NewStub(context), &Stub::CreateAppraisal, request));
  for (const v1::ReportFormat format : formats) {
    RETURN_IF_ERROR(Save(context, sheet.name(), format, options).status());
  }
  const auto rows = SheetRows(context);
  AddRow(sheet, *rows);
  rows->Finish();
  return absl::OkStatus();
}

absl::Status List(Context& context, const Options& options) {
  v1::ListAppraisalsRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_period(options.period);
  const auto rows = SheetRows(context);
  const auto stub = NewStub(context);
  int left = options.limit;
  do {
    request.set_page_size(std::min(left, kPage));
    ASSIGN_OR_RETURN(const v1::ListAppraisalsResponse page,
                     context.Call(*stub, &Stub::ListAppraisals, request));
    for (const v1::Appraisal& sheet : page.appraisals()) AddRow(sheet, *rows);
    left -= page.appraisals_size();
    request.set_page_token(page.next_page_token());
  } while (left > 0 && !request.page_token().empty());
  rows->Finish();
  return absl::OkStatus();
}

absl::Status Get(Context& context, const Options& options) {
  v1::GetAppraisalRequest request;
  request.set_name(CompleteName("appraisals", *options.court, options.name));
  ASSIGN_OR_RETURN(
      const v1::Appraisal sheet,
      context.Call(*NewStub(context), &Stub::GetAppraisal, request));
  context.PrintMessage(sheet);
  return absl::OkStatus();
}

absl::Status Download(Context& context, const Options& options) {
  return SaveFormats(context, options.formats, [&](v1::ReportFormat format) {
    return Save(context,
                CompleteName("appraisals", *options.court, options.name),
                format, options);
  });
}

std::unique_ptr<RowWriter> ExclusionRows(Context& context) {
  return context.Rows({"exclusion", "ticket", "state", "reason", "asked_by",
                       "decided_by", "note"});
}

void AddRow(const v1::AppraisalExclusion& one, RowWriter& rows) {
  rows.Add({ResourceId(one.name()), one.ticket_number(), EnumLabel(one.state()),
            one.reason(), one.requester(), one.decider(), one.decision_note()});
}

absl::Status PrintOne(Context& context, const v1::AppraisalExclusion& one) {
  const auto rows = ExclusionRows(context);
  AddRow(one, *rows);
  rows->Finish();
  return absl::OkStatus();
}

absl::Status Exclude(Context& context, const Options& options) {
  v1::CreateAppraisalExclusionRequest request;
  request.set_parent(CourtName(*options.court));
  request.mutable_appraisal_exclusion()->set_ticket(
      CompleteName("tickets", *options.court, options.name));
  request.mutable_appraisal_exclusion()->set_reason(options.reason);
  request.set_request_id(NewRequestId());
  ASSIGN_OR_RETURN(const v1::AppraisalExclusion made,
                   context.Call(*NewStub(context),
                                &Stub::CreateAppraisalExclusion, request));
  return PrintOne(context, made);
}

absl::Status ListExclusions(Context& context, const Options& options) {
  v1::ListAppraisalExclusionsRequest request;
  request.set_parent(CourtName(*options.court));
  if (!options.state.empty()) {
    ASSIGN_OR_RETURN(const auto state, ParseEnum<v1::AppraisalExclusion::State>(
                                           "--state", options.state));
    request.set_state(state);
  }
  const auto rows = ExclusionRows(context);
  const auto stub = NewStub(context);
  int left = options.limit;
  do {
    request.set_page_size(std::min(left, kPage));
    ASSIGN_OR_RETURN(
        const v1::ListAppraisalExclusionsResponse page,
        context.Call(*stub, &Stub::ListAppraisalExclusions, request));
    for (const v1::AppraisalExclusion& one : page.appraisal_exclusions()) {
      AddRow(one, *rows);
    }
    left -= page.appraisal_exclusions_size();
    request.set_page_token(page.next_page_token());
  } while (left > 0 && !request.page_token().empty());
  rows->Finish();
  return absl::OkStatus();
}

template <typename Request>
absl::Status Decide(Context& context, const Options& options,
                    grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                 const Request&,
                                                 v1::AppraisalExclusion*)) {
  Request request;
  request.set_note(options.note);
  request.set_etag(options.etag);
  ASSIGN_OR_RETURN(const v1::AppraisalExclusion decided,
                   CallVerb(context, "appraisalExclusions", options,
                            *NewStub(context), method, request));
  return PrintOne(context, decided);
}

void AddOutputOptions(CLI::App& command, Options& options) {
  command
      .add_option("--format", options.formats, "html, xlsx, docx, csv or pb")
      ->delimiter(',');
  command.add_option("-o,--output", options.folder, "Folder for the files")
      ->capture_default_str();
  command.add_option("--locale", options.locale, "zh-CN or en")
      ->capture_default_str();
}

void AddLimit(CLI::App& list, Options& options) {
  list.add_option("--limit", options.limit, "At most this many")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

void AddSheets(CLI::App& group, Context& context) {
  CLI::App* create = AddCommand(
      group, "create",
      "Makes and freezes the sheet of a period (制作考核表). Refused until "
      "every grade of it is past appeal and no appeal is open; a second one "
      "corrects the first.",
      "huifangctl appraisals create --court 110102 --month 2019-07 "
      "--format html,docx,xlsx -o out\n"
      "huifangctl appraisals create --court 110102 --month 2019-07 "
      "--reason 复评后更正");
  auto made = std::make_shared<Options>();
  made->court = AddCourtOption(*create);
  create->add_option("--week", made->week, "ISO week, 2019-W30");
  create->add_option("--month", made->month, "Month, 2019-07");
  create->add_option("--reason", made->reason,
                     "Why the sheet there is already is corrected (更正理由)");
  AddOutputOptions(*create, *made);
  context.OnRun(*create, [&context, made] { return Create(context, *made); });

  CLI::App* list =
      AddCommand(group, "list", "Lists sheets, newest first.",
                 "huifangctl appraisals list --court 110102 --period 2019-07");
  auto listed = std::make_shared<Options>();
  listed->court = AddCourtOption(*list);
  list->add_option("--period", listed->period, "Only 2019-W30 or 2019-07");
  AddLimit(*list, *listed);
  context.OnRun(*list, [&context, listed] { return List(context, *listed); });

  const auto [get, got] = AddNamedCommand<Options>(
      group, "appraisal", "get", "Shows one sheet with all its figures.",
      "huifangctl appraisals get --court 110102 APPRAISAL --format json");
  context.OnRun(*get,
                [&context, options = got] { return Get(context, *options); });

  const auto [download, saved] = AddNamedCommand<Options>(
      group, "appraisal", "download", "Saves a sheet.",
      "huifangctl appraisals download --court 110102 APPRAISAL --format "
      "html,docx,xlsx,csv -o out");
  AddOutputOptions(*download, *saved);
  saved->formats = {"html"};
  context.OnRun(*download, [&context, options = saved] {
    return Download(context, *options);
  });
}

void AddExclusions(CLI::App& group, Context& context) {
  const auto [exclude, asked] = AddNamedCommand<Options>(
      group, "ticket", "exclude",
      "Asks that appraisals do not count a ticket (申请考核排除). It counts "
      "until somebody else approves; not for whoever handled it.",
      "huifangctl appraisals exclude --court 110102 TICKET --reason "
      "诉求超出法院职责");
  exclude->add_option("--reason", asked->reason, "Why")->required();
  context.OnRun(*exclude, [&context, options = asked] {
    return Exclude(context, *options);
  });

  CLI::App* list = AddCommand(
      group, "exclusions", "Lists excluded tickets, newest first.",
      "huifangctl appraisals exclusions --court 110102 --state REQUESTED");
  auto listed = std::make_shared<Options>();
  listed->court = AddCourtOption(*list);
  list->add_option("--state", listed->state, "REQUESTED, APPROVED or REJECTED");
  AddLimit(*list, *listed);
  context.OnRun(
      *list, [&context, listed] { return ListExclusions(context, *listed); });

  const auto [approve, approved] = AddNamedCommand<Options>(
      group, "exclusion", "approve",
      "Approves an exclusion (批准). Not for who asked for it, nor for who "
      "handled the ticket.",
      "huifangctl appraisals approve --court 110102 EXCLUSION");
  approve->add_option("--note", approved->note, "What the approver says");
  approve->add_option("--etag", approved->etag,
                      "Only if it still has this etag");
  context.OnRun(*approve, [&context, options = approved] {
    return Decide(context, *options, &Stub::ApproveAppraisalExclusion);
  });

  const auto [reject, rejected] = AddNamedCommand<Options>(
      group, "exclusion", "reject", "Rejects an exclusion (不予批准).",
      "huifangctl appraisals reject --court 110102 EXCLUSION --note "
      "属于法院职责");
  reject->add_option("--note", rejected->note, "Why not")->required();
  reject->add_option("--etag", rejected->etag,
                     "Only if it still has this etag");
  context.OnRun(*reject, [&context, options = rejected] {
    return Decide(context, *options, &Stub::RejectAppraisalExclusion);
  });
}

}  // namespace

void AddAppraisalCommands(CLI::App& root, Context& context) {
  CLI::App* group = AddGroup(
      root, "appraisals",
      "Appraisal sheets of divisions and handlers, and the tickets they leave "
      "out (考核表、考核排除).",
      "huifangctl appraisals create --court 110102 --month 2019-07\n"
      "huifangctl appraisals exclusions --court 110102 --state REQUESTED");
  AddSheets(*group, context);
  AddExclusions(*group, context);
}

}  // namespace huifang::cli
