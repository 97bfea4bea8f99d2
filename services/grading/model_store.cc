#include "services/grading/model_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"
#include "services/common/status_macros.h"
#include "services/grading/proto_convert.h"

namespace huifang::grading {
namespace {

struct ModelRow {
  std::int64_t version = 0;
  std::int64_t documents = 0;
  absl::Time update_time;
  std::string body;
};

absl::Status ReadVersion(sql::Session& session, const std::string& court,
                         ModelRow& row) {
  return session
      .QueryOne(
          "SELECT version, documents, update_time FROM relevance_models "
          "WHERE court = :court",
          {{"court", court}},
          [&](const sql::Row& r) {
            row.version = r.Int(0);
            row.documents = r.Int(1);
            row.update_time = r.Time(2);
          })
      .status();
}

absl::Status ReadBody(sql::Session& session, const std::string& court,
                      ModelRow& row) {
  return session
      .QueryOne(
          "SELECT version, body FROM relevance_models WHERE "
          "court = :court",
          {{"court", court}},
          [&](const sql::Row& r) {
            row.version = r.Int(0);
            row.body = r.Blob(1);
          })
      .status();
}

// Stores version + 1 if the court's model is still at `version`.
absl::Status Swap(sql::Session& session, const std::string& court,
                  std::int64_t version, const RelevanceModel& model,
                  absl::Time now) {
  const sql::Bytes body{model.Serialize()};
  absl::StatusOr<std::int64_t> changed = 0;
  if (version == 0) {
    changed = session.Run(
        "INSERT INTO relevance_models (court, version, documents, "
        "update_time, body) VALUES (:court, 1, :documents, :now, :body) "
        "ON CONFLICT (court) DO NOTHING",
        {{"court", court},
         {"documents", model.documents()},
         {"now", now},
         {"body", body}});
  } else {
    changed = session.Run(
        "UPDATE relevance_models SET version = version + 1, "
        "documents = :documents, update_time = :now, body = :body WHERE "
        "court = :court AND version = :version",
        {{"documents", model.documents()},
         {"now", now},
         {"body", body},
         {"court", court},
         {"version", version}});
  }
  RETURN_IF_ERROR(changed.status());
  if (*changed == 1) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted, "MODEL_MOVED_ON",
                   "another worker stored a newer model");
}

}  // namespace

absl::StatusOr<ModelVersion> ModelStore::Load(const std::string& court) {
  ModelRow row;
  RETURN_IF_ERROR(db_.Read(
      [&](sql::Session& session) { return ReadVersion(session, court, row); }));
  {
    absl::MutexLock lock(&mutex_);
    const auto it = cache_.find(court);
    if (it != cache_.end() && it->second.version == row.version) {
      return it->second;
    }
  }
  ModelVersion loaded;
  if (row.version == 0) {
    loaded.model = std::make_shared<const RelevanceModel>();
  } else {
    RETURN_IF_ERROR(db_.Read(
        [&](sql::Session& session) { return ReadBody(session, court, row); }));
    ASSIGN_OR_RETURN(RelevanceModel model, RelevanceModel::Parse(row.body));
    loaded.version = row.version;
    loaded.model = std::make_shared<const RelevanceModel>(std::move(model));
  }
  absl::MutexLock lock(&mutex_);
  if (cache_.size() >= kCachedCourts) cache_.clear();
  cache_[court] = loaded;
  return loaded;
}

absl::StatusOr<bool> ModelStore::HasWaiting(const std::string& court,
                                            const ModelVersion& known) {
  const std::int64_t enough =
      std::max(kLearnMin, known.model->documents() / 16);
  std::int64_t waiting = 0;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    return session
        .QueryOne(
            "SELECT COUNT(*) FROM (SELECT ticket FROM inspections WHERE "
            "court = :court AND learned = 0 LIMIT :enough) AS t",
            {{"court", court}, {"enough", enough}},
            [&](const sql::Row& row) { waiting = row.Int(0); })
        .status();
  }));
  return waiting >= enough;
}

