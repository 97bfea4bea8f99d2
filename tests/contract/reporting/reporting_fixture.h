#ifndef HUIFANG_TESTS_CONTRACT_REPORTING_REPORTING_FIXTURE_H_
#define HUIFANG_TESTS_CONTRACT_REPORTING_REPORTING_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/time/civil_time.h"
#include "huifang/callback/v1/callback_events.pb.h"
#include "huifang/grading/v1/grading_events.pb.h"
#include "huifang/ticket/v1/ticket_events.pb.h"
#include "services/common/event_log.h"
#include "services/common/sql.h"
#include "services/common/wake_hub.h"
#include "services/reporting/report_rules.h"
#include "tests/support/fake_clock.h"

namespace huifang::reporting {

inline constexpr char kCourt[] = "110102";

// A ticket that closed on a day of July 2019, in time unless told otherwise.
struct TicketSpec {
  std::string id;
  std::string division = "civil-1";
  int closed_day = 22;  // of July; 0: still open
  bool late = false;
  bool instant = false;
  std::int64_t version = 1;
};
ticket::v1::TicketEvent TicketEventOf(const TicketSpec& spec);

// An inspection of the ticket; `rule` empty: nothing was found.
grading::v1::GradeEvent InspectionOf(const TicketSpec& spec,
                                     const std::string& rule, int version = 1);
grading::v1::GradeEvent GradeOf(const TicketSpec& spec, const char* tier,
                                bool passed);

// A call of the week's draw.
struct CallSpec {
  std::string id;
  std::string ticket;
  std::string division = "civil-1";
  std::int64_t population = 100;
  callback::v1::Verdict verdict = callback::v1::VERDICT_SATISFIED;
  std::string opinion = {};
  std::int64_t version = 1;
};
callback::v1::CallbackEvent CallOf(const CallSpec& spec);

// A fresh database of the engine with the service's schema.
class ReportingFixture : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override;

  void Apply(const ticket::v1::TicketEvent& event);
  void Apply(const callback::v1::CallbackEvent& event);
  void Apply(const grading::v1::GradeEvent& event);
  // Names of the court and two divisions.
  void ApplyDirectory();

  // The report of a period; division by id, empty for the court.
  v1::Report Report(const std::string& period, const std::string& division);
  // The figure, or an empty one.
  static v1::Figure Figure(const v1::Report& report, v1::Measure measure);

  testing::FakeClock clock_;
  WakeHub hub_{absl::Milliseconds(5)};
  std::unique_ptr<sql::Database> db_;
  std::unique_ptr<EventLog> log_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_TESTS_CONTRACT_REPORTING_REPORTING_FIXTURE_H_
