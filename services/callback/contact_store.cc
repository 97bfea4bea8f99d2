#include "services/callback/contact_store.h"

#include <algorithm>
#include <cstdint>

#include "services/callback/period_rules.h"
#include "services/callback/store_util.h"
#include "services/common/clock.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

std::string DayOf(absl::Time time) {
  return FormatDate(absl::ToCivilDay(time, CourtTimeZone()));
}

// As stored: infinities have no microseconds.
absl::Time Stored(absl::Time time) {
  return std::clamp(time, absl::UnixEpoch(),
                    absl::FromUnixSeconds(std::int64_t{1} << 33));
}

}  // namespace

absl::StatusOr<ContactHistory> ContactStore::Load(sql::Session& session,
                                                  const std::string& court,
                                                  const std::string& caller_key,
                                                  absl::Time now) {
  ContactHistory contact;
  if (caller_key.empty()) return contact;
  RETURN_IF_ERROR(
      session
          .QueryOne("SELECT day, calls, paused_until FROM contacts WHERE "
                    "court = :court AND caller_key = :caller",
                    {{"court", court}, {"caller", caller_key}},
                    [&](const sql::Row& row) {
                      if (row.Text(0) == DayOf(now)) {
                        contact.calls_today = static_cast<int>(row.Int(1));
                      }
                      contact.paused_until = row.Time(2);
                    })
          .status());
  return contact;
}

absl::Status ContactStore::AddCall(sql::Session& session,
                                   const std::string& court,
                                   const std::string& caller_key,
                                   absl::Time now, absl::Time paused_until) {
  if (caller_key.empty()) return absl::OkStatus();
  return session
      .Run(
          "INSERT INTO contacts (court, caller_key, day, calls, paused_until) "
          "VALUES (:court, :caller, :day, 1, :until) "
          "ON CONFLICT (court, caller_key) DO UPDATE SET "
          "calls = CASE WHEN contacts.day = excluded.day "
          "THEN contacts.calls + 1 ELSE 1 END, "
          "day = excluded.day, "
          "paused_until = CASE WHEN contacts.paused_until > "
          "excluded.paused_until THEN contacts.paused_until "
          "ELSE excluded.paused_until END",
          {{"court", court},
           {"caller", caller_key},
           {"day", DayOf(now)},
           {"until", Stored(paused_until)}})
      .status();
}

absl::StatusOr<bool> ContactStore::IsBarred(sql::Session& session,
                                            const std::string& court,
                                            const std::string& caller_key,
                                            absl::Time now) {
  if (caller_key.empty()) return false;
  return session.QueryOne(
      "SELECT 1 FROM do_not_calls WHERE court = :court AND "
      "caller_key = :caller AND until > :now LIMIT 1",
      {{"court", court}, {"caller", caller_key}, {"now", now}},
      [](const sql::Row&) {});
}

absl::StatusOr<std::unordered_set<std::string>> ContactStore::Barred(
    const std::string& court, absl::Time now) {
  std::unordered_set<std::string> callers;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    callers.clear();
    return session.Query(
        "SELECT caller_key FROM do_not_calls WHERE court = :court AND "
        "until > :now",
        {{"court", court}, {"now", now}}, [&](const sql::Row& row) {
          callers.insert(row.Text(0));
          return absl::OkStatus();
        });
  }));
  return callers;
}

absl::Status ContactStore::Insert(sql::Session& session,
                                  const v1::DoNotCall& entry) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(entry.name(), "doNotCalls"));
  const absl::Time until = entry.has_expire_time()
                               ? FromProto(entry.expire_time())
                               : absl::InfiniteFuture();
  return session
      .Run(
          "INSERT INTO do_not_calls (court, entry_id, caller_key, until, body) "
          "VALUES (:court, :id, :caller, :until, :body)",
          {{"court", name.court},
           {"id", name.id},
           {"caller", entry.caller_key()},
           {"until", Stored(until)},
           {"body", BodyOf(entry)}})
      .status();
}

absl::StatusOr<v1::DoNotCall> ContactStore::End(sql::Session& session,
                                                const std::string& court,
                                                const std::string& entry_id,
                                                const std::string& principal,
                                                absl::Time now) {
  std::string body;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne("SELECT body FROM do_not_calls WHERE court = :court "
                       "AND entry_id = :id",
                       {{"court", court}, {"id", entry_id}},
                       [&](const sql::Row& row) { body = row.Blob(0); }));
  if (!found) {
    return NoSuch("entry", MakeResourceName(court, "doNotCalls", entry_id));
  }
  v1::DoNotCall entry;
  RETURN_IF_ERROR(ParseBody(body, entry));
  if (entry.has_end_time()) return entry;
  entry.set_ender(principal);
  *entry.mutable_end_time() = ToProto(now);
  RETURN_IF_ERROR(
      session
          .Run("UPDATE do_not_calls SET until = :now, body = :body WHERE "
               "court = :court AND entry_id = :id",
               {{"now", now},
                {"body", BodyOf(entry)},
                {"court", court},
                {"id", entry_id}})
          .status());
  return entry;
}

absl::StatusOr<std::vector<v1::DoNotCall>> ContactStore::List(
    const std::string& court, const std::string& after_id, int limit) {
  std::vector<v1::DoNotCall> entries;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    entries.clear();
    return session.Query(
        "SELECT body FROM do_not_calls WHERE court = :court AND "
        "entry_id > :after ORDER BY entry_id LIMIT :most",
        {{"court", court}, {"after", after_id}, {"most", limit}},
        [&](const sql::Row& row) {
          return ParseBody(row.Blob(0), entries.emplace_back());
        });
  }));
  return entries;
}

}  // namespace huifang::callback
