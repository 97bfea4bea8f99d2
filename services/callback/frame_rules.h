// Which closed tickets may be drawn, and into which stratum they fall (抽样框).
#ifndef HUIFANG_SERVICES_CALLBACK_FRAME_RULES_H_
#define HUIFANG_SERVICES_CALLBACK_FRAME_RULES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/callback/draw_rules.h"

namespace huifang::callback {

// Same numbers as huifang.callback.v1.ExclusionCount.Reason.
enum class Exclusion {
  kNone = 0,
  kKind = 1,
  kChannel = 2,
  kAnsweredAtDesk = 3,
  kNoPhone = 4,
  kNoConsent = 5,
  kCalledRecently = 6,
  kSameCaller = 7,
  kDoNotCall = 8,
};

// As bundles spell it, for example "NO_PHONE".
const char* ExclusionName(Exclusion reason);

struct FramePolicy {
  std::set<int> kinds = {};     // of huifang.ticket.v1.Kind; empty: all
  std::set<int> channels = {};  // of huifang.ticket.v1.Channel; empty: all
  bool exclude_answered_at_desk = false;
  bool exclude_without_phone = false;
  bool exclude_without_consent = false;
  bool one_per_caller = false;
};

// What the rules look at in a ticket.
struct TicketFacts {
  absl::string_view id;
  int kind = 0;
  int channel = 0;
  bool answered_at_desk = false;
  bool has_phone = false;
  bool declined = false;  // asked for consent, and said no
  absl::string_view caller_key;
  std::string stratum;  // values of the plan's keys, joined by "|"
};

// A ticket that was left out.
struct ExcludedTicket {
  std::string id;
  Exclusion reason = Exclusion::kNone;
};

struct BuiltFrame {
  Frame frame;                           // sorted by id
  std::vector<std::string> strata;       // keys in order; rows point here
  std::vector<std::int64_t> counts;      // N_h
  std::vector<ExcludedTicket> excluded;  // sorted by id
  std::int64_t closed_count = 0;
};

// Takes tickets one by one, in any order, and keeps only id and stratum.
class FrameBuilder {
 public:
  // `called_recently` and `do_not_call`: keys of callers to be left out.
  FrameBuilder(FramePolicy policy,
               std::unordered_set<std::string> called_recently,
               std::unordered_set<std::string> do_not_call = {});

  void Add(const TicketFacts& ticket);
  std::int64_t closed_count() const { return closed_count_; }
  BuiltFrame Finish() &&;

 private:
  struct KeptTicket {
    std::string id;
    std::uint32_t stratum;
  };
  Exclusion RuleAgainst(const TicketFacts& ticket) const;
  std::uint32_t StratumIndex(const std::string& key);

  const FramePolicy policy_;
  const std::unordered_set<std::string> called_recently_;
  const std::unordered_set<std::string> do_not_call_;
  std::int64_t closed_count_ = 0;
  Frame frame_;
  std::unordered_map<std::string, std::uint32_t> stratum_index_;
  std::vector<ExcludedTicket> excluded_;
  // With one_per_caller: the ticket kept of each known caller. Rows go to the
  // frame at the end only, because a later ticket may take its place.
  std::unordered_map<std::string, KeptTicket> by_caller_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_FRAME_RULES_H_
