#ifndef HUIFANG_CLIENTS_CLI_TICKET_GROUPS_H_
#define HUIFANG_CLIENTS_CLI_TICKET_GROUPS_H_

#include "clients/cli/cli.h"

namespace huifang::cli {

// Parts of `huifangctl tickets`.
void AddTicketImport(CLI::App& tickets, Context& context);
void AddTicketReads(CLI::App& tickets, Context& context);
void AddTicketVerbs(CLI::App& tickets, Context& context);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_TICKET_GROUPS_H_
