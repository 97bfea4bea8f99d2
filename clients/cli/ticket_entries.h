// What other services know of a ticket, on its timeline.
#ifndef HUIFANG_CLIENTS_CLI_TICKET_ENTRIES_H_
#define HUIFANG_CLIENTS_CLI_TICKET_ENTRIES_H_

#include <string>
#include <vector>

#include "clients/cli/cli.h"
#include "huifang/ticket/v1/ticket_service.pb.h"

namespace huifang::cli {

// A line of a timeline, whoever tells it.
struct TimelineLine {
  google::protobuf::Timestamp time;
  std::string type;
  std::string ticket;
  std::string actor;
  std::string detail;
};

std::vector<TimelineLine> LinesOf(
    const google::protobuf::RepeatedPtrField<ticket::v1::TimelineEntry>&
        entries);

// Adds what reporting knows of one court's tickets, by full name: suggestions
// that rest on them, and key supervision. Without an answer the timeline is
// shown all the same, and a line on stderr says what is missing.
void AddReportingLines(Context& context,
                       const std::vector<std::string>& tickets,
                       std::vector<TimelineLine>& lines);

void PrintLines(Context& context, std::vector<TimelineLine> lines,
                bool newest_first);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_TICKET_ENTRIES_H_
