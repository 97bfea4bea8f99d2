#include "services/ticket/directory_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/crypto.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::ticket {
namespace {

constexpr absl::Duration kKeep = absl::Seconds(2);
constexpr std::size_t kMaxKept = 10'000;  // courts

}  // namespace

absl::StatusOr<std::shared_ptr<const CourtBook>> DirectoryStore::Book(
    const std::string& court) {
  const absl::Time now = clock_.Now();
  std::uint64_t forgotten = 0;
  {
    absl::MutexLock lock(&mutex_);
    forgotten = forgotten_;
    const auto it = kept_.find(court);
    // The clock may have been set back since.
    if (it != kept_.end() && now >= it->second.since &&
        now < it->second.since + kKeep) {
      return it->second.book;
    }
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const CourtBook> book, Load(court));
  absl::MutexLock lock(&mutex_);
  // Read before a change, perhaps.
  if (forgotten != forgotten_) return book;
  if (kept_.size() >= kMaxKept) kept_.clear();
  kept_[court] = {book, now};
  return book;
}

void DirectoryStore::Forget(const std::string& court) {
  absl::MutexLock lock(&mutex_);
  ++forgotten_;
  kept_.erase(court);
}

absl::StatusOr<std::shared_ptr<const CourtBook>> DirectoryStore::Load(
    const std::string& court) {
  auto book = std::make_shared<CourtBook>();
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    book->calendar = WorkingCalendar::BuiltIn();
    book->policies.clear();
    ASSIGN_OR_RETURN(book->directory, LoadDirectory(session, court));
    CalendarLayer days;
    std::string text;
    RETURN_IF_ERROR(session.Query(
        "SELECT date, working, reason FROM calendar_days "
        "WHERE court = :court ORDER BY date",
        {{"court", court}}, [&](const sql::Row& row) -> absl::Status {
          ASSIGN_OR_RETURN(const absl::CivilDay day, ParseDay(row.Text(0)));
          days.entries[day] = {row.Int(1) != 0, row.Text(2), 0};
          absl::StrAppend(&text, row.Text(0), row.Text(1), row.Text(2), "\n");
          return absl::OkStatus();
        }));
    if (!days.entries.empty()) {
      book->calendar.AddCourtDays(
          days, absl::StrCat("court-", Sha256Hex(text).substr(0, 8)));
    }
    return session.Query(
        "SELECT body FROM deadline_policies WHERE court = :court "
        "ORDER BY policy_id",
        {{"court", court}}, [&](const sql::Row& row) -> absl::Status {
          if (!book->policies.emplace_back().ParseFromString(row.Blob(0))) {
            return absl::DataLossError("a stored policy cannot be read");
          }
          return absl::OkStatus();
        });
  }));
  return book;
}

absl::StatusOr<v1::Directory> DirectoryStore::LoadDirectory(
    sql::Session& session, const std::string& court) {
  v1::Directory directory;
  bool readable = true;
  RETURN_IF_ERROR(session
                      .QueryOne("SELECT body FROM directories "
                                "WHERE court = :court",
                                {{"court", court}},
                                [&](const sql::Row& row) {
                                  readable =
                                      directory.ParseFromString(row.Blob(0));
                                })
                      .status());
  if (!readable) return absl::DataLossError("a directory cannot be read");
  return directory;
}

absl::Status DirectoryStore::SaveDirectory(sql::Session& session,
                                           const std::string& court,
                                           const v1::Directory& directory) {
  return session
      .Run(
          "INSERT INTO directories (court, version, body) "
          "VALUES (:court, 1, :body) ON CONFLICT (court) DO UPDATE SET "
          "version = directories.version + 1, body = :body",
          {{"court", court},
           {"body", sql::Bytes{directory.SerializeAsString()}}})
      .status();
}

absl::Status DirectoryStore::ReplacePolicies(
    sql::Session& session, const std::string& court,
    const std::vector<v1::DeadlinePolicy>& policies) {
  RETURN_IF_ERROR(session
                      .Run("DELETE FROM deadline_policies WHERE court = :court",
                           {{"court", court}})
                      .status());
  for (const v1::DeadlinePolicy& policy : policies) {
    ASSIGN_OR_RETURN(const ResourceName name,
                     ParseResourceName(policy.name(), "deadlinePolicies"));
    RETURN_IF_ERROR(
        session
            .Run("INSERT INTO deadline_policies (court, policy_id, body) "
                 "VALUES (:court, :id, :body)",
                 {{"court", court},
                  {"id", name.id},
                  {"body", sql::Bytes{policy.SerializeAsString()}}})
            .status());
  }
  return absl::OkStatus();
}

absl::Status DirectoryStore::UpsertDays(
    sql::Session& session, const std::string& court,
    const std::vector<v1::CalendarDay>& days) {
  for (const v1::CalendarDay& day : days) {
    RETURN_IF_ERROR(
        session
            .Run("INSERT INTO calendar_days (court, date, working, reason) "
                 "VALUES (:court, :date, :working, :reason) "
                 "ON CONFLICT (court, date) DO UPDATE SET "
                 "working = :working, reason = :reason",
                 {{"court", court},
                  {"date", day.date()},
                  {"working", day.working()},
                  {"reason", day.reason()}})
            .status());
  }
  return absl::OkStatus();
}

}  // namespace huifang::ticket
