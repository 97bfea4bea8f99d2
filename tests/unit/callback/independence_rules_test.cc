#include "services/callback/independence_rules.h"

#include <gtest/gtest.h>

namespace huifang::callback {
namespace {

const OfficerIdentity kYang{"officer-yang", "courts/110102/staff/yang",
                            "courts/110102/teams/t1"};

CallSubject Ticket() {
  return {.ticket = "courts/110102/tickets/x",
          .handler = "courts/110102/staff/li",
          .team = "courts/110102/teams/t2",
          .handler_team = "",
          .division = "courts/110102/divisions/min-1"};
}

TEST(Independence, StrangersMayCall) {
  EXPECT_EQ(FindConflict(kYang, Ticket(), {}), Conflict::kNone);
}

TEST(Independence, HandlerMayNotCallTheirOwnCaller) {
  CallSubject subject = Ticket();
  subject.handler = kYang.staff;
  EXPECT_EQ(FindConflict(kYang, subject, {}), Conflict::kIsHandler);
}

TEST(Independence, TeamMatesMayNotCall) {
  CallSubject subject = Ticket();
  subject.team = kYang.team;
  EXPECT_EQ(FindConflict(kYang, subject, {}), Conflict::kSameTeam);
  subject = Ticket();
  subject.handler_team = kYang.team;
  EXPECT_EQ(FindConflict(kYang, subject, {}), Conflict::kSameTeam);
}

TEST(Independence, DeclaredRelationKeepsOut) {
  for (const std::string& subject :
       {Ticket().ticket, Ticket().handler, Ticket().team, Ticket().division}) {
    EXPECT_EQ(FindConflict(kYang, Ticket(), {{kYang.staff, subject}}),
              Conflict::kDeclaredRelation);
    EXPECT_EQ(FindConflict(kYang, Ticket(), {{kYang.principal, subject}}),
              Conflict::kDeclaredRelation);
  }
}

TEST(Independence, RelationsOfOthersDoNotMatter) {
  EXPECT_EQ(FindConflict(kYang, Ticket(),
                         {{"officer-zhao", "courts/110102/staff/li"}}),
            Conflict::kNone);
}

TEST(Independence, WhoCalledBeforeMayNotCallAgain) {
  for (const std::string& before : {kYang.principal, kYang.staff}) {
    CallSubject subject = Ticket();
    subject.callers_before = {"officer-zhao", before};
    EXPECT_EQ(FindConflict(kYang, subject, {}), Conflict::kCalledBefore);
  }
  CallSubject subject = Ticket();
  subject.callers_before = {"officer-zhao"};
  EXPECT_EQ(FindConflict(kYang, subject, {}), Conflict::kNone);
}

TEST(Independence, UnknownNamesAreNotEqual) {
  EXPECT_EQ(FindConflict({"desk", "", ""}, {}, {{"", ""}}), Conflict::kNone);
}

}  // namespace
}  // namespace huifang::callback
