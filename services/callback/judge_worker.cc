#include "services/callback/judge_worker.h"

#include <optional>
#include <vector>

#include "services/callback/events.h"
#include "services/callback/plan_policy.h"
#include "services/callback/recalls.h"
#include "services/callback/rule_changes.h"
#include "services/callback/store_util.h"
#include "services/callback/verdict_rule_store.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr int kDrawPage = 50;

// The version, if old interviews are still to be judged by it. One that another
// came after is closed.
absl::StatusOr<std::optional<v1::VerdictRuleVersion>> Wanted(
    sql::Session& session, const std::string& court, const VersionedId& id) {
  ASSIGN_OR_RETURN(v1::VerdictRuleVersion version,
                   VerdictRuleStore::Load(session, court, id));
  if (version.state() != v1::VerdictRuleVersion::STATE_JUDGING) {
    return std::nullopt;
  }
  ASSIGN_OR_RETURN(const std::optional<v1::VerdictRuleVersion> newest,
                   VerdictRuleStore::Newest(session, court, id.id));
  if (newest.has_value() && newest->number() == id.version) return version;
  version.set_state(v1::VerdictRuleVersion::STATE_SUPERSEDED);
  RETURN_IF_ERROR(VerdictRuleStore::Save(session, version));
  return std::nullopt;
}

// `first` if the interview was made again of it.
absl::Status JudgeOne(sql::Session& session, const RuleInForce& rule,
                      absl::Time now, const v1::Callback* first,
                      StoredCallback& stored) {
  v1::Callback& callback = stored.callback;
  Judge(rule, now, callback);
  if (first != nullptr) {
    stored.recall_differs = Compare(*first, callback).differs();
  }
  *callback.mutable_update_time() = ToProto(now);
  RETURN_IF_ERROR(CallbackStore::Save(session, stored));
  EmitCallback(session, v1::CallbackEvent::TYPE_JUDGED_AGAIN, callback, now);
  return absl::OkStatus();
}

// The two are compared, so they are judged together.
absl::Status JudgePair(sql::Session& session, const RuleInForce& rule,
                       absl::Time now, StoredCallback& first) {
  RETURN_IF_ERROR(JudgeOne(session, rule, now, nullptr, first));
  if (first.callback.recall().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      StoredCallback second,
      CallbackStore::Load(session, CourtOfName(first.callback.name()),
                          IdOf(first.callback.recall())));
  if (second.callback.state() != v1::Callback::STATE_COMPLETED) {
    return absl::OkStatus();
  }
  return JudgeOne(session, rule, now, &first.callback, second);
}

}  // namespace

absl::Status JudgeWorker::Work(const Lease& lease) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(lease.task_id, "verdictRules"));
  const VersionedId rule = ParseVersionedId(name.id);
  std::optional<TimeCursor> cursor;
  bool more = true;
  while (more) {
    ASSIGN_OR_RETURN(const std::vector<v1::Draw> draws,
                     draws_.List(name.court, {}, cursor, kDrawPage));
    more = draws.size() == kDrawPage;
    for (const v1::Draw& draw : draws) {
      cursor = {absl::ToUnixMicros(FromProto(draw.create_time())),
                IdOf(draw.name())};
      if (IdOf(draw.plan()) != rule.id) continue;
      ASSIGN_OR_RETURN(const bool wanted,
                       JudgeDraw(name.court, rule, cursor->id));
      if (!wanted) return absl::OkStatus();
    }
  }
  return db_.Write(name.court, [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(std::optional<v1::VerdictRuleVersion> version,
                     Wanted(session, name.court, rule));
    if (!version.has_value()) return absl::OkStatus();
    version->set_state(v1::VerdictRuleVersion::STATE_DONE);
    *version->mutable_complete_time() = ToProto(clock_.Now());
    return VerdictRuleStore::Save(session, *version);
  });
}

absl::StatusOr<bool> JudgeWorker::JudgeDraw(const std::string& court,
                                            const VersionedId& rule,
                                            const std::string& draw_id) {
  std::string after;
  while (!stopping_) {
    Batch batch;
    RETURN_IF_ERROR(
        db_.Write(court, [&](sql::Session& session) -> absl::Status {
          batch = {};
          return JudgeBatch(session, court, rule, draw_id, after, batch);
        }));
    if (!batch.wanted) return false;
    if (batch.count < batch_) return true;
    after = batch.last;
  }
  return absl::UnavailableError("stopping; the rest is judged later");
}

absl::Status JudgeWorker::JudgeBatch(sql::Session& session,
                                     const std::string& court,
                                     const VersionedId& rule,
                                     const std::string& draw_id,
                                     const std::string& after, Batch& batch) {
  ASSIGN_OR_RETURN(std::optional<v1::VerdictRuleVersion> version,
                   Wanted(session, court, rule));
  if (!version.has_value()) return absl::OkStatus();
  batch.wanted = true;
  ASSIGN_OR_RETURN(std::vector<StoredCallback> old,
                   CallbackStore::ToJudge(session, court, draw_id, rule.version,
                                          after, batch_));
  const RuleInForce in_force{VerdictPolicyOf(version->rule()), rule.version};
  for (StoredCallback& stored : old) {
    const v1::Verdict before = stored.callback.verdict();
    batch.last = IdOf(stored.callback.name());
    RETURN_IF_ERROR(JudgePair(session, in_force, clock_.Now(), stored));
    version->set_judged_count(version->judged_count() + 1);
    if (stored.callback.verdict() != before) {
      version->set_changed_count(version->changed_count() + 1);
    }
  }
  batch.count = static_cast<int>(old.size());
  if (old.empty()) return absl::OkStatus();
  return VerdictRuleStore::Save(session, *version);
}

}  // namespace huifang::callback
