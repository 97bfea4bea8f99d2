#include "services/callback/frame_rules.h"

#include <algorithm>
#include <utility>

#include "services/common/crypto.h"

namespace huifang::callback {

const char* ExclusionName(Exclusion reason) {
  switch (reason) {
    case Exclusion::kKind:
      return "KIND";
    case Exclusion::kChannel:
      return "CHANNEL";
    case Exclusion::kAnsweredAtDesk:
      return "ANSWERED_AT_DESK";
    case Exclusion::kNoPhone:
      return "NO_PHONE";
    case Exclusion::kNoConsent:
      return "NO_CONSENT";
    case Exclusion::kCalledRecently:
      return "CALLED_RECENTLY";
    case Exclusion::kSameCaller:
      return "SAME_CALLER";
    case Exclusion::kDoNotCall:
      return "DO_NOT_CALL";
    case Exclusion::kNone:
      break;
  }
  return "NONE";
}

FrameBuilder::FrameBuilder(FramePolicy policy,
                           std::unordered_set<std::string> called_recently,
                           std::unordered_set<std::string> do_not_call)
    : policy_(std::move(policy)),
      called_recently_(std::move(called_recently)),
      do_not_call_(std::move(do_not_call)) {}

Exclusion FrameBuilder::RuleAgainst(const TicketFacts& ticket) const {
  if (!policy_.kinds.empty() && !policy_.kinds.contains(ticket.kind)) {
    return Exclusion::kKind;
  }
  if (!policy_.channels.empty() && !policy_.channels.contains(ticket.channel)) {
    return Exclusion::kChannel;
  }
  if (policy_.exclude_answered_at_desk && ticket.answered_at_desk) {
    return Exclusion::kAnsweredAtDesk;
  }
  if (policy_.exclude_without_phone && !ticket.has_phone) {
    return Exclusion::kNoPhone;
  }
  if (policy_.exclude_without_consent && ticket.declined) {
    return Exclusion::kNoConsent;
  }
  const auto lists = [&](const std::unordered_set<std::string>& callers) {
    return !callers.empty() && !ticket.caller_key.empty() &&
           callers.contains(std::string(ticket.caller_key));
  };
  if (lists(do_not_call_)) return Exclusion::kDoNotCall;
  if (lists(called_recently_)) return Exclusion::kCalledRecently;
  return Exclusion::kNone;
}

std::uint32_t FrameBuilder::StratumIndex(const std::string& key) {
  const auto [it, is_new] = stratum_index_.try_emplace(
      key, static_cast<std::uint32_t>(stratum_index_.size()));
  return it->second;
}

void FrameBuilder::Add(const TicketFacts& ticket) {
  ++closed_count_;
  if (const Exclusion reason = RuleAgainst(ticket);
      reason != Exclusion::kNone) {
    excluded_.push_back({std::string(ticket.id), reason});
    return;
  }
  const std::uint32_t stratum = StratumIndex(ticket.stratum);
  if (!policy_.one_per_caller || ticket.caller_key.empty()) {
    frame_.Add(ticket.id, stratum);
    return;
  }
  KeptTicket candidate{std::string(ticket.id), stratum};
  const auto [it, is_first] =
      by_caller_.try_emplace(std::string(ticket.caller_key), candidate);
  if (is_first) return;
  if (Sha256(candidate.id) < Sha256(it->second.id)) {
    std::swap(candidate, it->second);
  }
  excluded_.push_back({std::move(candidate.id), Exclusion::kSameCaller});
}

BuiltFrame FrameBuilder::Finish() && {
  for (const auto& [caller, kept] : by_caller_) {
    frame_.Add(kept.id, kept.stratum);
  }
  BuiltFrame built;
  built.closed_count = closed_count_;
  built.frame = std::move(frame_);
  built.frame.Sort();
  built.excluded = std::move(excluded_);
  std::sort(built.excluded.begin(), built.excluded.end(),
            [](const ExcludedTicket& a, const ExcludedTicket& b) {
              return a.id < b.id;
            });

  // A stratum whose tickets all gave way to others has no row and no place.
  std::vector<std::int64_t> counts(stratum_index_.size());
  for (std::size_t row = 0; row < built.frame.size(); ++row) {
    ++counts[built.frame.stratum(row)];
  }
  const std::map<std::string, std::uint32_t> ordered(stratum_index_.begin(),
                                                     stratum_index_.end());
  std::vector<std::uint32_t> place(counts.size());
  for (const auto& [key, index] : ordered) {
    if (counts[index] == 0) continue;
    place[index] = static_cast<std::uint32_t>(built.strata.size());
    built.strata.push_back(key);
    built.counts.push_back(counts[index]);
  }
  for (std::size_t row = 0; row < built.frame.size(); ++row) {
    built.frame.set_stratum(row, place[built.frame.stratum(row)]);
  }
  return built;
}

}  // namespace huifang::callback
