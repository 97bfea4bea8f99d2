#include "services/grading/rubric_store.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "huifang/grading/v1/grading_events.pb.h"
#include "services/common/error.h"
#include "services/common/event_log.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/grading/proto_convert.h"
#include "services/grading/rubrics.h"

namespace huifang::grading {
namespace {

// The rubrics in the program, by id, without a court.
const std::map<std::string, v1::Rubric>& BuiltIn() {
  static const auto& rubrics = *[] {
    auto* all = new std::map<std::string, v1::Rubric>();
    for (const EmbeddedFile& file : kRubricFiles) {
      // A unit test reads every file; one that fails is left out.
      const absl::StatusOr<RubricData> data = ParseRubricJson(file.text);
      if (data.ok()) (*all)[data->id] = ToProto(*data);
    }
    return all;
  }();
  return rubrics;
}

v1::Rubric AsVersionOne(const std::string& court, const std::string& id,
                        v1::Rubric rubric) {
  rubric.set_name(MakeResourceName(court, "rubrics", id));
  rubric.set_version(1);
  rubric.set_etag(ShortHash(rubric.SerializeAsString()));
  return rubric;
}

absl::Status NotFound(const std::string& id) {
  return MakeError(absl::StatusCode::kNotFound, "RUBRIC_NOT_FOUND",
                   absl::StrCat("no rubric or version of that name: ", id));
}

absl::Status Check(const RubricData& data) {
  const absl::Status status = CheckRubric(data);
  if (status.ok()) return status;
  FieldErrors errors;
  errors.Add("rubric", status.message());
  return errors.ToStatus();
}

}  // namespace

absl::StatusOr<v1::Rubric> RubricStore::Find(sql::Session& session,
                                             const std::string& court,
                                             const std::string& id,
                                             int version) {
  v1::Rubric rubric;
  bool readable = true;
  const auto take = [&](const sql::Row& row) {
    readable = rubric.ParseFromString(row.Blob(0));
  };
  absl::StatusOr<bool> found =
      version == 0
          ? session.QueryOne(
                "SELECT body FROM rubrics WHERE court = :court "
                "AND rubric = :rubric ORDER BY version DESC "
                "LIMIT 1",
                {{"court", court}, {"rubric", id}}, take)
          : session.QueryOne(
                "SELECT body FROM rubrics WHERE court = :court "
                "AND rubric = :rubric AND version = :version",
                {{"court", court}, {"rubric", id}, {"version", version}}, take);
  RETURN_IF_ERROR(found.status());
  if (!readable) return absl::DataLossError("a stored rubric cannot be read");
  if (*found) return rubric;
  const auto built_in = BuiltIn().find(id);
  if (built_in == BuiltIn().end() || version > 1) return NotFound(id);
  return AsVersionOne(court, id, built_in->second);
}

absl::StatusOr<v1::Rubric> RubricStore::Current(sql::Session& session,
                                                const std::string& court,
                                                v1::Subject subject) {
  v1::Rubric rubric;
  bool readable = true;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne(
          "SELECT body FROM rubrics WHERE court = :court AND "
          "subject = :subject ORDER BY create_time DESC, "
          "version DESC LIMIT 1",
          {{"court", court}, {"subject", static_cast<std::int64_t>(subject)}},
          [&](const sql::Row& row) {
            readable = rubric.ParseFromString(row.Blob(0));
          }));
  if (!readable) return absl::DataLossError("a stored rubric cannot be read");
  if (found) return rubric;
  const std::string id = subject == v1::SUBJECT_CALL ? "call" : "ticket";
  return Find(session, court, id, 0);
}

absl::StatusOr<std::vector<v1::Rubric>> RubricStore::List(
    sql::Session& session, const std::string& court) {
  std::map<std::string, v1::Rubric> newest;
  for (const auto& [id, rubric] : BuiltIn()) {
    newest[id] = AsVersionOne(court, id, rubric);
  }
  RETURN_IF_ERROR(session.Query(
      "SELECT rubric, body FROM rubrics WHERE court = :court ORDER BY rubric, "
      "version",
      {{"court", court}}, [&](const sql::Row& row) -> absl::Status {
        return newest[row.Text(0)].ParseFromString(row.Blob(1))
                   ? absl::OkStatus()
                   : absl::DataLossError("a stored rubric cannot be read");
      }));
  std::vector<v1::Rubric> rubrics;
  for (auto& [id, rubric] : newest) rubrics.push_back(std::move(rubric));
  return rubrics;
}

absl::StatusOr<v1::Rubric> RubricStore::Publish(sql::Session& session,
                                                const std::string& court,
                                                v1::Rubric rubric,
                                                absl::Time now) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(rubric.name(), "rubrics"));
  const absl::StatusOr<v1::Rubric> newest = Find(session, court, name.id, 0);
  if (!newest.ok() && !absl::IsNotFound(newest.status())) {
    return newest.status();
  }
  if (newest.ok() && rubric.etag() != newest->etag()) {
    return MakeError(absl::StatusCode::kAborted, "RUBRIC_CHANGED",
                     "etag is not that of the newest version; read it again");
  }
  RubricData data = ToData(rubric);
  v1::Rubric next;
  if (!rubric.base_rubric().empty()) {
    ASSIGN_OR_RETURN(const ResourceName base,
                     ParseResourceName(rubric.base_rubric(), "rubrics"));
    ASSIGN_OR_RETURN(const v1::Rubric inherited,
                     Find(session, base.court, base.id, 0));
    data = InheritRubric(ToData(inherited), data);
    RETURN_IF_ERROR(Check(data));
    next = ToProto(data);
    next.set_base_rubric(rubric.base_rubric());
    next.set_base_version(inherited.version());
  } else {
    RETURN_IF_ERROR(Check(data));
    next = ToProto(data);
  }
  next.set_name(rubric.name());
  next.set_version(newest.ok() ? newest->version() + 1 : 1);
  *next.mutable_create_time() = ToTimestamp(now);
  next.set_etag(ShortHash(next.SerializeAsString()));
  RETURN_IF_ERROR(
      session
          .Run("INSERT INTO rubrics (court, rubric, version, subject, "
               "create_time, body) VALUES (:court, :rubric, :version, "
               ":subject, :now, :body)",
               {{"court", court},
                {"rubric", name.id},
                {"version", static_cast<std::int64_t>(next.version())},
                {"subject", static_cast<std::int64_t>(next.subject())},
                {"now", now},
                {"body", sql::Bytes{next.SerializeAsString()}}})
          .status());
  v1::GradeEvent event;
  event.set_court(court);
  event.set_type(v1::GradeEvent::TYPE_RUBRIC_PUBLISHED);
  *event.mutable_event_time() = ToTimestamp(now);
  *event.mutable_rubric() = next;
  EventLog::Append(session, court, now, event);
  return next;
}

}  // namespace huifang::grading
