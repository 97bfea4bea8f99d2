#ifndef HUIFANG_SERVICES_CALLBACK_CALLBACK_STORE_H_
#define HUIFANG_SERVICES_CALLBACK_CALLBACK_STORE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "huifang/callback/v1/callback_service.pb.h"
#include "services/callback/store_util.h"
#include "services/common/listing.h"
#include "services/common/sql.h"

namespace huifang::callback {

struct StoredCallback {
  v1::Callback callback;
  // Proof of the lease of a held one; empty otherwise.
  std::string lease_token;
  bool offered = true;
  // A re-call whose answers are not those of the first interview.
  bool recall_differs = false;
};

// A call that the queue must know of.
struct OpenCall {
  std::string court;
  std::string callback_id;
  absl::Time due_time;
};

// How often callers of a stratum were not satisfied.
struct StratumHistory {
  std::int64_t judged = 0;
  std::int64_t unsatisfied = 0;
};

// How calls went.
struct CallHistory {
  std::int64_t calls = 0;
  std::int64_t contacts = 0;  // of them, found the caller
  double contact_minutes = 0;
  double miss_minutes = 0;
};

// Open calls that were tried equally often.
struct OpenWork {
  int attempts = 0;
  bool recall = false;
  std::int64_t calls = 0;
};

// The callbacks; all their SQL. Methods with a session run in its transaction.
// Thread safe.
class CallbackStore {
 public:
  explicit CallbackStore(sql::Database& db) : db_(db) {}

  // NOT_FOUND if the court has no such callback.
  absl::StatusOr<StoredCallback> Get(const std::string& court,
                                     const std::string& callback_id);
  // Newest first, after `cursor`: up to `limit`, and no more than fill a
  // message.
  absl::StatusOr<Listing<v1::Callback>> List(
      const std::string& court, const v1::CallbackFilter& filter,
      const std::optional<TimeCursor>& cursor, int limit);
  static TimeCursor CursorOf(const v1::Callback& callback);

  static absl::StatusOr<StoredCallback> Load(sql::Session& session,
                                             const std::string& court,
                                             const std::string& callback_id);
  // False if it is there already. Sets version and etag.
  static absl::StatusOr<bool> Insert(sql::Session& session,
                                     StoredCallback& stored);
  // Replaces a callback whose stored version is `callback.version()` and
  // raises version and etag. ABORTED if it moved on.
  static absl::Status Save(sql::Session& session, StoredCallback& stored);
  // Lets the calls of a draw be handed out.
  static absl::Status OfferAll(sql::Session& session, const std::string& court,
                               const std::string& draw_id);
  static absl::StatusOr<std::vector<StoredCallback>> OpenOfDraw(
      sql::Session& session, const std::string& court,
      const std::string& draw_id, int limit);

  // Interviews of a draw that were not judged by version `rule` of its plan's
  // rule, by id, after `after_id`; without re-calls.
  static absl::StatusOr<std::vector<StoredCallback>> ToJudge(
      sql::Session& session, const std::string& court,
      const std::string& draw_id, int rule, const std::string& after_id,
      int limit);

  // When a re-call that nobody makes expires; never, of a first call.
  static absl::Time ExpireTimeOf(const v1::Callback& callback);
  // When it may be handed out next.
  static absl::Time DueTimeOf(const v1::Callback& callback);
  // First calls or re-calls that may be handed out at `now`, longest due first,
  // after `cursor` of due time and id; of one draw if `draw_id` is not empty.
  absl::StatusOr<std::vector<v1::Callback>> Due(
      const std::string& court, const std::string& draw_id, bool recalls,
      absl::Time now, const std::optional<TimeCursor>& cursor, int limit);
  // When the next call falls due after `now`, if any waits.
  absl::StatusOr<std::optional<absl::Time>> NextDue(const std::string& court,
                                                    absl::Time now);
  // The call an officer holds at `now`, if any.
  static absl::StatusOr<std::optional<StoredCallback>> HeldIn(
      sql::Session& session, const std::string& court,
      const std::string& officer, absl::Time now);
  absl::StatusOr<std::optional<StoredCallback>> HeldBy(
      const std::string& court, const std::string& officer, absl::Time now);

  // Open calls after (court, id), over all courts of this database.
  absl::StatusOr<std::vector<OpenCall>> OpenCalls(
      const std::string& after_court, const std::string& after_id, int limit);
  // Re-calls that nobody made in time or holds, over all courts of this
  // database.
  absl::StatusOr<std::vector<OpenCall>> ExpiredRecalls(absl::Time now,
                                                       int limit);
  // Calls closed after `since` (of those at the same time, after `after_id`),
  // in order of time, over all courts of this database; `due_time` says when.
  absl::StatusOr<std::vector<OpenCall>> ClosedSince(absl::Time since,
                                                    const std::string& after_id,
                                                    int limit);

  // Until when another call of this caller is held; `now` if none is.
  static absl::StatusOr<absl::Time> CallerHeldUntil(
      sql::Session& session, const v1::Callback& callback, absl::Time now);

  // The next four are what draws learn from. Re-calls are of no sample: all but
  // OpenWorkOf leave them out.

  // Keys of the callers that were in a draw since `since`.
  absl::StatusOr<std::unordered_set<std::string>> RecentCallers(
      const std::string& court, absl::Time since);
  // Calls of callbacks made and closed since `since`, at most of the 5,000
  // latest.
  absl::StatusOr<CallHistory> Calls(const std::string& court, absl::Time since);
  // The calls still open, re-calls too, by how often they were tried.
  absl::StatusOr<std::vector<OpenWork>> OpenWorkOf(const std::string& court);
  // Verdicts by stratum since `since`.
  absl::StatusOr<std::map<std::string, StratumHistory>> History(
      const std::string& court, absl::Time since);

 private:
  sql::Database& db_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_CALLBACK_STORE_H_
