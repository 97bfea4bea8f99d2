#include "services/common/config.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "tests/support/matchers.h"

namespace huifang {
namespace {

using ::huifang::testing::HasReason;
using ::huifang::testing::StatusIs;
using ::testing::HasSubstr;

struct Flags {
  std::int64_t threads = 4;
  std::string url = "redis://user:secret@h:1";
  bool on = false;
  absl::Duration wait = absl::Seconds(1);

  absl::Status Parse(std::vector<const char*> args) {
    set.Int("threads", &threads, 1, 64, "how many");
    set.Text("url", &url, "where");
    set.Bool("on", &on, "whether");
    set.Duration("wait", &wait, absl::ZeroDuration(), absl::Minutes(1),
                 "how long");
    args.insert(args.begin(), "program");
    return set.Parse(static_cast<int>(args.size()), args.data());
  }
  FlagSet set{"test", "A test."};
};

TEST(FlagSet, FlagBeatsEnvironmentBeatsDefault) {
  Flags defaults;
  ASSERT_OK(defaults.Parse({}));
  EXPECT_EQ(defaults.threads, 4);
  setenv("HUIFANG_THREADS", "5", 1);
  Flags general;
  ASSERT_OK(general.Parse({}));
  EXPECT_EQ(general.threads, 5);
  setenv("HUIFANG_TEST_THREADS", "6", 1);
  Flags own;
  ASSERT_OK(own.Parse({}));
  EXPECT_EQ(own.threads, 6);
  Flags flag;
  ASSERT_OK(flag.Parse({"--threads=7", "--wait", "250ms", "--on=true"}));
  EXPECT_EQ(flag.threads, 7);
  EXPECT_EQ(flag.wait, absl::Milliseconds(250));
  EXPECT_TRUE(flag.on);
  unsetenv("HUIFANG_THREADS");
  unsetenv("HUIFANG_TEST_THREADS");
}

TEST(FlagSet, WhatDoesNotFitRefusesToStart) {
  for (const char* bad : {"--threads=0", "--threads=65", "--threads=x",
                          "--on=yes", "--wait=2m", "--unknown=1", "stray"}) {
    EXPECT_THAT(Flags().Parse({bad}), HasReason("BAD_FLAG")) << bad;
  }
  EXPECT_THAT(Flags().Parse({"--threads"}), HasReason("BAD_FLAG"));
}

TEST(FlagSet, MessageNamesTheFlagAndItsBounds) {
  EXPECT_THAT(Flags().Parse({"--threads=99"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("--threads, which takes 1 to 64")));
}

TEST(FlagSet, PrintedConfigHidesPasswords) {
  Flags flags;
  ASSERT_OK(flags.Parse({}));
  EXPECT_THAT(flags.set.Print(), HasSubstr("url=redis://user:***@h:1"));
  EXPECT_THAT(flags.set.Help(), ::testing::Not(HasSubstr("secret")));
}

TEST(FlagSet, NoPartOfAPasswordIsPrinted) {
  for (const char* url :
       {"--url=redis://:se@cr@et@h", "--url=redis-sentinel://u:secret@a,b/m",
        "--url=postgresql://h/db?user=u&password=secret&x=1",
        "--url=host=h password=secret"}) {
    Flags flags;
    ASSERT_OK(flags.Parse({url}));
    EXPECT_THAT(flags.set.Print(), ::testing::Not(HasSubstr("cr"))) << url;
  }
}

TEST(ServiceConfig, MissingFilesAreNamed) {
  ServiceConfig config;
  EXPECT_THAT(config.Check(), StatusIs(absl::StatusCode::kInvalidArgument,
                                       HasSubstr("--database")));
  config.database = "sqlite:x";
  EXPECT_THAT(config.Check(), StatusIs(absl::StatusCode::kInvalidArgument,
                                       HasSubstr("--token_file")));
}

}  // namespace
}  // namespace huifang
