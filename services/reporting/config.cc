#include "services/reporting/config.h"

#include <utility>

#include "services/common/status_macros.h"

namespace huifang::reporting {

void Config::Declare(FlagSet& flags) {
  service.Declare(flags);
  flags.Text("ticket_address", &ticket_address,
             "host:port of huifang-ticket, whose tickets are counted");
  flags.Text("callback_address", &callback_address,
             "host:port of huifang-callback, whose callbacks are counted");
  flags.Text("grading_address", &grading_address,
             "host:port of huifang-grading, whose grades are counted");
  flags.Text("peer_token_file", &peer_token_file,
             "file with the bearer token this service shows to the others");
  flags.Duration("settle", &settle, absl::ZeroDuration(), absl::Minutes(10),
                 "a build waits this long for events under way");
  flags.Int("on_time_target", &on_time_target, 0, 1000,
            "target of the on-time rate in per mille; 0: none");
  flags.Int("pass_target", &pass_target, 0, 1000,
            "target of the pass rate in per mille; 0: none");
  flags.Int("satisfaction_target", &satisfaction_target, 0, 1000,
            "target of the satisfaction rate in per mille; 0: none");
  flags.Int("min_respondents", &min_respondents, 1, 1000,
            "interviews below which a rate is not given");
  flags.Int("min_people", &min_people, 1, 1000,
            "interviews below which even their number is withheld");
  flags.Text("template_dir", &template_dir,
             "folder of report templates used in place of those that ship; "
             "read at the start");
  flags.Text("write_templates", &write_templates,
             "write the templates that ship to this folder and exit");
  flags.Duration("alert_patience", &alert_patience, absl::Minutes(1),
                 absl::Hours(24 * 30),
                 "an alert nobody acknowledges goes to the leader after this");
  flags.Int("risk_tickets", &risk_tickets, 1, 1000,
            "open tickets near or past due below which a division raises no "
            "alert of overdue risk");
  flags.Int("repeat_tickets", &repeat_tickets, 0, 1000,
            "tickets of one caller or case that raise an alert of repeat "
            "calls; 0: none is raised");
  flags.Int("repeat_days", &repeat_days, 1, 366,
            "days in which these must have come");
  flags.Text("courts_file", &courts_file,
             "JSON file of superior courts and the courts below each, for "
             "roll-ups; read at the start");
  flags.Int("min_appraised", &min_appraised, 1, 1000,
            "graded tickets below which an appraisal judges nobody");
  flags.Int("untold_appeal_days", &untold_appeal_days, 1, 365,
            "appeal window of grades that do not tell theirs, given by a "
            "grading service of before; not less than its --appeal_days");
}

absl::Status Config::Check() const {
  RETURN_IF_ERROR(service.Check());
  if (peer_token_file.empty()) {
    return absl::InvalidArgumentError(
        "--peer_token_file: name the file with this service's own token");
  }
  if (min_people > min_respondents) {
    return absl::InvalidArgumentError(
        "--min_people must not exceed --min_respondents");
  }
  return absl::OkStatus();
}

AlertPolicy Config::Alerts() const {
  AlertPolicy policy;
  policy.patience = alert_patience;
  policy.risk.min_tickets = risk_tickets;
  policy.repeat.tickets = repeat_tickets;
  policy.repeat.days = static_cast<int>(repeat_days);
  return policy;
}

FigurePolicy Config::Policy() const {
  FigurePolicy policy;
  policy.disclosure.min_respondents = min_respondents;
  policy.disclosure.min_people = min_people;
  policy.targets.clear();
  const std::pair<v1::Measure, std::int64_t> targets[] = {
      {v1::MEASURE_ON_TIME_RATE, on_time_target},
      {v1::MEASURE_PASS_RATE, pass_target},
      {v1::MEASURE_SATISFACTION_RATE, satisfaction_target}};
  for (const auto& [measure, per_mille] : targets) {
    if (per_mille > 0) {
      policy.targets[measure] = static_cast<double>(per_mille) / 1000;
    }
  }
  return policy;
}

AppraisalPolicy Config::Appraisal() const {
  return {.min_tickets = min_appraised,
          .untold_window = absl::Hours(24 * untold_appeal_days)};
}

}  // namespace huifang::reporting
