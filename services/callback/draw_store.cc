#include "services/callback/draw_store.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/callback/draw_rules.h"
#include "services/callback/frame_codec.h"
#include "services/common/clock.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {

absl::StatusOr<StoredDraw> DrawStore::Get(const std::string& court,
                                          const std::string& draw_id) {
  StoredDraw stored;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(stored, Load(session, court, draw_id));
    return absl::OkStatus();
  }));
  return stored;
}

absl::StatusOr<StoredDraw> DrawStore::Load(sql::Session& session,
                                           const std::string& court,
                                           const std::string& draw_id) {
  StoredDraw stored;
  std::string body;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne("SELECT body, frame_run, job FROM draws WHERE "
                       "court = :court AND draw_id = :id",
                       {{"court", court}, {"id", draw_id}},
                       [&](const sql::Row& row) {
                         body = row.Blob(0);
                         stored.frame_run = row.Text(1);
                         stored.job = row.Int(2) != 0;
                       }));
  if (!found) return NoSuch("draw", MakeResourceName(court, "draws", draw_id));
  RETURN_IF_ERROR(ParseBody(body, stored.draw));
  return stored;
}

absl::Status DrawStore::EachApplied(
    sql::Session& session, const std::string& plan,
    absl::FunctionRef<void(const v1::SamplingPlan&)> see) {
  return session.Query("SELECT body FROM draws WHERE court = :court",
                       {{"court", CourtOfName(plan)}},
                       [&](const sql::Row& row) -> absl::Status {
                         v1::Draw draw;
                         RETURN_IF_ERROR(ParseBody(row.Blob(0), draw));
                         if (draw.plan() == plan) see(draw.applied_plan());
                         return absl::OkStatus();
                       });
}

absl::StatusOr<std::vector<v1::Draw>> DrawStore::List(
    const std::string& court, const std::vector<int>& states,
    const std::optional<TimeCursor>& cursor, int limit) {
  std::string sql = "SELECT body FROM draws WHERE court = :court";
  sql::Params params = {{"court", court}};
  if (!states.empty()) {
    absl::StrAppend(&sql, " AND state IN (", absl::StrJoin(states, ","), ")");
  }
  if (cursor.has_value()) {
    absl::StrAppend(&sql,
                    " AND (create_time < :time OR (create_time = :time AND "
                    "draw_id < :id))");
    params.emplace_back("time", cursor->time);
    params.emplace_back("id", cursor->id);
  }
  absl::StrAppend(&sql, " ORDER BY create_time DESC, draw_id DESC LIMIT :most");
  params.emplace_back("most", limit);
  std::vector<v1::Draw> draws;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    draws.clear();
    return session.Query(sql, params, [&](const sql::Row& row) {
      return ParseBody(row.Blob(0), draws.emplace_back());
    });
  }));
  return draws;
}

absl::StatusOr<std::vector<DrawJob>> DrawStore::OpenJobs(int limit) {
  std::vector<DrawJob> jobs;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    jobs.clear();
    return session.Query(
        "SELECT court, draw_id FROM draws WHERE job = :one LIMIT :most",
        {{"one", 1}, {"most", limit}}, [&](const sql::Row& row) {
          jobs.push_back({row.Text(0), row.Text(1)});
          return absl::OkStatus();
        });
  }));
  return jobs;
}

absl::StatusOr<bool> DrawStore::Insert(sql::Session& session,
                                       StoredDraw& stored) {
  v1::Draw& draw = stored.draw;
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(draw.name(), "draws"));
  draw.set_version(1);
  draw.set_etag(EtagOf(1));
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("INSERT INTO draws (court, draw_id, create_time, state, "
                  "version, job, frame_run, body) VALUES (:court, :id, :time, "
                  ":state, 1, :job, :run, :body) "
                  "ON CONFLICT (court, draw_id) DO NOTHING",
                  {{"court", name.court},
                   {"id", name.id},
                   {"time", FromProto(draw.create_time())},
                   {"state", static_cast<int>(draw.state())},
                   {"job", stored.job},
                   {"run", stored.frame_run},
                   {"body", BodyOf(draw)}}));
  return changed == 1;
}

