// Redis URLs and endpoints: an accepted endpoint reads the same as it prints.
#include <string>

#include "services/common/redis_topology.h"
#include "services/common/redis_url.h"
#include "tests/fuzz/fuzz.h"

namespace {

void TryEndpoint(const huifang::redis::Endpoint& endpoint) {
  using huifang::fuzz::Require;
  Require(!endpoint.host.empty(), "an endpoint has a host");
  Require(endpoint.port >= 0 && endpoint.port < 65536, "a port fits");
  if (endpoint.port == 0) return;  // a path
  const auto again = huifang::redis::ParseEndpoint(endpoint.Text(), 1);
  Require(again.ok() && *again == endpoint, "an endpoint reads as it prints");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang::redis;
  using huifang::fuzz::Require;
  const absl::string_view text = huifang::fuzz::Text(data, size);
  const auto url = ParseUrl(text);
  if (url.ok()) {
    Require(!url->endpoints.empty(), "a URL has an endpoint");
    Require(url->db >= 0, "a database has a number");
    Require((url->kind == Url::Kind::kSentinel) == !url->master_name.empty(),
            "only sentinels know a master by name");
    for (const Endpoint& endpoint : url->endpoints) TryEndpoint(endpoint);
  }
  const auto endpoint = ParseEndpoint(text, 6379);
  if (endpoint.ok()) TryEndpoint(*endpoint);
  const int slot = SlotOf(text);
  Require(slot >= 0 && slot < 16384, "a key has a slot");
  return 0;
}
