#include "services/reporting/training_store.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/fact_columns.h"
#include "services/reporting/training_rules.h"

namespace huifang::reporting {
namespace {

using Names = google::protobuf::RepeatedPtrField<std::string>;

// A quarter: each training stands in the reports of the weeks in which its
// effect becomes known, and of the months that follow.
constexpr int kPrintedDays = 13 * 7;
// Attendees below which a report tells of no effect: it would be theirs alone.
constexpr int kFewestJudged = 5;

constexpr char kIsLinked[] =
    " AND EXISTS (SELECT 1 FROM training_links l WHERE l.court = t.court "
    "AND l.training_id = t.training_id AND l.link IN (";

// A ticket that failed, by its grade or else the machine's proposal.
constexpr char kFailed[] =
    "CASE WHEN q.graded = 1 THEN 1 - q.passed ELSE 1 - q.proposed_pass END";

absl::StatusOr<v1::Training> Parse(const std::string& body) {
  v1::Training training;
  if (!training.ParseFromString(body)) {
    return absl::DataLossError("a stored training cannot be read");
  }
  return training;
}

std::int64_t CreateMicros(const v1::Training& training) {
  return absl::ToUnixMicros(FromTimestamp(training.create_time()));
}

absl::StatusOr<int> DayNumberOf(const v1::Training& training) {
  ASSIGN_OR_RETURN(const absl::CivilDay day, ParseDay(training.day()));
  return DayNumber(day);
}

std::string RuleLink(const std::string& rule) {
  return absl::StrCat("rules/", rule);
}

std::string CourtLink(const std::string& court) {
  return absl::StrCat("courts/", court);
}

// ":r0, :r1" with the values bound.
std::string Placeholders(const char* prefix, const Names& values,
                         sql::Params& params) {
  std::string list;
  for (const std::string& value : values) {
    const std::string name = absl::StrCat(prefix, params.size());
    absl::StrAppend(&list, list.empty() ? ":" : ", :", name);
    params.emplace_back(name, value);
  }
  return list;
}

absl::StatusOr<Tally> CountDefects(sql::Session& session,
                                   const std::string& court,
                                   const v1::Training& training,
                                   absl::CivilDay first, absl::CivilDay last) {
  Tally tally;
  if (training.attendees().empty()) return tally;
  sql::Params params = {
      {"court", court}, {"first", DayNumber(first)}, {"last", DayNumber(last)}};
  Names handlers;
  for (const std::string& name : training.attendees()) {
    *handlers.Add() = IdOf(name);
  }
  const std::string defect =
      training.rules().empty()
          ? kFailed
          : absl::StrCat(
                "CASE WHEN EXISTS (SELECT 1 FROM finding_facts f WHERE "
                "f.court = q.court AND f.ticket_id = q.ticket_id "
                "AND f.rule IN (",
                Placeholders("r", training.rules(), params),
                ")) THEN 1 ELSE 0 END");
  const std::string handled = Placeholders("h", handlers, params);
  RETURN_IF_ERROR(
      session
          .QueryOne(absl::StrCat("SELECT SUM(", defect,
                                 "), COUNT(*) FROM quality_facts q "
                                 "WHERE q.court = :court AND q.inspected = 1 "
                                 "AND q.closed_day BETWEEN :first AND :last "
                                 "AND q.handler IN (",
                                 handled, ")"),
                    params,
                    [&](const sql::Row& row) {
                      tally = {row.Int(0), row.Int(1)};
                    })
          .status());
  return tally;
}

absl::Status AddEffect(sql::Session& session, const std::string& court,
                       absl::CivilDay today, v1::Training& training) {
  if (training.state() != v1::Training::STATE_HELD) return absl::OkStatus();
  ASSIGN_OR_RETURN(const absl::CivilDay held, ParseDay(training.day()));
  const EffectDays days = DaysAround(held);
  const absl::CivilDay last = std::min(days.after_last, today - 1);
  ASSIGN_OR_RETURN(const Tally before,
                   CountDefects(session, court, training, days.before_first,
                                days.before_last));
  ASSIGN_OR_RETURN(const Tally after, CountDefects(session, court, training,
                                                   days.after_first, last));
  *training.mutable_effect() = EffectOf(days, before, after, today);
  return absl::OkStatus();
}

// Those of earlier releases were written without their count.
void CountAttendees(v1::Training& training) {
  training.set_attendee_count(training.attendees_size());
}

absl::StatusOr<std::vector<v1::Training>> ReadAll(sql::Session& session,
                                                  const std::string& court,
                                                  const std::string& sql,
                                                  const sql::Params& params,
                                                  absl::CivilDay today) {
  std::vector<v1::Training> trainings;
  RETURN_IF_ERROR(
      session.Query(sql, params, [&](const sql::Row& row) -> absl::Status {
        ASSIGN_OR_RETURN(v1::Training training, Parse(row.Blob(0)));
        trainings.push_back(std::move(training));
        return absl::OkStatus();
      }));
  for (v1::Training& training : trainings) {
    CountAttendees(training);
    RETURN_IF_ERROR(AddEffect(session, court, today, training));
  }
  return trainings;
}

// What a report may print of it, as it was at the period's end. More people
// read reports than trainings: nobody is named, and few are not judged.
void PrintAsOf(const Span& span, v1::Training& training) {
  if (training.has_hold_time() &&
      FromTimestamp(training.hold_time()) >= EndTime(span)) {
    training.set_state(v1::Training::STATE_PLANNED);
    training.clear_hold_time();
    training.clear_effect();
  }
  if (training.attendees_size() < kFewestJudged) training.clear_effect();
  training.clear_attendees();
}

}  // namespace

absl::StatusOr<v1::Training> TrainingStore::Get(const std::string& court,
                                                const std::string& id,
                                                absl::Time now) {
  v1::Training training;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(training, Load(session, court, id));
    CountAttendees(training);
    return AddEffect(session, court, DayOf(now), training);
  }));
  return training;
}

