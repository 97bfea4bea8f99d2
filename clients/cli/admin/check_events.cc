// The event log, where its consumers stand in it, and the request log.
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/admin/check.h"
#include "clients/cli/admin/resource_tables.h"
#include "huifang/callback/v1/callback_service.pb.h"
#include "huifang/grading/v1/grading_service.pb.h"
#include "huifang/reporting/v1/reporting_service.pb.h"
#include "huifang/ticket/v1/directory_service.pb.h"
#include "huifang/ticket/v1/ticket_service.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli::admin {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kLost[] =
    "events are lost: restore all four services from one backup";

// The streams by the name under which consumers keep their place.
const std::map<std::string, Service>& Streams() {
  static const auto* const kStreams =
      new std::map<std::string, Service>{{"tickets", Service::kTicket},
                                         {"callbacks", Service::kCallback},
                                         {"grades", Service::kGrading}};
  return *kStreams;
}

absl::StatusOr<std::map<int, std::int64_t>> HeadsIn(sql::Session& session) {
  std::map<int, std::int64_t> heads;
  RETURN_IF_ERROR(session.Query(
      "SELECT shard, sequence FROM event_heads", {}, [&](const sql::Row& row) {
        heads[static_cast<int>(row.Int(0))] = row.Int(1);
        return absl::OkStatus();
      }));
  return heads;
}

// How far reporting has applied the events of `service`, by shard.
absl::StatusOr<std::map<int, std::int64_t>> AppliedTo(const Check& check,
                                                      Service service) {
  std::map<int, std::int64_t> applied;
  sql::Session* reporting = check.Find(Service::kReporting);
  if (reporting == nullptr) return applied;
  RETURN_IF_ERROR(
      reporting->Query("SELECT stream, shard, sequence FROM checkpoints", {},
                       [&](const sql::Row& row) {
                         if (SourceOf(row.Text(0)) == service) {
                           applied[static_cast<int>(row.Int(1))] = row.Int(2);
                         }
                         return absl::OkStatus();
                       }));
  return applied;
}

// Calls `each` with every resource that `message` holds as a field.
void ForResources(
    const Message& message,
    absl::FunctionRef<void(const std::string& name, std::int64_t version)>
        each) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->is_repeated() ||
        field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      continue;
    }
    const Message& one = message.GetReflection()->GetMessage(message, field);
    const FieldDescriptor* name = one.GetDescriptor()->FindFieldByName("name");
    if (name == nullptr ||
        name->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
      continue;
    }
    const FieldDescriptor* version =
        one.GetDescriptor()->FindFieldByName("version");
    std::int64_t number = 0;
    if (version != nullptr) {
      const auto& reflection = *one.GetReflection();
      number = version->cpp_type() == FieldDescriptor::CPPTYPE_INT64
                   ? reflection.GetInt64(one, version)
                   : reflection.GetInt32(one, version);
    }
    const std::string text = one.GetReflection()->GetString(one, name);
    if (!text.empty()) each(text, number);
  }
}

// Walks the events of one service in order.
class EventWalk {
 public:
  EventWalk(Check& check, Service service, std::map<int, std::int64_t> heads,
            std::map<int, std::int64_t> applied)
      : check_(check),
        service_(service),
        heads_(std::move(heads)),
        applied_(std::move(applied)),
        event_(EventOf(service).New()) {}

  void Look(const sql::Row& row) {
    const auto shard = static_cast<int>(row.Int(0));
    const std::int64_t sequence = row.Int(1);
    if (shard != shard_) EndShard();
    shard_ = shard;
    if (sequence != last_ + 1) Missing(last_ + 1, sequence - 1);
    last_ = sequence;
    const std::string key = absl::StrCat("shard ", shard, " event ", sequence);
    if (sql::ShardOf(row.Text(2)) != shard) {
      Add(key, "lies in a shard that is not its court's", kReportBug);
    }
    if (!event_->ParseFromString(row.Blob(3))) {
      Add(key, "cannot be read", kRestoreAll);
      return;
    }
    ForResources(*event_, [&](const std::string& name, std::int64_t version) {
      LookAtResource(key, name, version);
    });
  }

  void Finish() {
    EndShard();
    for (const auto& [shard, head] : heads_) {
      // Shards that have a head but not one event.
      if (head > 0) {
        shard_ = shard;
        Missing(1, head);
      }
    }
  }

 private:
  void EndShard() {
    if (shard_ < 0) return;
    const auto head = heads_.find(shard_);
    const std::int64_t stated = head == heads_.end() ? 0 : head->second;
    if (stated > last_) Missing(last_ + 1, stated);
    if (stated < last_) {
      check_.findings.Add(
          service_, "event_heads",
          absl::StrCat("shard ", shard_, ": head ", stated, ", last event ",
                       last_),
          "the head is behind its events: the next one cannot be written",
          absl::StrCat("with the service stopped, set the head's sequence to "
                       "that of the last event"));
    }
    if (head != heads_.end()) heads_.erase(head);
    last_ = 0;
  }

  void Missing(std::int64_t first, std::int64_t last) {
    Add(absl::StrCat("shard ", shard_, " events ", first, " to ", last),
        "missing below the head", kLost);
  }

  void LookAtResource(const std::string& key, const std::string& name,
                      std::int64_t version) {
    if (!check_.names.Covers(CollectionOf(name))) return;
    NameIndex::Entry* entry = check_.names.Find(name);
    if (entry == nullptr) {
      Add(absl::StrCat(key, " → ", name), "its resource does not exist",
          kRestoreAll);
      return;
    }
    if (entry->version > 0 && version > entry->version) {
      Add(absl::StrCat(key, " → ", name),
          "tells of a newer version than is stored", kRestoreAll);
    }
    const auto applied = applied_.find(shard_);
    if (applied != applied_.end() && last_ <= applied->second) {
      entry->applied =
          std::max(entry->applied, static_cast<std::int32_t>(version));
    }
  }

