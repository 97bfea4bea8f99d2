// Draw proof bundles from outside: any bytes get a report. A bundle made of a
// frame of ours verifies, and no longer does once a byte of it is another.
#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/callback/bundle_rules.h"
#include "tests/fuzz/fuzz.h"

namespace huifang::callback {
namespace {

using fuzz::Require;

std::string MakeBundle(int tickets) {
  BundleContent content;
  for (int i = 0; i < tickets; ++i) {
    content.frame.Add(absl::StrCat("ticket-", 100 + i),
                      static_cast<std::uint32_t>(i % 2));
  }
  BundleInfo& info = content.info;
  info.draw = "courts/110102/draws/d";
  info.plan = "courts/110102/samplingPlans/p";
  info.period_label = "2021-07";
  info.from_date = "2021-07-01";
  info.to_date = "2021-07-31";
  info.closed_count = tickets;
  info.wanted = tickets / 2;
  info.floor = 1;
  info.frame_digest = FrameDigest(content.frame);
  info.public_seed = "20210731";
  info.seed = MixSeed(info.period_label, info.frame_digest, info.public_seed);
  const std::vector<StratumSize> sizes = {{(tickets + 1) / 2, 1},
                                          {tickets / 2, 1}};
  const auto sampled = Allocate(sizes, info.wanted, info.method, info.floor);
  const auto drawn = DrawInOrder(content.frame, info.seed,
                                 {sizes[0].population, sizes[1].population});
  for (std::size_t h = 0; h < 2; ++h) {
    info.strata.push_back(
        {absl::StrCat("s", h), sizes[h].population, sampled[h]});
    auto& sample = content.sample.emplace_back();
    auto& reserve = content.reserve.emplace_back();
    for (std::size_t i = 0; i < drawn[h].size(); ++i) {
      (i < static_cast<std::size_t>(sampled[h]) ? sample : reserve)
          .emplace_back(content.frame.id(drawn[h][i]));
    }
  }
  BundleStream stream(std::move(content));
  std::string text;
  for (std::string more = stream.Next(1 << 20); !more.empty();
       more = stream.Next(1 << 20)) {
    text += more;
  }
  return text;
}

}  // namespace
}  // namespace huifang::callback

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang;
  absl::string_view rest = fuzz::Text(data, size);
  if (rest.empty() || rest[0] == '{') {
    const callback::BundleReport report = callback::VerifyBundle(rest);
    fuzz::Require(!report.checks.empty(), "a report says what was looked at");
    return 0;
  }
  // Else three bytes at a time: where a good bundle is altered, and to what.
  static const std::string kGood = callback::MakeBundle(12);
  static const bool kVerifies = callback::VerifyBundle(kGood).ok();
  fuzz::Require(kVerifies, "an honest bundle verifies");
  std::string altered = kGood;
  while (rest.size() >= 3) {
    const std::size_t at =
        (fuzz::TakeChoice(rest, 256) << 8 | fuzz::TakeChoice(rest, 256)) %
        altered.size();
    altered[at] = rest[0];
    rest.remove_prefix(1);
  }
  fuzz::Require(altered == kGood || !callback::VerifyBundle(altered).ok(),
                "an altered bundle does not verify");
  return 0;
}
