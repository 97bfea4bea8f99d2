// huifang-generate: a court that does not exist, for trials.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/generator/court.h"
#include "clients/generator/derive.h"
#include "clients/generator/people.h"
#include "clients/generator/tickets.h"
#include "clients/generator/truth.h"
#include "services/common/clock.h"

namespace huifang::generator {
namespace {

struct CourtOptions {
  std::string out = ".";
  std::string court = "110102";
  std::string until;
  bool improving = false;
  TicketOptions tickets;
};

bool WriteTo(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) std::fprintf(stderr, "cannot write %s\n", path.c_str());
  return static_cast<bool>(file);
}

// One CSV line; every cell that needs it is quoted (RFC 4180).
void AppendLine(const std::vector<std::string>& cells, std::string& out) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    if (cells[i].find_first_of(",\"\r\n") == std::string::npos) {
      out += cells[i];
      continue;
    }
    out += '"';
    for (const char c : cells[i]) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  out += "\r\n";
}

int WriteCourt(CourtOptions options) {
  if (options.until.empty()) {
    options.tickets.until = absl::ToCivilDay(absl::Now(), CourtTimeZone());
  } else if (!absl::ParseCivilTime(options.until, &options.tickets.until)) {
    std::fprintf(stderr, "--until takes a day YYYY-MM-DD\n");
    return 2;
  }
  const CourtModel court = MakeCourt(options.court, options.tickets.seed);
  std::string csv = "\xEF\xBB\xBF";  // spreadsheet programs look for the BOM
  AppendLine(TicketColumns(), csv);
  if (options.improving) {
    // Alike in all divisions.
    const absl::CivilDay first = FirstMonday(options.tickets);
    const double days = 7.0 * options.tickets.weeks;
    options.tickets.poor_share = [=](const DivisionModel&, bool,
                                     absl::CivilDay day) {
      return PoorShareAt(static_cast<double>(day - first) / days);
    };
  }
  std::string truths;
  AppendLine(TruthColumns(), truths);
  int rows = 0;
  MakeTickets(court, options.tickets, [&](const GeneratedTicket& ticket) {
    AppendLine(ticket.cells, csv);
    ++rows;
    if (!ticket.closed) return;
    const std::string& id = ticket.cells.front();
    AppendLine(
        TruthCells(id, TruthOf(options.tickets.seed, id, ticket.poor_reply)),
        truths);
  });
  const std::filesystem::path out(options.out);
  std::error_code error;
  std::filesystem::create_directories(out, error);
  if (!WriteTo(out / "directory.json", court.DirectoryJson()) ||
      !WriteTo(out / "mapping.json", TicketMappingJson()) ||
      !WriteTo(out / "tickets.csv", csv) ||
      (options.improving && !WriteTo(out / "truth.csv", truths))) {
    return 1;
  }
  std::printf("%d tickets of %d weeks from %s in %s (generated data)\n", rows,
              options.tickets.weeks,
              absl::FormatCivilTime(FirstMonday(options.tickets)).c_str(),
              (out / "tickets.csv").c_str());
  return 0;
}

int WriteDirectory(const DeriveOptions& options) {
  const auto json = DeriveDirectory(options);
  if (!json.ok()) {
    std::fprintf(stderr, "%s\n", std::string(json.status().message()).c_str());
    return 1;
  }
  std::fputs(json->c_str(), stdout);
  return 0;
}

int RunOfficer(const PeopleOptions& options) {
  const auto counts = SimulateOfficer(options);
  if (!counts.ok()) {
    std::fprintf(stderr, "%s\n",
                 std::string(counts.status().message()).c_str());
    return 1;
  }
  std::printf("SIMULATED calls: %d interviews, %d attempts without one\n",
              counts->completed, counts->without_interview);
  return 0;
}

int RunReviewer(const PeopleOptions& options) {
  const auto graded = SimulateReviewer(options);
  if (!graded.ok()) {
    std::fprintf(stderr, "%s\n",
                 std::string(graded.status().message()).c_str());
    return 1;
  }
  std::printf("SIMULATED reviews: %d grades\n", *graded);
  return 0;
}

