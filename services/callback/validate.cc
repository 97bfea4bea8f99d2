#include "services/callback/validate.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "services/callback/store_util.h"
#include "services/callback/validate_fields.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/text.h"

namespace huifang::callback {
namespace {

constexpr std::size_t kMaxText = 2000;
constexpr double kMaxMinutes = 600;
constexpr absl::Duration kMaxAppointment = absl::Hours(24 * 60);
constexpr std::size_t kMaxToken = 256;
constexpr int kMaxReplies = 40;
constexpr int kMaxGivenSnippets = 20;
constexpr int kMaxOpinions = 10;
constexpr std::size_t kMaxOpinion = 500;

void CheckToken(const std::string& token, FieldErrors& errors) {
  if (token.empty() || token.size() > kMaxToken) {
    errors.Add("lease_token", "must be the one that LeaseCallback gave");
  }
}

void CheckMinutes(double minutes, FieldErrors& errors) {
  // Not-a-number compares false either way.
  if (!(minutes >= 0 && minutes <= kMaxMinutes)) {
    errors.Add("minutes", "must be 0 to 600");
  }
}

}  // namespace

bool IsPlanId(const std::string& id) {
  if (id.empty() || id.size() > 40 || id == "-") return false;
  for (const char c : id) {
    const bool good =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    if (!good) return false;
  }
  return true;
}

absl::Status Validate(const v1::CreateSamplingPlanRequest& request) {
  FieldErrors errors;
  if (!IsPlanId(request.plan_id())) {
    errors.Add("plan_id", "must be 1 to 40 of a-z, 0-9 and -");
  }
  if (absl::Status status = errors.ToStatus(); !status.ok()) return status;
  return ValidatePlan(request.plan());
}

absl::Status Validate(const v1::UpdateSamplingPlanRequest& request) {
  FieldErrors errors;
  CheckName(request.plan().name(), "plans", "plan.name", errors);
  for (const std::string& path : request.update_mask().paths()) {
    const auto* field = v1::SamplingPlan::descriptor()->FindFieldByName(path);
    if (path != "*" && (field == nullptr || path == "name")) {
      errors.Add("update_mask",
                 absl::StrCat("\"", path, "\" cannot be changed"));
    }
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::PreviewSamplingPlanRequest& request) {
  FieldErrors errors;
  CheckPeriod(request.from_date(), request.to_date(), errors);
  if (!request.plan().empty()) {
    CheckNameIn(request.plan(), "plans", request.parent(), "plan", errors);
  }
  if (absl::Status status = errors.ToStatus(); !status.ok()) return status;
  if (request.capacity_minutes() < 0 || request.capacity_minutes() > 100000) {
    errors.Add("capacity_minutes", "must be 0 to 100000");
    return errors.ToStatus();
  }
  if (!request.has_inline_plan()) return absl::OkStatus();
  v1::SamplingPlan plan = request.inline_plan();
  if (plan.display_name().empty()) plan.set_display_name("-");
  return ValidatePlan(plan);
}

absl::Status Validate(const v1::LeaseCallbackRequest& request) {
  FieldErrors errors;
  if (!request.officer().empty()) {
    CheckNameIn(request.officer(), "staff", request.parent(), "officer",
                errors);
  }
  if (!request.draw().empty()) {
    CheckNameIn(request.draw(), "draws", request.parent(), "draw", errors);
  }
  if (!request.callback().empty()) {
    CheckNameIn(request.callback(), "callbacks", request.parent(), "callback",
                errors);
  }
  if (request.languages_size() > 20) {
    errors.Add("languages", "must be at most 20");
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::RecordAttemptRequest& request) {
  FieldErrors errors;
  CheckName(request.name(), "callbacks", "name", errors);
  CheckToken(request.lease_token(), errors);
  const v1::Outcome outcome = request.outcome();
  if (outcome == v1::OUTCOME_UNSPECIFIED || !v1::Outcome_IsValid(outcome)) {
    errors.Add("outcome", "must be given");
  }
  if (outcome == v1::OUTCOME_COMPLETED || outcome == v1::OUTCOME_BROKEN_OFF) {
    errors.Add("outcome", "an interview is recorded with CompleteCallback");
  }
  if ((outcome == v1::OUTCOME_APPOINTMENT) != request.has_appointment_time()) {
    errors.Add("appointment_time",
               "must be given with APPOINTMENT, and only then");
  }
  CheckMinutes(request.minutes(), errors);
  CheckText(request.note(), "note", 0, kMaxText, errors);
  return errors.ToStatus();
}

absl::Status ValidateAppointment(const v1::RecordAttemptRequest& request,
                                 absl::Time now) {
  FieldErrors errors;
  if (request.has_appointment_time()) {
    const absl::Time at = FromProto(request.appointment_time());
    if (at <= now || at > now + kMaxAppointment) {
      errors.Add("appointment_time", "must be within the next 60 days");
    }
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::CompleteCallbackRequest& request) {
  FieldErrors errors;
  CheckName(request.name(), "callbacks", "name", errors);
  CheckToken(request.lease_token(), errors);
  if (request.has_items() && request.answers_size() > 0) {
    errors.Add("items", "must not be given beside answers");
  }
  if (!request.has_items() && request.answers_size() == 0 &&
      !request.broken_off()) {
    errors.Add("items", "must be given, or answers");
  }
  if (request.answers_size() > kMaxReplies) {
    errors.Add("answers", absl::StrCat("must be at most ", kMaxReplies));
  }
  for (const v1::ScriptReply& reply : request.answers()) {
    CheckText(reply.text(), "answers.text", 0, kMaxText, errors);
  }
  const v1::Items& items = request.items();
  for (const v1::Answer answer :
       {items.judge_called(), items.in_time(), items.attitude(), items.clear(),
        items.solved()}) {
    if (!v1::Answer_IsValid(answer)) {
      errors.Add("items", "has an unknown answer");
      break;
    }
  }
  if (items.score() < 0 || items.score() > 10) {
    errors.Add("items.score", "must be 0 to 10");
  }
  CheckMinutes(request.minutes(), errors);
  CheckText(request.note(), "note", 0, kMaxText, errors);
  CheckText(request.opinion(), "opinion", 0, kMaxText, errors);
  if (!request.opinion().empty() && request.opinions_size() > 0) {
    errors.Add("opinion", "must not be given beside opinions");
  }
  if (request.opinions_size() > kMaxOpinions) {
    errors.Add("opinions", absl::StrCat("must be at most ", kMaxOpinions));
  }
  for (const std::string& opinion : request.opinions()) {
    CheckText(opinion, "opinions", 1, kMaxOpinion, errors);
  }
  CheckText(request.explanation(), "explanation", 0, kMaxText, errors);
  if (request.snippets_size() > kMaxGivenSnippets) {
    errors.Add("snippets", absl::StrCat("must be at most ", kMaxGivenSnippets));
  }
  const std::string court =
      absl::StrCat("courts/", CourtOfName(request.name()));
  for (const std::string& snippet : request.snippets()) {
    CheckNameIn(snippet, "snippets", court, "snippets", errors);
    if (ParseVersionedId(snippet).version == 0) {
      errors.Add("snippets", "must name versions, as evidence.2 does");
    }
  }
  CheckText(request.convey_text(), "convey_text", 0, kMaxText, errors);
  const bool blank = TrimText(request.convey_text()).empty();
  if (blank && !request.convey_text().empty()) {
    errors.Add("convey_text", "must not be blank");
  }
  if (request.reopen_ticket() && blank) {
    errors.Add("convey_text", "must be given with reopen_ticket");
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::ReleaseCallbackRequest& request) {
  FieldErrors errors;
  CheckName(request.name(), "callbacks", "name", errors);
  CheckToken(request.lease_token(), errors);
  CheckText(request.reason(), "reason", request.recuse() ? 1 : 0, kMaxReason,
            errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::ListVerdictRulesRequest& request) {
  FieldErrors errors;
  if (!request.plan().empty()) {
    CheckNameIn(request.plan(), "plans", request.parent(), "plan", errors);
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::ListRecallsRequest& request) {
  FieldErrors errors;
  if (!request.draw().empty()) {
    CheckNameIn(request.draw(), "draws", request.parent(), "draw", errors);
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::GetRecallAgreementRequest& request) {
  FieldErrors errors;
  if (!request.draw().empty()) {
    CheckNameIn(request.draw(), "draws", request.parent(), "draw", errors);
  }
  if (request.has_first_from() && request.has_first_before() &&
      FromProto(request.first_before()) <= FromProto(request.first_from())) {
    errors.Add("first_before", "must be after first_from");
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::CreateRelationRequest& request) {
  FieldErrors errors;
  const v1::Relation& relation = request.relation();
  CheckText(relation.officer(), "relation.officer", 1, 200, errors);
  CheckText(relation.reason(), "relation.reason", 1, kMaxReason, errors);
  bool known = false;
  for (const char* collection : {"staff", "teams", "divisions", "tickets"}) {
    const auto parsed = ParseResourceName(relation.subject(), collection);
    known = known || (parsed.ok() && absl::StrCat("courts/", parsed->court) ==
                                         request.parent());
  }
  if (!known) {
    errors.Add("relation.subject",
               "must name staff, a team, a division or a ticket of the court");
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::CreateDoNotCallRequest& request) {
  FieldErrors errors;
  const v1::DoNotCall& entry = request.do_not_call();
  CheckNameIn(entry.ticket(), "tickets", request.parent(), "do_not_call.ticket",
              errors);
  CheckText(entry.reason(), "do_not_call.reason", 1, kMaxReason, errors);
  return errors.ToStatus();
}

absl::Status ValidateExpiry(const v1::CreateDoNotCallRequest& request,
                            absl::Time now) {
  FieldErrors errors;
  const v1::DoNotCall& entry = request.do_not_call();
  if (entry.has_expire_time() && FromProto(entry.expire_time()) <= now) {
    errors.Add("do_not_call.expire_time", "must not be past");
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::AcknowledgeConveyanceRequest& request) {
  FieldErrors errors;
  CheckName(request.name(), "conveyances", "name", errors);
  CheckText(request.response(), "response", 0, kMaxText, errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::CallbackFilter& filter) {
  FieldErrors errors;
  CheckValues(filter.states(), v1::Callback::State_IsValid, "filter.states",
              errors);
  CheckValues(filter.verdicts(), v1::Verdict_IsValid, "filter.verdicts",
              errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::ListDrawsRequest& request) {
  FieldErrors errors;
  CheckValues(request.states(), v1::Draw::State_IsValid, "states", errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::ListConveyancesRequest& request) {
  FieldErrors errors;
  CheckValues(request.states(), v1::Conveyance::State_IsValid, "states",
              errors);
  return errors.ToStatus();
}

}  // namespace huifang::callback
