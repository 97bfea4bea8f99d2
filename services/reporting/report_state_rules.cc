#include "services/reporting/report_state_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/util/message_differencer.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"
#include "services/common/text.h"

namespace huifang::reporting {
namespace {

absl::string_view StateName(v1::Report::State state) {
  return absl::StripPrefix(absl::string_view(v1::Report::State_Name(state)),
                           "STATE_");
}

absl::Status Need(v1::Report::State state, const v1::Report& report) {
  if (report.state() == state) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                   absl::StrCat("the report is ", StateName(report.state()),
                                "; this needs ", StateName(state)),
                   {{"state", v1::Report::State_Name(report.state())}});
}

// Empty mask: the fields that are populated.
bool Touches(const v1::UpdateReportRequest& request, const char* path,
             bool populated) {
  if (request.update_mask().paths().empty()) return populated;
  const auto& paths = request.update_mask().paths();
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

absl::Status EditAnswers(const v1::Report& edited, v1::Report& report) {
  for (const v1::LeaderAnswer& answer : edited.answers()) {
    const auto found = std::find_if(
        report.mutable_answers()->begin(), report.mutable_answers()->end(),
        [&](const v1::LeaderAnswer& one) {
          return one.question() == answer.question();
        });
    if (found == report.mutable_answers()->end()) {
      return MakeError(absl::StatusCode::kNotFound, "NO_SUCH_ANSWER",
                       "report.answers: the report has no such question");
    }
    if (found->answer() != answer.answer()) found->clear_answer_en();
    found->set_answer(answer.answer());
  }
  return absl::OkStatus();
}

absl::Status EditItems(const v1::Report& edited, v1::Report& report) {
  for (const v1::Item& item : edited.items()) {
    if (item.number() < 1 || item.number() > report.items_size()) {
      return MakeError(
          absl::StatusCode::kNotFound, "NO_SUCH_ITEM",
          absl::StrCat("report.items: no item number ", item.number()));
    }
    v1::Item& target = *report.mutable_items(item.number() - 1);
    if (!item.problem().empty() && item.problem() != target.problem()) {
      target.set_problem(item.problem());
      target.clear_problem_en();
    }
    if (!item.suggestion().empty() &&
        item.suggestion() != target.suggestion()) {
      target.set_suggestion(item.suggestion());
      target.clear_suggestion_en();
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Review(const std::string& principal, absl::Time now,
                    v1::Report& report) {
  const absl::Status fits = Need(v1::Report::STATE_READY, report);
  if (!fits.ok()) return fits;
  report.set_state(v1::Report::STATE_REVIEWED);
  report.set_reviewer(principal);
  *report.mutable_review_time() = ToTimestamp(now);
  return absl::OkStatus();
}

absl::Status Approve(const std::string& principal, absl::Time now,
                     v1::Report& report) {
  const absl::Status fits = Need(v1::Report::STATE_REVIEWED, report);
  if (!fits.ok()) return fits;
  if (principal == report.creator() || principal == report.reviewer()) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "SAME_PERSON",
        absl::StrCat(principal,
                     principal == report.creator() ? " built" : " reviewed",
                     " this report; somebody else must approve it"));
  }
  report.set_state(v1::Report::STATE_APPROVED);
  report.set_approver(principal);
  *report.mutable_approve_time() = ToTimestamp(now);
  return absl::OkStatus();
}

absl::Status Deliver(absl::Time now, v1::Report& report) {
  const absl::Status fits = Need(v1::Report::STATE_APPROVED, report);
  if (!fits.ok()) return fits;
  report.set_state(v1::Report::STATE_DELIVERED);
  *report.mutable_deliver_time() = ToTimestamp(now);
  return absl::OkStatus();
}

absl::Status Acknowledge(const std::string& principal,
                         const std::string& acknowledgement, absl::Time now,
                         v1::Report& report) {
  const absl::Status fits = Need(v1::Report::STATE_DELIVERED, report);
  if (!fits.ok()) return fits;
  report.set_state(v1::Report::STATE_ACKNOWLEDGED);
  report.set_acknowledger(principal);
  report.set_acknowledgement(acknowledgement);
  *report.mutable_acknowledge_time() = ToTimestamp(now);
  return absl::OkStatus();
}

absl::Status Correct(const v1::Report& delivered, const std::string& reason,
                     v1::Report& report) {
  if (TrimText(reason).empty()) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "CORRECTION_REASON_NEEDED",
        absl::StrCat("version ", delivered.version(), " of ",
                     delivered.period().label(),
                     " was delivered; give correction_reason to correct it"),
        {{"report", delivered.name()}});
  }
  report.set_corrects(delivered.name());
  report.set_corrects_serial_number(delivered.serial_number());
  report.set_correction_reason(reason);
  return absl::OkStatus();
}

absl::Status CheckCorrects(const std::optional<v1::Report>& delivered,
                           const v1::Report& report) {
  if (!delivered.has_value() || report.corrects() == delivered->name() ||
      report.name() == delivered->name()) {
    return absl::OkStatus();
  }
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "CORRECTION_OUTDATED",
      absl::StrCat("version ", delivered->version(), " of ",
                   delivered->period().label(),
                   " was delivered since this one was built; build again with "
                   "a correction_reason"),
      {{"report", delivered->name()}});
}

