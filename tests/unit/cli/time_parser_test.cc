#include "clients/cli/import/time_parser.h"

#include <gtest/gtest.h>

namespace huifang::cli {
namespace {

const TimeStyle kStyle{
    {"%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "unix_seconds", "unix_milliseconds"},
    absl::FixedTimeZone(8 * 60 * 60),
    std::nullopt};

TEST(TimeParser, UsualFormIsLocal) {
  EXPECT_EQ(ParseLocalTime(kStyle, "1970-01-01 08:00:01"),
            absl::FromUnixSeconds(1));
}

TEST(TimeParser, WhatNoTimestampHoldsIsNoTime) {
  for (const char* text : {"infinite-past", "infinite-future", "1e300", "1e18",
                           "99999999999999999", "0000-12-31 23:00:00",
                           "12345678-01-01", "-0001-01-01"}) {
    EXPECT_EQ(ParseLocalTime(kStyle, text), std::nullopt) << text;
  }
  EXPECT_NE(ParseLocalTime(kStyle, "9999-12-31 23:59:59"), std::nullopt);
}

}  // namespace
}  // namespace huifang::cli
