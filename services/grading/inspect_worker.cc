#include "services/grading/inspect_worker.h"

#include <algorithm>
#include <map>
#include <utility>

#include "services/common/log.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/grading/proto_convert.h"
#include "services/grading/rubric_store.h"

namespace huifang::grading {
namespace {

// A reply that thousands share is a template; a few of them suffice to say so.
constexpr int kCopyCandidates = 8;

RelevanceModel::Scratch& ThreadScratch() {
  thread_local RelevanceModel::Scratch scratch;
  return scratch;
}

// Findings, proposal and flag from what the rules say.
void Fill(const RuleResult& result, const v1::Rubric& rubric,
          const ModelVersion& model, v1::Inspection& inspection) {
  std::vector<std::string> rules;
  bool flagged = false;
  for (const RuleFinding& finding : result.findings) {
    *inspection.add_findings() = ToProto(finding);
    rules.emplace_back(finding.rule->id);
    flagged = flagged || finding.rule->gravity != Gravity::kNotice;
  }
  const RubricData data = ToData(rubric);
  const Verdict proposal = Judge(data, ProposeScores(data, rules));
  inspection.set_state(v1::Inspection::STATE_DONE);
  if (result.relevance.has_value()) {
    inspection.set_relevance(*result.relevance);
  }
  inspection.set_model_version(model.version);
  inspection.set_provisional(model.model->documents() <
                             ModelStore::kTrustedDocuments);
  inspection.set_proposed_tier(proposal.tier);
  inspection.set_proposed_score(proposal.total);
  inspection.set_proposed_pass(proposal.passed);
  inspection.set_rubric(rubric.name());
  inspection.set_rubric_version(rubric.version());
  inspection.set_flagged(flagged);
}

}  // namespace

std::vector<absl::Status> InspectWorker::Work(
    const std::vector<Lease>& leases) {
  std::map<std::string, std::vector<std::string>> by_court;
  for (const Lease& lease : leases) {
    PendingKey key;
    if (ParseInspectTaskId(lease.task_id, key)) {
      by_court[key.court].push_back(key.ticket);
    }
  }
  std::map<std::pair<std::string, std::string>, absl::Status> done;
  absl::Status away;
  for (auto& [court, tickets] : by_court) {
    // What is away for one court is so for all: the rest goes back in time.
    if (!away.ok()) {
      for (const std::string& ticket : tickets) done[{court, ticket}] = away;
      continue;
    }
    std::sort(tickets.begin(), tickets.end());
    tickets.erase(std::unique(tickets.begin(), tickets.end()), tickets.end());
    const absl::Status all = InspectCourt(court, tickets);
    // Not a ticket's fault: each alone would only wait as long again.
    const bool passes = absl::IsUnavailable(all) ||
                        absl::IsResourceExhausted(all) ||
                        absl::IsDeadlineExceeded(all) || absl::IsAborted(all);
    if (absl::IsUnavailable(all)) away = all;
    for (const std::string& ticket : tickets) {
      // One that cannot be inspected must not take the others with it.
      done[{court, ticket}] = all.ok() || passes || tickets.size() == 1
                                  ? all
                                  : InspectCourt(court, {ticket});
    }
  }
  std::vector<absl::Status> statuses;
  for (const Lease& lease : leases) {
    PendingKey key;
    statuses.push_back(ParseInspectTaskId(lease.task_id, key)
                           ? done[{key.court, key.ticket}]
                           : absl::InvalidArgumentError("not an inspect task"));
  }
  return statuses;
}

std::vector<absl::Status> InspectWorker::Learn(
    const std::vector<Lease>& leases) {
  std::vector<absl::Status> statuses;
  for (const Lease& lease : leases) {
    absl::Status done = LearnNow(lease.task_id, /*all=*/true);
    // A task buried under the court's own id would be its last.
    if (!done.ok() && !absl::IsUnavailable(done) &&
        !absl::IsResourceExhausted(done)) {
      log::Warning("learn_failed",
                   {{"court", lease.task_id}, {"error", done.message()}});
      done = absl::OkStatus();  // the next batch asks again
    }
    statuses.push_back(std::move(done));
  }
  return statuses;
}

absl::Status InspectWorker::LearnNow(const std::string& court, bool all) {
  ASSIGN_OR_RETURN(const bool trusted_now,
                   models_.LearnIfDue(court, clock_.Now(), all));
  return trusted_now ? queue_.EnqueueMissing() : absl::OkStatus();
}

absl::StatusOr<ModelVersion> InspectWorker::LoadModel(
    const std::string& court) {
  ASSIGN_OR_RETURN(bool due, models_.IsDue(court, clock_.Now()));
  ASSIGN_OR_RETURN(ModelVersion model, models_.Load(court));
  if (due && model.model->documents() < ModelStore::kTrustedDocuments) {
    RETURN_IF_ERROR(LearnNow(court, /*all=*/false));
    ASSIGN_OR_RETURN(due, models_.IsDue(court, clock_.Now()));
    ASSIGN_OR_RETURN(model, models_.Load(court));
  }
  if (!due) return model;
  QueueTask task;
  task.task_id = court;
  const absl::Status queued = learn_queue_.Enqueue(task).status();
  // The next batch asks again.
  if (!queued.ok()) {
    log::Warning("enqueue_failed",
                 {{"queue", learn_queue_.name()}, {"error", queued.message()}});
  }
  return model;
}

absl::Status InspectWorker::InspectCourt(
    const std::string& court, const std::vector<std::string>& tickets) {
  ASSIGN_OR_RETURN(const ModelVersion model, LoadModel(court));
  ASSIGN_OR_RETURN(const std::vector<PendingTicket> pending,
                   inspections_.LoadPending(court, tickets));
  if (pending.empty()) return absl::OkStatus();
  v1::Rubric rubric;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(rubric,
                     RubricStore::Current(session, court, v1::SUBJECT_TICKET));
    return absl::OkStatus();
  }));
  std::vector<InspectionResult> results;
  for (const PendingTicket& p : pending) {
    ASSIGN_OR_RETURN(results.emplace_back(), InspectOne(p, model, rubric));
  }
  const absl::Time now = clock_.Now();
  int stored = 0;
  RETURN_IF_ERROR(db_.Write(court, [&](sql::Session& session) -> absl::Status {
    stored = 0;
    for (const InspectionResult& result : results) {
      ASSIGN_OR_RETURN(const bool fresh,
                       InspectionStore::Save(session, court, result, now));
      if (!fresh) continue;
      ++stored;
      RETURN_IF_ERROR(desk_.Offer(session, court, result.inspection));
    }
    return absl::OkStatus();
  }));
  metrics_.Count("inspections_total", "court", court, stored);
  return absl::OkStatus();
}

