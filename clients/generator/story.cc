#include "clients/generator/story.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace huifang::generator {
namespace {

constexpr const char* kCauses[] = {
    "房屋租赁合同纠纷",       "民间借贷纠纷",     "买卖合同纠纷",
    "物业服务合同纠纷",       "劳动争议",         "装饰装修合同纠纷",
    "机动车交通事故责任纠纷", "医疗损害责任纠纷", "房屋买卖合同纠纷",
    "承揽合同纠纷",           "健康权纠纷",       "相邻关系纠纷",
    "服务合同纠纷",           "追索劳动报酬纠纷", "供用热力合同纠纷",
    "不当得利纠纷",           "教育培训合同纠纷", "建设工程分包合同纠纷"};
constexpr const char* kLoanCauses[] = {
    "金融借款合同纠纷", "信用卡纠纷",   "保证合同纠纷",
    "融资租赁合同纠纷", "保险合同纠纷", "票据追索权纠纷",
    "证券虚假陈述纠纷", "股权转让纠纷", "小额借款合同纠纷"};
constexpr const char* kFamilyCauses[] = {
    "离婚",       "变更抚养关系",     "探望权", "抚养费",   "继承",
    "离婚后财产", "同居关系子女抚养", "赡养费", "分家析产", "人身安全保护令"};
constexpr const char* kCrimes[] = {"诈骗",
                                   "盗窃",
                                   "故意伤害",
                                   "危险驾驶",
                                   "职务侵占",
                                   "寻衅滋事",
                                   "交通肇事",
                                   "帮助信息网络犯罪活动",
                                   "非法吸收公众存款"};
constexpr const char* kAdminMatters[] = {
    "房屋征收补偿",   "政府信息公开", "工伤认定",
    "行政处罚",       "户口登记",     "违法建设限期拆除",
    "公租房资格取消", "不予受理投诉", "社保缴费基数核定"};
constexpr const char* kOffices[] = {
    "某街道办事处", "区住建委",     "区人社局", "某派出所",
    "区市场监管局", "区城管执法局", "区教委",   "区医保局"};
constexpr const char* kEvidence[] = {
    "银行转账流水", "微信聊天记录", "当时的录音",   "验收单原件",
    "病历和票据",   "证人书面证言", "监控视频截图", "送货签收单",
    "房屋漏水照片", "考勤打卡记录", "公证书",       "快递底单",
    "对账单",       "施工图纸"};
constexpr const char* kExpertises[] = {
    "笔迹鉴定",     "房屋质量鉴定", "工程造价鉴定", "伤残等级鉴定",
    "医疗过错鉴定", "资产价值评估", "印章真伪鉴定", "车辆损失评估"};
constexpr const char* kClues[] = {
    "名下的一辆奔驰轿车", "城南的一间仓库", "抖音账号的打赏收入",
    "在批发市场的摊位",   "每月收的房租",   "公司的应收账款",
    "一套未过户的公寓",   "持有的股票账户", "微信零钱里的钱",
    "承包工程的工程款",   "一批存货设备"};
constexpr const char* kTrades[] = {
    "商贸",     "科技", "装饰", "餐饮",     "物业", "置业",     "物流",
    "教育咨询", "健身", "建材", "文化传媒", "劳务", "汽车服务", "保洁"};
constexpr const char* kCompanyWords[] = {
    "恒", "润", "嘉", "瑞", "德", "鼎", "丰", "益", "泽", "晟", "宏", "远",
    "安", "康", "禾", "信", "腾", "博", "锦", "华", "达", "源", "金", "百"};
constexpr const char* kHours[] = {
    "周一至周五九时至十一时三十分", "工作日上午九时至十二时",
    "工作日下午一时三十分至五时", "周一至周四全天", "每周二、周四下午"};
constexpr const char* kCaseTypes[] = {"民初", "民初", "民初", "民特"};

std::string DayText(absl::CivilDay day) {
  return absl::StrCat(day.month(), "月", day.day(), "日");
}

std::string MakeCompany(Random& random) {
  return absl::StrCat(random.Pick(kCompanyWords), random.Pick(kCompanyWords),
                      random.Chance(0.4) ? random.Pick(kCompanyWords) : "",
                      random.Pick(kTrades), "公司");
}

// Four zeros in the middle: a valid form that nobody takes for a real number.
std::string MakePhone(Random& random) {
  constexpr const char* kPrefixes[] = {"130", "131", "135", "136",
                                       "137", "138", "139", "150",
                                       "151", "158", "186", "188"};
  return absl::StrFormat("%s0000%04d", random.Pick(kPrefixes),
                         random.Between(0, 9999));
}

std::string CaseType(absl::string_view area, Random& random) {
  if (area == "enforcement") return random.Chance(0.8) ? "执" : "执恢";
  if (area == "admin") return "行初";
  if (area == "criminal") return "刑初";
  return random.Pick(kCaseTypes);
}

std::string ClockText(Random& random) {
  constexpr const char* kTimes[] = {
      "上午九时", "上午九时三十分", "上午十时", "上午十一时",
      "下午二时", "下午二时三十分", "下午三时", "下午四时"};
  return random.Pick(kTimes);
}

}  // namespace

