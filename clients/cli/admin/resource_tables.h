// Which tables hold resources, and what their bodies refer to.
#ifndef HUIFANG_CLIENTS_CLI_ADMIN_RESOURCE_TABLES_H_
#define HUIFANG_CLIENTS_CLI_ADMIN_RESOURCE_TABLES_H_

#include <string>
#include <vector>

#include "clients/cli/cli.h"
#include "google/protobuf/message.h"

namespace huifang::cli::admin {

// A column that repeats a field of the body: its text, its number, or the last
// part of the name in it.
struct Copy {
  const char* column;
  const char* field;
};

struct ResourceTable {
  Service service;
  const char* table;
  const char* id_column;
  const char* collection;  // courts/{court}/{collection}/{id}
  const google::protobuf::Message* body;
  bool versioned;  // column and field `version`
  bool stateful;   // column and field `state`
  std::vector<Copy> copies;
  // Fields that hold the name of another resource, or nothing.
  std::vector<const char*> references;
};

const std::vector<ResourceTable>& ResourceTables();

// What a service's events are.
const google::protobuf::Message& EventOf(Service service);

// "tickets" of courts/110102/tickets/X.
absl::string_view CollectionOf(absl::string_view name);

}  // namespace huifang::cli::admin

#endif  // HUIFANG_CLIENTS_CLI_ADMIN_RESOURCE_TABLES_H_
