#ifndef HUIFANG_SERVICES_COMMON_ADMISSION_H_
#define HUIFANG_SERVICES_COMMON_ADMISSION_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/common/rpc.h"

namespace huifang {

// Admits callers by bearer token. The file holds digests, not tokens:
//
//   {"tokens": [{"sha256": "<hex of the token>", "principal": "officer-yang",
//                "role": "officer", "courts": ["110102"],
//                "staff": "courts/110102/staff/yang"}]}
//
// "courts": ["*"] means every court, and courts/-. Read once, at start.
class TokenAdmission final : public rpc::Admission {
 public:
  static absl::StatusOr<std::unique_ptr<TokenAdmission>> FromFile(
      const std::string& path, Clock& clock);
  static absl::StatusOr<std::unique_ptr<TokenAdmission>> FromJson(
      absl::string_view json, Clock& clock);

  absl::StatusOr<rpc::Call> Admit(const grpc::ServerContextBase& context,
                                  const rpc::Method& method,
                                  const std::string& court) override;

 private:
  struct Holder {
    std::string principal;
    std::string role;
    std::string staff;
    std::vector<std::string> courts;
  };
  explicit TokenAdmission(Clock& clock) : clock_(clock) {}

  Clock& clock_;
  std::map<std::string, Holder> holders_;  // by SHA-256 of the token
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_ADMISSION_H_