Story::Story(const CourtModel& court, std::size_t division_index,
             Random& random)
    : division(division_index) {
  const DivisionModel& where = court.divisions[division];
  handler_ = random.Pick(where.handlers);
  phone_ = MakePhone(random);
  const PersonName person = MakePerson(random);
  caller_ = person.surname + person.given;
  slots_["姓"] = person.surname;
  slots_["称呼"] = person.surname + (random.Chance(0.5) ? "先生" : "女士");
  slots_["庭名"] = where.name;
  slots_["法官"] =
      handler_.name + (handler_.role == "JUDGE" ? "法官" : "法官助理");
  FillCase(court, random);
}

void Story::FillCase(const CourtModel& court, Random& random) {
  const DivisionModel& where = court.divisions[division];
  slots_["身份"] = random.Chance(0.6) ? "原告" : "被告";
  if (where.area == "enforcement") slots_["身份"] = "申请执行人";
  slots_["对方"] = random.Chance(0.6)
                       ? MakeCompany(random)
                       : MakePerson(random).surname +
                             std::string(random.Chance(0.5) ? "某" : "某某");
  slots_["案由"] = where.area == "commercial" ? random.Pick(kLoanCauses)
                                              : random.Pick(kCauses);
  slots_["家事"] = random.Pick(kFamilyCauses);
  slots_["刑案"] = random.Pick(kCrimes);
  slots_["行政事项"] = random.Pick(kAdminMatters);
  slots_["机关"] = random.Pick(kOffices);
  slots_["金额"] =
      absl::StrCat(random.Between(2, 9999) * 100 +
                   (random.Chance(0.3) ? random.Between(1, 99) : 0));
  slots_["岁"] = absl::StrCat(random.Between(2, 17));
  slots_["案号"] = "";
  case_number_ = absl::StrCat(court.case_code, CaseType(where.area, random),
                              random.Between(101, 32000), "号");
}

void Story::Refresh(absl::CivilDay today, Random& random) {
  if (!absl::StartsWith(case_number_, "（")) {
    const auto year = absl::CivilDay(today - random.Between(20, 260)).year();
    case_number_ = absl::StrCat("（", year, "）", case_number_);
    slots_["案号"] = case_number_;
  }
  slots_["早日"] = DayText(today - random.Between(9, 75));
  slots_["日"] = DayText(today - random.Between(1, 7));
  absl::CivilDay later = today + random.Between(4, 32);
  // Courts sit on weekdays.
  while (absl::GetWeekday(later) == absl::Weekday::saturday ||
         absl::GetWeekday(later) == absl::Weekday::sunday) {
    ++later;
  }
  slots_["次日"] = DayText(later);
  slots_["时"] = ClockText(random);
  slots_["庭室"] = absl::StrCat("第", random.Between(1, 46), "法庭");
  slots_["分机"] = absl::StrCat(random.Between(2101, 6899));
  slots_["窗口"] = absl::StrCat(random.Between(1, 28));
  slots_["月数"] = absl::StrCat(random.Between(2, 9));
  slots_["次数"] = absl::StrCat(random.Between(3, 12));
  slots_["证据"] = random.Pick(kEvidence);
  slots_["鉴定"] = random.Pick(kExpertises);
  slots_["线索"] = random.Pick(kClues);
  slots_["工作时间"] = random.Pick(kHours);
  const PersonName clerk = MakePerson(random);
  slots_["书记员"] = clerk.surname + clerk.given;
  const PersonName worker = MakePerson(random);
  slots_["办理人"] = worker.surname + worker.given;
}

bool Story::has_case(const Matter& matter) const {
  return absl::StrContains(matter.content, "{案号}") ||
         absl::StrContains(matter.title, "{案号}");
}

std::string Story::Content(const Matter& matter, Random& random) const {
  return absl::StrCat(Expand(random.Pick(ContentOpenings()), slots_, random),
                      Expand(matter.content, slots_, random),
                      Expand(random.Pick(ContentClosings()), slots_, random));
}

std::string Story::GoodReply(const Matter& matter, const Slots& slots,
                             bool at_desk, Random& random) const {
  return absl::StrCat(
      at_desk ? "" : Expand(random.Pick(ReplyOpenings()), slots, random),
      Expand(matter.reply, slots, random),
      at_desk ? "" : Expand(random.Pick(ReplyClosings()), slots, random));
}

std::string Story::PoorReply(const Matter& matter, Random& random) const {
  const int at = random.Between(0, 99);
  const auto one = [&](absl::Span<const char* const> list) {
    return Expand(random.Pick(list), slots_, random);
  };
  if (at < 16) return one(AcknowledgementReplies());
  if (at < 30) return one(ForwardReplies());
  if (at < 62) return one(BriefReplies());
  if (at < 78) return one(PromiseReplies());
  if (at < 82) return one(ShirkingReplies());
  if (at < 90) return one(CopiedReplies());
  // Another matter's answer, and sometimes another person's case.
  const Matter* other = &random.Pick(Matters());
  while (other->area == absl::string_view(matter.area)) {
    other = &random.Pick(Matters());
  }
  Slots slots = slots_;
  if (at >= 96) {
    const PersonName person = MakePerson(random);
    slots["称呼"] = person.surname + "先生";
    slots["案号"] =
        absl::StrCat(case_number_.substr(0, case_number_.size() - 3),
                     random.Between(1, 9), "号");
    return GoodReply(matter, slots, false, random);
  }
  return GoodReply(*other, slots, false, random);
}

std::string Story::Reply(const Matter& matter, absl::CivilDay day, bool poor,
                         bool at_desk, Random& random) {
  slots_["办日"] = DayText(day);
  return poor ? PoorReply(matter, random)
              : GoodReply(matter, slots_, at_desk, random);
}

}  // namespace huifang::generator
