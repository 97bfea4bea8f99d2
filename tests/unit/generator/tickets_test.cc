#include "clients/generator/tickets.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "clients/cli/import/csv_reader.h"
#include "clients/cli/import/mapping.h"
#include "clients/cli/import/row_mapper.h"
#include "clients/generator/grammar.h"
#include "clients/generator/truth.h"
#include "services/ticket/case_number_rules.h"
#include "services/ticket/import_rules.h"
#include "services/ticket/phone_rules.h"
#include "tests/support/matchers.h"

namespace huifang::generator {
namespace {

using Rows = std::vector<std::vector<std::string>>;

TicketOptions Options(std::uint64_t seed) {
  return {.seed = seed,
          .weeks = 2,
          .per_week = 400,
          .until = absl::CivilDay(2026, 11, 24),
          .poor_share = {}};
}

Rows MakeRows(std::uint64_t seed) {
  Rows rows;
  MakeTickets(
      MakeCourt("110102", seed), Options(seed),
      [&](const GeneratedTicket& ticket) { rows.push_back(ticket.cells); });
  return rows;
}

TEST(Grammar, TakesOneBranchAndFillsSlots) {
  Random random(1);
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    seen.insert(Expand("{a}[x|y[1|2]]", {{"a", "A"}}, random));
  }
  EXPECT_EQ(seen, (std::set<std::string>{"Ax", "Ay1", "Ay2"}));
}

TEST(Tickets, SameSeedGivesTheSameRows) {
  const Rows rows = MakeRows(7);
  EXPECT_EQ(rows, MakeRows(7));
  EXPECT_NE(rows, MakeRows(8));
}

TEST(Tickets, CoverTheLastCompleteWeeks) {
  EXPECT_EQ(FirstMonday(Options(1)), absl::CivilDay(2026, 11, 9));
  for (const auto& row : MakeRows(1)) {
    EXPECT_GE(row[13], "2026-11-09 00:00:00");
    EXPECT_LT(row[13], "2026-11-23 00:00:00");
    for (const std::size_t time : {13U, 14U, 15U, 16U}) {
      EXPECT_LT(row[time], "2026-11-24 00:00:00");
    }
  }
}

// The server's own checks take every row: forms of phone and case number,
// order of times, states that fit them.
TEST(Tickets, EveryRowPassesTheImport) {
  ASSERT_OK_AND_ASSIGN(const cli::Mapping mapping,
                       cli::ParseMapping(TicketMappingJson()));
  ASSERT_OK(cli::CheckHeader(mapping, TicketColumns()));
  const cli::RowMapper mapper(mapping, TicketColumns());
  const absl::Time now =
      absl::FromCivil(absl::CivilDay(2026, 11, 24), absl::UTCTimeZone());
  std::set<std::string> ids;
  for (const auto& cells : MakeRows(3)) {
    ticket::v1::ImportRow row;
    const auto fault =
        mapper.Map({.line = 1, .cells = cells, .fault = {}}, row);
    ASSERT_FALSE(fault.has_value()) << fault->message;
    const auto problem = ticket::CheckImportRow(now, row);
    ASSERT_FALSE(problem.has_value()) << problem->field << problem->message;
    EXPECT_TRUE(row.ticket().generated());
    EXPECT_TRUE(ids.insert(row.ticket().source_id()).second);
    if (!row.ticket().case_number().empty()) {
      EXPECT_OK(ticket::ParseCaseNumber(row.ticket().case_number()));
    }
  }
}

TEST(Tickets, RepliesArePoorAsOftenAsTheDaySays) {
  TicketOptions options = Options(6);
  options.weeks = 10;
  options.poor_share = [](const DivisionModel&, bool, absl::CivilDay day) {
    return day < absl::CivilDay(2026, 10, 15) ? PoorShareAt(0) : PoorShareAt(1);
  };
  std::map<bool, std::pair<int, int>> poor_of_all;  // by: after that day
  MakeTickets(
      MakeCourt("110102", 6), options, [&](const GeneratedTicket& ticket) {
        if (!ticket.closed) return;
        auto& [poor, all] = poor_of_all[ticket.cells[13] >= "2026-10-15"];
        poor += ticket.poor_reply ? 1 : 0;
        ++all;
      });
  const auto& [poor_first, all_first] = poor_of_all[false];
  const auto& [poor_last, all_last] = poor_of_all[true];
  EXPECT_GT(poor_first * 2, all_first);
  EXPECT_LT(poor_last * 20, all_last);
}

TEST(Truth, WhoIsReachedSaysNothingAboutTheAnswer) {
  int reached = 0;
  int satisfied = 0;
  int both = 0;
  constexpr int kTickets = 20000;
  for (int i = 0; i < kTickets; ++i) {
    const Truth truth = TruthOf(1, std::to_string(i), i % 2 == 0);
    reached += truth.reached ? 1 : 0;
    satisfied += truth.satisfied ? 1 : 0;
    both += truth.reached && truth.satisfied ? 1 : 0;
  }
  EXPECT_NEAR(reached, kTickets * 0.75, 250);
  EXPECT_NEAR(satisfied, kTickets * 0.5525, 250);
  EXPECT_NEAR(both, reached * 0.5525, 250);
}

TEST(Tickets, PhonesAreObviouslyMadeUp) {
  for (const auto& row : MakeRows(4)) {
    EXPECT_OK(ticket::NormalizePhone(row[8]));
    EXPECT_EQ(row[8].substr(3, 4), "0000");
  }
}

TEST(Tickets, DivisionsAndHandlersStandInTheDirectory) {
  const CourtModel court = MakeCourt("110102", 5);
  std::map<std::string, std::set<std::string>> handlers;
  for (const DivisionModel& division : court.divisions) {
    for (const StaffMember& member : division.handlers) {
      EXPECT_TRUE(handlers[division.name].insert(member.name).second);
    }
  }
  for (const auto& row : MakeRows(5)) {
    ASSERT_TRUE(handlers.contains(row[11])) << row[11];
    EXPECT_TRUE(row[12].empty() || handlers[row[11]].contains(row[12]));
  }
}

}  // namespace
}  // namespace huifang::generator
