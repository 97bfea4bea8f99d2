#include "clients/generator/court.h"

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

namespace huifang::generator {
namespace {

struct DivisionSeed {
  const char* id;
  const char* name;
  const char* alias;
  const char* area;
  int weight;
  double poor_share;
  double late_share;
};

constexpr DivisionSeed kDivisions[] = {
    {"filing", "立案庭（诉讼服务中心）", "立案庭", "filing", 12, 0.08, 0.03},
    {"civil-1", "民事审判一庭", "民一庭", "civil", 15, 0.13, 0.05},
    {"civil-2", "民事审判二庭", "民二庭", "civil", 13, 0.19, 0.07},
    {"civil-3", "民事审判三庭", "民三庭", "civil", 10, 0.11, 0.04},
    {"commercial", "金融审判庭", "金融庭", "commercial", 10, 0.12, 0.05},
    {"admin", "行政审判庭", "行政庭", "admin", 5, 0.09, 0.03},
    {"criminal", "刑事审判庭", "刑庭", "criminal", 5, 0.10, 0.04},
    {"family", "家事少年审判庭", "家事庭", "family", 8, 0.10, 0.05},
    {"quick", "速裁庭", "速裁", "quick", 9, 0.14, 0.04},
    {"enforcement", "执行局", "执行庭", "enforcement", 20, 0.22, 0.08},
};

constexpr const char* kSurnames[] = {
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐",
    "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗", "梁", "宋",
    "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁",
    "邓", "许", "傅", "沈", "曾", "彭", "吕", "苏", "卢", "蒋", "蔡",
    "贾", "丁", "魏", "薛", "叶", "阎", "余", "潘", "杜", "戴", "夏",
    "钟", "汪", "田", "任", "姜", "范", "方", "石", "姚", "谭", "廖"};
constexpr const char* kGiven[] = {
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇",
    "艳", "杰", "娟", "涛", "明", "超", "霞", "平", "刚", "桂", "英",
    "华", "玉", "兰", "红", "春", "梅", "文", "建", "国", "志", "新",
    "海", "燕", "雪", "晓", "宇", "浩", "然", "博", "宁", "悦", "佳",
    "琳", "倩", "颖", "岩", "峰", "鹏", "辉", "鑫", "凯", "萍", "云"};

constexpr int kTeams = 3;
constexpr int kJudges = 2;  // a team
constexpr int kAgents = 8;
constexpr int kOfficers = 4;

// Two colleagues with one name could not be told apart by the import.
std::string FreshName(Random& random, std::set<std::string>& used) {
  while (true) {
    const PersonName person = MakePerson(random);
    std::string name = person.surname + person.given;
    if (used.insert(name).second) return name;
  }
}

}  // namespace

PersonName MakePerson(Random& random) {
  PersonName person{random.Pick(kSurnames), random.Pick(kGiven)};
  if (random.Chance(0.75)) person.given += random.Pick(kGiven);
  return person;
}

CourtModel MakeCourt(const std::string& code, std::uint64_t seed) {
  Random random(seed);
  std::set<std::string> names;
  CourtModel court{.code = code,
                   .name = "示例区人民法院（生成数据）",
                   // 110102 is 京0102: the province's own digits are dropped.
                   .case_code = "京" + code.substr(2),
                   .divisions = {},
                   .others = {}};
  for (const DivisionSeed& seed_row : kDivisions) {
    DivisionModel division{.id = seed_row.id,
                           .name = seed_row.name,
                           .alias = seed_row.alias,
                           .area = seed_row.area,
                           .weight = seed_row.weight,
                           .poor_share = seed_row.poor_share,
                           .late_share = seed_row.late_share,
                           .teams = {},
                           .handlers = {}};
    int number = 0;
    const auto add = [&](std::vector<StaffMember>& to, const char* role,
                         const std::string& team) {
      to.push_back({absl::StrCat(division.id, "-", ++number),
                    FreshName(random, names), role, division.id, team});
    };
    for (int t = 1; t <= kTeams; ++t) {
      const std::string team = absl::StrCat(division.id, "-t", t);
      division.teams.push_back(team);
      for (int i = 0; i < kJudges; ++i) add(division.handlers, "JUDGE", team);
      add(division.handlers, "ASSISTANT", team);
    }
    add(court.others, "HEAD", "");
    court.divisions.push_back(std::move(division));
  }
  for (int i = 1; i <= kAgents; ++i) {
    court.others.push_back({absl::StrCat("agent-", i), FreshName(random, names),
                            "AGENT", "filing", ""});
  }
  for (int i = 1; i <= kOfficers; ++i) {
    court.others.push_back({absl::StrCat("officer-", i),
                            FreshName(random, names), "OFFICER", "filing", ""});
  }
  return court;
}

std::string CourtModel::DirectoryJson() const {
  nlohmann::ordered_json json;
  json["court"] = {{"display_name", name}, {"case_code", case_code}};
  const auto add_staff = [&](const StaffMember& member) {
    nlohmann::ordered_json staff = {{"id", member.id},
                                    {"display_name", member.name},
                                    {"role", member.role},
                                    {"division", member.division}};
    if (!member.team.empty()) staff["team"] = member.team;
    json["staff"].push_back(staff);
  };
  for (const DivisionModel& division : divisions) {
    json["divisions"].push_back({{"id", division.id},
                                 {"display_name", division.name},
                                 {"aliases", {division.alias}}});
    for (std::size_t i = 0; i < division.teams.size(); ++i) {
      json["teams"].push_back(
          {{"id", division.teams[i]},
           {"display_name",
            absl::StrCat(division.alias, "第", i + 1, "审判团队")},
           {"division", division.id}});
    }
    for (const StaffMember& member : division.handlers) add_staff(member);
  }
  for (const StaffMember& member : others) add_staff(member);
  return json.dump(2) + "\n";
}

}  // namespace huifang::generator
