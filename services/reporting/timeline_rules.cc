#include "services/reporting/timeline_rules.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/reporting/period_rules.h"
#include "services/reporting/training_text.h"

namespace huifang::reporting {
namespace {

namespace ticket = huifang::ticket::v1;

using Entry = v1::TimelineEntry;
using Entries = std::vector<Entry>;

Entry NewEntry(Entry::Type type, const std::string& subject,
               const google::protobuf::Timestamp& time,
               const std::string& actor) {
  Entry entry;
  entry.set_type(type);
  entry.set_subject(subject);
  *entry.mutable_entry_time() = time;
  entry.set_actor(actor);
  return entry;
}

// Adds what the resource tells, unless an entry that says more is stored.
void AddUnlessStored(Entry entry, Entries& entries) {
  const bool stored =
      std::any_of(entries.begin(), entries.end(), [&](const Entry& one) {
        return one.type() == entry.type() &&
               one.division() == entry.division() &&
               FromTimestamp(one.entry_time()) ==
                   FromTimestamp(entry.entry_time());
      });
  if (!stored) entries.push_back(std::move(entry));
}

const char* AnswerText(v1::Suggestion::State state) {
  switch (state) {
    case v1::Suggestion::STATE_ACCEPTED:
      return "采纳";
    case v1::Suggestion::STATE_DONE:
      return "已落实";
    case v1::Suggestion::STATE_DECLINED:
      return "不采纳";
    default:
      return "待回应";
  }
}

const char* StateText(ticket::Ticket::State state) {
  switch (state) {
    case ticket::Ticket::STATE_OPEN:
      return "待处理";
    case ticket::Ticket::STATE_ANSWERED_AT_DESK:
      return "即答";
    case ticket::Ticket::STATE_DISPATCHED:
      return "派单";
    case ticket::Ticket::STATE_ACCEPTED:
      return "签收";
    case ticket::Ticket::STATE_REPLIED:
      return "答复";
    case ticket::Ticket::STATE_CLOSED:
      return "办结";
    case ticket::Ticket::STATE_RETURNED:
      return "退单";
    case ticket::Ticket::STATE_REOPENED:
      return "重办";
    case ticket::Ticket::STATE_CANCELLED:
      return "作废";
    default:
      return "";
  }
}

// Under supervision the head is told with the warning, the leader when it is
// due.
const char* StageText(ticket::TicketEvent::DeadlineStage stage) {
  switch (stage) {
    case ticket::TicketEvent::DEADLINE_STAGE_WARNING:
      return "即将到期，提醒承办人";
    case ticket::TicketEvent::DEADLINE_STAGE_OVERDUE:
      return "已超期";
    case ticket::TicketEvent::DEADLINE_STAGE_HEAD:
      return "提醒庭长";
    case ticket::TicketEvent::DEADLINE_STAGE_LEADER:
      return "提醒院领导";
    default:
      return "";
  }
}

Entry EntryOf(const ticket::TicketEvent& event, Entry::Type type,
              const std::string& actor, const std::string& detail) {
  const std::string& name = event.ticket().name();
  Entry entry = NewEntry(
      type, MakeResourceName(event.court(), "supervisions", IdOf(name)),
      event.event_time(), actor);
  entry.set_ticket(name);
  entry.set_detail(detail);
  return entry;
}

Entry AnswerOf(const v1::Suggestion& suggestion,
               const v1::Suggestion::Department& department,
               const std::string& actor) {
  Entry entry = NewEntry(Entry::TYPE_SUGGESTION_ANSWERED, suggestion.name(),
                         department.update_time(), actor);
  entry.set_division(department.division());
  entry.set_detail(absl::StrCat(
      "《", suggestion.title(), "》", department.display_name(), "：",
      AnswerText(department.state()), department.response().empty() ? "" : "，",
      department.response(),
      department.due_day().empty()
          ? ""
          : absl::StrCat("（承诺", department.due_day(), "前完成）")));
  return entry;
}

Entry HeldOf(const v1::Training& training, const std::string& actor) {
  Entry entry = NewEntry(Entry::TYPE_TRAINING_HELD, training.name(),
                         training.hold_time(), actor);
  entry.set_detail(absl::StrCat(training.day(), "举办，参加",
                                training.attendees_size(), "人"));
  return entry;
}

Entry CancelledOf(const v1::Training& training, const std::string& actor) {
  Entry entry = NewEntry(Entry::TYPE_TRAINING_CANCELLED, training.name(),
                         training.cancel_time(), actor);
  entry.set_detail(training.cancel_reason());
  return entry;
}

}  // namespace

Entry AnswerEntry(const v1::Suggestion& suggestion, const std::string& division,
                  const std::string& principal) {
  for (const v1::Suggestion::Department& one : suggestion.departments()) {
    if (one.division() == division) {
      return AnswerOf(suggestion, one, principal);
    }
  }
  return {};
}

Entry TrainingEntry(const v1::Training& training,
                    const std::string& principal) {
  return training.state() == v1::Training::STATE_CANCELLED
             ? CancelledOf(training, principal)
             : HeldOf(training, principal);
}

Entries TimelineOf(const v1::Suggestion& suggestion, Entries stored) {
  std::vector<std::string> names;
  for (const v1::Suggestion::Department& one : suggestion.departments()) {
    names.push_back(one.display_name());
    if (one.has_update_time()) {
      AddUnlessStored(AnswerOf(suggestion, one, ""), stored);
    }
  }
  Entry created = NewEntry(Entry::TYPE_SUGGESTION_CREATED, suggestion.name(),
                           suggestion.create_time(), suggestion.creator());
  created.set_detail(absl::StrCat("《", suggestion.title(), "》送",
                                  absl::StrJoin(names, "、")));
  stored.push_back(std::move(created));
  return stored;
}

Entries TimelineOf(const v1::Training& training, Entries stored) {
  Entry planned = NewEntry(Entry::TYPE_TRAINING_PLANNED, training.name(),
                           training.create_time(), training.creator());
  planned.set_detail(absl::StrCat("《", training.title(), "》，针对",
                                  TreatedText(training, Locale::kChinese), "，",
                                  AudienceText(training, Locale::kChinese)));
  stored.push_back(std::move(planned));
  if (training.has_hold_time()) AddUnlessStored(HeldOf(training, ""), stored);
  if (training.has_cancel_time()) {
    AddUnlessStored(CancelledOf(training, ""), stored);
  }
  if (!training.effect().complete()) return stored;
  const absl::StatusOr<absl::CivilDay> end =
      ParseDay(training.effect().end_day());
  if (!end.ok()) return stored;
  Entry effect =
      NewEntry(Entry::TYPE_TRAINING_EFFECT, training.name(),
               ToTimestamp(EndTime({Span::Kind::kWeek, *end, *end})), "");
  effect.set_detail(EffectText(training, Locale::kChinese));
  stored.push_back(std::move(effect));
  return stored;
}

Entries SupervisionEntries(const ticket::TicketEvent& event, bool supervised) {
  const ticket::Ticket& t = event.ticket();
  if (t.key_supervision() != supervised) {
    // Who set it is told only where the ticket was taken in with it.
    const bool taken_in = event.type() == ticket::TicketEvent::TYPE_CREATED;
    return {supervised
                ? EntryOf(event, Entry::TYPE_SUPERVISION_ENDED, "", "解除督办")
                : EntryOf(event, Entry::TYPE_SUPERVISION_BEGUN,
                          taken_in ? t.agent() : "", "列入重点督办")};
  }
  if (!supervised) return {};
  switch (event.type()) {
    case ticket::TicketEvent::TYPE_STATE_CHANGED:
    case ticket::TicketEvent::TYPE_CLOSED:
      return {EntryOf(
          event, Entry::TYPE_STATE_CHANGED,
          t.state() == ticket::Ticket::STATE_ACCEPTED ? t.handler() : "",
          StateText(t.state()))};
    case ticket::TicketEvent::TYPE_REPLIED:
      return {EntryOf(
          event, Entry::TYPE_REPLIED,
          t.replies().empty() ? "" : t.replies(t.replies_size() - 1).author(),
          "答复来电人")};
    case ticket::TicketEvent::TYPE_DEADLINE:
      return {EntryOf(event, Entry::TYPE_DEADLINE, "",
                      StageText(event.deadline_stage()))};
    default:
      return {};
  }
}

v1::Timeline InOrder(Entries entries) {
  std::stable_sort(
      entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return FromTimestamp(a.entry_time()) < FromTimestamp(b.entry_time());
      });
  const std::size_t skipped = entries.size() > kMaxTimelineEntries
                                  ? entries.size() - kMaxTimelineEntries
                                  : 0;
  v1::Timeline timeline;
  for (std::size_t i = skipped; i < entries.size(); ++i) {
    *timeline.add_entries() = std::move(entries[i]);
  }
  return timeline;
}

}  // namespace huifang::reporting
