#include "services/reporting/appraisal_rules.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/reporting/league_rules.h"
#include "services/reporting/method_rules.h"
#include "services/reporting/survey_disclosure.h"
#include "services/reporting/survey_rules.h"

namespace huifang::reporting {
namespace {

constexpr v1::Measure kMeasures[] = {v1::MEASURE_PASS_RATE,
                                     v1::MEASURE_ON_TIME_RATE,
                                     v1::MEASURE_SATISFACTION_RATE};
std::int64_t GradedOf(const QualityTotals& quality) {
  return quality.flagged_graded + quality.plain_graded;
}

std::string NameOf(const DisplayNames& names, const std::string& name) {
  const auto it = names.find(name);
  return it != names.end() && !it->second.empty() ? it->second : IdOf(name);
}

// Counts stay, so that a reader sees how few there are.
void TakeBack(std::int64_t numerator, std::int64_t denominator,
              v1::Figure::Value& value) {
  value.Clear();
  value.set_state(denominator == 0 ? v1::Figure::STATE_NO_DATA
                                   : v1::Figure::STATE_NOT_ENOUGH_DATA);
  value.set_numerator(numerator);
  value.set_denominator(denominator);
}

// People's grades alone: the law wants a person to decide about a person.
bool IsJudged(const QualityTotals& quality, const AppraisalPolicy& policy) {
  return GradedOf(quality) >= policy.min_tickets && PassRateIsGraded(quality);
}

// Callback rates that must not be told. A sheet leaves out the answers about
// excluded tickets, reports do not: where those are few, the difference of the
// two would tell what their callers said.
class Withheld {
 public:
  Withheld(const AppraisalFacts& facts, const FigurePolicy& policy)
      : facts_(facts),
        min_people_(policy.disclosure.min_people),
        divisions_(facts.calls, min_people_) {
    for (const v1::AppraisalExclusion& one : facts.exclusions) {
      excluded_.insert(IdOf(one.ticket()));
    }
    std::map<std::string, std::vector<std::string>> lines;
    for (const auto& [handled, line] : facts.lines) {
      lines[HandlerGroup(handled)] = {handled.first};
    }
    handlers_ = WithheldGroups(v1::MEASURE_SATISFACTION_RATE, facts.span,
                               facts.calls, lines, min_people_);
  }

  bool IsExcluded(const CallFact& call) const {
    return excluded_.count(call.ticket) > 0;
  }

  bool OfDivision(const std::string& division) {
    return TellsOfExcluded([&](const CallFact& call) {
             return call.division == division;
           }) ||
           divisions_.IsWithheld(v1::MEASURE_SATISFACTION_RATE, facts_.span,
                                 division, "");
  }

  bool OfHandler(const std::string& group) const {
    return handlers_.count(group) > 0 ||
           TellsOfExcluded(
               [&](const CallFact& call) { return call.group == group; });
  }

 private:
  template <typename Belongs>
  bool TellsOfExcluded(const Belongs& belongs) const {
    const std::int64_t heard = std::count_if(
        facts_.calls.begin(), facts_.calls.end(), [&](const CallFact& call) {
          return IsExcluded(call) && belongs(call) &&
                 ResponseTo(v1::MEASURE_SATISFACTION_RATE, call).has_value();
        });
    return heard > 0 && heard < min_people_;
  }

