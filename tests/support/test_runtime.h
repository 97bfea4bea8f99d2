// A real rpc::Runtime with a caller the test chooses, and an in-process server
// on it.
#ifndef HUIFANG_TESTS_SUPPORT_TEST_RUNTIME_H_
#define HUIFANG_TESTS_SUPPORT_TEST_RUNTIME_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/common/executor.h"
#include "services/common/metrics.h"
#include "services/common/rpc.h"
#include "services/common/wake_hub.h"
#include "tests/support/fake_clock.h"

namespace huifang::testing {

// Admits one caller. The method's roles count as in the real one, and so does
// the caller's court, unless it is empty. Thread safe.
class FakeAdmission final : public rpc::Admission {
 public:
  // The caller of all calls from now on. Its `court` bounds what it may name;
  // empty: every court. An unset deadline becomes the method's maximum.
  void SetCaller(rpc::Call caller);

  absl::StatusOr<rpc::Call> Admit(const grpc::ServerContextBase& context,
                                  const rpc::Method& method,
                                  const std::string& court) override;

 private:
  absl::Mutex mutex_;
  rpc::Call caller_ ABSL_GUARDED_BY(mutex_) = {.principal = "tester",
                                               .role = "admin",
                                               .staff = "",
                                               .court = "",
                                               .deadline = absl::InfinitePast(),
                                               .trace_id = "test"};
};

// Everything a handler needs, and a server without a port.
//
//   TestRuntime host("ticket");
//   TicketHandler handler(host.runtime(), store);
//   auto stub = v1::TicketService::NewStub(host.Start({&handler}));
class TestRuntime {
 public:
  explicit TestRuntime(const std::string& service);
  // Stops the server, then the executor.
  ~TestRuntime();

  rpc::Runtime& runtime() { return runtime_; }
  FakeClock& clock() { return clock_; }
  FakeAdmission& admission() { return admission_; }
  WakeHub& hub() { return hub_; }
  Metrics& metrics() { return metrics_; }

  // Serves in this process; the channel to it. `services` must outlive Stop.
  std::shared_ptr<grpc::Channel> Start(
      const std::vector<grpc::Service*>& services);
  // Ends open streams, waits for running calls and ends the threads that ran
  // them. Called by the destructor.
  void Stop();

  // A call as a handler sees it, for tests that call one without gRPC.
  rpc::Call CallAs(const std::string& role, const std::string& court,
                   const std::string& staff = "");

 private:
  FakeClock clock_;
  FakeAdmission admission_;
  Metrics metrics_;
  std::unique_ptr<ThreadPool> executor_ = std::make_unique<ThreadPool>(4, 1000);
  WakeHub hub_{absl::Milliseconds(5)};
  rpc::Runtime runtime_;
  std::unique_ptr<grpc::Server> server_;
};

// A sealing key for tests, in the format of the key file.
inline constexpr char kTestKeysJson[] =
    R"({"keys": {"1": "000102030405060708090a0b0c0d0e0f)"
    R"(101112131415161718191a1b1c1d1e1f"}, "current": "1"})";

}  // namespace huifang::testing

#endif  // HUIFANG_TESTS_SUPPORT_TEST_RUNTIME_H_
