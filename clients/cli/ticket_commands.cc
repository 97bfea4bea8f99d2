#include "clients/cli/commands.h"
#include "clients/cli/ticket_groups.h"

namespace huifang::cli {

void AddTicketCommands(CLI::App& root, Context& context) {
  CLI::App* tickets = AddGroup(
      root, "tickets", "Tickets (工单): import, look up, work on.",
      "huifangctl tickets import --suggest old.csv > map.json\n"
      "huifangctl tickets import --court 110102 --mapping map.json old.csv\n"
      "huifangctl tickets list --court 110102 --state CLOSED --format csv\n"
      "huifangctl tickets timeline --court 110102 --phone 13800000000");
  AddTicketImport(*tickets, context);
  AddTicketReads(*tickets, context);
  AddTicketVerbs(*tickets, context);
}

}  // namespace huifang::cli
