#ifndef HUIFANG_SERVICES_REPORTING_FACTS_READER_H_
#define HUIFANG_SERVICES_REPORTING_FACTS_READER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/common/sql.h"
#include "services/reporting/report_rules.h"
#include "services/reporting/survey_disclosure.h"

namespace huifang::reporting {

// Reads what a report is made of. Each method runs on the given session, so
// that one report sees one snapshot. Court is the six-digit code, division and
// team are ids; all queries are bound to the court.
class FactsReader {
 public:
  // What is due after `now` is not late, even in a period that goes on.
  FactsReader(sql::Session& session, std::string court,
              absl::Time now = absl::InfiniteFuture())
      : session_(session), court_(std::move(court)), now_(now) {}

  // Everything for the report of `span`. `division` empty: the whole court.
  // `policy`: which callers' words are not even read.
  absl::StatusOr<ReportFacts> ReadReport(const Span& span,
                                         const std::string& division,
                                         const DisclosurePolicy& policy = {});

  // Of the court, its divisions, teams and staff, by full name.
  absl::StatusOr<DisplayNames> Names();

  // Of the inspection rules that a finding named, by their ids.
  absl::StatusOr<DisplayNames> RuleNames();

  // Tiers of the newest ticket rubric, best first.
  absl::StatusOr<std::vector<TierInfo>> Tiers();

  // Ids of the divisions that closed or received tickets in `span`.
  absl::StatusOr<std::vector<std::string>> DivisionsIn(const Span& span);

 private:
  absl::StatusOr<SpanFacts> ReadSpan(const Span& span,
                                     const std::string& division);
  absl::Status ReadTickets(const Span& span, const std::string& division,
                           SpanFacts& facts);
  absl::Status ReadOverdue(const Span& span, const std::string& division,
                           SpanFacts& facts);
  absl::Status ReadQuality(const Span& span, const std::string& division,
                           SpanFacts& facts);
  absl::Status ReadFindings(const Span& span, const std::string& division,
                            SpanFacts& facts);
  absl::Status ReadCalls(const Span& first, const Span& last,
                         ReportFacts& facts);
  // By day and division, of the whole court.
  absl::Status ReadDays(const Span& first, const Span& last, DayFacts& days);
  absl::Status ReadFindingDays(const Span& first, const Span& last,
                               const std::string& division,
                               FindingDays& findings);
  absl::Status ReadRuleDivisions(const Span& span, ReportFacts& facts);
  absl::Status ReadItems(const Span& span, const std::string& division,
                         int limit, SurveyDisclosure& disclosure,
                         ReportFacts& facts);
  absl::Status ReadItem(ItemFacts& item);
  absl::Status ReadOpinions(const Span& span, const std::string& division,
                            SurveyDisclosure& disclosure, ReportFacts& facts);
  absl::Status ReadReserve(const Span& span, const std::string& division,
                           ReportFacts& facts);
  absl::Status ReadDraws(const Span& span, ReportFacts& facts);
  absl::Status ReadSupervisions(const Span& span, const std::string& division,
                                int limit, ReportFacts& facts);
  absl::Status ReadNames(ReportFacts& facts);
  absl::Status ReadTiers(ReportFacts& facts);
  absl::Status ReadCoverage(ReportFacts& facts);

  sql::Session& session_;
  const std::string court_;
  const absl::Time now_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_FACTS_READER_H_