  void Add(const std::string& key, absl::string_view problem,
           absl::string_view next) {
    check_.findings.Add(service_, "events", key, problem, next);
  }

  Check& check_;
  const Service service_;
  std::map<int, std::int64_t> heads_;
  const std::map<int, std::int64_t> applied_;
  const std::unique_ptr<Message> event_;
  int shard_ = -1;
  std::int64_t last_ = 0;
};

// The services that `service` offers, whose methods the request log names.
std::vector<const google::protobuf::FileDescriptor*> FilesOf(Service service) {
  switch (service) {
    case Service::kTicket:
      return {ticket::v1::GetTicketRequest::descriptor()->file(),
              ticket::v1::GetDirectoryRequest::descriptor()->file()};
    case Service::kCallback:
      return {callback::v1::GetDrawRequest::descriptor()->file()};
    case Service::kGrading:
      return {grading::v1::ListGradesRequest::descriptor()->file()};
    case Service::kReporting:
      return {reporting::v1::BuildReportRequest::descriptor()->file()};
  }
  return {};
}

// An empty answer of the method; null if there is no such method.
std::unique_ptr<Message> AnswerOf(Service service, const std::string& method) {
  for (const auto* file : FilesOf(service)) {
    for (int i = 0; i < file->service_count(); ++i) {
      const auto* found = file->service(i)->FindMethodByName(method);
      if (found == nullptr) continue;
      return std::unique_ptr<Message>(
          google::protobuf::MessageFactory::generated_factory()
              ->GetPrototype(found->output_type())
              ->New());
    }
  }
  return nullptr;
}

}  // namespace

std::optional<Service> SourceOf(absl::string_view stream) {
  const auto found = Streams().find(std::string(stream));
  if (found == Streams().end()) return std::nullopt;
  return found->second;
}

absl::Status CheckEvents(Check& check, Service service, sql::Session& session) {
  ASSIGN_OR_RETURN(auto heads, HeadsIn(session));
  ASSIGN_OR_RETURN(auto applied, AppliedTo(check, service));
  EventWalk walk(check, service, std::move(heads), std::move(applied));
  std::int64_t rows = 0;
  RETURN_IF_ERROR(
      session.Scan("SELECT shard, sequence, court, payload FROM events "
                   "ORDER BY shard, sequence",
                   [&](const sql::Row& row) {
                     walk.Look(row);
                     if (++rows % kProgressRows == 0)
                       check.progress("events", rows);
                     return absl::OkStatus();
                   }));
  walk.Finish();
  return absl::OkStatus();
}

absl::Status CheckCheckpoints(Check& check, Service service,
                              sql::Session& session) {
  std::map<Service, std::map<int, std::int64_t>> heads;
  for (const auto& [source, opened] : check.sessions) {
    ASSIGN_OR_RETURN(heads[source], HeadsIn(*opened));
  }
  return session.Query(
      "SELECT stream, shard, sequence FROM checkpoints", {},
      [&](const sql::Row& row) {
        const std::optional<Service> source = SourceOf(row.Text(0));
        const auto shard = static_cast<int>(row.Int(1));
        const std::string key = absl::StrCat(row.Text(0), " shard ", shard);
        if (!source.has_value() || shard < 0 || shard >= sql::kShardCount) {
          check.findings.Add(service, "checkpoints", key,
                             "there is no such stream or shard", kReportBug);
          return absl::OkStatus();
        }
        const auto of_source = heads.find(*source);
        if (of_source == heads.end()) return absl::OkStatus();
        const std::int64_t head = of_source->second[shard];
        if (row.Int(2) > head) {
          check.findings.Add(
              service, "checkpoints",
              absl::StrCat(key, ": ", row.Int(2), ", head ", head),
              absl::StrCat("has applied events that ", NameOf(*source),
                           " does not have"),
              absl::StrCat("stop ", NameOf(service), ": ", NameOf(*source),
                           " was put back to an older state; restore ",
                           NameOf(service), " from the same backup"));
        }
        return absl::OkStatus();
      });
}

absl::Status CheckRequests(Check& check, Service service,
                           sql::Session& session) {
  return session.Scan(
      "SELECT court, method, request_id, response FROM requests",
      [&](const sql::Row& row) {
        const std::string key =
            absl::StrCat(row.Text(0), "/", row.Text(1), "/", row.Text(2));
        const std::unique_ptr<Message> answer = AnswerOf(service, row.Text(1));
        if (answer == nullptr) return absl::OkStatus();
        if (!answer->ParseFromString(row.Blob(3))) {
          check.findings.Add(service, "requests", key,
                             "the stored answer cannot be read", kReportBug);
          return absl::OkStatus();
        }
        const auto look = [&](const std::string& name, std::int64_t) {
          // Relations may be deleted; built-in plans and rubrics have no row.
          const std::string collection(CollectionOf(name));
          if (collection == "relations" || collection == "plans" ||
              collection == "rubrics" || !check.names.Covers(collection) ||
              check.names.Find(name) != nullptr) {
            return;
          }
          check.findings.Add(
              service, "requests", absl::StrCat(key, " → ", name),
              "was answered with a resource that does not exist", kRestoreAll);
        };
        const FieldDescriptor* name =
            answer->GetDescriptor()->FindFieldByName("name");
        if (name != nullptr) {
          look(answer->GetReflection()->GetString(*answer, name), 0);
        }
        ForResources(*answer, look);
        return absl::OkStatus();
      });
}

}  // namespace huifang::cli::admin
