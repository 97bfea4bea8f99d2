#include "tests/support/test_runtime.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "services/common/steady_time.h"

namespace huifang::testing {

void FakeAdmission::SetCaller(rpc::Call caller) {
  absl::MutexLock lock(&mutex_);
  caller_ = std::move(caller);
}

absl::StatusOr<rpc::Call> FakeAdmission::Admit(const grpc::ServerContextBase&,
                                               const rpc::Method& method,
                                               const std::string& court) {
  rpc::Call call;
  {
    absl::MutexLock lock(&mutex_);
    call = caller_;
  }
  const std::vector<absl::string_view> roles =
      absl::StrSplit(method.roles, ' ');
  if (std::none_of(roles.begin(), roles.end(), [&](absl::string_view role) {
        return role == "*" || role == call.role;
      })) {
    return MakeError(absl::StatusCode::kPermissionDenied, "ROLE",
                     "this role may not call this method");
  }
  if (!court.empty() && !call.court.empty() && call.court != court) {
    return MakeError(absl::StatusCode::kPermissionDenied, "COURT",
                     "this caller may not act for this court");
  }
  if (!court.empty()) call.court = court;
  if (call.deadline == absl::InfinitePast()) {
    call.deadline = SteadyNow() + method.max_duration;
  }
  return call;
}

TestRuntime::TestRuntime(const std::string& service)
    : runtime_{service, admission_, *executor_, metrics_, clock_, hub_} {}

TestRuntime::~TestRuntime() { Stop(); }

std::shared_ptr<grpc::Channel> TestRuntime::Start(
    const std::vector<grpc::Service*>& services) {
  grpc::ServerBuilder builder;
  for (grpc::Service* service : services) builder.RegisterService(service);
  server_ = builder.BuildAndStart();
  return server_->InProcessChannel(grpc::ChannelArguments());
}

void TestRuntime::Stop() {
  if (server_ == nullptr) return;
  runtime_.draining = true;
  hub_.Wake();
  server_->Shutdown(absl::ToChronoTime(absl::Now() + absl::Seconds(5)));
  server_.reset();
  executor_.reset();
}

rpc::Call TestRuntime::CallAs(const std::string& role, const std::string& court,
                              const std::string& staff) {
  return {.principal = role + "-tester",
          .role = role,
          .staff = staff,
          .court = court,
          .deadline = SteadyNow() + absl::Seconds(10),
          .trace_id = "test"};
}

}  // namespace huifang::testing
