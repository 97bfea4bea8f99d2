#include "tests/contract/reporting/real_rows.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/cli.h"
#include "clients/cli/import/byte_source.h"
#include "clients/cli/import/csv_reader.h"
#include "clients/cli/import/mapping.h"
#include "clients/cli/import/row_mapper.h"
#include "services/common/proto_time.h"
#include "services/reporting/period_rules.h"
#include "tests/contract/reporting/reporting_fixture.h"
#include "tests/support/matchers.h"
#include "tests/support/source_dir.h"

namespace huifang::reporting {

std::string Slug(const std::string& text) {
  std::string slug = absl::AsciiStrToLower(text);
  for (char& c : slug) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c))) c = '-';
  }
  return slug.substr(0, 60);
}

std::string Row::Division() const {
  return absl::StrCat(kCourtName, "/divisions/", Slug(division_label));
}

std::string Row::Team() const {
  if (team_label.empty()) return "";
  return absl::StrCat(kCourtName, "/teams/", Slug(division_label), ".",
                      Slug(team_label));
}

std::string Row::Handler() const {
  if (handler_label.empty()) return "";
  return absl::StrCat(kCourtName, "/staff/", Slug(handler_label));
}

void ReadRows(const std::string& mapping_name, const std::string& path,
              const std::string& team_column, std::vector<Row>& rows) {
  ASSERT_OK_AND_ASSIGN(
      const std::string json,
      cli::ReadFile(absl::StrCat(HUIFANG_SOURCE_DIR "/tests/data/mappings/",
                                 mapping_name, ".json")));
  ASSERT_OK_AND_ASSIGN(const cli::Mapping mapping, cli::ParseMapping(json));
  ASSERT_OK_AND_ASSIGN(auto source, cli::OpenFile(path, mapping.encoding));
  ASSERT_OK_AND_ASSIGN(
      const auto reader,
      cli::CsvReader::Open(std::move(source), mapping.delimiter));
  ASSERT_OK(cli::CheckHeader(mapping, reader->header()));
  const cli::RowMapper mapper(mapping, reader->header());
  cli::CsvRow cells;
  while (reader->Next(cells).value_or(false)) {
    ticket::v1::ImportRow mapped;
    if (mapper.Map(cells, mapped).has_value()) continue;
    if (!mapped.ticket().has_close_time()) continue;
    Row& row = rows.emplace_back();
    row.ticket = mapped.ticket();
    row.division_label = mapped.division_label();
    row.handler_label = mapped.handler_label();
    for (std::size_t i = 0; i < cells.cells.size(); ++i) {
      row.cells[reader->header()[i]] = cells.cells[i];
    }
    row.team_label = row.cells[team_column];
  }
}

ticket::v1::TicketEvent DirectoryOf(const std::vector<Row>& rows) {
  std::map<std::string, const Row*> divisions;
  std::map<std::string, const Row*> teams;
  std::map<std::string, const Row*> handlers;
  for (const Row& row : rows) {
    divisions[row.Division()] = &row;
    teams[row.Team()] = &row;
    handlers[row.Handler()] = &row;
  }
  teams.erase("");
  handlers.erase("");
  ticket::v1::TicketEvent event;
  event.set_court(kCourt);
  event.set_type(ticket::v1::TicketEvent::TYPE_DIRECTORY_CHANGED);
  ticket::v1::Directory& directory = *event.mutable_directory();
  directory.mutable_court()->set_name(kCourtName);
  directory.mutable_court()->set_display_name("北京市西城区人民法院");
  for (const auto& [name, row] : divisions) {
    ticket::v1::Division& division = *directory.add_divisions();
    division.set_name(name);
    division.set_display_name(row->division_label);
  }
  for (const auto& [name, row] : teams) {
    ticket::v1::Team& team = *directory.add_teams();
    team.set_name(name);
    team.set_display_name(row->team_label);
    team.set_division(row->Division());
  }
  for (const auto& [name, row] : handlers) {
    ticket::v1::Staff& staff = *directory.add_staff();
    staff.set_name(name);
    staff.set_display_name(row->handler_label);
    staff.set_division(row->Division());
    staff.set_team(row->Team());
  }
  return event;
}

std::map<std::string, Counted> CountBy(
    const std::vector<Row>& rows, absl::CivilMonth month,
    const std::function<std::string(const Row&)>& group) {
  std::map<std::string, Counted> counts;
  for (const Row& row : rows) {
    const absl::Time closed = FromTimestamp(row.ticket.close_time());
    if (absl::CivilMonth(DayOf(closed)) != month) continue;
    Counted& count = counts[group(row)];
    ++count.closed;
    int score = 0;
    const auto cell = row.cells.find("CSAT Score");
    if (cell != row.cells.end() && absl::SimpleAtoi(cell->second, &score)) {
      count.satisfied += score >= 4 ? 1 : 0;
    }
    const auto& due = row.ticket.due_time();
    if (row.ticket.has_due_time() && closed <= FromTimestamp(due)) {
      ++count.on_time;
    }
  }
  return counts;
}

}  // namespace huifang::reporting
