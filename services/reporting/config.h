#ifndef HUIFANG_SERVICES_REPORTING_CONFIG_H_
#define HUIFANG_SERVICES_REPORTING_CONFIG_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "services/common/config.h"
#include "services/reporting/alert_rules.h"
#include "services/reporting/appraisal_rules.h"
#include "services/reporting/figure_rules.h"

namespace huifang::reporting {

struct Config {
  ServiceConfig service;
  // Whose events are projected.
  std::string ticket_address = "127.0.0.1:25051";
  std::string callback_address = "127.0.0.1:25052";
  std::string grading_address = "127.0.0.1:25053";
  // Bearer token of this service at the others.
  std::string peer_token_file;
  absl::Duration settle = absl::Seconds(1);
  // Targets in per mille; 0 means none.
  std::int64_t on_time_target = 950;
  std::int64_t pass_target = 950;
  std::int64_t satisfaction_target = 950;
  std::int64_t min_respondents = 5;
  std::int64_t min_people = 3;
  // Folder of templates that stand in for those that ship; empty: none.
  std::string template_dir;
  // Where to write those that ship, instead of serving; empty: serve.
  std::string write_templates;
  absl::Duration alert_patience = AlertPolicy().patience;
  std::int64_t risk_tickets = RiskPolicy().min_tickets;
  std::int64_t repeat_tickets = RepeatPolicy().tickets;
  std::int64_t repeat_days = RepeatPolicy().days;
  // Which courts a superior court sees; empty: there is no roll-up.
  std::string courts_file;
  std::int64_t min_appraised = AppraisalPolicy().min_tickets;
  std::int64_t untold_appeal_days =
      AppraisalPolicy().untold_window / absl::Hours(24);

  void Declare(FlagSet& flags);
  absl::Status Check() const;
  FigurePolicy Policy() const;
  AlertPolicy Alerts() const;
  AppraisalPolicy Appraisal() const;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_CONFIG_H_