void AddPeopleOptions(CLI::App& command, PeopleOptions& options,
                      const char* address_option, const char* address) {
  options.address = address;
  command.add_option(address_option, options.address, "host:port")
      ->capture_default_str();
  command
      .add_option("--token-file", options.token_file,
                  "File with the bearer token of this person")
      ->required();
  command.add_option("--court", options.court, "The court's six-digit code")
      ->required();
  command.add_option("--seed", options.seed, "Same seed, same answers")
      ->capture_default_str();
  command
      .add_option("--truth", options.truth_file,
                  "truth.csv of an --improving court: what callers say and "
                  "what replies are worth")
      ->check(CLI::ExistingFile);
  command.add_option("--limit", options.limit, "At most so many")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
}

}  // namespace
}  // namespace huifang::generator

int main(int argc, char** argv) {
  using namespace huifang::generator;  // NOLINT: this is all main is about
  CLI::App app(
      "huifang-generate: a court that does not exist, its tickets and its "
      "people, for trials.");
  app.name("huifang-generate");
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  huifang-generate court --weeks 4 --out demo\n"
      "  huifang-generate court --improving --weeks 157 --per-week 160\n"
      "  huifang-generate officer --court 110102 --token-file officer.token\n"
      "  huifang-generate reviewer --court 110102 --token-file officer.token\n"
      "Everything it makes is marked: tickets as generated, calls and grades "
      "as simulated.");
  int exit_code = 0;

  CourtOptions court;
  CLI::App* court_command = app.add_subcommand(
      "court", "Writes directory.json, tickets.csv and mapping.json");
  court_command->add_option("--out", court.out, "Folder")
      ->capture_default_str();
  court_command->add_option("--court", court.court, "Six-digit code")
      ->check([](const std::string& text) -> std::string {
        const bool good =
            text.size() == 6 &&
            text.find_first_not_of("0123456789") == std::string::npos;
        return good ? "" : "a court is six digits, for example 110102";
      })
      ->capture_default_str();
  court_command
      ->add_option("--seed", court.tickets.seed, "Same seed, same file")
      ->capture_default_str();
  court_command->add_option("--weeks", court.tickets.weeks, "Complete weeks")
      ->check(CLI::Range(1, 520))
      ->capture_default_str();
  court_command
      ->add_option("--per-week", court.tickets.per_week, "Tickets a week")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  court_command->add_option("--until", court.until,
                            "Day YYYY-MM-DD on which the file is taken; today "
                            "unless given");
  court_command->add_flag(
      "--improving", court.improving,
      "Most replies are poor in the first week and hardly any in the last; "
      "writes truth.csv, too");
  court_command->callback([&] { exit_code = WriteCourt(court); });

  DeriveOptions derive;
  CLI::App* derive_command = app.add_subcommand(
      "directory",
      "Prints a directory file for an export that came without one");
  derive_command->add_option("FILE", derive.file, "The export")->required();
  derive_command
      ->add_option("--mapping", derive.mapping_file, "Its mapping file")
      ->required();
  derive_command->add_option("--encoding", derive.encoding,
                             "For example GB18030; UTF-8 unless given");
  derive_command->callback([&] { exit_code = WriteDirectory(derive); });

  PeopleOptions officer;
  CLI::App* officer_command = app.add_subcommand(
      "officer", "Answers the callbacks that are due, as a simulated officer");
  AddPeopleOptions(*officer_command, officer, "--callback-address",
                   "127.0.0.1:25052");
  officer_command->callback([&] { exit_code = RunOfficer(officer); });

  PeopleOptions reviewer;
  CLI::App* reviewer_command = app.add_subcommand(
      "reviewer", "Grades the reviews that wait, as a simulated reviewer");
  AddPeopleOptions(*reviewer_command, reviewer, "--grading-address",
                   "127.0.0.1:25053");
  reviewer_command->callback([&] { exit_code = RunReviewer(reviewer); });

  CLI11_PARSE(app, argc, argv);
  return exit_code;
}