  const AppraisalFacts& facts_;
  const std::int64_t min_people_;
  SurveyDisclosure divisions_;
  std::set<std::string> excluded_;  // ids of tickets
  std::set<std::string> handlers_;
};

// Calls as the sheet counts them: those of excluded tickets belong to nobody,
// but their strata were drawn and heard all the same.
std::vector<CallFact> Counted(const AppraisalFacts& facts,
                              const Withheld& withheld) {
  std::vector<CallFact> calls = facts.calls;
  for (CallFact& call : calls) {
    if (!withheld.IsExcluded(call)) continue;
    call.division.clear();
    call.group = kNoGroup;
  }
  return calls;
}

v1::Figure AppraisedFigure(v1::Measure measure, const Scope& scope,
                           const FigurePolicy& figures,
                           const AppraisalPolicy& policy) {
  v1::Figure figure;
  figure.set_measure(measure);
  figure.set_unit(UnitOf(measure));
  *figure.mutable_current() = ValueOf(measure, scope, figures);
  const QualityTotals& quality = scope.quality;
  if (measure == v1::MEASURE_PASS_RATE && !IsJudged(quality, policy)) {
    TakeBack(quality.flagged_passed + quality.plain_passed, GradedOf(quality),
             *figure.mutable_current());
  } else if (measure == v1::MEASURE_ON_TIME_RATE &&
             scope.tickets.with_due < policy.min_tickets) {
    TakeBack(scope.tickets.on_time, scope.tickets.with_due,
             *figure.mutable_current());
  }
  if (std::optional<v1::Design> design =
          DesignOf(measure, scope, figure.current())) {
    *figure.mutable_design() = *std::move(design);
  }
  return figure;
}

// What a test may make of the figure; {0, 0} where nobody is to be judged by
// it. The pass rate by its effective sample, as callback rates are: a machine's
// proposal compares no one.
Tally AppraisedTally(const v1::Figure& figure, const Scope& scope,
                     const FigurePolicy& figures,
                     const AppraisalPolicy& policy) {
  if (!IsJudged(scope.quality, policy) ||
      figure.current().state() != v1::Figure::STATE_OK) {
    return {};
  }
  if (figure.measure() != v1::MEASURE_PASS_RATE) {
    return TallyOf(figure.measure(), scope, figures);
  }
  const double size = std::min(figure.design().effective_size(),
                               static_cast<double>(GradedOf(scope.quality)));
  const auto trials = static_cast<std::int64_t>(std::max(1.0, size));
  return {std::llround(figure.current().value() * static_cast<double>(trials)),
          trials};
}

void AddTiers(const HandledFacts& line, const std::vector<TierInfo>& tiers,
              v1::AppraisalLine& out) {
  std::set<std::string> known;
  const auto add = [&](const TierInfo& tier) {
    v1::TierShare& share = *out.add_tiers();
    share.set_tier(tier.code);
    share.set_display_name(tier.display_name);
    share.set_passes(tier.passes);
    const auto count = line.tiers.find(tier.code);
    share.set_count(count == line.tiers.end() ? 0 : count->second);
    known.insert(tier.code);
  };
  for (const TierInfo& tier : tiers) add(tier);
  // A tier of an older rubric is counted all the same.
  for (const auto& [code, count] : line.tiers) {
    if (known.count(code) == 0) add({code, code, true});
  }
}

void AddFindings(const HandledFacts& line, const DisplayNames& names,
                 v1::AppraisalLine& out) {
  std::vector<std::pair<std::string, std::int64_t>> sorted(
      line.findings.begin(), line.findings.end());
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [](const auto& a, const auto& b) { return a.second > b.second; });
  for (const auto& [rule, count] : sorted) {
    v1::FindingShare& share = *out.add_findings();
    share.set_rule(rule);
    const auto name = names.find(rule);
    share.set_display_name(name == names.end() ? RuleName(rule) : name->second);
    share.set_count(count);
  }
}

v1::AppraisalLine MakeLine(const std::string& name, const HandledFacts& line,
                           const Scope& scope, const AppraisalFacts& facts,
                           const FigurePolicy& figures,
                           const AppraisalPolicy& policy) {
  v1::AppraisalLine out;
  out.mutable_line()->set_group(name);
  out.mutable_line()->set_display_name(NameOf(facts.names, name));
  out.set_state(IsJudged(line.quality, policy)
                    ? v1::Figure::STATE_OK
                    : v1::Figure::STATE_NOT_ENOUGH_DATA);
  out.set_closed(line.tickets.closed);
  out.set_graded(GradedOf(line.quality));
  out.set_excluded(line.excluded);
  AddTiers(line, facts.tiers, out);
  AddFindings(line, facts.rule_names, out);
  for (const v1::Measure measure : kMeasures) {
    *out.mutable_line()->add_figures() =
        AppraisedFigure(measure, scope, figures, policy);
  }
  return out;
}

using Lines = google::protobuf::RepeatedPtrField<v1::AppraisalLine>;

// Fills in the comparisons; `scopes` are those of the lines, in their order.
void CompareLines(const std::vector<Scope>& scopes, const FigurePolicy& figures,
                  const AppraisalPolicy& policy, Lines& lines) {
  if (lines.size() < 2) return;  // one beside itself compares nothing
  for (int m = 0; m < static_cast<int>(std::size(kMeasures)); ++m) {
    std::vector<Tally> tallies;
    for (int i = 0; i < lines.size(); ++i) {
      tallies.push_back(AppraisedTally(lines[i].line().figures(m),
                                       scopes[static_cast<std::size_t>(i)],
                                       figures, policy));
    }
    std::vector<v1::Comparison> made = CompareTallies(kMeasures[m], tallies);
    for (int i = 0; i < lines.size(); ++i) {
      *lines[i].mutable_line()->add_comparisons() =
          std::move(made[static_cast<std::size_t>(i)]);
    }
  }
}

// Shared by the lines of one sheet.
struct Assembly {
  const AppraisalFacts& facts;
  const FigurePolicy& figures;
  const AppraisalPolicy& policy;
  Withheld& withheld;
  const std::vector<CallFact>& calls;
};

Scope ScopeOf(const Assembly& with, const HandledFacts& line) {
  Scope scope;
  scope.span = with.facts.span;
  scope.tickets = line.tickets;
  scope.quality = line.quality;
  scope.calls = &with.calls;
  return scope;
}

void AddDivisions(const Assembly& with, v1::Appraisal& sheet) {
  std::map<std::string, HandledFacts> divisions;
  for (const auto& [handled, line] : with.facts.lines) {
    if (!handled.first.empty()) divisions[handled.first] += line;
  }
  std::vector<Scope> scopes;
  for (const auto& [division, line] : divisions) {
    Scope& scope = scopes.emplace_back(ScopeOf(with, line));
    scope.division = division;
    scope.is_withheld = [&with, name = division](v1::Measure) {
      return with.withheld.OfDivision(name);
    };
    *sheet.add_divisions() =
        MakeLine(division, line, scope, with.facts, with.figures, with.policy);
  }
  CompareLines(scopes, with.figures, with.policy, *sheet.mutable_divisions());
}

void AddHandlers(const Assembly& with, v1::Appraisal& sheet) {
  std::vector<Scope> scopes;
  for (const auto& [handled, line] : with.facts.lines) {
    if (handled.first.empty() || handled.second.empty()) {
      sheet.set_without_handler(sheet.without_handler() + line.tickets.closed);
      continue;
    }
    const std::string group = HandlerGroup(handled);
    Scope& scope = scopes.emplace_back(ScopeOf(with, line));
    scope.group = group;
    scope.is_withheld = [&with, group](v1::Measure) {
      return with.withheld.OfHandler(group);
    };
    v1::AppraisalLine& out = *sheet.add_handlers();
    out = MakeLine(handled.second, line, scope, with.facts, with.figures,
                   with.policy);
    out.set_division(handled.first);
    out.set_division_display_name(NameOf(with.facts.names, handled.first));
  }
  CompareLines(scopes, with.figures, with.policy, *sheet.mutable_handlers());
}

}  // namespace

