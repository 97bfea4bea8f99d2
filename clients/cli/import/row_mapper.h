#ifndef HUIFANG_CLIENTS_CLI_IMPORT_ROW_MAPPER_H_
#define HUIFANG_CLIENTS_CLI_IMPORT_ROW_MAPPER_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "clients/cli/import/csv_reader.h"
#include "clients/cli/import/mapping.h"
#include "huifang/ticket/v1/ticket_service.pb.h"

namespace huifang::cli {

// Turns rows of a file into rows of an import. What a row says by itself is
// judged here (a date that is none, a value the mapping does not know); what
// the court's rules and directory say is judged by the server.
class RowMapper {
 public:
  // `header` has been checked against `mapping`, which must outlive this.
  RowMapper(const Mapping& mapping, const std::vector<std::string>& header);

  // Fills `out`, or says why the row is refused. The same row gives the same
  // result in every import.
  std::optional<RowFault> Map(const CsvRow& row,
                              ticket::v1::ImportRow& out) const;

 private:
  struct Field {
    const FieldInfo* info;
    const FieldRule* rule;
    std::vector<std::size_t> columns;
    std::vector<std::size_t> hash_of;
    std::optional<std::size_t> days;
    // Header names, for faults.
    std::string label;
  };
  using Times = std::map<std::string, absl::Time>;

  std::optional<RowFault> TextOf(const Field& field, const CsvRow& row,
                                 std::string& text) const;
  std::optional<RowFault> TimeOf(const Field& field, const CsvRow& row,
                                 absl::string_view source_id,
                                 const Times& times,
                                 std::optional<absl::Time>& time) const;
  std::optional<RowFault> SetField(const Field& field, const CsvRow& row,
                                   ticket::v1::ImportRow& out) const;
  std::optional<RowFault> SetTimes(const CsvRow& row,
                                   ticket::v1::ImportRow& out) const;

  // Texts, enums, flags and numbers; then times, those after others last.
  std::vector<Field> plain_;
  std::vector<Field> times_;
};

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_IMPORT_ROW_MAPPER_H_
