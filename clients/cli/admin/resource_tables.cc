#include "clients/cli/admin/resource_tables.h"

#include "huifang/callback/v1/callback_events.pb.h"
#include "huifang/grading/v1/grading_events.pb.h"
#include "huifang/reporting/v1/reporting_events.pb.h"
#include "huifang/ticket/v1/ticket_events.pb.h"

namespace huifang::cli::admin {
namespace {

template <typename Message>
const google::protobuf::Message* Body() {
  return &Message::default_instance();
}

}  // namespace

const std::vector<ResourceTable>& ResourceTables() {
  static const auto* const kTables = new std::vector<ResourceTable>{
      {Service::kTicket,
       "tickets",
       "ticket_id",
       "tickets",
       Body<ticket::v1::Ticket>(),
       true,
       true,
       {{"source_id", "source_id"},
        {"division", "division"},
        {"handler", "handler"},
        {"case_number", "case_number"}},
       {"division", "team", "handler", "repeat_of"}},
      {Service::kTicket,
       "cases",
       "case_id",
       "cases",
       Body<ticket::v1::Case>(),
       false,
       false,
       {{"case_number", "case_number"}},
       {"handler"}},
      {Service::kCallback,
       "plans",
       "plan_id",
       "plans",
       Body<callback::v1::SamplingPlan>(),
       false,
       false,
       {},
       {}},
      {Service::kCallback,
       "scripts",
       "script_id || '.' || version",
       "scripts",
       Body<callback::v1::Script>(),
       false,
       false,
       {},
       {}},
      {Service::kCallback,
       "snippets",
       "snippet_id || '.' || version",
       "snippets",
       Body<callback::v1::Snippet>(),
       false,
       false,
       {},
       {}},
      {Service::kCallback,
       "verdict_rules",
       "plan_id || '.' || number",
       "verdictRules",
       Body<callback::v1::VerdictRuleVersion>(),
       false,
       true,
       {{"plan_id", "plan"}, {"number", "number"}},
       {"plan"}},
      {Service::kCallback,
       "draws",
       "draw_id",
       "draws",
       Body<callback::v1::Draw>(),
       true,
       true,
       {},
       {"plan"}},
      {Service::kCallback,
       "callbacks",
       "callback_id",
       "callbacks",
       Body<callback::v1::Callback>(),
       true,
       true,
       {{"draw_id", "draw"},
        {"ticket_id", "ticket"},
        {"division", "division"},
        {"verdict", "verdict"},
        {"recall_of", "recall_of"}},
       {"draw", "ticket", "division", "handler", "conveyance", "recall_of",
        "recall"}},
      {Service::kCallback,
       "conveyances",
       "conveyance_id",
       "conveyances",
       Body<callback::v1::Conveyance>(),
       true,
       true,
       {{"division", "division"}},
       {"callback", "ticket"}},
      {Service::kCallback,
       "relations",
       "relation_id",
       "relations",
       Body<callback::v1::Relation>(),
       false,
       false,
       {{"officer", "officer"}},
       {}},
      {Service::kGrading,
       "inspections",
       "ticket",
       "inspections",
       Body<grading::v1::Inspection>(),
       true,
       true,
       {{"ticket", "ticket"}, {"division", "division"}},
       {"ticket", "callback"}},
      {Service::kGrading,
       "rubrics",
       "rubric",
       "rubrics",
       Body<grading::v1::Rubric>(),
       false,
       false,
       {{"version", "version"}, {"subject", "subject"}},
       {}},
      {Service::kGrading,
       "reviews",
       "review",
       "reviews",
       Body<grading::v1::Review>(),
       false,
       true,
       {{"ticket", "ticket"}, {"reason", "reason"}, {"reviewer", "reviewer"}},
       {"ticket", "inspection", "grade", "earlier_grade"}},
      {Service::kGrading,
       "grades",
       "grade",
       "grades",
       Body<grading::v1::Grade>(),
       false,
       false,
       {{"ticket", "ticket"}, {"reason", "reason"}, {"reviewer", "reviewer"}},
       {"ticket", "review", "supersedes"}},
      {Service::kGrading,
       "appeals",
       "appeal",
       "appeals",
       Body<grading::v1::Appeal>(),
       false,
       true,
       {{"ticket", "ticket"}, {"review", "review"}},
       {"ticket", "grade", "review", "deciding_grade"}},
      {Service::kReporting,
       "reports",
       "report_id",
       "reports",
       Body<reporting::v1::Report>(),
       false,
       true,
       {},
       {"division"}},
      {Service::kReporting,
       "suggestions",
       "suggestion_id",
       "suggestions",
       Body<reporting::v1::Suggestion>(),
       false,
       true,
       {},
       {}},
      {Service::kReporting,
       "trainings",
       "training_id",
       "trainings",
       Body<reporting::v1::Training>(),
       false,
       true,
       {},
       {}},
      {Service::kReporting,
       "appraisals",
       "appraisal_id",
       "appraisals",
       Body<reporting::v1::Appraisal>(),
       true,
       false,
       {},
       {"corrects"}},
      {Service::kReporting,
       "appraisal_exclusions",
       "exclusion_id",
       "appraisalExclusions",
       Body<reporting::v1::AppraisalExclusion>(),
       false,
       true,
       {{"ticket_id", "ticket"}},
       {"ticket"}},
  };
  return *kTables;
}

const google::protobuf::Message& EventOf(Service service) {
  switch (service) {
    case Service::kTicket:
      return ticket::v1::TicketEvent::default_instance();
    case Service::kCallback:
      return callback::v1::CallbackEvent::default_instance();
    case Service::kGrading:
      return grading::v1::GradeEvent::default_instance();
    case Service::kReporting:
      break;
  }
  return reporting::v1::ReportEvent::default_instance();
}

absl::string_view CollectionOf(absl::string_view name) {
  const std::size_t end = name.rfind('/');
  if (end == absl::string_view::npos || end == 0) return "";
  const std::size_t start = name.rfind('/', end - 1);
  return start == absl::string_view::npos
             ? ""
             : name.substr(start + 1, end - start - 1);
}

}  // namespace huifang::cli::admin
