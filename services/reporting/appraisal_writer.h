#ifndef HUIFANG_SERVICES_REPORTING_APPRAISAL_WRITER_H_
#define HUIFANG_SERVICES_REPORTING_APPRAISAL_WRITER_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "huifang/reporting/v1/appraisal_service.pb.h"
#include "services/common/clock.h"
#include "services/common/sql.h"
#include "services/reporting/appraisal_rules.h"
#include "services/reporting/change_once.h"
#include "services/reporting/exclusion_rules.h"

namespace huifang::reporting {

// Makes appraisal sheets, and everything that changes an exclusion: state,
// event and request id in one transaction. Thread safe.
class AppraisalWriter {
 public:
  AppraisalWriter(sql::Database& db, Clock& clock, FigurePolicy figures,
                  AppraisalPolicy policy)
      : db_(db), clock_(clock), figures_(std::move(figures)), policy_(policy) {}

  // Reads the facts in the transaction that stores the sheet: no exclusion, no
  // grade and no appeal comes between.
  absl::StatusOr<v1::Appraisal> Create(
      const std::string& court, const std::string& principal,
      const RequestKey& key, const v1::CreateAppraisalRequest& request);

  absl::StatusOr<v1::AppraisalExclusion> Exclude(
      const std::string& court, const Person& requester, const RequestKey& key,
      const v1::CreateAppraisalExclusionRequest& request);

  absl::StatusOr<v1::AppraisalExclusion> DecideExclusion(
      const Verb& verb, const Person& decider,
      v1::AppraisalExclusion::State decision, const std::string& note,
      const google::protobuf::Message& request);

 private:
  absl::StatusOr<v1::Appraisal> MakeSheet(
      sql::Session& session, const std::string& court, const Span& span,
      const v1::CreateAppraisalRequest& request, absl::Time now) const;

  sql::Database& db_;
  Clock& clock_;
  const FigurePolicy figures_;
  const AppraisalPolicy policy_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_APPRAISAL_WRITER_H_
