#include "services/common/admission.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/common/crypto.h"
#include "services/common/error.h"
#include "services/common/grpc_time.h"
#include "services/common/ids.h"
#include "services/common/status_macros.h"
#include "services/common/steady_time.h"

namespace huifang {
namespace {

absl::Status BadFile(absl::string_view why) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_TOKEN_FILE",
                   absl::StrCat("the token file cannot be used: ", why));
}

bool Lists(const char* roles, const std::string& role) {
  const std::vector<absl::string_view> all = absl::StrSplit(roles, ' ');
  return std::any_of(all.begin(), all.end(), [&](absl::string_view one) {
    return one == "*" || one == role;
  });
}

std::string Metadata(const grpc::ServerContextBase& context, const char* key) {
  const auto it = context.client_metadata().find(key);
  if (it == context.client_metadata().end()) return "";
  return std::string(it->second.data(), it->second.size());
}

}  // namespace

absl::StatusOr<std::unique_ptr<TokenAdmission>> TokenAdmission::FromFile(
    const std::string& path, Clock& clock) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return BadFile(absl::StrCat(path, " cannot be read"));
  return FromJson(text.str(), clock);
}

absl::StatusOr<std::unique_ptr<TokenAdmission>> TokenAdmission::FromJson(
    absl::string_view json, Clock& clock) {
  const auto root = nlohmann::json::parse(json.begin(), json.end(), nullptr,
                                          /*allow_exceptions=*/false);
  if (!root.is_object() || !root.contains("tokens") ||
      !root["tokens"].is_array()) {
    return BadFile("want {\"tokens\": [...]}");
  }
  std::unique_ptr<TokenAdmission> admission(new TokenAdmission(clock));
  for (const auto& entry : root["tokens"]) {
    const auto text = [&](const char* key) {
      return entry.is_object() && entry.contains(key) && entry[key].is_string()
                 ? entry[key].get<std::string>()
                 : std::string();
    };
    Holder holder{text("principal"), text("role"), text("staff"), {}};
    const std::string digest = text("sha256");
    if (digest.size() != 64 || holder.principal.empty() ||
        holder.role.empty() || !entry.contains("courts") ||
        !entry["courts"].is_array()) {
      return BadFile(absl::StrCat(
          "an entry lacks sha256, principal, role or courts (principal \"",
          holder.principal, "\")"));
    }
    // Whether somebody may judge a ticket depends on who handled it.
    if (holder.staff.empty() &&
        (holder.role == "officer" || holder.role == "handler")) {
      return BadFile(absl::StrCat("principal \"", holder.principal,
                                  "\" has role ", holder.role,
                                  " and must name its \"staff\""));
    }
    for (const auto& court : entry["courts"]) {
      if (!court.is_string()) return BadFile("courts must be strings");
      holder.courts.push_back(court.get<std::string>());
    }
    admission->holders_[digest] = std::move(holder);
  }
  return admission;
}

absl::StatusOr<rpc::Call> TokenAdmission::Admit(
    const grpc::ServerContextBase& context, const rpc::Method& method,
    const std::string& court) {
  const std::string header = Metadata(context, "authorization");
  if (!absl::StartsWith(header, "Bearer ")) {
    return MakeError(absl::StatusCode::kUnauthenticated, "NO_TOKEN",
                     "send \"authorization: Bearer <token>\"");
  }
  const auto it = holders_.find(
      Sha256Hex(absl::string_view(header).substr(sizeof("Bearer ") - 1)));
  if (it == holders_.end()) {
    return MakeError(absl::StatusCode::kUnauthenticated, "UNKNOWN_TOKEN",
                     "this token is not known here");
  }
  const Holder& holder = it->second;
  if (!Lists(method.roles, holder.role)) {
    return MakeError(absl::StatusCode::kPermissionDenied, "WRONG_ROLE",
                     absl::StrCat("role ", holder.role, " may not call ",
                                  method.name, "; it takes ", method.roles));
  }
  const auto holds = [&](const std::string& one) {
    return std::find(holder.courts.begin(), holder.courts.end(), one) !=
           holder.courts.end();
  };
  if (!court.empty() && !holds("*") && (court == "-" || !holds(court))) {
    return MakeError(absl::StatusCode::kPermissionDenied, "FOREIGN_COURT",
                     "this token is not for that court");
  }
  const absl::Time now = clock_.Now();
  std::string trace_id = Metadata(context, "x-request-id");
  if (!IsUuid(trace_id)) trace_id = NewUuid7(now);
  return rpc::Call{holder.principal,
                   holder.role,
                   holder.staff,
                   court,
                   SteadyNow() + std::min(TimeUntil(context.raw_deadline()),
                                          method.max_duration),
                   std::move(trace_id)};
}

}  // namespace huifang