HandledFacts& HandledFacts::operator+=(const HandledFacts& other) {
  tickets += other.tickets;
  quality += other.quality;
  for (const auto& [tier, count] : other.tiers) tiers[tier] += count;
  for (const auto& [rule, count] : other.findings) findings[rule] += count;
  excluded += other.excluded;
  return *this;
}

std::string HandlerGroup(const Handled& handled) {
  return absl::StrCat(handled.first, "\x1f", handled.second);
}

v1::Appraisal AssembleAppraisal(const AppraisalFacts& facts,
                                const FigurePolicy& figures,
                                const AppraisalPolicy& policy) {
  v1::Appraisal sheet;
  sheet.set_court_display_name(NameOf(facts.names, facts.court));
  *sheet.mutable_period() = PeriodOf(facts.span);
  for (const auto& [handled, line] : facts.lines) {
    sheet.set_closed(sheet.closed() + line.tickets.closed);
    sheet.set_graded(sheet.graded() + GradedOf(line.quality));
    sheet.set_flagged_ungraded(sheet.flagged_ungraded() + line.quality.flagged -
                               line.quality.flagged_graded);
    sheet.set_generated_tickets(sheet.generated_tickets() +
                                line.tickets.generated);
  }
  for (const v1::AppraisalExclusion& one : facts.exclusions) {
    *sheet.add_exclusions() = one;
  }
  sheet.set_min_tickets(policy.min_tickets);
  sheet.set_criteria_version(kCriteriaVersion);
  if (facts.appeals.any) {
    *sheet.mutable_appeals_end_time() = ToTimestamp(facts.appeals.last_end);
  }
  Withheld withheld(facts, figures);
  const std::vector<CallFact> calls = Counted(facts, withheld);
  const Assembly with{facts, figures, policy, withheld, calls};
  AddDivisions(with, sheet);
  AddHandlers(with, sheet);
  return sheet;
}

}  // namespace huifang::reporting