absl::StatusOr<bool> ModelStore::IsDue(const std::string& court,
                                       absl::Time now) {
  ASSIGN_OR_RETURN(const ModelVersion current, Load(court));
  if (current.model->documents() >= kTrustedDocuments) {
    absl::MutexLock lock(&mutex_);
    if (looked_.size() >= kCachedCourts) looked_.clear();
    absl::Time& looked =
        looked_.try_emplace(court, absl::InfinitePast()).first->second;
    // A clock may have been set back: that must not silence the question.
    if (now >= looked && now - looked < kLook) return false;
    looked = now;
  }
  return HasWaiting(court, current);
}

absl::StatusOr<bool> ModelStore::LearnIfDue(const std::string& court,
                                            absl::Time now, bool all) {
  bool trusted_now = false;
  while (true) {
    ASSIGN_OR_RETURN(const ModelVersion current, Load(court));
    ASSIGN_OR_RETURN(const bool due, HasWaiting(court, current));
    if (!due) return trusted_now;
    const absl::StatusOr<Learned> learned = LearnBatch(court, now);
    // Somebody else learned them: as good.
    if (absl::IsAborted(learned.status())) continue;
    RETURN_IF_ERROR(learned.status());
    trusted_now = trusted_now || learned->trusted_now;
    if (!learned->any || (trusted_now && !all)) return trusted_now;
  }
}

absl::StatusOr<ModelStore::Learned> ModelStore::LearnBatch(
    const std::string& court, absl::Time now) {
  ASSIGN_OR_RETURN(const ModelVersion current, Load(court));
  auto model = std::make_shared<RelevanceModel>(*current.model);
  std::vector<std::string> learned;
  RelevanceModel::Scratch scratch;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    learned.clear();
    *model = *current.model;
    return session.Query(
        "SELECT ticket, ticket_body FROM inspections WHERE court = :court AND "
        "learned = 0 ORDER BY ticket LIMIT :most",
        {{"court", court}, {"most", kLearnBatch}},
        [&](const sql::Row& row) -> absl::Status {
          ticket::v1::Ticket ticket;
          if (!ticket.ParseFromString(row.Blob(1))) {
            return absl::DataLossError("a stored ticket cannot be read");
          }
          const NormalizedText title(ticket.title());
          const NormalizedText content(ticket.content());
          const NormalizedText reply(JoinReplies(ticket));
          model->Learn({title, content, reply}, scratch);
          learned.push_back(row.Text(0));
          return absl::OkStatus();
        });
  }));
  if (learned.empty()) return Learned{};
  const bool trusted_now = current.model->documents() < kTrustedDocuments &&
                           model->documents() >= kTrustedDocuments;
  RETURN_IF_ERROR(db_.Write(court, [&](sql::Session& session) -> absl::Status {
    RETURN_IF_ERROR(Swap(session, court, current.version, *model, now));
    for (const std::string& ticket : learned) {
      RETURN_IF_ERROR(session
                          .Run("UPDATE inspections SET learned = 1 WHERE "
                               "court = :court AND ticket = :ticket",
                               {{"court", court}, {"ticket", ticket}})
                          .status());
    }
    if (!trusted_now) return absl::OkStatus();
    return session
        .Run(
            "UPDATE inspections SET pending = 1, generation = generation + 1 "
            "WHERE court = :court AND provisional = 1",
            {{"court", court}})
        .status();
  }));
  absl::MutexLock lock(&mutex_);
  cache_[court] = {current.version + 1, std::move(model)};
  return Learned{true, trusted_now};
}

absl::StatusOr<v1::RelevanceModel> ModelStore::Describe(
    const std::string& court) {
  ModelRow row;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    RETURN_IF_ERROR(ReadVersion(session, court, row));
    return ReadBody(session, court, row);
  }));
  v1::RelevanceModel model;
  model.set_name(absl::StrCat("courts/", court, "/relevanceModel"));
  model.set_version(row.version);
  model.set_documents(row.documents);
  model.set_size_bytes(static_cast<std::int64_t>(row.body.size()));
  if (row.version > 0)
    *model.mutable_update_time() = ToTimestamp(row.update_time);
  return model;
}

}  // namespace huifang::grading
