#ifndef HUIFANG_SERVICES_COMMON_WATCH_SOURCE_H_
#define HUIFANG_SERVICES_COMMON_WATCH_SOURCE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "google/protobuf/repeated_field.h"
#include "services/common/clock.h"
#include "services/common/event_log.h"
#include "services/common/page_token.h"
#include "services/common/rpc_stream.h"
#include "services/common/status_macros.h"

namespace huifang {

// Feeds a Watch stream from the event log: what is stored after the resume
// token, then what is committed, and an empty response now and then as a sign
// of life. `Response` has `events` and `resume_token`.
template <typename Response>
class WatchSource final : public rpc::Source<Response> {
 public:
  static constexpr int kBatch = 256;

  // `court` is six digits or "-" for all. INVALID_ARGUMENT for a damaged
  // token or a shard out of range.
  static absl::StatusOr<std::unique_ptr<rpc::Source<Response>>> Create(
      EventLog& log, Clock& clock, const std::string& court,
      const std::string& resume_token,
      const google::protobuf::RepeatedField<std::int32_t>& shards) {
    using Sequences = std::map<int, std::int64_t>;
    ASSIGN_OR_RETURN(const Sequences seen, DecodeResumeToken(resume_token));
    Sequences after;
    for (const std::int32_t shard : shards) {
      if (shard < 0 || shard >= sql::kShardCount) {
        return MakeError(absl::StatusCode::kInvalidArgument, "BAD_SHARD",
                         "shards: each must be 0 to 15");
      }
      after[shard] = 0;
    }
    if (court != "-") {
      // All of a court's events are in one shard.
      const int own = sql::ShardOf(court);
      const bool wanted = shards.empty() || after.count(own) > 0;
      after.clear();
      if (wanted) after[own] = 0;
    } else if (shards.empty()) {
      for (int shard = 0; shard < sql::kShardCount; ++shard) after[shard] = 0;
    }
    for (auto& [shard, sequence] : after) {
      const auto it = seen.find(shard);
      if (it != seen.end()) sequence = it->second;
    }
    return std::unique_ptr<rpc::Source<Response>>(new WatchSource(
        log, clock, court == "-" ? "" : court, std::move(after)));
  }

  absl::StatusOr<rpc::Pulled<Response>> Pull() override {
    ASSIGN_OR_RETURN(const EventBatch batch,
                     log_.ReadAfter(after_, court_, kBatch));
    rpc::Pulled<Response> pulled;
    if (!batch.more) pulled.next = rpc::Pulled<Response>::Next::kWait;
    // Past other courts' events too, which are not read again.
    for (const auto& [shard, sequence] : batch.reached) {
      after_[shard] = sequence;
    }
    const absl::Duration silent = clock_.Now() - last_sent_;
    // The clock may have been set back.
    const bool spoke = silent >= absl::ZeroDuration() && silent < kHeartbeat;
    if (batch.events.empty() && spoke) return pulled;
    Response response;
    for (const StoredEvent& stored : batch.events) {
      auto* event = response.add_events();
      if (!event->ParseFromString(stored.payload)) {
        return absl::DataLossError("an event cannot be read");
      }
      event->set_shard(stored.shard);
      event->set_sequence(stored.sequence);
    }
    response.set_resume_token(EncodeResumeToken(after_));
    last_sent_ = clock_.Now();
    pulled.messages.push_back(std::move(response));
    return pulled;
  }

 private:
  static constexpr absl::Duration kHeartbeat = absl::Seconds(1);

  WatchSource(EventLog& log, Clock& clock, std::string court,
              std::map<int, std::int64_t> after)
      : log_(log),
        clock_(clock),
        court_(std::move(court)),
        after_(std::move(after)),
        last_sent_(absl::InfinitePast()) {}

  EventLog& log_;
  Clock& clock_;
  const std::string court_;
  std::map<int, std::int64_t> after_;
  absl::Time last_sent_;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_WATCH_SOURCE_H_
