// Who did what when (留痕) about suggestions, trainings and supervised tickets.
// Pure.
#ifndef HUIFANG_SERVICES_REPORTING_TIMELINE_RULES_H_
#define HUIFANG_SERVICES_REPORTING_TIMELINE_RULES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "huifang/reporting/v1/timeline_service.pb.h"
#include "huifang/ticket/v1/ticket_events.pb.h"

namespace huifang::reporting {

inline constexpr std::size_t kMaxTimelineEntries = 1000;

// The entry that a department's newest answer makes. The suggestion itself
// keeps no earlier one, and not who gave it.
v1::TimelineEntry AnswerEntry(const v1::Suggestion& suggestion,
                              const std::string& division,
                              const std::string& principal);

// The entry that the last verb on a training makes.
v1::TimelineEntry TrainingEntry(const v1::Training& training,
                                const std::string& principal);

// Whole timelines: the stored entries, and what the resource tells by itself.
// Answers and verbs from before entries were stored are told without who.
std::vector<v1::TimelineEntry> TimelineOf(
    const v1::Suggestion& suggestion, std::vector<v1::TimelineEntry> stored);
std::vector<v1::TimelineEntry> TimelineOf(
    const v1::Training& training, std::vector<v1::TimelineEntry> stored);

// What an event means for the key supervision (重点督办) of its ticket;
// `supervised`: it was under supervision before. None for most events.
std::vector<v1::TimelineEntry> SupervisionEntries(
    const huifang::ticket::v1::TicketEvent& event, bool supervised);

// Oldest first; of too many the newest.
v1::Timeline InOrder(std::vector<v1::TimelineEntry> entries);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_TIMELINE_RULES_H_
