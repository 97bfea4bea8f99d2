#include "services/reporting/roll_up_reader.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/report_store.h"
#include "services/reporting/roll_up_rules.h"

namespace huifang::reporting {

absl::StatusOr<std::optional<v1::CourtFigures>> RollUpReader::Delivered(
    const std::string& court, const Span& span) {
  std::optional<v1::CourtFigures> figures;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<v1::Report> report,
                     ReportStore::LastDelivered(session, court, SpanLabel(span),
                                                /*division=*/""));
    figures.reset();
    if (report.has_value()) figures = CourtFiguresOf(*report);
    return absl::OkStatus();
  }));
  return figures;
}

absl::StatusOr<v1::CourtFigures> RollUpReader::Figures(const std::string& court,
                                                       const Span& span) {
  ASSIGN_OR_RETURN(std::optional<v1::CourtFigures> figures,
                   Delivered(court, span));
  if (figures.has_value()) return *std::move(figures);
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
  std::vector<v1::CourtFigures> courts;
  for (const LowerCourt& lower : superior->courts) {
    ASSIGN_OR_RETURN(std::optional<v1::CourtFigures> figures,
                     Delivered(lower.court, span));
    courts.push_back(
        figures.has_value()
            ? *std::move(figures)
            : MissingFigures(lower.court, lower.display_name, span));
    // One name everywhere, whatever the report was printed under.
    courts.back().set_court_display_name(lower.display_name);
  }
  v1::RollUp roll_up = AssembleRollUp(courts, span, policy_);
  roll_up.set_name(MakeResourceName(court, "rollUps", SpanLabel(span)));
  roll_up.set_court_display_name(superior->display_name);
  return roll_up;
}

}  // namespace huifang::reporting
