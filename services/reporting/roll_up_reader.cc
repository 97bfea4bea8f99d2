#include "services/reporting/roll_up_reader.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/report_store.h"
#include "services/reporting/roll_up_rules.h"
#include "services/reporting/roll_up_trend.h"

namespace huifang::reporting {

absl::StatusOr<std::vector<std::optional<v1::CourtFigures>>>
RollUpReader::Delivered(const std::string& court,
                        const std::vector<Span>& spans) {
  std::vector<std::optional<v1::CourtFigures>> figures;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    figures.clear();
    for (const Span& span : spans) {
      ASSIGN_OR_RETURN(
          const std::optional<v1::Report> report,
          ReportStore::LastDelivered(session, court, SpanLabel(span),
                                     /*division=*/""));
      figures.emplace_back();
      if (report.has_value()) figures.back() = CourtFiguresOf(*report);
    }
    return absl::OkStatus();
  }));
  return figures;
}

absl::StatusOr<v1::CourtFigures> RollUpReader::Figures(const std::string& court,
                                                       const Span& span) {
  ASSIGN_OR_RETURN(const auto delivered, Delivered(court, {span}));
  if (delivered[0].has_value()) return *delivered[0];
  return MakeError(
      absl::StatusCode::kNotFound, "NOT_DELIVERED",
      absl::StrCat("the court has delivered no report for ", SpanLabel(span)));
}

absl::StatusOr<v1::RollUp> RollUpReader::Read(const std::string& court,
                                              const Span& span) {
  const SuperiorCourt* superior = tree_.Find(court);
  if (superior == nullptr) {
    return MakeError(absl::StatusCode::kNotFound, "NO_LOWER_COURTS",
                     absl::StrCat("court ", court,
                                  " is the superior of none; see "
                                  "--courts_file of the reporting service"));
  }
  const std::vector<Span> spans = RollUpSpans(span);
  std::vector<std::vector<v1::CourtFigures>> periods(spans.size());
  for (const LowerCourt& lower : superior->courts) {
    ASSIGN_OR_RETURN(auto delivered, Delivered(lower.court, spans));
    for (std::size_t i = 0; i < spans.size(); ++i) {
      periods[i].push_back(
          delivered[i].has_value()
              ? *std::move(delivered[i])
              : MissingFigures(lower.court, lower.display_name, spans[i]));
      // One name everywhere, whatever the report was printed under.
      periods[i].back().set_court_display_name(lower.display_name);
    }
  }
  std::vector<v1::RollUp> roll_ups;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    roll_ups.push_back(AssembleRollUp(periods[i], spans[i], policy_));
  }
  v1::RollUp roll_up = std::move(roll_ups.back());
  roll_ups.pop_back();
  SetTrend(roll_ups, roll_up);
  roll_up.set_name(MakeResourceName(court, "rollUps", SpanLabel(span)));
  roll_up.set_court_display_name(superior->display_name);
  return roll_up;
}

}  // namespace huifang::reporting
