#ifndef HUIFANG_SERVICES_CALLBACK_DRAW_STORE_H_
#define HUIFANG_SERVICES_CALLBACK_DRAW_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "services/callback/store_util.h"
#include "services/common/sql.h"

namespace huifang::callback {

struct StoredDraw {
  v1::Draw draw;
  // Which run's chunks are its frame; empty until it is frozen.
  std::string frame_run;
  // A worker has something to do.
  bool job = true;
};

struct DrawJob {
  std::string court;
  std::string draw_id;
};

enum class FramePart { kFrame = 0, kExcluded = 1 };

// Draws, their frames and the chain of draws; all SQL of them. Methods with a
// session run in its transaction. Thread safe.
class DrawStore {
 public:
  explicit DrawStore(sql::Database& db) : db_(db) {}

  // NOT_FOUND if the court has no such draw.
  absl::StatusOr<StoredDraw> Get(const std::string& court,
                                 const std::string& draw_id);
  // Newest first, after `cursor`.
  absl::StatusOr<std::vector<v1::Draw>> List(
      const std::string& court, const std::vector<int>& states,
      const std::optional<TimeCursor>& cursor, int limit);
  // Draws that wait for a worker, over all courts of this database.
  absl::StatusOr<std::vector<DrawJob>> OpenJobs(int limit);

  // The plans, as applied, of all draws made by `plan`; each draw's body is
  // read, so this is for rare changes only.
  static absl::Status EachApplied(
      sql::Session& session, const std::string& plan,
      absl::FunctionRef<void(const v1::SamplingPlan&)> see);

  static absl::StatusOr<StoredDraw> Load(sql::Session& session,
                                         const std::string& court,
                                         const std::string& draw_id);
  // False if the draw is there already. Sets version and etag.
  static absl::StatusOr<bool> Insert(sql::Session& session, StoredDraw& stored);
  // Makes `draw` the one that stands for its days. False, and `holder` names
  // it, if another draw of the court stands for one of them: one that neither
  // failed nor was aborted.
  static absl::StatusOr<bool> ClaimPeriod(sql::Session& session,
                                          const v1::Draw& draw,
                                          std::string& holder);
  // Replaces a draw whose stored version is `stored.draw.version()` and raises
  // version and etag. ABORTED if it moved on.
  static absl::Status Save(sql::Session& session, StoredDraw& stored);

  // Whether the draw is in `state`; its row then stays locked until the commit.
  static absl::StatusOr<bool> LockInState(sql::Session& session,
                                          const std::string& court,
                                          const std::string& draw_id,
                                          v1::Draw::State state);

  // Adds one chunk of a run's frame; again is the same.
  static absl::Status PutChunk(sql::Session& session, const std::string& court,
                               const std::string& draw_id,
                               const std::string& run, FramePart part,
                               int chunk, const std::string& data);
  // Removes the chunks of all runs but `run`.
  static absl::Status DropOtherRuns(sql::Session& session,
                                    const std::string& court,
                                    const std::string& draw_id,
                                    const std::string& run);
  // Calls `each` with every row of a part, in order of ids.
  absl::Status ReadFrame(
      const std::string& court, const std::string& draw_id,
      const std::string& run, FramePart part,
      absl::FunctionRef<void(absl::string_view id, std::uint32_t number)> each);

  // What somebody did to a draw.
  struct Act {
    std::string act;        // "freeze"
    std::string principal;  // or "server", or "schedule"
    absl::Time time;
    std::string detail = "";  // of a party's act: which, and what it published
  };
  // Adds a link: the act and the draw's state, with position and time.
  static absl::Status AppendLog(sql::Session& session, const v1::Draw& draw,
                                const Act& act);
  absl::StatusOr<std::vector<v1::DrawLogEntry>> ListLog(
      const std::string& court, std::int64_t after, int limit);

 private:
  sql::Database& db_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_DRAW_STORE_H_
