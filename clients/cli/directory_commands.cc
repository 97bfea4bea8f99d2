#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "clients/cli/commands.h"
#include "clients/cli/import/directory_file.h"
#include "clients/cli/named_command.h"
#include "huifang/ticket/v1/directory_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = ticket::v1;
using Stub = v1::DirectoryService::Stub;

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::DirectoryService::NewStub(context.Channel(Service::kTicket));
}

absl::Status Import(Context& context, const std::string& court,
                    const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  v1::ImportDirectoryRequest request;
  request.set_parent(CourtName(court));
  request.set_request_id(NewRequestId());
  ASSIGN_OR_RETURN(*request.mutable_directory(), ParseDirectory(text, court));
  ASSIGN_OR_RETURN(
      const v1::ImportDirectoryResponse response,
      context.Call(*NewStub(context), &Stub::ImportDirectory, request));
  const auto rows = context.Rows({"created", "updated", "unchanged"});
  rows->Add({response.created_count(), response.updated_count(),
             response.unchanged_count()});
  rows->Finish();
  return absl::OkStatus();
}

std::string KindsOf(const v1::Staff& staff) {
  std::vector<std::string> kinds;
  for (const int kind : staff.kinds()) {
    kinds.push_back(EnumLabel(static_cast<v1::Kind>(kind)));
  }
  return absl::StrJoin(kinds, "|");
}

absl::Status Show(Context& context, const std::string& court) {
  v1::GetDirectoryRequest request;
  request.set_name(CourtName(court));
  ASSIGN_OR_RETURN(
      const v1::Directory directory,
      context.Call(*NewStub(context), &Stub::GetDirectory, request));
  const auto rows =
      context.Rows({"type", "id", "display_name", "division", "team", "role",
                    "aliases", "languages", "kinds"});
  rows->Add({"court", ResourceId(directory.court().name()),
             directory.court().display_name(), "", "", "", "", "", ""});
  for (const v1::Division& division : directory.divisions()) {
    rows->Add({"division", ResourceId(division.name()), division.display_name(),
               "", "", "", absl::StrJoin(division.aliases(), "|"), "", ""});
  }
  for (const v1::Team& team : directory.teams()) {
    rows->Add({"team", ResourceId(team.name()), team.display_name(),
               ResourceId(team.division()), "", "", "", "", ""});
  }
  for (const v1::Staff& staff : directory.staff()) {
    rows->Add({"staff", ResourceId(staff.name()), staff.display_name(),
               ResourceId(staff.division()), ResourceId(staff.team()),
               absl::StripPrefix(v1::Staff::Role_Name(staff.role()), "ROLE_"),
               "", absl::StrJoin(staff.languages(), "|"), KindsOf(staff)});
  }
  rows->Finish();
  return absl::OkStatus();
}

using CalendarStub = v1::DeadlineService::Stub;

std::unique_ptr<CalendarStub> NewCalendarStub(Context& context) {
  return v1::DeadlineService::NewStub(context.Channel(Service::kTicket));
}

absl::Status PrintCalendar(Context& context,
                           const v1::GetCalendarResponse& calendar) {
  const auto rows = context.Rows({"date", "working", "reason"});
  for (const v1::CalendarDay& day : calendar.days()) {
    rows->Add({day.date(), day.working(), day.reason()});
  }
  rows->Finish();
  return absl::OkStatus();
}

struct CalendarOptions {
  std::shared_ptr<std::string> court;
  std::vector<std::string> days;
  std::string reason;
  int year = 0;
  bool working = false;
};

absl::Status ShowCalendar(Context& context, const CalendarOptions& options) {
  v1::GetCalendarRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_year(options.year);
  ASSIGN_OR_RETURN(const v1::GetCalendarResponse calendar,
                   context.Call(*NewCalendarStub(context),
                                &CalendarStub::GetCalendar, request));
  return PrintCalendar(context, calendar);
}

absl::Status SetCalendar(Context& context, const CalendarOptions& options) {
  v1::UpdateCalendarRequest request;
  request.set_parent(CourtName(*options.court));
  for (const std::string& date : options.days) {
    v1::CalendarDay& day = *request.add_days();
    day.set_date(date);
    day.set_working(options.working);
    day.set_reason(options.reason);
  }
  request.set_request_id(NewRequestId());
  ASSIGN_OR_RETURN(const v1::GetCalendarResponse calendar,
                   context.Call(*NewCalendarStub(context),
                                &CalendarStub::UpdateCalendar, request));
  return PrintCalendar(context, calendar);
}

void AddCalendarCommands(CLI::App& root, Context& context) {
  CLI::App* group =
      AddGroup(root, "calendar", "A court's working days (工作日历).",
               "huifangctl calendar show --court 110102 --year 2019");
  CLI::App* show =
      AddCommand(*group, "show",
                 "Lists the days of a year that differ from their weekday.",
                 "huifangctl calendar show --court 110102 --year 2019");
  const auto shown = std::make_shared<CalendarOptions>();
  shown->court = AddCourtOption(*show);
  show->add_option("--year", shown->year, "2018 to 2100")->required();
  context.OnRun(*show,
                [&context, shown] { return ShowCalendar(context, *shown); });

  CLI::App* set = AddCommand(
      *group, "set",
      "Makes days off, or working ones, for this court; deadlines of open "
      "tickets are counted again.",
      "huifangctl calendar set --court 110102 2019-08-01 2019-08-02 --reason "
      "本院停电检修\n"
      "huifangctl calendar set --court 110102 2019-08-03 --working --reason "
      "补班");
  const auto changed = std::make_shared<CalendarOptions>();
  changed->court = AddCourtOption(*set);
  set->add_option("day", changed->days, "YYYY-MM-DD")->required();
  set->add_flag("--working", changed->working, "They are worked; else off");
  set->add_option("--reason", changed->reason, "Why")->required();
  context.OnRun(*set,
                [&context, changed] { return SetCalendar(context, *changed); });
}

}  // namespace

void AddDirectoryCommands(CLI::App& root, Context& context) {
  CLI::App* directory = AddGroup(
      root, "directory", "Who is who in a court: divisions, teams, staff.",
      "huifangctl directory import --court 110102 court.json\n"
      "huifangctl directory show --court 110102 --format csv > court.csv");
  CLI::App* import = AddCommand(
      *directory, "import",
      "Adds or updates divisions, teams and staff from JSON or CSV; those not "
      "named stay.",
      "huifangctl directory import --court 110102 court.json\n"
      "huifangctl directory import --court 110102 court.csv");
  const auto import_court = AddCourtOption(*import);
  auto file = std::make_shared<std::string>();
  import
      ->add_option("FILE", *file,
                   "JSON, or CSV with type,id,display_name,division,team,"
                   "role,aliases,languages,kinds")
      ->required();
  context.OnRun(*import, [&context, import_court, file] {
    return Import(context, *import_court, *file);
  });
  CLI::App* show = AddCommand(*directory, "show", "Shows a court's directory.",
                              "huifangctl directory show --court 110102");
  const auto show_court = AddCourtOption(*show);
  context.OnRun(*show,
                [&context, show_court] { return Show(context, *show_court); });
  AddCalendarCommands(root, context);
}

}  // namespace huifang::cli