absl::StatusOr<bool> DrawStore::ClaimPeriod(sql::Session& session,
                                            const v1::Draw& draw,
                                            std::string& holder) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(draw.name(), "draws"));
  // Locks the court's head, so that replicas claim one after another.
  RETURN_IF_ERROR(
      session
          .Run("INSERT INTO draw_log_heads (court, sequence, hash) "
               "VALUES (:court, 0, :hash) ON CONFLICT (court) DO UPDATE SET "
               "sequence = draw_log_heads.sequence",
               {{"court", name.court}, {"hash", FirstChainHash()}})
          .status());
  ASSIGN_OR_RETURN(
      const bool held,
      session.QueryOne("SELECT p.draw_id FROM draw_periods p JOIN draws d ON "
                       "d.court = p.court AND d.draw_id = p.draw_id WHERE "
                       "p.court = :court AND p.first_day <= :last AND "
                       "p.last_day >= :first AND d.state <> :failed AND "
                       "d.state <> :aborted",
                       {{"court", name.court},
                        {"first", draw.from_date()},
                        {"last", draw.to_date()},
                        {"failed", static_cast<int>(v1::Draw::STATE_FAILED)},
                        {"aborted", static_cast<int>(v1::Draw::STATE_ABORTED)}},
                       [&](const sql::Row& row) {
                         holder =
                             MakeResourceName(name.court, "draws", row.Text(0));
                       }));
  if (held) return false;
  RETURN_IF_ERROR(session
                      .Run("INSERT INTO draw_periods (court, first_day, "
                           "last_day, draw_id) VALUES (:court, :first, :last, "
                           ":id)",
                           {{"court", name.court},
                            {"first", draw.from_date()},
                            {"last", draw.to_date()},
                            {"id", name.id}})
                      .status());
  return true;
}

absl::Status DrawStore::Save(sql::Session& session, StoredDraw& stored) {
  v1::Draw& draw = stored.draw;
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(draw.name(), "draws"));
  const std::int64_t version = draw.version();
  draw.set_version(version + 1);
  draw.set_etag(EtagOf(version + 1));
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("UPDATE draws SET state = :state, version = :version + 1, "
                  "job = :job, frame_run = :run, body = :body WHERE "
                  "court = :court AND draw_id = :id AND version = :version",
                  {{"court", name.court},
                   {"id", name.id},
                   {"state", static_cast<int>(draw.state())},
                   {"version", version},
                   {"job", stored.job},
                   {"run", stored.frame_run},
                   {"body", BodyOf(draw)}}));
  return changed == 1 ? absl::OkStatus() : MovedOn("draw");
}

absl::StatusOr<bool> DrawStore::LockInState(sql::Session& session,
                                            const std::string& court,
                                            const std::string& draw_id,
                                            v1::Draw::State state) {
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("UPDATE draws SET job = job WHERE court = :court AND "
                  "draw_id = :id AND state = :state",
                  {{"court", court},
                   {"id", draw_id},
                   {"state", static_cast<int>(state)}}));
  return changed == 1;
}

absl::Status DrawStore::PutChunk(sql::Session& session,
                                 const std::string& court,
                                 const std::string& draw_id,
                                 const std::string& run, FramePart part,
                                 int chunk, const std::string& data) {
  return session
      .Run(
          "INSERT INTO draw_frames (court, draw_id, run, part, chunk, data) "
          "VALUES (:court, :id, :run, :part, :chunk, :data) ON CONFLICT "
          "(court, draw_id, run, part, chunk) DO NOTHING",
          {{"court", court},
           {"id", draw_id},
           {"run", run},
           {"part", static_cast<int>(part)},
           {"chunk", chunk},
           {"data", sql::Bytes{data}}})
      .status();
}

absl::Status DrawStore::DropOtherRuns(sql::Session& session,
                                      const std::string& court,
                                      const std::string& draw_id,
                                      const std::string& run) {
  return session
      .Run(
          "DELETE FROM draw_frames WHERE court = :court AND draw_id = :id "
          "AND run <> :run",
          {{"court", court}, {"id", draw_id}, {"run", run}})
      .status();
}