absl::StatusOr<InspectionResult> InspectWorker::InspectOne(
    const PendingTicket& pending, const ModelVersion& model,
    const v1::Rubric& rubric) {
  const ticket::v1::Ticket& ticket = pending.body;
  const TicketTexts texts(
      ticket, pending.callback.has_value() ? &*pending.callback : nullptr);
  RelevanceModel::Scratch& scratch = ThreadScratch();
  RuleResult found = InspectTicket(texts.facts, *model.model, scratch);
  ASSIGN_OR_RETURN(
      const std::vector<CopyCandidate> candidates,
      inspections_.FindCandidates(pending.court, pending.ticket,
                                  found.signature, kCopyCandidates));
  const std::string nearest =
      AddCopyFinding(texts.facts, candidates, *model.model, scratch, found);
  InspectionResult result;
  result.ticket = pending.ticket;
  result.generation = pending.generation;
  result.signature = found.signature;
  v1::Inspection& inspection = result.inspection;
  inspection = InspectionStore::Describe(pending.court, pending.ticket, ticket);
  inspection.set_version(pending.version + 1);
  Fill(found, rubric, model, inspection);
  inspection.set_nearest_inspection(nearest);
  if (pending.callback.has_value()) {
    inspection.set_callback(pending.callback->name());
  }
  *inspection.mutable_inspect_time() = ToTimestamp(clock_.Now());
  inspection.set_etag(ShortHash(inspection.SerializeAsString()));
  return result;
}

absl::StatusOr<v1::Inspection> InspectWorker::Preview(
    const v1::PreviewInspectionRequest& request) {
  ASSIGN_OR_RETURN(const std::string court, ParseCourt(request.parent()));
  ASSIGN_OR_RETURN(const ModelVersion model, models_.Load(court));
  v1::Rubric rubric;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(rubric,
                     RubricStore::Current(session, court, v1::SUBJECT_TICKET));
    return absl::OkStatus();
  }));
  TicketFacts facts;
  facts.title = request.title();
  facts.content = request.content();
  facts.reply = request.reply();
  v1::Inspection inspection;
  Fill(InspectTicket(facts, *model.model, ThreadScratch()), rubric, model,
       inspection);
  inspection.set_title(request.title());
  *inspection.mutable_inspect_time() = ToTimestamp(clock_.Now());
  return inspection;
}

}  // namespace huifang::grading
