#include "services/ticket/case_store.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/ids.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::ticket {

absl::StatusOr<v1::Case> CaseStore::Get(const std::string& court,
                                        const std::string& id,
                                        const std::string& case_number,
                                        bool unmask) {
  v1::Case masked;
  std::string sealed;
  bool found = false;
  bool readable = true;
  const bool by_number = id == "-";
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(
        found,
        session.QueryOne(
            by_number ? "SELECT body, sealed FROM cases WHERE court = :court "
                        "AND case_number = :key"
                      : "SELECT body, sealed FROM cases WHERE court = :court "
                        "AND case_id = :key",
            {{"court", court}, {"key", by_number ? case_number : id}},
            [&](const sql::Row& row) {
              readable = masked.ParseFromString(row.Blob(0));
              sealed = row.Blob(1);
            }));
    return absl::OkStatus();
  }));
  if (!found) {
    return MakeError(absl::StatusCode::kNotFound, "NO_CASE",
                     "the court has imported no such case");
  }
  if (!readable) return absl::DataLossError("a stored case cannot be read");
  if (!unmask) return masked;
  ASSIGN_OR_RETURN(const std::string plain,
                   sealer_.Open(sealed, masked.name()));
  v1::Case parties;
  if (!parties.ParseFromString(plain)) {
    return absl::DataLossError("sealed parties cannot be read");
  }
  *masked.mutable_parties() = parties.parties();
  return masked;
}

absl::StatusOr<bool> CaseStore::Upsert(sql::Session& session,
                                       const std::string& court, absl::Time now,
                                       v1::Case one) {
  std::string id;
  std::int64_t version = 0;
  ASSIGN_OR_RETURN(
      const bool known,
      session.QueryOne("SELECT case_id, body FROM cases WHERE "
                       "court = :court AND case_number = :number",
                       {{"court", court}, {"number", one.case_number()}},
                       [&](const sql::Row& row) {
                         id = row.Text(0);
                         v1::Case before;
                         if (before.ParseFromString(row.Blob(1)) &&
                             !absl::SimpleAtoi(before.etag(), &version)) {
                           version = 0;
                         }
                       }));
  if (!known) id = NewUuid7(now);
  one.set_name(MakeResourceName(court, "cases", id));
  one.set_etag(absl::StrCat(version + 1));
  v1::Case personal;
  *personal.mutable_parties() = one.parties();
  const std::string sealed =
      sealer_.Seal(personal.SerializeAsString(), one.name());
  for (v1::Party& party : *one.mutable_parties()) {
    party.set_display_name(MaskName(party.display_name()));
    party.clear_party_id();
  }
  RETURN_IF_ERROR(
      session
          .Run("INSERT INTO cases (court, case_number, case_id, body, sealed) "
               "VALUES (:court, :number, :id, :body, :sealed) "
               "ON CONFLICT (court, case_number) DO UPDATE SET "
               "body = :body, sealed = :sealed",
               {{"court", court},
                {"number", one.case_number()},
                {"id", id},
                {"body", sql::Bytes{one.SerializeAsString()}},
                {"sealed", sql::Bytes{sealed}}})
          .status());
  return !known;
}

absl::StatusOr<std::vector<v1::TimelineEntry>> CaseStore::Milestones(
    const std::string& court, const std::string& case_number) {
  std::vector<v1::TimelineEntry> entries;
  absl::StatusOr<v1::Case> one = Get(court, "-", case_number, /*unmask=*/false);
  if (absl::IsNotFound(one.status())) return entries;
  RETURN_IF_ERROR(one.status());
  for (const v1::CaseMilestone& milestone : one->milestones()) {
    v1::TimelineEntry& entry = entries.emplace_back();
    entry.set_type(v1::TimelineEntry::TYPE_MILESTONE);
    *entry.mutable_entry_time() = milestone.milestone_time();
    entry.set_detail(milestone.title());
  }
  return entries;
}

}  // namespace huifang::ticket
