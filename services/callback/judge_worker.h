#ifndef HUIFANG_SERVICES_CALLBACK_JUDGE_WORKER_H_
#define HUIFANG_SERVICES_CALLBACK_JUDGE_WORKER_H_

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "services/callback/callback_store.h"
#include "services/callback/draw_store.h"
#include "services/common/clock.h"
#include "services/common/lease_queue.h"
#include "services/common/sql.h"

namespace huifang::callback {

// Judges the interviews of a plan's draws again by its changed rule (判定规则
// 变更). A task is the rule version's name. Goes by batches, each a transaction
// that leaves out what is judged already: killed at any point, or run twice at
// once, it goes on where it was. Thread safe.
class JudgeWorker {
 public:
  JudgeWorker(sql::Database& db, DrawStore& draws, Clock& clock,
              int batch = 100)
      : db_(db), draws_(draws), clock_(clock), batch_(batch) {}

  // UNAVAILABLE if it was stopped on the way.
  absl::Status Work(const Lease& lease);
  // Ends work after the batch at hand, for good.
  void Stop() { stopping_ = true; }

 private:
  struct Batch {
    bool wanted = false;  // no other version came since
    int count = 0;
    std::string last;
  };
  // False if another version came meanwhile.
  absl::StatusOr<bool> JudgeDraw(const std::string& court,
                                 const VersionedId& rule,
                                 const std::string& draw_id);
  absl::Status JudgeBatch(sql::Session& session, const std::string& court,
                          const VersionedId& rule, const std::string& draw_id,
                          const std::string& after, Batch& batch);

  sql::Database& db_;
  DrawStore& draws_;
  Clock& clock_;
  const int batch_;
  std::atomic<bool> stopping_{false};
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_JUDGE_WORKER_H_
