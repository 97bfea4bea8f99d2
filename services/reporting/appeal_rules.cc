#include "services/reporting/appeal_rules.h"

#include <algorithm>
#include <cstddef>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/common/clock.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"

namespace huifang::reporting {
namespace {

// Appeals an error names; it has to fit into a call's trailers.
constexpr std::size_t kNamedAppeals = 10;

}  // namespace

absl::Time AppealEnd(const grading::v1::Grade& grade, absl::Duration untold) {
  return grade.has_appeal_end_time()
             ? FromTimestamp(grade.appeal_end_time())
             : FromTimestamp(grade.create_time()) + untold;
}

void AddGrade(const grading::v1::Grade& grade, absl::Time now,
              absl::Duration untold, AppealStanding& standing) {
  const absl::Time end = AppealEnd(grade, untold);
  standing.last_end = standing.any ? std::max(standing.last_end, end) : end;
  standing.any = true;
  // As grading has it: an appeal in the last instant is in time.
  if (end >= now) ++standing.open_windows;
}

absl::Status CheckAppraisable(const Span& span, const AppealStanding& standing,
                              absl::Time now) {
  if (EndTime(span) > now) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "PERIOD_NOT_OVER",
                     absl::StrCat("period ", SpanLabel(span), " ends with ",
                                  DayText(span.last), " (考核期尚未结束)"),
                     {{"until", DayText(span.last)}});
  }
  if (standing.open_windows == 0 && standing.appeals.empty()) {
    return absl::OkStatus();
  }
  std::vector<std::string> english;
  std::vector<std::string> chinese;
  std::map<std::string, std::string> details = {
      {"open_windows", absl::StrCat(standing.open_windows)},
      {"open_appeals", absl::StrCat(standing.appeals.size())}};
  if (standing.open_windows > 0) {
    const std::string until =
        absl::FormatTime("%Y-%m-%d %H:%M", standing.last_end, CourtTimeZone());
    details["until"] = absl::FormatTime(absl::RFC3339_sec, standing.last_end,
                                        absl::UTCTimeZone());
    english.push_back(
        absl::StrCat("grades that may be appealed: ", standing.open_windows,
                     ", the last until ", until));
    chinese.push_back(absl::StrCat("尚有", standing.open_windows,
                                   "件评级在申诉期内，最晚至", until));
  }
  if (!standing.appeals.empty()) {
    const std::size_t named = std::min(standing.appeals.size(), kNamedAppeals);
    const std::string names = absl::StrJoin(
        standing.appeals.begin(),
        standing.appeals.begin() + static_cast<std::ptrdiff_t>(named), ", ");
    details["appeals"] = names;
    const char* more = named < standing.appeals.size() ? ", …" : "";
    english.push_back(absl::StrCat("open appeals: ", standing.appeals.size(),
                                   " (", names, more, ")"));
    chinese.push_back(absl::StrCat(standing.appeals.size(), "件申诉未决"));
  }
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "APPEALS_NOT_OVER",
      absl::StrCat("too early to appraise ", SpanLabel(span), ": ",
                   absl::StrJoin(english, "; "), " (申诉未了结，不能考核：",
                   absl::StrJoin(chinese, "；"), ")"),
      details);
}

}  // namespace huifang::reporting
