// Rows that hang on other rows: orphans in one database, and the facts of
// reporting, which must be what its sources last told it.
#include "absl/strings/str_cat.h"
#include "clients/cli/admin/check.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::cli::admin {
namespace {

struct Orphan {
  Service service;
  const char* table;
  const char* key;  // SQL, of the row `c`
  const char* parent;
  const char* on;  // SQL that joins `c` and its parent `p`
};

constexpr Orphan kOrphans[] = {
    {Service::kTicket, "timeline", "c.court || '/' || c.ticket_id", "tickets",
     "p.court = c.court AND p.ticket_id = c.ticket_id"},
    {Service::kCallback, "draw_periods", "c.court || '/' || c.draw_id", "draws",
     "p.court = c.court AND p.draw_id = c.draw_id"},
    {Service::kCallback, "draw_frames", "c.court || '/' || c.draw_id", "draws",
     "p.court = c.court AND p.draw_id = c.draw_id"},
    {Service::kGrading, "reply_bands", "c.court || '/' || c.ticket",
     "inspections", "p.court = c.court AND p.ticket = c.ticket"},
    {Service::kReporting, "finding_facts", "c.court || '/' || c.ticket_id",
     "quality_facts", "p.court = c.court AND p.ticket_id = c.ticket_id"},
};

// A table of facts, and the table of the source that it projects.
struct Facts {
  const char* table;
  const char* id_column;
  const char* version_column;
  Service source;
  const char* source_table;
  const char* source_id_column;
  const char* collection;
  // Which rows of the source are told of as such.
  const char* source_where = "";
};

constexpr Facts kFacts[] = {
    {"ticket_facts", "ticket_id", "version", Service::kTicket, "tickets",
     "ticket_id", "tickets"},
    {"call_facts", "callback_id", "version", Service::kCallback, "callbacks",
     "callback_id", "callbacks", " WHERE recall_of = ''"},
    {"draw_facts", "draw", "version", Service::kCallback, "draws", "draw_id",
     "draws"},
    {"quality_facts", "ticket_id", "inspection_version", Service::kGrading,
     "inspections", "ticket", "inspections"},
};

absl::Status CheckFactsOf(Check& check, const Facts& facts,
                          sql::Session& reporting, sql::Session& source) {
  const auto add = [&](const std::string& key, absl::string_view problem) {
    check.findings.Add(
        Service::kReporting, facts.table, key, problem,
        absl::StrCat("reports would count wrongly: restore reporting with ",
                     NameOf(facts.source), " from one backup"));
  };
  RETURN_IF_ERROR(reporting.Scan(
      absl::StrCat("SELECT court, ", facts.id_column, ", ",
                   facts.version_column, " FROM ", facts.table),
      [&](const sql::Row& row) {
        const std::string key = absl::StrCat(row.Text(0), "/", row.Text(1));
        NameIndex::Entry* entry = check.names.Find(
            MakeResourceName(row.Text(0), facts.collection, row.Text(1)));
        const std::int64_t version = row.Int(2);
        if (entry == nullptr) {
          add(key, "facts of a resource that does not exist");
          return absl::OkStatus();
        }
        entry->seen = true;
        if (version > entry->version) {
          add(absl::StrCat(key, ": version ", version, ", source ",
                           entry->version),
              "facts newer than their source");
        } else if (version != entry->applied) {
          add(absl::StrCat(key, ": version ", version, ", told ",
                           entry->applied),
              "facts of another version than reporting was last told");
        }
        return absl::OkStatus();
      }));
  return source.Scan(
      absl::StrCat("SELECT court, ", facts.source_id_column, " FROM ",
                   facts.source_table, facts.source_where),
      [&](const sql::Row& row) {
        const NameIndex::Entry* entry = check.names.Find(
            MakeResourceName(row.Text(0), facts.collection, row.Text(1)));
        if (entry != nullptr && entry->applied > 0 && !entry->seen) {
          add(absl::StrCat(row.Text(0), "/", row.Text(1)),
              "no facts of a resource that reporting was told of");
        }
        return absl::OkStatus();
      });
}

}  // namespace

absl::Status CheckOrphans(Check& check, Service service,
                          sql::Session& session) {
  for (const Orphan& orphan : kOrphans) {
    if (orphan.service != service) continue;
    check.progress(orphan.table, 0);
    RETURN_IF_ERROR(session.Scan(
        absl::StrCat("SELECT ", orphan.key, " FROM ", orphan.table,
                     " c WHERE NOT EXISTS (SELECT 1 FROM ", orphan.parent,
                     " p WHERE ", orphan.on, ")"),
        [&](const sql::Row& row) {
          check.findings.Add(
              service, orphan.table, row.Text(0),
              absl::StrCat("its row in ", orphan.parent, " does not exist"),
              kRestoreAll);
          return absl::OkStatus();
        }));
  }
  return absl::OkStatus();
}

absl::Status CheckFacts(Check& check, sql::Session& reporting) {
  for (const Facts& facts : kFacts) {
    sql::Session* source = check.Find(facts.source);
    if (source == nullptr) continue;
    check.progress(facts.table, 0);
    RETURN_IF_ERROR(CheckFactsOf(check, facts, reporting, *source));
  }
  return absl::OkStatus();
}

}  // namespace huifang::cli::admin
