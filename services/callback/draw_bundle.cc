// The parts of DrawMaker that read a finished draw.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/callback/draw_maker.h"
#include "services/callback/draw_rules.h"
#include "services/callback/hasher.h"
#include "services/callback/plan_policy.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr std::size_t kPartBytes = 1 << 18;

// How much of a stratum's reserve a bundle lists. All of it follows from frame
// and seed; this much is at hand without computing. What is taken of it later
// changes nothing: a bundle keeps its digest.
std::int64_t ListedReserve(const v1::Stratum& stratum) {
  return std::min(stratum.population() - stratum.sampled(),
                  std::max<std::int64_t>(20, 3 * stratum.sampled()));
}

}  // namespace

std::vector<BundleStratum> BundleStrataOf(const v1::Draw& draw) {
  std::vector<BundleStratum> strata;
  for (int h = 0; h < draw.strata_size(); ++h) {
    const v1::Stratum& s = draw.strata(h);
    strata.push_back({s.key(), s.population(), s.sampled(),
                      DeviationMillionths(draw.applied_plan(),
                                          static_cast<std::size_t>(h))});
  }
  return strata;
}

absl::StatusOr<std::vector<StoredCallback>> DrawMaker::NextOfReserve(
    const StoredDraw& stored, int stratum, int count) {
  const v1::Draw& draw = stored.draw;
  const v1::Stratum& from = draw.strata(stratum);
  const std::int64_t taken = from.sampled() + from.reserve_used();
  if (taken + count > from.population()) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "RESERVE_TOO_SMALL",
                     absl::StrCat("the stratum's reserve has only ",
                                  from.population() - taken, " tickets left"));
  }
  ASSIGN_OR_RETURN(const Frame frame, LoadFrame(stored));
  std::vector<std::int64_t> counts(
      static_cast<std::size_t>(draw.strata_size()));
  counts[static_cast<std::size_t>(stratum)] = taken + count;
  const auto drawn = DrawInOrder(frame, draw.seed(), counts);
  const auto& rows = drawn[static_cast<std::size_t>(stratum)];
  std::vector<StoredCallback> made;
  for (std::int64_t i = taken; i < taken + count; ++i) {
    ASSIGN_OR_RETURN(
        StoredCallback callback,
        MakeCallback(draw, stratum, frame.id(rows[static_cast<std::size_t>(i)]),
                     i + 1));
    callback.offered = true;
    made.push_back(std::move(callback));
  }
  return made;
}

std::string DrawMaker::BundleDigest(BundleContent content) {
  BundleStream stream(std::move(content));
  Hasher hasher;
  for (std::string part = stream.Next(kPartBytes); !part.empty();
       part = stream.Next(kPartBytes)) {
    hasher.Add(part);
  }
  return hasher.FinishHex();
}

absl::StatusOr<BundleContent> DrawMaker::LoadBundle(const StoredDraw& stored) {
  const v1::Draw& draw = stored.draw;
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(draw.name(), "draws"));
  BundleContent content;
  BundleInfo& info = content.info;
  info.draw = draw.name();
  info.plan = draw.plan();
  info.period_label = draw.period_label();
  info.from_date = draw.from_date();
  info.to_date = draw.to_date();
  info.closed_count = draw.closed_count();
  info.wanted = draw.wanted();
  info.floor = draw.applied_plan().floor();
  info.cap = draw.applied_plan().cap();
  info.method = MethodOf(draw.applied_plan());
  info.frame_digest = draw.frame_digest();
  for (const v1::SeedPart& part : draw.seed_parts()) {
    info.parties.push_back(
        {{part.party(), part.secret(), part.salt()}, part.commitment()});
  }
  info.public_seed = draw.public_seed();
  info.seed = draw.seed();
  info.strata = BundleStrataOf(draw);
  std::vector<std::int64_t> counts;
  for (const v1::Stratum& s : draw.strata()) {
    counts.push_back(s.sampled() + ListedReserve(s));
  }
  ASSIGN_OR_RETURN(content.frame, LoadFrame(stored));
  RETURN_IF_ERROR(draws_.ReadFrame(
      name.court, name.id, stored.frame_run, FramePart::kExcluded,
      [&](absl::string_view id, std::uint32_t reason) {
        content.excluded.push_back(
            {std::string(id), static_cast<Exclusion>(reason)});
      }));
  const auto drawn = DrawInOrder(content.frame, info.seed, counts);
  for (std::size_t h = 0; h < drawn.size(); ++h) {
    auto& sample = content.sample.emplace_back();
    auto& reserve = content.reserve.emplace_back();
    const auto n = static_cast<std::size_t>(info.strata[h].sampled);
    for (std::size_t i = 0; i < drawn[h].size(); ++i) {
      (i < n ? sample : reserve).emplace_back(content.frame.id(drawn[h][i]));
    }
  }
  return content;
}

}  // namespace huifang::callback
