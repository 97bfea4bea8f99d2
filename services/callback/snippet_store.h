#ifndef HUIFANG_SERVICES_CALLBACK_SNIPPET_STORE_H_
#define HUIFANG_SERVICES_CALLBACK_SNIPPET_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "huifang/callback/v1/callback_service.pb.h"
#include "services/common/sql.h"

namespace huifang::callback {

// A lease shows them all: 100 of 1,000 characters are 300 KB at most.
inline constexpr int kMaxSnippets = 100;
inline constexpr int kDefaultSnippetStaleDays = 180;

// What officers explain by (知识话术); all SQL of it. Bodies are stored without
// `stale`, which depends on the day.
struct SnippetStore {
  // Stores `snippet` as the next version under its id and names it. ABORTED if
  // another one was faster, FAILED_PRECONDITION if the court has too many ids.
  static absl::Status Insert(sql::Session& session, const std::string& court,
                             const std::string& snippet_id,
                             v1::Snippet& snippet);
  // A name without a version means the newest. NOT_FOUND.
  static absl::StatusOr<v1::Snippet> Load(sql::Session& session,
                                          const std::string& name);
  // Writes what a verification changed.
  static absl::Status Save(sql::Session& session, const v1::Snippet& snippet);
  // The newest version of each id, by id, after `after`.
  static absl::StatusOr<std::vector<v1::Snippet>> ListNewest(
      sql::Session& session, const std::string& court, const std::string& after,
      int limit);
};

// Sets `stale` if it was not verified for more than `stale_days`.
void MarkStale(absl::CivilDay today, int stale_days, v1::Snippet& snippet);

// Those of the newest that an officer sees in a call: for the ticket's kind, or
// named by the script.
absl::StatusOr<std::vector<v1::Snippet>> SnippetsFor(
    sql::Session& session, const v1::Callback& callback,
    const v1::Script& script);

// INVALID_ARGUMENT if a question names a snippet that the court does not have.
absl::Status CheckSnippetsOf(sql::Session& session, const std::string& court,
                             const v1::Script& script);

// Notes the snippets that an officer explained, as they stand today.
// INVALID_ARGUMENT if there is no such version.
absl::Status NoteSnippets(sql::Session& session,
                          const v1::CompleteCallbackRequest& request,
                          absl::CivilDay today, int stale_days,
                          v1::Callback& callback);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_SNIPPET_STORE_H_
