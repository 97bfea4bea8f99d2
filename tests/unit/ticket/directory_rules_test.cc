#include "services/ticket/directory_rules.h"

#include <gtest/gtest.h>

namespace huifang::ticket {
namespace {

v1::Directory WithOfficer() {
  v1::Directory directory;
  directory.mutable_court()->set_name("courts/110102");
  v1::Staff& staff = *directory.add_staff();
  staff.set_name("courts/110102/staff/yang");
  staff.set_display_name("杨某");
  staff.set_role(v1::Staff::ROLE_OFFICER);
  staff.add_languages("yue-CN");
  staff.add_kinds(v1::KIND_COMPLAINT);
  return directory;
}

TEST(DirectoryRules, SkillsAreTagsAndKnownKinds) {
  v1::Directory directory = WithOfficer();
  EXPECT_TRUE(CheckDirectory("110102", {}, directory).ok());
  v1::Staff& staff = *directory.mutable_staff(0);
  staff.set_languages(0, "广东话");
  EXPECT_FALSE(CheckDirectory("110102", {}, directory).ok());
  staff.set_languages(0, "yue");
  staff.add_kinds(v1::KIND_UNSPECIFIED);
  EXPECT_FALSE(CheckDirectory("110102", {}, directory).ok());
  staff.clear_kinds();
  while (staff.languages_size() < 21) staff.add_languages("bo");
  EXPECT_FALSE(CheckDirectory("110102", {}, directory).ok());
}

}  // namespace
}  // namespace huifang::ticket
