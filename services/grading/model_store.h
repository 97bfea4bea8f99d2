#ifndef HUIFANG_SERVICES_GRADING_MODEL_STORE_H_
#define HUIFANG_SERVICES_GRADING_MODEL_STORE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "huifang/grading/v1/grading_resources.pb.h"
#include "services/common/sql.h"
#include "services/grading/relevance_model.h"

namespace huifang::grading {

// A court's model as of one stored version.
struct ModelVersion {
  std::int64_t version = 0;
  std::shared_ptr<const RelevanceModel> model;
};

// Keeps what each court's texts have taught, one row a court, and feeds it
// from the inspections that were not learned yet. Thread safe.
class ModelStore {
 public:
  // Inspections made while the model knew fewer tickets are provisional.
  static constexpr std::int64_t kTrustedDocuments = 200;

  explicit ModelStore(sql::Database& db) : db_(db) {}

  // The newest model; an empty one of version 0 for a new court.
  absl::StatusOr<ModelVersion> Load(const std::string& court);

  // Whether the waiting tickets make up a sixteenth of what is known. Counting
  // them takes the longer the more is known, so a trusted model is asked about
  // once in kLook; false in between.
  absl::StatusOr<bool> IsDue(const std::string& court, absl::Time now);

  // Learns the waiting tickets once that is so, at most `kLearnBatch` at once,
  // and stores the new version if nobody else did meanwhile. Texts and mark
  // move together, so no ticket counts twice. When the model becomes trusted,
  // provisional inspections are pending again; true then.
  // Not `all`: stops once the model is trusted.
  absl::StatusOr<bool> LearnIfDue(const std::string& court, absl::Time now,
                                  bool all = true);

  absl::StatusOr<v1::RelevanceModel> Describe(const std::string& court);

 private:
  // One transaction marks them all: short enough for others to wait for.
  static constexpr int kLearnBatch = 512;
  static constexpr std::int64_t kLearnMin = 16;
  static constexpr absl::Duration kLook = absl::Seconds(1);
  static constexpr std::size_t kCachedCourts = 64;

  absl::StatusOr<bool> HasWaiting(const std::string& court,
                                  const ModelVersion& known);
  struct Learned {
    bool any = false;
    bool trusted_now = false;
  };
  absl::StatusOr<Learned> LearnBatch(const std::string& court, absl::Time now);

  sql::Database& db_;
  absl::Mutex mutex_;
  std::map<std::string, ModelVersion> cache_ ABSL_GUARDED_BY(mutex_);
  // When the waiting tickets were counted last.
  std::map<std::string, absl::Time> looked_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_MODEL_STORE_H_
