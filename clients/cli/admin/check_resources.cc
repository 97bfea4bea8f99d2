// Rows of resources: their names, bodies, states and references.
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/admin/check.h"
#include "clients/cli/admin/resource_tables.h"
#include "huifang/ticket/v1/ticket_events.pb.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::cli::admin {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* FieldOf(const Message& body, const char* field) {
  return body.GetDescriptor()->FindFieldByName(field);
}

std::string TextOf(const Message& body, const char* field) {
  const FieldDescriptor* found = FieldOf(body, field);
  const auto& reflection = *body.GetReflection();
  switch (found->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(body, found);
    case FieldDescriptor::CPPTYPE_ENUM:
      return absl::StrCat(reflection.GetEnumValue(body, found));
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(reflection.GetInt32(body, found));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(reflection.GetInt64(body, found));
    default:
      return "";
  }
}

// Columns of a resource's row, in this order, then the copies.
constexpr int kCourt = 0;
constexpr int kId = 1;
constexpr int kBody = 2;
constexpr int kVersion = 3;
constexpr int kState = 4;
constexpr int kCopies = 5;

std::string SelectOf(const ResourceTable& table) {
  std::string sql = absl::StrCat("SELECT court, ", table.id_column, ", body, ",
                                 table.versioned ? "version" : "0", ", ",
                                 table.stateful ? "state" : "0");
  for (const Copy& copy : table.copies) {
    absl::StrAppend(&sql, ", ", copy.column);
  }
  return absl::StrCat(sql, " FROM ", table.table);
}

// Checks the rows of one table, one after the other.
class RowChecker {
 public:
  RowChecker(Check& check, const ResourceTable& table)
      : check_(check), table_(table), body_(table.body->New()) {}

  void Look(const sql::Row& row) {
    key_ = absl::StrCat(row.Text(kCourt), "/", row.Text(kId));
    const std::string bytes = row.Blob(kBody);
    // A row that waits for its first event has no body yet.
    if (bytes.empty() && table_.versioned && row.Int(kVersion) == 0) return;
    if (!body_->ParseFromString(bytes)) {
      Add("", "its body cannot be read", kRestoreAll);
      return;
    }
    const std::string named = TextOf(*body_, "name");
    if (!named.empty() &&
        named != MakeResourceName(row.Text(kCourt), table_.collection,
                                  row.Text(kId))) {
      Add("", "its body is that of another resource", kRestoreAll);
    }
    if (table_.versioned && TextOf(*body_, "version") != row.Text(kVersion)) {
      Add("", "column version is not what its body says", kReportBug);
    }
    if (table_.stateful) LookAtState(row);
    for (std::size_t i = 0; i < table_.copies.size(); ++i) {
      LookAtCopy(table_.copies[i], row.Text(kCopies + static_cast<int>(i)));
    }
    for (const char* field : table_.references) LookAtReference(field);
  }

 private:
  void LookAtState(const sql::Row& row) {
    const auto& states = *FieldOf(*body_, "state")->enum_type();
    const auto state = static_cast<int>(row.Int(kState));
    if (state == 0 || states.FindValueByNumber(state) == nullptr) {
      Add(absl::StrCat(" ", state), "there is no such state", kReportBug);
    }
    if (TextOf(*body_, "state") != row.Text(kState)) {
      Add("", "column state is not what its body says", kReportBug);
    }
  }

  void LookAtCopy(const Copy& copy, const std::string& column) {
    const std::string field = TextOf(*body_, copy.field);
    if (column == field || column == ResourceId(field)) return;
    Add("", absl::StrCat("column ", copy.column, " is not what its body says"),
        kReportBug);
  }

  void LookAtReference(const char* field) {
    const std::string target = TextOf(*body_, field);
    const absl::string_view collection = CollectionOf(target);
    if (target.empty() || !check_.names.Covers(collection) ||
        check_.names.Find(target) != nullptr) {
      return;
    }
    Add(absl::StrCat(" → ", target),
        absl::StrCat("its ", field, " does not exist"),
        collection == "staff" || collection == "teams" ||
                collection == "divisions"
            ? "import the directory again (huifangctl directory import)"
            : kRestoreAll);
  }

  void Add(const std::string& more, absl::string_view problem,
           absl::string_view next) {
    check_.findings.Add(table_.service, table_.table, absl::StrCat(key_, more),
                        problem, next);
  }

  Check& check_;
  const ResourceTable& table_;
  std::unique_ptr<Message> body_;
  std::string key_;
};

absl::Status IndexDirectory(Check& check, sql::Session& session) {
  for (const char* collection : {"divisions", "teams", "staff"}) {
    check.names.Cover(collection);
  }
  return session.Scan(
      "SELECT court, body FROM directories", [&](const sql::Row& row) {
        ticket::v1::Directory directory;
        if (!directory.ParseFromString(row.Blob(1))) {
          check.findings.Add(Service::kTicket, "directories", row.Text(0),
                             "its body cannot be read",
                             "import the directory again (huifangctl directory "
                             "import)");
          return absl::OkStatus();
        }
        for (const auto& one : directory.divisions()) {
          check.names.Add(one.name());
        }
        for (const auto& one : directory.teams()) check.names.Add(one.name());
        for (const auto& one : directory.staff()) check.names.Add(one.name());
        return absl::OkStatus();
      });
}

}  // namespace

absl::Status IndexNames(Check& check, Service service, sql::Session& session) {
  if (service == Service::kTicket) {
    RETURN_IF_ERROR(IndexDirectory(check, session));
  }
  for (const ResourceTable& table : ResourceTables()) {
    if (table.service != service) continue;
    check.names.Cover(table.collection);
    std::int64_t rows = 0;
    RETURN_IF_ERROR(session.Scan(
        absl::StrCat("SELECT court, ", table.id_column, ", ",
                     table.versioned ? "version" : "0", " FROM ", table.table),
        [&](const sql::Row& row) {
          NameIndex::Entry& entry = check.names.Add(
              MakeResourceName(row.Text(0), table.collection, row.Text(1)));
          entry.version = static_cast<std::int32_t>(row.Int(2));
          if (++rows % kProgressRows == 0) {
            check.progress(absl::StrCat("names of ", table.table), rows);
          }
          return absl::OkStatus();
        }));
  }
  return absl::OkStatus();
}

absl::Status CheckResources(Check& check, Service service,
                            sql::Session& session) {
  for (const ResourceTable& table : ResourceTables()) {
    if (table.service != service) continue;
    RowChecker checker(check, table);
    std::int64_t rows = 0;
    RETURN_IF_ERROR(session.Scan(SelectOf(table), [&](const sql::Row& row) {
      checker.Look(row);
      if (++rows % kProgressRows == 0) check.progress(table.table, rows);
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

}  // namespace huifang::cli::admin
