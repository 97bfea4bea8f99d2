#include "clients/cli/import/directory_file.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace huifang::cli {
namespace {

TEST(DirectoryFileTest, JsonIdsBecomeNames) {
  const auto directory = ParseDirectory(
      R"({"court": {"display_name": "西城法院", "case_code": "京0102"},
          "divisions": [{"id": "civil-1", "display_name": "民一庭",
                         "aliases": ["民事审判一庭"]}],
          "teams": [{"id": "t1", "display_name": "团队", "division": "civil-1"}],
          "staff": [{"id": "zhang", "display_name": "张三", "role": "JUDGE",
                     "division": "civil-1", "team": "t1",
                     "languages": ["yue", "bo"], "kinds": ["COMPLAINT"]}]})",
      "110102");
  ASSERT_TRUE(directory.ok()) << directory.status();
  EXPECT_EQ(directory->court().name(), "courts/110102");
  EXPECT_EQ(directory->divisions(0).name(), "courts/110102/divisions/civil-1");
  EXPECT_EQ(directory->divisions(0).aliases(0), "民事审判一庭");
  EXPECT_EQ(directory->teams(0).division(), "courts/110102/divisions/civil-1");
  EXPECT_EQ(directory->staff(0).team(), "courts/110102/teams/t1");
  EXPECT_EQ(directory->staff(0).role(), ticket::v1::Staff::ROLE_JUDGE);
  EXPECT_EQ(directory->staff(0).languages(1), "bo");
  EXPECT_EQ(directory->staff(0).kinds(0), ticket::v1::KIND_COMPLAINT);
}

TEST(DirectoryFileTest, IdOfAnotherCourtOrKindIsRefused) {
  for (const char* id :
       {"courts/1", "courts/110101/divisions/civil-1", "courts/110102/teams/t1",
        "courts/110102/divisions/", "courts/110102/divisions/a/b"}) {
    EXPECT_EQ(ParseDirectory(absl::StrCat("type,id,display_name\ndivision,", id,
                                          ",民一庭\n"),
                             "110102")
                  .status()
                  .code(),
              absl::StatusCode::kInvalidArgument)
        << id;
  }
}

TEST(DirectoryFileTest, NameAndIdAreOne) {
  EXPECT_FALSE(
      ParseDirectory("type,id,display_name\ndivision,civil-1,民一庭\n"
                     "division,courts/110102/divisions/civil-1,民一庭\n",
                     "110102")
          .ok());
}

TEST(DirectoryFileTest, CsvSaysTheSame) {
  const auto directory = ParseDirectory(
      "type,id,display_name,division,team,role,aliases,languages\r\n"
      "court,,西城法院,,,,,\r\n"
      "division,civil-1,民一庭,,,,民事审判一庭|民庭,\r\n"
      "staff,li,李四,civil-1,,法官助理,,yue|bo\r\n",
      "110102");
  ASSERT_TRUE(directory.ok()) << directory.status();
  EXPECT_EQ(directory->court().display_name(), "西城法院");
  EXPECT_EQ(directory->divisions(0).aliases_size(), 2);
  EXPECT_EQ(directory->staff(0).role(), ticket::v1::Staff::ROLE_ASSISTANT);
  EXPECT_EQ(directory->staff(0).languages_size(), 2);
}

struct BadFile {
  const char* text;
  const char* says;
};

class RefusedDirectory : public ::testing::TestWithParam<BadFile> {};

TEST_P(RefusedDirectory, NamesThePlace) {
  const absl::Status status =
      ParseDirectory(GetParam().text, "110102").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.message(), GetParam().says)) << status;
}

INSTANTIATE_TEST_SUITE_P(
    Files, RefusedDirectory,
    ::testing::Values(
        BadFile{"", "empty"}, BadFile{"{", "not JSON"},
        // No double holds it: the library throws, but no parse error.
        BadFile{R"({"divisions": 9e9999})", "not JSON"},
        BadFile{R"({"judges": []})", "judges is unknown"},
        BadFile{R"({"divisions": [{"id": "a"}]})", "divisions[0] needs"},
        BadFile{R"({"divisions": [{"id": "a", "name": "b"}]})",
                "divisions[0].name is unknown"},
        BadFile{R"({"staff": [{"id": "a", "display_name": "b",
                               "role": "OFFICER", "kinds": ["GOSSIP"]}]})",
                "has the kind"},
        BadFile{R"({"staff": [{"id": "a", "display_name": "b",
                               "role": "CLERK"}]})",
                "staff[0] has the role \"CLERK\""},
        BadFile{R"({"divisions": [{"id": "a", "display_name": "b"},
                                  {"id": "a", "display_name": "c"}]})",
                "repeats the division a"},
        BadFile{"kind,id\n", "lacks the column type"},
        BadFile{"type,id,display_name\nroom,1,x\n", "line 2 has the type"},
        BadFile{"type,id,display_name\nteam,1,x\n", "line 2 needs division"}));

}  // namespace
}  // namespace huifang::cli
