#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "clients/cli/grading_commands.h"
#include "clients/cli/named_command.h"
#include "google/protobuf/util/json_util.h"
#include "huifang/grading/v1/grading_service.grpc.pb.h"
#include "services/common/proto_time.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = grading::v1;

constexpr int kPageSize = 1000;

template <typename ServiceType>
std::unique_ptr<typename ServiceType::Stub> NewStub(Context& context) {
  return ServiceType::NewStub(context.Channel(Service::kGrading));
}

void AddRubricList(CLI::App& group, Context& context) {
  CLI::App* command =
      AddCommand(group, "list", "Lists the newest version of each rubric.",
                 "huifangctl rubrics list --court 110102");
  auto court = AddCourtOption(*command);
  context.OnRun(*command, [&context, court]() -> absl::Status {
    v1::ListRubricsRequest request;
    request.set_parent(CourtName(*court));
    request.set_page_size(kPageSize);
    ASSIGN_OR_RETURN(
        const v1::ListRubricsResponse page,
        context.Call(*NewStub<v1::RubricService>(context),
                     &v1::RubricService::Stub::ListRubrics, request));
    const auto rows = context.Rows(
        {"rubric", "version", "subject", "display_name", "criteria", "tiers"});
    for (const v1::Rubric& rubric : page.rubrics()) {
      std::string tiers;
      for (const v1::Tier& tier : rubric.tiers()) {
        absl::StrAppend(&tiers, tiers.empty() ? "" : " ", tier.code(), "≥",
                        tier.min_score());
      }
      rows->Add({ResourceId(rubric.name()), rubric.version(),
                 std::string(absl::StripPrefix(
                     v1::Subject_Name(rubric.subject()), "SUBJECT_")),
                 rubric.display_name(), rubric.criteria_size(), tiers});
    }
    rows->Finish();
    return absl::OkStatus();
  });
}

void AddRubricGet(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "get", "Shows one rubric.",
      "huifangctl rubrics get --court 110102 ticket --format json > r.json");
  auto court = AddCourtOption(*command);
  auto name = std::make_shared<std::string>();
  auto version = std::make_shared<int>(0);
  command->add_option("RUBRIC", *name, "Id or full name")->required();
  command->add_option("--version", *version, "0 is the newest");
  context.OnRun(*command, [&context, court, name, version]() -> absl::Status {
    v1::GetRubricRequest request;
    request.set_name(CompleteName("rubrics", *court, *name));
    request.set_version(*version);
    ASSIGN_OR_RETURN(
        const v1::Rubric rubric,
        context.Call(*NewStub<v1::RubricService>(context),
                     &v1::RubricService::Stub::GetRubric, request));
    context.PrintMessage(rubric);
    return absl::OkStatus();
  });
}

void AddRubricPublish(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "publish", "Publishes the next version of a rubric.",
      "huifangctl rubrics get --court 110102 ticket --format json > r.json\n"
      "huifangctl rubrics publish --court 110102 r.json");
  auto court = AddCourtOption(*command);
  auto file = std::make_shared<std::string>();
  command->add_option("FILE", *file, "JSON, as `rubrics get` prints it")
      ->required();
  context.OnRun(*command, [&context, court, file]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::string json, ReadFile(*file));
    v1::PublishRubricRequest request;
    const auto parsed = google::protobuf::util::JsonStringToMessage(
        json, request.mutable_rubric());
    if (!parsed.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(*file, ": ", parsed.ToString()));
    }
    request.set_parent(CourtName(*court));
    request.set_request_id(NewRequestId());
    ASSIGN_OR_RETURN(
        const v1::Rubric rubric,
        context.Call(*NewStub<v1::RubricService>(context),
                     &v1::RubricService::Stub::PublishRubric, request));
    context.PrintMessage(rubric);
    return absl::OkStatus();
  });
}

struct GradeOptions {
  std::shared_ptr<std::string> court;
  std::string ticket, division, from, to;
};

