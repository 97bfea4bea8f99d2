#include "services/common/steady_event.h"

#include <thread>

#include "gtest/gtest.h"

namespace huifang {
namespace {

TEST(SteadyEventTest, EndsAWaitAndStaysUntilReset) {
  SteadyEvent event;
  std::thread setter([&] { event.Set(); });
  EXPECT_TRUE(event.WaitFor(absl::Hours(1)));
  setter.join();
  EXPECT_TRUE(event.WaitFor(absl::ZeroDuration()));
  event.Reset();
  EXPECT_FALSE(event.WaitFor(absl::Milliseconds(1)));
}

}  // namespace
}  // namespace huifang
