#include "services/reporting/appraisal_correction.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "services/common/error.h"
#include "services/common/text.h"

namespace huifang::reporting {
namespace {

using google::protobuf::util::MessageDifferencer;
using Lines = google::protobuf::RepeatedPtrField<v1::AppraisalLine>;

// A handler who moved has a line in each division.
std::string KeyOf(const v1::AppraisalLine& line) {
  return absl::StrCat(line.division(), "\x1f", line.line().group());
}

void CompareFigures(const v1::AppraisalLine& before,
                    const v1::AppraisalLine& after, v1::AppraisalChange& out) {
  std::map<v1::Measure, v1::FigureChange> changes;
  for (const v1::Figure& figure : before.line().figures()) {
    v1::FigureChange& change = changes[figure.measure()];
    change.set_unit(figure.unit());
    *change.mutable_before() = figure.current();
  }
  for (const v1::Figure& figure : after.line().figures()) {
    v1::FigureChange& change = changes[figure.measure()];
    change.set_unit(figure.unit());
    *change.mutable_after() = figure.current();
  }
  for (auto& [measure, change] : changes) {
    if (MessageDifferencer::Equals(change.before(), change.after())) continue;
    change.set_measure(measure);
    *out.add_figures() = change;
  }
}

void CompareTiers(const v1::AppraisalLine& before,
                  const v1::AppraisalLine& after, v1::AppraisalChange& out) {
  std::map<std::string, v1::TierShare> tiers;
  for (const v1::TierShare& tier : before.tiers()) {
    v1::TierShare& share = tiers[tier.tier()];
    share = tier;
    share.set_count(0);
    share.set_previous_count(tier.count());
  }
  for (const v1::TierShare& tier : after.tiers()) {
    const std::int64_t previous = tiers[tier.tier()].previous_count();
    tiers[tier.tier()] = tier;
    tiers[tier.tier()].set_previous_count(previous);
  }
  for (const auto& [code, tier] : tiers) {
    if (tier.count() != tier.previous_count()) *out.add_tiers() = tier;
  }
}

void AddChanges(const Lines& before, const Lines& after, v1::Appraisal& sheet) {
  std::map<std::string, std::pair<v1::AppraisalLine, v1::AppraisalLine>> pairs;
  for (const v1::AppraisalLine& line : before) pairs[KeyOf(line)].first = line;
  for (const v1::AppraisalLine& line : after) pairs[KeyOf(line)].second = line;
  for (const auto& [key, pair] : pairs) {
    const auto& [old_line, new_line] = pair;
    if (MessageDifferencer::Equals(old_line, new_line)) continue;
    const v1::GroupLine& named =
        new_line.has_line() ? new_line.line() : old_line.line();
    v1::AppraisalChange change;
    change.set_group(named.group());
    change.set_display_name(named.display_name());
    change.set_closed_before(old_line.closed());
    change.set_closed_after(new_line.closed());
    CompareFigures(old_line, new_line, change);
    CompareTiers(old_line, new_line, change);
    // Else only its place among the others moved, or a name.
    if (change.figures_size() > 0 || change.tiers_size() > 0 ||
        change.closed_before() != change.closed_after()) {
      *sheet.add_changes() = change;
    }
  }
}

std::set<std::string> ExcludedIn(const v1::Appraisal& sheet) {
  std::set<std::string> names;
  for (const v1::AppraisalExclusion& one : sheet.exclusions()) {
    names.insert(one.name());
  }
  return names;
}

}  // namespace

absl::Status CorrectAppraisal(const v1::Appraisal& before,
                              const std::string& reason, v1::Appraisal& sheet) {
  sheet.clear_changes();
  AddChanges(before.divisions(), sheet.divisions(), sheet);
  AddChanges(before.handlers(), sheet.handlers(), sheet);
  if (sheet.changes().empty() && ExcludedIn(before) == ExcludedIn(sheet)) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "NOTHING_TO_CORRECT",
        absl::StrCat("version ", before.version(), " of ",
                     before.period().label(),
                     " says the same; it stands (与现行考核表一致，无须更正)"),
        {{"appraisal", before.name()}});
  }
  if (TrimText(reason).empty()) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "CORRECTION_REASON_NEEDED",
        absl::StrCat("version ", before.version(), " of ",
                     before.period().label(),
                     " is frozen; give correction_reason to correct it "
                     "(已有考核表，更正须说明理由)"),
        {{"appraisal", before.name()}});
  }
  sheet.set_corrects(before.name());
  sheet.set_correction_reason(reason);
  return absl::OkStatus();
}

void Outline(v1::Appraisal& sheet) {
  sheet.clear_divisions();
  sheet.clear_handlers();
  sheet.clear_exclusions();
  sheet.clear_changes();
}

}  // namespace huifang::reporting