absl::Status ListGrades(Context& context, const GradeOptions& options) {
  const auto stub = NewStub<v1::GradeService>(context);
  v1::ListGradesRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_page_size(kPageSize);
  if (!options.ticket.empty()) {
    request.set_ticket(CompleteName("tickets", *options.court, options.ticket));
  }
  if (!options.division.empty()) {
    request.set_division(
        CompleteName("divisions", *options.court, options.division));
  }
  if (!options.from.empty()) {
    ASSIGN_OR_RETURN(const absl::Time day, ParseDayStart(options.from));
    *request.mutable_closed_from() = ToTimestamp(day);
  }
  if (!options.to.empty()) {
    ASSIGN_OR_RETURN(const absl::Time day, ParseDayStart(options.to));
    *request.mutable_closed_before() = ToTimestamp(day + absl::Hours(24));
  }
  const auto rows = context.Rows(
      {"source_id", "tier", "total", "passed", "reason", "counts", "reviewer",
       "division", "handler", "comment", "created_at", "ticket", "grade"});
  do {
    ASSIGN_OR_RETURN(
        const v1::ListGradesResponse page,
        context.Call(*stub, &v1::GradeService::Stub::ListGrades, request));
    for (const v1::Grade& grade : page.grades()) {
      rows->Add({grade.source_id(), grade.tier(),
                 absl::StrFormat("%.2f", grade.total()), grade.passed(),
                 std::string(absl::StripPrefix(
                     v1::Review::Reason_Name(grade.reason()), "REASON_")),
                 grade.counts(), ResourceId(grade.reviewer()),
                 ResourceId(grade.division()), ResourceId(grade.handler()),
                 grade.comment(), FormatTime(grade.create_time()),
                 ResourceId(grade.ticket()), ResourceId(grade.name())});
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  rows->Finish();
  return absl::OkStatus();
}

void AddGradeList(CLI::App& group, Context& context) {
  CLI::App* command =
      AddCommand(group, "list", "Lists grades, newest first.",
                 "huifangctl grades list --court 110102 --from 2019-07-22 --to "
                 "2019-07-28\n"
                 "huifangctl grades list --court 110102 --ticket 0197e0c2-…");
  auto options = std::make_shared<GradeOptions>();
  options->court = AddCourtOption(*command);
  command->add_option("--ticket", options->ticket, "One ticket's history");
  command->add_option("--division", options->division, "Division's id or name");
  command->add_option("--from", options->from, "First day of closure");
  command->add_option("--to", options->to, "Last day of closure");
  context.OnRun(*command,
                [&context, options] { return ListGrades(context, *options); });
}

void AddAgreement(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "agreement",
      "How far first and blind second reviews agree, and how sure that is.",
      "huifangctl grades agreement --court 110102");
  auto court = AddCourtOption(*command);
  context.OnRun(*command, [&context, court]() -> absl::Status {
    v1::GetAgreementRequest request;
    request.set_parent(CourtName(*court));
    ASSIGN_OR_RETURN(
        const v1::Agreement agreement,
        context.Call(*NewStub<v1::GradeService>(context),
                     &v1::GradeService::Stub::GetAgreement, request));
    if (context.options().format == Format::kJson) {
      context.PrintMessage(agreement);
      return absl::OkStatus();
    }
    const auto rows = context.Rows({"statistic", "pairs", "state", "value",
                                    "standard_error", "lower", "upper"});
    rows->Add({"OBSERVED", agreement.pairs(), "",
               agreement.pairs() > 0
                   ? absl::StrFormat("%.3f", agreement.observed())
                   : std::string(),
               "", "", ""});
    for (const v1::AgreementFigure& figure : agreement.figures()) {
      const auto number = [&](double value) {
        return figure.state() == v1::AgreementFigure::STATE_OK
                   ? absl::StrFormat("%.3f", value)
                   : std::string();
      };
      rows->Add({EnumLabel(figure.statistic()), agreement.pairs(),
                 EnumLabel(figure.state()), number(figure.value()),
                 number(figure.standard_error()), number(figure.lower()),
                 number(figure.upper())});
    }
    rows->Finish();
    return absl::OkStatus();
  });
}

void AddAppealCreate(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "create", "Objects to a grade.",
      "huifangctl appeals create --court 110102 0197e0c2-… --grounds "
      "'已于当日电话答复，录音可查'");
  auto court = AddCourtOption(*command);
  auto grade = std::make_shared<std::string>();
  auto grounds = std::make_shared<std::string>();
  command->add_option("GRADE", *grade, "Id or full name")->required();
  command->add_option("--grounds", *grounds, "Why")->required();
  context.OnRun(*command, [&context, court, grade, grounds]() -> absl::Status {
    v1::CreateAppealRequest request;
    request.set_parent(CourtName(*court));
    request.mutable_appeal()->set_grade(CompleteName("grades", *court, *grade));
    request.mutable_appeal()->set_grounds(*grounds);
    request.set_request_id(NewRequestId());
    ASSIGN_OR_RETURN(
        const v1::Appeal appeal,
        context.Call(*NewStub<v1::AppealService>(context),
                     &v1::AppealService::Stub::CreateAppeal, request));
    context.PrintMessage(appeal);
    return absl::OkStatus();
  });
}

