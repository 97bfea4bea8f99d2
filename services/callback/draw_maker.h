#ifndef HUIFANG_SERVICES_CALLBACK_DRAW_MAKER_H_
#define HUIFANG_SERVICES_CALLBACK_DRAW_MAKER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "services/callback/bundle_rules.h"
#include "services/callback/callback_store.h"
#include "services/callback/draw_store.h"
#include "services/callback/frame_planner.h"
#include "services/callback/ticket_client.h"
#include "services/common/clock.h"
#include "services/common/sql.h"

namespace huifang::callback {

// The strata as the draw's bundle lists them.
std::vector<BundleStratum> BundleStrataOf(const v1::Draw& draw);

// Makes draws: freezes the frame, draws, queues the calls. Every step may be
// run again, also after the process was killed in the middle of it, and by two
// replicas at once: the database decides who was first. Thread safe.
class DrawMaker {
 public:
  DrawMaker(sql::Database& db, DrawStore& draws, TicketClient& tickets,
            FramePlanner& planner, Clock& clock)
      : db_(db),
        draws_(draws),
        tickets_(tickets),
        planner_(planner),
        clock_(clock) {}

  // Takes a draw as far as it goes: FREEZING to FROZEN, with a seed to DRAWN;
  // withdraws the open calls of an ABORTED one.
  absl::Status Advance(const std::string& court, const std::string& draw_id);

  // Ends a draw that cannot be made.
  absl::Status Fail(const std::string& court, const std::string& draw_id,
                    const std::string& why);

  // The callbacks of the next `count` tickets of a stratum's reserve.
  // FAILED_PRECONDITION if there are not so many.
  absl::StatusOr<std::vector<StoredCallback>> NextOfReserve(
      const StoredDraw& stored, int stratum, int count);

  // What the draw's bundle is written from.
  absl::StatusOr<BundleContent> LoadBundle(const StoredDraw& stored);

 private:
  // SHA-256 of the whole bundle.
  static std::string BundleDigest(BundleContent content);
  absl::Status Freeze(const StoredDraw& stored);
  absl::Status WriteFrame(const std::string& court, const std::string& draw_id,
                          const std::string& run, const BuiltFrame& built);
  absl::Status TakeServerSeed(const std::string& court,
                              const std::string& draw_id);
  absl::Status Sample(const StoredDraw& stored);
  absl::Status Queue(const StoredDraw& stored,
                     std::vector<StoredCallback> batch);
  absl::Status Withdraw(const std::string& court, const std::string& draw_id);
  absl::StatusOr<Frame> LoadFrame(const StoredDraw& stored);
  absl::StatusOr<StoredCallback> MakeCallback(const v1::Draw& draw, int stratum,
                                              absl::string_view ticket_id,
                                              std::int64_t order);

  sql::Database& db_;
  DrawStore& draws_;
  TicketClient& tickets_;
  FramePlanner& planner_;
  Clock& clock_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_DRAW_MAKER_H_
