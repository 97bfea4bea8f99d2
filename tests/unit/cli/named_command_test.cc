#include "clients/cli/named_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "huifang/ticket/v1/ticket_resources.pb.h"

namespace huifang::cli {
namespace {

using State = ticket::v1::Ticket::State;
using ::testing::HasSubstr;

TEST(EnumLabels, AreReadInAnyCaseAndPrintedWithoutTheirPrefix) {
  EXPECT_EQ(EnumLabel(ticket::v1::Ticket::STATE_CLOSED), "CLOSED");
  EXPECT_EQ(ParseEnum<State>("--state", "closed").value(),
            ticket::v1::Ticket::STATE_CLOSED);
}

TEST(EnumLabels, AnUnknownOneIsToldWhatThereIs) {
  for (const char* text : {"DONE", "STATE_CLOSED", "UNSPECIFIED", ""}) {
    const absl::Status status = ParseEnum<State>("--state", text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr("--state")) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr("CLOSED")) << text;
  }
}

TEST(EnumLabels, AValueOfANewerServerIsItsNumber) {
  EXPECT_EQ(EnumLabel(static_cast<State>(99)), "99");
}

}  // namespace
}  // namespace huifang::cli
