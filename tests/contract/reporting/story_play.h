// The facts of three years: what happened each week, and what is true of it.
#ifndef HUIFANG_TESTS_CONTRACT_REPORTING_STORY_PLAY_H_
#define HUIFANG_TESTS_CONTRACT_REPORTING_STORY_PLAY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "clients/generator/truth.h"
#include "huifang/callback/v1/callback_events.pb.h"
#include "huifang/grading/v1/grading_events.pb.h"
#include "huifang/ticket/v1/ticket_events.pb.h"

namespace huifang::reporting {

inline constexpr int kWeeks = 157;
inline constexpr int kDivisions = 10;
inline const absl::CivilDay kFirstMonday(2016, 8, 1);

struct Played {
  std::string id;
  std::size_t division = 0;
  absl::CivilDay closed;
  generator::Truth truth;
  bool flagged = false;
  bool graded = false;
  bool framed = false;
  bool drawn = false;
};

// The week's tickets, what is true of them, and which are drawn and graded.
std::vector<Played> PlayWeek(int week);

// What the other services tell of a ticket.
ticket::v1::TicketEvent TicketOf(const Played& one, bool late);
grading::v1::GradeEvent InspectionOf(const Played& one);
grading::v1::GradeEvent GradeOf(const Played& one);
callback::v1::CallbackEvent CallOf(const Played& one, int week);

}  // namespace huifang::reporting

#endif  // HUIFANG_TESTS_CONTRACT_REPORTING_STORY_PLAY_H_
