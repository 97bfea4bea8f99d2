#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/common/error.h"
#include "services/common/log.h"
#include "services/common/redis_replies.h"
#include "services/common/redis_topology.h"
#include "services/common/status_macros.h"
#include "services/common/steady_time.h"

namespace huifang::redis {
namespace {

constexpr absl::Duration kRefreshEvery = absl::Seconds(1);
// While calls find the master wrong.
constexpr absl::Duration kAskAgain = absl::Milliseconds(50);

NodeOptions ForSentinels(NodeOptions options) {
  options.db = 0;
  options.connections = 1;
  options.call_timeout = options.connect_timeout;
  options.login_may_fail = true;
  return options;
}

NodeOptions ForMaster(NodeOptions options) {
  options.must_be_master = true;
  return options;
}

class SentinelTopology final : public Topology {
 public:
  SentinelTopology(const Url& url, const NodeOptions& options)
      : master_name_(url.master_name),
        options_(options),
        ask_time_(absl::InfinitePast()) {
    for (const Endpoint& endpoint : url.endpoints) {
      sentinels_.push_back(
          std::make_shared<Node>(endpoint, ForSentinels(options)));
    }
  }

  absl::StatusOr<std::shared_ptr<Node>> Find(absl::string_view) override {
    if (std::shared_ptr<Node> master = Known()) return master;
    absl::MutexLock asking(&ask_mutex_);
    // Whoever held the lock before may have asked.
    if (std::shared_ptr<Node> master = Known()) return master;
    const absl::Status asked = AskForMaster(kAskAgain);
    absl::MutexLock lock(&mutex_);
    // The old one may still work when no sentinel does; its role is checked.
    if (master_ != nullptr) return master_;
    RETURN_IF_ERROR(asked);
    return Unreachable("no sentinel was asked");
  }

  void Suspect() override {
    absl::MutexLock lock(&mutex_);
    suspected_ = true;
  }

  void Refresh() override {
    absl::MutexLock asking(&ask_mutex_);
    AskForMaster(kRefreshEvery).IgnoreError();
  }

  std::shared_ptr<Node> At(const Endpoint& endpoint) override {
    absl::MutexLock lock(&mutex_);
    if (master_ != nullptr && master_->endpoint() == endpoint) return master_;
    return std::make_shared<Node>(endpoint, options_);
  }

  absl::StatusOr<std::vector<Endpoint>> Everyone() override {
    ASSIGN_OR_RETURN(const std::shared_ptr<Node> master, Find(""));
    std::vector<Endpoint> all = {master->endpoint()};
    absl::MutexLock asking(&ask_mutex_);
    ASSIGN_OR_RETURN(const Reply replicas,
                     Ask({"SENTINEL", "REPLICAS", master_name_}));
    for (Endpoint& replica : ParseReplicas(*replicas)) {
      all.push_back(std::move(replica));
    }
    return all;
  }

 private:
  // The master, unless it is in doubt and nobody asks yet: while one caller
  // does, the others go on with what they have.
  std::shared_ptr<Node> Known() {
    absl::MutexLock lock(&mutex_);
    return suspected_ && !asking_ ? nullptr : master_;
  }

  // The first list any sentinel answers with; the one that did is asked first
  // next time.
  absl::StatusOr<Reply> Ask(const std::vector<std::string>& args)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(ask_mutex_) {
    const absl::Time deadline = SteadyNow() + options_.call_timeout;
    absl::Status last;
    for (auto it = sentinels_.begin(); it != sentinels_.end(); ++it) {
      absl::StatusOr<Reply> reply = (*it)->Call(args);
      if (reply.ok() && (*reply)->type == REDIS_REPLY_ARRAY) {
        std::rotate(sentinels_.begin(), it, it + 1);
        return reply;
      }
      last = !reply.ok() ? reply.status()
                         : Unreachable(absl::StrCat(
                               "the sentinel at ", (*it)->endpoint().Text(),
                               " does not know ", master_name_));
      if (SteadyNow() >= deadline) break;
    }
    return last;
  }

  absl::Status AskForMaster(absl::Duration not_within)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(ask_mutex_) {
    if (SteadyNow() - ask_time_ < not_within) return ask_status_;
    SetAsking(true);
    const absl::StatusOr<Reply> reply =
        Ask({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", master_name_});
    ask_status_ = reply.status();
    if (ask_status_.ok()) {
      const absl::StatusOr<Endpoint> master = ParseMaster(**reply);
      ask_status_ = master.status();
      if (master.ok()) Adopt(*master);
    }
    ask_time_ = SteadyNow();
    SetAsking(false);
    return ask_status_;
  }

  void SetAsking(bool asking) {
    absl::MutexLock lock(&mutex_);
    asking_ = asking;
  }

  void Adopt(const Endpoint& endpoint) {
    absl::MutexLock lock(&mutex_);
    suspected_ = false;
    if (master_ != nullptr && master_->endpoint() == endpoint) return;
    log::Info("redis_master_changed", {{"address", endpoint.Text()}});
    master_ = std::make_shared<Node>(endpoint, ForMaster(options_));
  }

  const std::string master_name_;
  const NodeOptions options_;
  absl::Mutex ask_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  std::vector<std::shared_ptr<Node>> sentinels_ ABSL_GUARDED_BY(ask_mutex_);
  absl::Time ask_time_ ABSL_GUARDED_BY(ask_mutex_) = absl::InfinitePast();
  absl::Status ask_status_ ABSL_GUARDED_BY(ask_mutex_);
  absl::Mutex mutex_;
  std::shared_ptr<Node> master_ ABSL_GUARDED_BY(mutex_);
  bool suspected_ ABSL_GUARDED_BY(mutex_) = false;
  bool asking_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

std::unique_ptr<Topology> MakeSentinelTopology(const Url& url,
                                               const NodeOptions& options) {
  return std::make_unique<SentinelTopology>(url, options);
}

}  // namespace huifang::redis
