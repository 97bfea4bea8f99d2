#include "services/common/redis_topology.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace huifang::redis {
namespace {

class FixedTopology final : public Topology {
 public:
  FixedTopology(const Url& url, const NodeOptions& options)
      : node_(std::make_shared<Node>(url.endpoints[0], options)) {}

  absl::StatusOr<std::shared_ptr<Node>> Find(absl::string_view) override {
    return node_;
  }
  std::shared_ptr<Node> At(const Endpoint&) override { return node_; }
  absl::StatusOr<std::vector<Endpoint>> Everyone() override {
    return std::vector<Endpoint>{node_->endpoint()};
  }
  bool can_fail_over() const override { return false; }

 private:
  const std::shared_ptr<Node> node_;
};

}  // namespace

std::unique_ptr<Topology> MakeTopology(const Url& url,
                                       const NodeOptions& options) {
  switch (url.kind) {
    case Url::Kind::kSentinel:
      return MakeSentinelTopology(url, options);
    case Url::Kind::kCluster:
      return MakeClusterTopology(url, options);
    case Url::Kind::kStandalone:
      break;
  }
  return std::make_unique<FixedTopology>(url, options);
}

absl::StatusOr<Endpoint> EndpointFrom(absl::string_view text,
                                      const Endpoint& asked) {
  return ParseEndpoint(absl::StartsWith(text, ":")
                           ? absl::StrCat(asked.host, text)
                           : std::string(text),
                       0);
}

}  // namespace huifang::redis
