#include "services/common/wake_hub.h"

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace huifang {
namespace {

// So long a tick that only a wake can end the wait.
constexpr absl::Duration kNever = absl::Hours(1);

TEST(WakeHubTest, WakeResumesWhatIsParked) {
  WakeHub hub(kNever);
  absl::Notification resumed;
  hub.Park(hub.Wakes(), [&] { resumed.Notify(); });
  hub.Wake();
  resumed.WaitForNotification();
}

TEST(WakeHubTest, WakeBetweenLookingAndParkingIsNotMissed) {
  WakeHub hub(kNever);
  const std::uint64_t seen = hub.Wakes();
  hub.Wake();
  absl::Notification early;
  hub.Park(seen, [&] { early.Notify(); });
  early.WaitForNotification();
  // The wake has been used up by the hub's thread; the next to park saw less.
  absl::Notification late;
  hub.Park(seen, [&] { late.Notify(); });
  late.WaitForNotification();
}

TEST(WakeHubTest, TickResumesWithoutAWake) {
  WakeHub hub(absl::Milliseconds(1));
  absl::Notification resumed;
  hub.Park(hub.Wakes(), [&] { resumed.Notify(); });
  resumed.WaitForNotification();
}

TEST(WakeHubTest, DestructionResumesWhatIsParked) {
  absl::Notification resumed;
  {
    WakeHub hub(kNever);
    hub.Park(hub.Wakes(), [&] { resumed.Notify(); });
  }
  EXPECT_TRUE(resumed.HasBeenNotified());
}

}  // namespace
}  // namespace huifang