absl::StatusOr<v1::Training> TrainingStore::Load(sql::Session& session,
                                                 const std::string& court,
                                                 const std::string& id) {
  std::string body;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne("SELECT body FROM trainings WHERE court = :court "
                       "AND training_id = :id",
                       {{"court", court}, {"id", id}},
                       [&](const sql::Row& row) { body = row.Blob(0); }));
  if (!found) {
    return MakeError(absl::StatusCode::kNotFound, "TRAINING_NOT_FOUND",
                     "the court has no such training");
  }
  return Parse(body);
}

absl::Status TrainingStore::Insert(sql::Session& session,
                                   const std::string& court,
                                   v1::Training& training) {
  training.set_etag("1");
  const std::string id = IdOf(training.name());
  ASSIGN_OR_RETURN(const int day, DayNumberOf(training));
  RETURN_IF_ERROR(
      session
          .Run("INSERT INTO trainings (court, training_id, state, revision, "
               "day, create_time, body) VALUES (:court, :id, :state, 1, :day, "
               ":create_time, :body)",
               {{"court", court},
                {"id", id},
                {"state", static_cast<int>(training.state())},
                {"day", day},
                {"create_time", CreateMicros(training)},
                {"body", sql::Bytes{training.SerializeAsString()}}})
          .status());
  std::vector<std::string> links(training.divisions().begin(),
                                 training.divisions().end());
  if (links.empty()) links.push_back(CourtLink(court));
  for (const std::string& rule : training.rules()) {
    links.push_back(RuleLink(rule));
  }
  for (const std::string& link : links) {
    RETURN_IF_ERROR(
        session
            .Run("INSERT INTO training_links (court, link, training_id) "
                 "VALUES (:court, :link, :id)",
                 {{"court", court}, {"link", link}, {"id", id}})
            .status());
  }
  return absl::OkStatus();
}

