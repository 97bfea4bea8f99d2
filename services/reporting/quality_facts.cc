// Inspections, grades and rubrics, as WatchGrades tells them.
#include <set>

#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/criteria_facts.h"
#include "services/reporting/fact_columns.h"
#include "services/reporting/facts_store.h"

namespace huifang::reporting {
namespace {

namespace grading = huifang::grading::v1;

constexpr char kUpsertInspection[] = R"(
INSERT INTO quality_facts (court, ticket_id, inspection_version, closed_day,
  division, team, handler, inspected, flagged, over_simplified, proposed_tier,
  proposed_pass, graded, tier, passed, grade_time, rubric, inspection, grade)
VALUES (:court, :ticket_id, :version, :closed_day, :division, :team, :handler,
  :inspected, :flagged, :over_simplified, :proposed_tier, :proposed_pass,
  0, '', 0, 0, :rubric, :inspection, :no_grade)
ON CONFLICT (court, ticket_id) DO UPDATE SET
  inspection_version = excluded.inspection_version,
  closed_day = excluded.closed_day, division = excluded.division,
  team = excluded.team, handler = excluded.handler,
  inspected = excluded.inspected, flagged = excluded.flagged,
  over_simplified = excluded.over_simplified,
  proposed_tier = excluded.proposed_tier,
  proposed_pass = excluded.proposed_pass, rubric = excluded.rubric,
  inspection = excluded.inspection
WHERE excluded.inspection_version > quality_facts.inspection_version
  OR (excluded.inspection_version = quality_facts.inspection_version
      AND excluded.inspected < quality_facts.inspected))";

constexpr char kUpsertGrade[] = R"(
INSERT INTO quality_facts (court, ticket_id, inspection_version, closed_day,
  division, team, handler, inspected, flagged, over_simplified, proposed_tier,
  proposed_pass, graded, tier, passed, grade_time, grade_rubric, inspection,
  grade)
VALUES (:court, :ticket_id, 0, :closed_day, :division, :team, :handler, 0, 0,
  0, '', 0, 1, :tier, :passed, :grade_time, :grade_rubric, :no_inspection,
  :grade)
ON CONFLICT (court, ticket_id) DO UPDATE SET
  graded = 1, tier = excluded.tier, passed = excluded.passed,
  grade_time = excluded.grade_time, grade_rubric = excluded.grade_rubric,
  grade = excluded.grade
WHERE excluded.grade_time >= quality_facts.grade_time)";

absl::Status ReplaceFindings(sql::Session& session, const std::string& court,
                             const grading::Inspection& inspection) {
  const std::string id = IdOf(inspection.ticket());
  RETURN_IF_ERROR(session
                      .Run("DELETE FROM finding_facts WHERE court = :court "
                           "AND ticket_id = :id",
                           {{"court", court}, {"id", id}})
                      .status());
  if (inspection.state() != grading::Inspection::STATE_DONE) {
    return absl::OkStatus();
  }
  std::set<std::string> rules;
  for (const grading::Finding& finding : inspection.findings()) {
    if (!rules.insert(finding.rule_id()).second) continue;
    RETURN_IF_ERROR(
        session
            .Run("INSERT INTO finding_facts (court, ticket_id, rule, "
                 "closed_day, division, team) VALUES (:court, :id, :rule, "
                 ":closed_day, :division, :team)",
                 {{"court", court},
                  {"id", id},
                  {"rule", finding.rule_id()},
                  {"closed_day", DayNumberOf(inspection.closed_time())},
                  {"division", IdOf(inspection.division())},
                  {"team", IdOf(inspection.team())}})
            .status());
    if (finding.display_name().empty()) continue;
    // Only written when it is new: events of one rule come by the thousand.
    RETURN_IF_ERROR(
        session
            .Run("INSERT INTO display_names (court, name, display_name) "
                 "VALUES (:court, :name, :display_name) "
                 "ON CONFLICT (court, name) DO UPDATE "
                 "SET display_name = excluded.display_name "
                 "WHERE display_names.display_name <> excluded.display_name",
                 {{"court", court},
                  {"name", "rules/" + finding.rule_id()},
                  {"display_name", finding.display_name()}})
            .status());
  }
  return absl::OkStatus();
}

// Findings, and what follows from them, of the inspection and grade on record.
absl::Status DeriveFindings(sql::Session& session, const std::string& court,
                            const std::string& id) {
  std::string inspection_body;
  std::string grade_body;
  RETURN_IF_ERROR(session
                      .QueryOne("SELECT inspection, grade FROM quality_facts "
                                "WHERE court = :court AND ticket_id = :id",
                                {{"court", court}, {"id", id}},
                                [&](const sql::Row& row) {
                                  inspection_body = row.Blob(0);
                                  grade_body = row.Blob(1);
                                })
                      .status());
  if (inspection_body.empty()) return absl::OkStatus();
  grading::Inspection inspection;
  grading::Grade grade;
  if (!inspection.ParseFromString(inspection_body) ||
      !grade.ParseFromString(grade_body)) {
    return absl::DataLossError("a stored fact cannot be read");
  }
  StrikeOut(grade, inspection);
  bool over_simplified = false;
  for (const grading::Finding& finding : inspection.findings()) {
    over_simplified |= IsOverSimplified(finding.rule_id());
  }
  RETURN_IF_ERROR(
      session
          .Run("UPDATE quality_facts SET over_simplified = :over_simplified "
               "WHERE court = :court AND ticket_id = :id",
               {{"court", court},
                {"id", id},
                {"over_simplified", over_simplified}})
          .status());
  return ReplaceFindings(session, court, inspection);
}

