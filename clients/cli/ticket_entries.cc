#include "clients/cli/ticket_entries.h"

#include <algorithm>
#include <cstdio>

#include "clients/cli/named_command.h"
#include "huifang/reporting/v1/timeline_service.grpc.pb.h"
#include "services/common/resource_name.h"

namespace huifang::cli {
namespace {

using Stub = reporting::v1::TimelineService::Stub;

// As many tickets as one request may name.
constexpr std::size_t kTicketsMax = 200;
constexpr std::size_t kDetailWidth = 80;

}  // namespace

std::vector<TimelineLine> LinesOf(
    const google::protobuf::RepeatedPtrField<ticket::v1::TimelineEntry>&
        entries) {
  std::vector<TimelineLine> lines;
  for (const ticket::v1::TimelineEntry& entry : entries) {
    lines.push_back({entry.entry_time(), EnumLabel(entry.type()),
                     entry.ticket(), entry.actor(), entry.detail()});
  }
  return lines;
}

void AddReportingLines(Context& context,
                       const std::vector<std::string>& tickets,
                       std::vector<TimelineLine>& lines) {
  if (tickets.empty()) return;
  reporting::v1::ListTicketEntriesRequest request;
  request.set_parent(CourtName(CourtOfName(tickets.front())));
  const std::size_t count = std::min(tickets.size(), kTicketsMax);
  for (std::size_t i = 0; i < count; ++i) request.add_tickets(tickets[i]);
  const auto stub = reporting::v1::TimelineService::NewStub(
      context.Channel(Service::kReporting));
  const absl::StatusOr<reporting::v1::Timeline> timeline =
      context.Call(*stub, &Stub::ListTicketEntries, request);
  if (!timeline.ok()) {
    std::fprintf(stderr,
                 "without suggestions and key supervision, which reporting did "
                 "not tell: %s\n",
                 std::string(timeline.status().message()).c_str());
    return;
  }
  for (const reporting::v1::TimelineEntry& entry : timeline->entries()) {
    lines.push_back({entry.entry_time(), EnumLabel(entry.type()),
                     entry.ticket(), entry.actor(), entry.detail()});
  }
}

void PrintLines(Context& context, std::vector<TimelineLine> lines,
                bool newest_first) {
  std::stable_sort(lines.begin(), lines.end(),
                   [&](const TimelineLine& a, const TimelineLine& b) {
                     return newest_first
                                ? FromTimestamp(a.time) > FromTimestamp(b.time)
                                : FromTimestamp(a.time) < FromTimestamp(b.time);
                   });
  const bool cut = context.options().format == Format::kTable;
  const auto rows = context.Rows({"time", "type", "ticket", "actor", "detail"});
  for (const TimelineLine& line : lines) {
    rows->Add({FormatTime(line.time), line.type, ResourceId(line.ticket),
               ResourceId(line.actor),
               cut ? CutToWidth(line.detail, kDetailWidth) : line.detail});
  }
  rows->Finish();
}

}  // namespace huifang::cli