absl::Status DrawStore::ReadFrame(
    const std::string& court, const std::string& draw_id,
    const std::string& run, FramePart part,
    absl::FunctionRef<void(absl::string_view id, std::uint32_t number)> each) {
  // One chunk a read: a lost connection must not hand rows out twice.
  for (int chunk = 0;; ++chunk) {
    std::string data;
    bool found = false;
    RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
      ASSIGN_OR_RETURN(
          found, session.QueryOne(
                     "SELECT data FROM draw_frames WHERE court = :court AND "
                     "draw_id = :id AND run = :run AND part = :part AND "
                     "chunk = :chunk",
                     {{"court", court},
                      {"id", draw_id},
                      {"run", run},
                      {"part", static_cast<int>(part)},
                      {"chunk", chunk}},
                     [&](const sql::Row& row) { data = row.Blob(0); }));
      return absl::OkStatus();
    }));
    if (!found) return absl::OkStatus();
    RETURN_IF_ERROR(ReadRows(data, each));
  }
}

absl::Status DrawStore::AppendLog(sql::Session& session, const v1::Draw& draw,
                                  const Act& act) {
  const std::string court = CourtOfName(draw.name());
  // Taking the next number first locks the head: replicas queue up behind it.
  RETURN_IF_ERROR(
      session
          .Run("INSERT INTO draw_log_heads (court, sequence, hash) "
               "VALUES (:court, 1, :hash) ON CONFLICT (court) DO UPDATE SET "
               "sequence = draw_log_heads.sequence + 1",
               {{"court", court}, {"hash", FirstChainHash()}})
          .status());
  std::int64_t sequence = 0;
  std::string previous;
  RETURN_IF_ERROR(session
                      .QueryOne("SELECT sequence, hash FROM draw_log_heads "
                                "WHERE court = :court",
                                {{"court", court}},
                                [&](const sql::Row& row) {
                                  sequence = row.Int(0);
                                  previous = row.Text(1);
                                })
                      .status());
  const std::string json =
      nlohmann::json({{"act", act.act},
                      {"allocation_digest", draw.allocation_digest()},
                      {"detail", act.detail},
                      {"draw", draw.name()},
                      {"frame_digest", draw.frame_digest()},
                      {"period", draw.period_label()},
                      {"population", draw.population()},
                      {"principal", act.principal},
                      {"public_seed", draw.public_seed()},
                      {"reason", draw.failure()},
                      {"sampled", draw.sampled()},
                      {"seed", draw.seed()},
                      {"seq", sequence},
                      {"strata_digest", draw.strata_digest()},
                      {"time", absl::FormatTime(absl::RFC3339_sec, act.time,
                                                CourtTimeZone())}})
          .dump();
  const std::string hash = NextChainHash(previous, json);
  RETURN_IF_ERROR(session
                      .Run("INSERT INTO draw_log (court, sequence, json, hash) "
                           "VALUES (:court, :sequence, :json, :hash)",
                           {{"court", court},
                            {"sequence", sequence},
                            {"json", json},
                            {"hash", hash}})
                      .status());
  return session
      .Run("UPDATE draw_log_heads SET hash = :hash WHERE court = :court",
           {{"court", court}, {"hash", hash}})
      .status();
}

absl::StatusOr<std::vector<v1::DrawLogEntry>> DrawStore::ListLog(
    const std::string& court, std::int64_t after, int limit) {
  std::vector<v1::DrawLogEntry> entries;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    entries.clear();
    return session.Query(
        "SELECT sequence, json, hash FROM draw_log WHERE court = :court AND "
        "sequence > :after ORDER BY sequence LIMIT :most",
        {{"court", court}, {"after", after}, {"most", limit}},
        [&](const sql::Row& row) {
          v1::DrawLogEntry& entry = entries.emplace_back();
          entry.set_sequence(row.Int(0));
          entry.set_json(row.Text(1));
          entry.set_hash(row.Text(2));
          return absl::OkStatus();
        });
  }));
  return entries;
}

}  // namespace huifang::callback
