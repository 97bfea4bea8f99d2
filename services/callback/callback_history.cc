// The part of CallbackStore that draws learn from: who was called, how that
// went, and what is still to be called.
#include <map>
#include <utility>

#include "services/callback/callback_store.h"
#include "services/callback/disposition_rules.h"
#include "services/common/status_macros.h"

namespace huifang::callback {

absl::StatusOr<std::unordered_set<std::string>> CallbackStore::RecentCallers(
    const std::string& court, absl::Time since) {
  std::unordered_set<std::string> callers;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    callers.clear();
    // Who was only drawn, and then not called, may be drawn again.
    return session.Query(
        "SELECT caller_key FROM callbacks WHERE court = :court AND "
        "caller_key > '' AND create_time >= :since AND "
        "state <> :withdrawn AND recall_of = ''",
        {{"court", court},
         {"since", since},
         {"withdrawn", static_cast<int>(v1::Callback::STATE_WITHDRAWN)}},
        [&](const sql::Row& row) {
          callers.insert(row.Text(0));
          return absl::OkStatus();
        });
  }));
  return callers;
}

absl::StatusOr<CallHistory> CallbackStore::Calls(const std::string& court,
                                                 absl::Time since) {
  CallHistory history;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    history = {};
    return session.Query(
        "SELECT body FROM callbacks WHERE court = :court AND "
        "create_time >= :since AND state IN (:completed, :unreached) AND "
        "recall_of = '' "
        "ORDER BY create_time DESC LIMIT 5000",
        {{"court", court},
         {"since", since},
         {"completed", static_cast<int>(v1::Callback::STATE_COMPLETED)},
         {"unreached", static_cast<int>(v1::Callback::STATE_UNREACHED)}},
        [&](const sql::Row& row) -> absl::Status {
          v1::Callback callback;
          RETURN_IF_ERROR(ParseBody(row.Blob(0), callback));
          if (callback.simulated()) return absl::OkStatus();
          for (const v1::Attempt& attempt : callback.attempts()) {
            const bool found =
                FindsCaller(static_cast<Outcome>(attempt.outcome()));
            ++history.calls;
            if (found) ++history.contacts;
            (found ? history.contact_minutes : history.miss_minutes) +=
                attempt.minutes();
          }
          return absl::OkStatus();
        });
  }));
  return history;
}

absl::StatusOr<std::vector<OpenWork>> CallbackStore::OpenWorkOf(
    const std::string& court) {
  std::map<std::pair<int, bool>, std::int64_t> counts;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    counts.clear();
    return session.Query(
        "SELECT body FROM callbacks WHERE court = :court AND offered = 1 AND "
        "state IN (:waiting, :leased)",
        {{"court", court},
         {"waiting", static_cast<int>(v1::Callback::STATE_WAITING)},
         {"leased", static_cast<int>(v1::Callback::STATE_LEASED)}},
        [&](const sql::Row& row) -> absl::Status {
          v1::Callback callback;
          RETURN_IF_ERROR(ParseBody(row.Blob(0), callback));
          ++counts[{callback.attempts_size(), !callback.recall_of().empty()}];
          return absl::OkStatus();
        });
  }));
  std::vector<OpenWork> open;
  for (const auto& [kind, calls] : counts) {
    open.push_back({kind.first, kind.second, calls});
  }
  return open;
}

absl::StatusOr<std::map<std::string, StratumHistory>> CallbackStore::History(
    const std::string& court, absl::Time since) {
  std::map<std::string, StratumHistory> history;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    history.clear();
    return session.Query(
        "SELECT stratum, verdict, COUNT(*) FROM callbacks WHERE "
        "court = :court AND create_time >= :since AND verdict > :none AND "
        "recall_of = '' "
        "GROUP BY stratum, verdict",
        {{"court", court},
         {"since", since},
         {"none", static_cast<int>(v1::VERDICT_UNSPECIFIED)}},
        [&](const sql::Row& row) {
          StratumHistory& stratum = history[row.Text(0)];
          if (row.Int(1) == v1::VERDICT_UNDETERMINED) return absl::OkStatus();
          stratum.judged += row.Int(2);
          if (row.Int(1) == v1::VERDICT_UNSATISFIED) {
            stratum.unsatisfied += row.Int(2);
          }
          return absl::OkStatus();
        });
  }));
  return history;
}

}  // namespace huifang::callback