void AddAppealList(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(group, "list", "Lists appeals, newest first.",
                                 "huifangctl appeals list --court 110102");
  auto court = AddCourtOption(*command);
  context.OnRun(*command, [&context, court]() -> absl::Status {
    const auto stub = NewStub<v1::AppealService>(context);
    v1::ListAppealsRequest request;
    request.set_parent(CourtName(*court));
    request.set_page_size(kPageSize);
    const auto rows = context.Rows({"appeal", "state", "ticket", "grade",
                                    "appellant", "grounds", "created_at"});
    do {
      ASSIGN_OR_RETURN(
          const v1::ListAppealsResponse page,
          context.Call(*stub, &v1::AppealService::Stub::ListAppeals, request));
      for (const v1::Appeal& appeal : page.appeals()) {
        rows->Add({ResourceId(appeal.name()),
                   std::string(absl::StripPrefix(
                       v1::Appeal::State_Name(appeal.state()), "STATE_")),
                   ResourceId(appeal.ticket()), ResourceId(appeal.grade()),
                   ResourceId(appeal.appellant()), appeal.grounds(),
                   FormatTime(appeal.create_time())});
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    rows->Finish();
    return absl::OkStatus();
  });
}

struct AppealOptions {
  std::shared_ptr<std::string> court;
  std::string name, note;
  bool off = false;
};

void AddAppealWithdraw(CLI::App& group, Context& context) {
  auto [command, options] = AddNamedCommand<AppealOptions>(
      group, "appeal", "withdraw", "Takes an open appeal back (撤回).",
      "huifangctl appeals withdraw --court 110102 APPEAL");
  context.OnRun(*command, [&context, options = options]() -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Appeal appeal,
                     CallVerb(context, "appeals", *options,
                              *NewStub<v1::AppealService>(context),
                              &v1::AppealService::Stub::WithdrawAppeal,
                              v1::WithdrawAppealRequest()));
    context.PrintMessage(appeal);
    return absl::OkStatus();
  });
}

void AddAppealPrecedent(CLI::App& group, Context& context) {
  auto [command, options] = AddNamedCommand<AppealOptions>(
      group, "appeal", "precedent",
      "Marks a decided appeal as a precedent (判例), or no longer as one.",
      "huifangctl appeals precedent --court 110102 APPEAL --note "
      "'电话未接通但有短信记录的,视为已联系'\n"
      "huifangctl appeals precedent --court 110102 APPEAL --off");
  CLI::Option* note =
      command->add_option("--note", options->note, "What it says");
  command->add_flag("--off", options->off, "No longer one")->excludes(note);
  context.OnRun(*command, [&context, options = options]() -> absl::Status {
    v1::SetPrecedentRequest request;
    request.set_precedent(!options->off);
    request.set_note(options->note);
    ASSIGN_OR_RETURN(const v1::Appeal appeal,
                     CallVerb(context, "appeals", *options,
                              *NewStub<v1::AppealService>(context),
                              &v1::AppealService::Stub::SetPrecedent, request));
    context.PrintMessage(appeal);
    return absl::OkStatus();
  });
}

}  // namespace

void AddRubricCommands(CLI::App& root, Context& context) {
  CLI::App* group = AddGroup(root, "rubrics", "Quality standards (质检标准).",
                             "huifangctl rubrics list --court 110102");
  AddRubricList(*group, context);
  AddRubricGet(*group, context);
  AddRubricPublish(*group, context);
}

void AddGradeCommands(CLI::App& root, Context& context) {
  CLI::App* group = AddGroup(root, "grades", "Grades (评级).",
                             "huifangctl grades list --court 110102");
  AddGradeList(*group, context);
  AddAgreement(*group, context);
}

void AddAppealCommands(CLI::App& root, Context& context) {
  CLI::App* group = AddGroup(root, "appeals", "Objections to grades (申诉).",
                             "huifangctl appeals list --court 110102");
  AddAppealCreate(*group, context);
  AddAppealList(*group, context);
  AddAppealWithdraw(*group, context);
  AddAppealPrecedent(*group, context);
}

}  // namespace huifang::cli