absl::Status UpsertInspection(sql::Session& session, const std::string& court,
                              const grading::Inspection& inspection) {
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run(
          kUpsertInspection,
          {{"court", court},
           {"ticket_id", IdOf(inspection.ticket())},
           {"version", std::int64_t{inspection.version()}},
           {"closed_day", DayNumberOf(inspection.closed_time())},
           {"division", IdOf(inspection.division())},
           {"team", IdOf(inspection.team())},
           {"handler", IdOf(inspection.handler())},
           {"inspected", inspection.state() == grading::Inspection::STATE_DONE},
           {"flagged", inspection.flagged()},
           {"over_simplified", false},
           {"proposed_tier", inspection.proposed_tier()},
           {"proposed_pass", inspection.proposed_pass()},
           {"rubric",
            RubricKey(inspection.rubric(), inspection.rubric_version())},
           {"inspection", sql::Bytes{inspection.SerializeAsString()}},
           {"no_grade", sql::Bytes{}}}));
  if (changed == 0) return absl::OkStatus();
  return DeriveFindings(session, court, IdOf(inspection.ticket()));
}

// The newest grade that counts stands for the ticket.
absl::Status SetGrade(sql::Session& session, const std::string& court,
                      const grading::Grade& grade) {
  if (!grade.counts() || grade.subject() == grading::SUBJECT_CALL) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run(
          kUpsertGrade,
          {{"court", court},
           {"ticket_id", IdOf(grade.ticket())},
           {"closed_day", DayNumberOf(grade.closed_time())},
           {"division", IdOf(grade.division())},
           {"team", IdOf(grade.team())},
           {"handler", IdOf(grade.handler())},
           {"tier", grade.tier()},
           {"passed", grade.passed()},
           {"grade_time",
            MicrosOf(grade.has_create_time(), grade.create_time())},
           {"grade_rubric", RubricKey(grade.rubric(), grade.rubric_version())},
           {"no_inspection", sql::Bytes{}},
           {"grade", sql::Bytes{grade.SerializeAsString()}}}));
  if (changed == 0) return absl::OkStatus();
  return DeriveFindings(session, court, IdOf(grade.ticket()));
}

// An appraisal waits for appeals; reports do not. Events of one court come in
// order, but may come again.
absl::Status SetAppeal(sql::Session& session, const std::string& court,
                       const grading::Appeal& appeal) {
  return session
      .Run(
          "INSERT INTO appeal_facts (court, appeal_id, ticket_id, open) "
          "VALUES (:court, :id, :ticket, :open) "
          "ON CONFLICT (court, appeal_id) DO UPDATE SET open = excluded.open "
          "WHERE appeal_facts.open = 1",
          {{"court", court},
           {"id", IdOf(appeal.name())},
           {"ticket", IdOf(appeal.ticket())},
           {"open", appeal.state() == grading::Appeal::STATE_OPEN}})
      .status();
}

absl::Status SetTiers(sql::Session& session, const std::string& court,
                      const grading::Rubric& rubric) {
  if (rubric.subject() == grading::SUBJECT_CALL) return absl::OkStatus();
  RETURN_IF_ERROR(
      session.Run("DELETE FROM tiers WHERE court = :court", {{"court", court}})
          .status());
  bool passes = true;
  int position = 0;
  for (const grading::Tier& tier : rubric.tiers()) {
    RETURN_IF_ERROR(
        session
            .Run("INSERT INTO tiers (court, position, code, display_name, "
                 "passes) VALUES (:court, :position, :code, :display_name, "
                 ":passes)",
                 {{"court", court},
                  {"position", position++},
                  {"code", tier.code()},
                  {"display_name", tier.display_name()},
                  {"passes", passes}})
            .status());
    // Tiers come best first; those after the lowest passing one fail.
    if (tier.code() == rubric.pass_rule().lowest_passing_tier()) {
      passes = false;
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyGradeEvent(sql::Session& session,
                             const grading::GradeEvent& event) {
  if (event.has_inspection() && !event.inspection().ticket().empty()) {
    RETURN_IF_ERROR(
        UpsertInspection(session, event.court(), event.inspection()));
  }
  if (event.has_grade() && !event.grade().ticket().empty()) {
    RETURN_IF_ERROR(SetGrade(session, event.court(), event.grade()));
  }
  if (event.has_appeal() && event.grade().subject() != grading::SUBJECT_CALL) {
    RETURN_IF_ERROR(SetAppeal(session, event.court(), event.appeal()));
  }
  if (event.has_rubric()) {
    RETURN_IF_ERROR(SetTiers(session, event.court(), event.rubric()));
    RETURN_IF_ERROR(UpsertRubric(session, event.court(), event.rubric()));
  }
  return absl::OkStatus();
}

}  // namespace huifang::reporting