void Outline(v1::Report& report) {
  report.clear_items();
  report.clear_opinions();
  report.clear_trends();
  report.clear_charts();
  report.clear_agreements();
  report.clear_suggestions();
  report.clear_trainings();
}

void NameChanges(const v1::Report& corrected, v1::Report& report) {
  report.clear_correction_changes();
  for (const v1::Figure& after : report.figures()) {
    const auto before = std::find_if(
        corrected.figures().begin(), corrected.figures().end(),
        [&](const v1::Figure& f) { return f.measure() == after.measure(); });
    const v1::Figure::Value old = before == corrected.figures().end()
                                      ? v1::Figure::Value()
                                      : before->current();
    if (google::protobuf::util::MessageDifferencer::Equals(old,
                                                           after.current())) {
      continue;
    }
    v1::FigureChange& change = *report.add_correction_changes();
    change.set_measure(after.measure());
    change.set_unit(after.unit());
    *change.mutable_before() = old;
    *change.mutable_after() = after.current();
  }
}

absl::Status Edit(const v1::UpdateReportRequest& request, v1::Report& report) {
  if (report.state() == v1::Report::STATE_REVIEWED) {
    report.set_state(v1::Report::STATE_READY);
    report.clear_reviewer();
    report.clear_review_time();
  }
  const absl::Status fits = Need(v1::Report::STATE_READY, report);
  if (!fits.ok()) return fits;
  const v1::Report& edited = request.report();
  if (Touches(request, "answers", edited.answers_size() > 0)) {
    const absl::Status status = EditAnswers(edited, report);
    if (!status.ok()) return status;
  }
  if (Touches(request, "items", edited.items_size() > 0)) {
    return EditItems(edited, report);
  }
  return absl::OkStatus();
}

absl::Status CheckReader(const std::string& role, const v1::Report& report) {
  if (role != "handler" || report.state() == v1::Report::STATE_DELIVERED ||
      report.state() == v1::Report::STATE_ACKNOWLEDGED) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kPermissionDenied, "NOT_DELIVERED",
                   "the report was not delivered yet");
}

absl::Status CheckReadable(const v1::Report& report) {
  if (report.state() == v1::Report::STATE_BUILDING) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "REPORT_BUILDING",
                     "the report is still being built; try again soon");
  }
  if (report.state() == v1::Report::STATE_FAILED) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "REPORT_FAILED",
                     absl::StrCat("the report could not be built: ",
                                  report.failure_reason()));
  }
  return absl::OkStatus();
}

}  // namespace huifang::reporting
