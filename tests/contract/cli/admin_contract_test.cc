// Backup, restore and check on written databases, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/admin/backup.h"
#include "clients/cli/admin/check.h"
#include "huifang/callback/v1/callback_events.pb.h"
#include "huifang/ticket/v1/ticket_events.pb.h"
#include "services/callback/draw_rules.h"
#include "services/callback/schema.h"
#include "services/common/event_log.h"
#include "services/common/schema.h"
#include "services/common/sql_lock.h"
#include "services/reporting/schema.h"
#include "services/ticket/schema.h"
#include "tests/support/backends.h"
#include "tests/support/matchers.h"

namespace huifang::cli::admin {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kCourt[] = "110102";
constexpr int kTickets = 5;
const absl::Time kNow = absl::FromUnixSeconds(1'564'000'000);

// Findings as lines.
class Lines : public RowWriter {
 public:
  void Add(const std::vector<Cell>& cells) override {
    std::string line;
    for (const Cell& cell : cells) absl::StrAppend(&line, cell.text(), " | ");
    lines.push_back(line);
  }
  void Finish() override {}
  std::vector<std::string> lines;
};

template <std::size_t n>
std::unique_ptr<sql::Database> OpenNew(const std::string& url,
                                       const std::string& service,
                                       const EmbeddedFile (&steps)[n]) {
  auto db = sql::Database::Open({.url = url}).value();
  EXPECT_TRUE(db->Migrate("common", {std::begin(kCommonMigrations),
                                     std::end(kCommonMigrations)})
                  .ok());
  EXPECT_TRUE(db->Migrate(service, {std::begin(steps), std::end(steps)}).ok());
  return db;
}

class AdminContract : public ::testing::TestWithParam<std::string> {
 protected:
  // Tickets with their events; callbacks of a drawn draw; their facts.
  void SetUp() override {
    auto ticket = OpenNew(ticket_url_, "ticket", ticket::kMigrations);
    auto callback = OpenNew(callback_url_, "callback", callback::kMigrations);
    auto reporting =
        OpenNew(reporting_url_, "reporting", reporting::kMigrations);
    WakeHub hub;
    const EventLog tickets(*ticket, hub);
    const EventLog callbacks(*callback, hub);
    Write(*ticket, [](sql::Session& session) { return WriteTickets(session); });
    Write(*callback, [](sql::Session& session) { return WriteDraw(session); });
    Write(*reporting,
          [](sql::Session& session) { return WriteFacts(session); });
  }

  static void Write(sql::Database& db, sql::WriteFn fn) {
    const absl::Status status = db.Write(kCourt, std::move(fn));
    ASSERT_TRUE(status.ok()) << status;
  }

  static std::string TicketName(int n) {
    return absl::StrCat("courts/110102/tickets/t", n);
  }

  static absl::Status WriteTickets(sql::Session& session) {
    for (int n = 1; n <= kTickets; ++n) {
      ticket::v1::TicketEvent event;
      event.set_court(kCourt);
      event.set_type(ticket::v1::TicketEvent::TYPE_CREATED);
      ticket::v1::Ticket& ticket = *event.mutable_ticket();
      ticket.set_name(TicketName(n));
      ticket.set_source_id(absl::StrCat("s", n));
      ticket.set_content("机密内容");
      ticket.set_state(ticket::v1::Ticket::STATE_OPEN);
      ticket.set_version(1);
      EventLog::Append(session, kCourt, kNow, event);
      const auto put = session.Run(
          "INSERT INTO tickets (court, ticket_id, source_id, state, "
          "create_time, close_time, division, handler, caller_key, "
          "case_number, overdue, version, ring_time, ring_stage, import_hash, "
          "body, sealed) VALUES (:court, :id, :source, 1, 1, 0, '', '', '', "
          "'', 0, 1, 0, 0, '', :body, :sealed)",
          {{"court", kCourt},
           {"id", absl::StrCat("t", n)},
           {"source", ticket.source_id()},
           {"body", sql::Bytes{ticket.SerializeAsString()}},
           {"sealed", sql::Bytes{""}}});
      if (!put.ok()) return put.status();
    }
    return absl::OkStatus();
  }

  static absl::Status WriteDraw(sql::Session& session) {
    callback::v1::CallbackEvent event;
    event.set_court(kCourt);
    callback::v1::Callback& call = *event.mutable_callback();
    call.set_name("courts/110102/callbacks/c1");
    call.set_ticket(TicketName(1));
    call.set_state(callback::v1::Callback::STATE_WAITING);
    call.set_version(1);
    EventLog::Append(session, kCourt, kNow, event);
    const auto put = session.Run(
        "INSERT INTO callbacks (court, callback_id, draw_id, ticket_id, "
        "create_time, update_time, state, version, offered, due_time, officer, "
        "lease_token, stratum, division, handler, caller_key, verdict, body) "
        "VALUES (:court, 'c1', '', 't1', 1, 1, 1, 1, 1, 1, '', :token, '', "
        "'', '', '', 0, :body)",
        {{"court", kCourt},
         {"token", sql::Bytes{""}},
         {"body", sql::Bytes{call.SerializeAsString()}}});
    if (!put.ok()) return put.status();
    std::string hash = callback::FirstChainHash();
    for (int n = 1; n <= 3; ++n) {
      const std::string json = absl::StrCat("{\"seq\":", n, "}");
      hash = callback::NextChainHash(hash, json);
      const auto logged = session.Run(
          "INSERT INTO draw_log (court, sequence, json, hash) VALUES (:court, "
          ":n, :json, :hash)",
          {{"court", kCourt}, {"n", n}, {"json", json}, {"hash", hash}});
      if (!logged.ok()) return logged.status();
    }
    return session
        .Run(
            "INSERT INTO draw_log_heads (court, sequence, hash) VALUES "
            "(:court, 3, :hash)",
            {{"court", kCourt}, {"hash", hash}})
        .status();
  }

  static absl::Status WriteFacts(sql::Session& session) {
    for (int n = 1; n <= kTickets; ++n) {
      const auto put = session.Run(
          "INSERT INTO ticket_facts (court, ticket_id, version, source_id, "
          "created_day, closed_day, division, team, handler, channel, kind, "
          "category, instant, has_due, on_time, dispatched, dispatches, "
          "replied, reply_us, handling_us, reopened, repeated, generated, "
          "cancelled, key_supervision, create_time, due_time, close_time, "
          "matter, reply) VALUES (:court, :id, 1, '', 0, 0, '', '', '', 0, 0, "
          "'', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', '')",
          {{"court", kCourt}, {"id", absl::StrCat("t", n)}});
      if (!put.ok()) return put.status();
    }
    return session
        .Run(
            "INSERT INTO checkpoints (stream, shard, sequence, owner, "
            "lease_time) VALUES ('tickets', :shard, :head, '', 0)",
            {{"shard", sql::ShardOf(kCourt)}, {"head", kTickets}})
        .status();
  }

  // Plants damage by one statement.
  static void Damage(const std::string& url, const std::string& sql) {
    const auto db = sql::Database::Open({.url = url}).value();
    Write(*db, [sql](sql::Session& session) -> absl::Status {
      const auto changed = session.Run(sql);
      EXPECT_TRUE(changed.ok() && *changed > 0) << changed.status() << sql;
      return changed.status();
    });
  }

  static std::vector<std::string> CheckOf(
      const std::vector<std::string>& urls) {
    Lines lines;
    Findings findings(lines, 20);
    auto databases = OpenDatabases(urls);
    EXPECT_TRUE(databases.ok()) << databases.status();
    const absl::Status looked =
        RunCheck(*databases, findings, [](const std::string&, std::int64_t) {});
    EXPECT_TRUE(looked.ok()) << looked;
    findings.Finish();
    return lines.lines;
  }
  std::vector<std::string> CheckAll() const {
    return CheckOf({ticket_url_, callback_url_, reporting_url_});
  }

  std::string BackUp(const std::vector<std::string>& urls) {
    const std::string directory =
        absl::StrCat(huifang::testing::TestDirectory(), "/",
                     huifang::testing::FreshPrefix());
    auto databases = OpenDatabases(urls).value();
    const auto parts = Backup(databases, directory, [](absl::string_view) {});
    EXPECT_TRUE(parts.ok()) << parts.status();
    return directory;
  }
  static absl::StatusOr<BackupPart> RestoreTo(const std::string& url,
                                              const std::string& directory,
                                              const std::string& service,
                                              bool replace) {
    return Restore({directory, service, url, replace},
                   [](absl::string_view) {});
  }

  const std::string ticket_url_ = huifang::testing::FreshDatabase(GetParam());
  const std::string callback_url_ = huifang::testing::FreshDatabase(GetParam());
  const std::string reporting_url_ =
      huifang::testing::FreshDatabase(GetParam());
};

TEST_P(AdminContract, WhatWasWrittenIsConsistent) {
  EXPECT_THAT(CheckAll(), IsEmpty());
}

TEST_P(AdminContract, RestoredBackupIsConsistentAndHoldsAllRows) {
  const std::string backup =
      BackUp({ticket_url_, callback_url_, reporting_url_});
  const auto parts = ReadManifest(backup).value();
  ASSERT_EQ(parts.size(), 3u);
  // Consumers come before their sources.
  EXPECT_EQ(parts[0].service, "reporting");
  EXPECT_EQ(parts[2].service, "ticket");
  EXPECT_EQ(parts[2].rows.at("tickets"), kTickets);
  EXPECT_EQ(parts[2].event_heads.at(absl::StrCat(sql::ShardOf(kCourt))),
            kTickets);
  std::vector<std::string> restored;
  for (const BackupPart& part : parts) {
    const std::string url = huifang::testing::FreshDatabase(GetParam());
    const auto done = RestoreTo(url, backup, part.service, false);
    ASSERT_TRUE(done.ok()) << done.status();
    restored.push_back(url);
  }
  EXPECT_THAT(CheckOf(restored), IsEmpty());
}

TEST_P(AdminContract, BackupIsForItsOwnerAlone) {
  const std::string backup = BackUp({ticket_url_});
  namespace fs = std::filesystem;
  for (const auto& entry : fs::directory_iterator(backup)) {
    EXPECT_EQ(entry.status().permissions(),
              fs::perms::owner_read | fs::perms::owner_write)
        << entry.path();
  }
}

TEST_P(AdminContract, BackupNeverOverwrites) {
  const std::string backup = BackUp({ticket_url_});
  auto databases = OpenDatabases({ticket_url_}).value();
  const auto again = Backup(databases, backup, [](absl::string_view) {});
  EXPECT_EQ(again.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_P(AdminContract, DamagedBackupIsNotRestored) {
  const std::string backup = BackUp({ticket_url_});
  const auto parts = ReadManifest(backup).value();
  {
    std::fstream file(absl::StrCat(backup, "/", parts[0].file),
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(200);
    file.put('!');
  }
  const std::string url = huifang::testing::FreshDatabase(GetParam());
  EXPECT_EQ(RestoreTo(url, backup, "", false).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_P(AdminContract, FilledDatabaseIsReplacedOnlyWhenToldTo) {
  const std::string backup = BackUp({ticket_url_});
  Damage(ticket_url_, "DELETE FROM tickets WHERE ticket_id = 't2'");
  EXPECT_EQ(RestoreTo(ticket_url_, backup, "", false).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(CheckOf({ticket_url_}).empty());
  const auto replaced = RestoreTo(ticket_url_, backup, "", true);
  ASSERT_TRUE(replaced.ok()) << replaced.status();
  EXPECT_THAT(CheckOf({ticket_url_}), IsEmpty());
}

TEST_P(AdminContract, LogWhoseFileIsGoneIsNotPlayedIntoTheNewDatabase) {
  if (GetParam() != "sqlite") GTEST_SKIP() << "PostgreSQL keeps its own log";
  const std::string backup = BackUp({ticket_url_});
  const std::string path =
      absl::StrCat(::testing::TempDir(), "/lone_", getpid(), ".db");
  std::ofstream(path + "-wal") << "frames of another database";
  const std::string url = absl::StrCat("sqlite:", path);
  EXPECT_EQ(RestoreTo(url, backup, "", false).status().code(),
            absl::StatusCode::kFailedPrecondition);
  const auto restored = RestoreTo(url, backup, "", true);
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_FALSE(std::ifstream(path + "-wal").good());
  EXPECT_THAT(CheckOf({url}), IsEmpty());
}

TEST_P(AdminContract, DatabaseOfAnotherServiceIsNotReplaced) {
  const std::string backup = BackUp({ticket_url_});
  EXPECT_EQ(RestoreTo(callback_url_, backup, "", true).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_P(AdminContract, OlderTicketDatabaseLeavesReportingAhead) {
  Damage(ticket_url_, "DELETE FROM events WHERE sequence > 3");
  Damage(ticket_url_, "UPDATE event_heads SET sequence = 3");
  Damage(ticket_url_, "DELETE FROM tickets WHERE ticket_id > 't3'");
  const auto lines = CheckAll();
  EXPECT_THAT(lines,
              Contains(AllOf(HasSubstr("reporting | checkpoints"),
                             HasSubstr("events that ticket does not have"),
                             HasSubstr("restore reporting"))));
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("ticket_facts"), HasSubstr("t4"),
                                    HasSubstr("does not exist"))));
}

// Damage by one statement, and the words in which it must be told.
struct Planted {
  const char* name;
  const char* service;
  const char* sql;
  const char* table;
  const char* key;
  const char* problem;
};

constexpr Planted kPlanted[] = {
    {"DeletedEvent", "ticket", "DELETE FROM events WHERE sequence = 3",
     "events", "events 3 to 3", "missing"},
    {"LastEventDeleted", "ticket", "DELETE FROM events WHERE sequence = 5",
     "events", "events 5 to 5", "missing"},
    {"HeadAhead", "ticket", "UPDATE event_heads SET sequence = 9", "events",
     "events 6 to 9", "missing"},
    {"HeadBehind", "ticket", "UPDATE event_heads SET sequence = 4",
     "event_heads", "head 4", "behind"},
    {"EventAltered", "ticket",
     "UPDATE events SET payload = 'x' WHERE sequence = 2", "events", "event 2",
     "cannot be read"},
    {"TicketDeleted", "ticket", "DELETE FROM tickets WHERE ticket_id = 't2'",
     "events", "t2", "resource does not exist"},
    {"TicketOlder", "ticket",
     "UPDATE tickets SET version = 0 WHERE ticket_id = 't2'", "tickets", "t2",
     "version is not"},
    {"IllegalState", "ticket",
     "UPDATE tickets SET state = 77 WHERE ticket_id = 't2'", "tickets", "t2 77",
     "no such state"},
    {"CheckpointAhead", "reporting", "UPDATE checkpoints SET sequence = 50",
     "checkpoints", "50, head 5", "does not have"},
    {"FactsLost", "reporting",
     "DELETE FROM ticket_facts WHERE ticket_id = 't3'", "ticket_facts", "t3",
     "no facts"},
    {"FactsAhead", "reporting",
     "UPDATE ticket_facts SET version = 8 WHERE ticket_id = 't3'",
     "ticket_facts", "t3", "newer than their source"},
    {"OrphanCallback", "ticket", "DELETE FROM tickets WHERE ticket_id = 't1'",
     "callbacks", "tickets/t1", "ticket does not exist"},
    {"DrawLogAltered", "callback",
     "UPDATE draw_log SET json = '{}' WHERE sequence = 2", "draw_log",
     "110102/2", "hash does not follow"},
    {"DrawLogCut", "callback", "DELETE FROM draw_log WHERE sequence = 3",
     "draw_log_heads", "110102", "not the last entry"},
    {"TimelineOrphan", "ticket",
     "INSERT INTO timeline (court, ticket_id, entry_time, entry_id, body) "
     "VALUES ('110102', 't9', 1, 'e', '')",
     "timeline", "110102/t9", "tickets does not exist"},
};

TEST_P(AdminContract, EveryKindOfDamageIsFoundAndNamed) {
  // Each on a copy of the clean databases.
  const std::string backup =
      BackUp({ticket_url_, callback_url_, reporting_url_});
  for (const Planted& planted : kPlanted) {
    SCOPED_TRACE(planted.name);
    std::vector<std::string> urls;
    for (const char* service : {"ticket", "callback", "reporting"}) {
      const std::string url = huifang::testing::FreshDatabase(GetParam());
      ASSERT_TRUE(RestoreTo(url, backup, service, false).ok());
      if (service == std::string(planted.service)) Damage(url, planted.sql);
      urls.push_back(url);
    }
    const auto lines = CheckOf(urls);
    EXPECT_THAT(
        lines,
        Contains(AllOf(HasSubstr(absl::StrCat("| ", planted.table, " |")),
                       HasSubstr(planted.key), HasSubstr(planted.problem))));
    for (const std::string& line : lines) {
      EXPECT_THAT(line, Not(HasSubstr("机密"))) << "no text of a caller";
    }
  }
}

TEST_P(AdminContract, ManyProblemsOfOneKindAreCounted) {
  Damage(ticket_url_, "DELETE FROM tickets");
  Lines lines;
  Findings findings(lines, 2);
  auto databases = OpenDatabases({ticket_url_}).value();
  ASSERT_TRUE(
      RunCheck(databases, findings, [](const std::string&, std::int64_t) {
      }).ok());
  findings.Finish();
  EXPECT_EQ(findings.count(), kTickets);
  EXPECT_EQ(lines.lines.size(), 3u);
  EXPECT_THAT(lines.lines.back(), HasSubstr("3 more"));
}

TEST_P(AdminContract, DatabaseInUseIsNotReplaced) {
  const std::string backup = BackUp({ticket_url_});
  // What a service holds: of SQLite the lock, of PostgreSQL sessions.
  const auto lock = sql::LockFile(ticket_url_).value();
  const auto service = sql::Database::Open({.url = ticket_url_}).value();
  const auto refused = RestoreTo(ticket_url_, backup, "", true);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("stop "));
}

INSTANTIATE_TEST_SUITE_P(Engines, AdminContract,
                         ::testing::ValuesIn(huifang::testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::cli::admin