absl::Status TrainingStore::Save(sql::Session& session,
                                 const std::string& court,
                                 v1::Training& training) {
  std::int64_t revision = 0;
  if (!absl::SimpleAtoi(training.etag(), &revision)) {
    return absl::DataLossError("a stored training has no etag");
  }
  ASSIGN_OR_RETURN(const int day, DayNumberOf(training));
  training.set_etag(absl::StrCat(revision + 1));
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("UPDATE trainings SET state = :state, revision = :next, "
                  "day = :day, body = :body WHERE court = :court "
                  "AND training_id = :id AND revision = :revision",
                  {{"state", static_cast<int>(training.state())},
                   {"next", revision + 1},
                   {"day", day},
                   {"body", sql::Bytes{training.SerializeAsString()}},
                   {"court", court},
                   {"id", IdOf(training.name())},
                   {"revision", revision}}));
  if (changed == 1) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted, "TRAINING_CHANGED",
                   "the training changed meanwhile; read it and try again");
}

absl::StatusOr<std::vector<v1::Training>> TrainingStore::List(
    const std::string& court, const v1::ListTrainingsRequest& filter,
    absl::Time now, const std::optional<TimeCursor>& cursor, int limit) {
  std::string sql = "SELECT body FROM trainings t WHERE t.court = :court";
  sql::Params params = {{"court", court}, {"limit", limit}};
  if (filter.state() != v1::Training::STATE_UNSPECIFIED) {
    absl::StrAppend(&sql, " AND t.state = :state");
    params.emplace_back("state", static_cast<int>(filter.state()));
  }
  if (!filter.division().empty()) {
    absl::StrAppend(&sql, kIsLinked, ":division))");
    params.emplace_back("division", filter.division());
  }
  if (!filter.rule().empty()) {
    absl::StrAppend(&sql, kIsLinked, ":rule))");
    params.emplace_back("rule", RuleLink(filter.rule()));
  }
  if (cursor.has_value()) {
    absl::StrAppend(&sql,
                    " AND (t.create_time < :time OR (t.create_time = :time "
                    "AND t.training_id < :id))");
    params.emplace_back("time", cursor->time);
    params.emplace_back("id", cursor->id);
  }
  absl::StrAppend(
      &sql, " ORDER BY t.create_time DESC, t.training_id DESC LIMIT :limit");
  std::vector<v1::Training> trainings;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(trainings,
                     ReadAll(session, court, sql, params, DayOf(now)));
    return absl::OkStatus();
  }));
  return trainings;
}

TimeCursor TrainingStore::CursorOf(const v1::Training& training) {
  return {CreateMicros(training), IdOf(training.name())};
}

absl::StatusOr<std::vector<v1::Training>> TrainingStore::OfReport(
    sql::Session& session, const std::string& court, const Span& span,
    const std::string& division, int limit) {
  std::string sql =
      "SELECT body FROM trainings t WHERE t.court = :court "
      "AND t.create_time < :end "
      "AND (t.state = :planned OR (t.state = :held AND t.day > :since))";
  sql::Params params = {
      {"court", court},
      {"end", EndTime(span)},
      {"since", DayNumber(span.last - kPrintedDays)},
      {"planned", static_cast<int>(v1::Training::STATE_PLANNED)},
      {"held", static_cast<int>(v1::Training::STATE_HELD)},
      {"limit", limit}};
  if (!division.empty()) {
    absl::StrAppend(&sql, kIsLinked, ":division, :whole))");
    params.emplace_back("division", NameFrom(court, "divisions", division));
    params.emplace_back("whole", CourtLink(court));
  }
  absl::StrAppend(
      &sql,
      " ORDER BY t.state DESC, t.create_time DESC, t.training_id DESC LIMIT "
      ":limit");
  ASSIGN_OR_RETURN(std::vector<v1::Training> trainings,
                   ReadAll(session, court, sql, params, span.last + 1));
  for (v1::Training& training : trainings) PrintAsOf(span, training);
  return trainings;
}

}  // namespace huifang::reporting
