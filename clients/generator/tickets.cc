#include "clients/generator/tickets.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/generator/matters.h"
#include "clients/generator/story.h"
#include "clients/generator/truth.h"

namespace huifang::generator {
namespace {

// Share of a week's tickets by day, Monday first (百分比).
constexpr int kDayShare[] = {21, 19, 18, 17, 15, 6, 4};
constexpr double kRepeatShare = 0.12;
constexpr int kMinutesADay = 24 * 60;

absl::CivilDay MondayOf(absl::CivilDay day) {
  const int weekday = static_cast<int>(absl::GetWeekday(day));  // Monday is 0
  return day - weekday;
}

std::string Text(absl::CivilSecond time) {
  return absl::StrFormat("%04d-%02d-%02d %02d:%02d:%02d", time.year(),
                         time.month(), time.day(), time.hour(), time.minute(),
                         time.second());
}

bool OffDay(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

// The next moment at which somebody works on tickets.
absl::CivilSecond NextOfficeTime(absl::CivilSecond time, Random& random) {
  absl::CivilDay day(time);
  if (!OffDay(day) && time.hour() >= 8 && time.hour() < 18) return time;
  if (time.hour() >= 18) ++day;
  while (OffDay(day)) ++day;
  return absl::CivilSecond(day) + 8 * 3600 + 1800 + random.Between(0, 5400);
}

absl::CivilDay AddWorkdays(absl::CivilDay day, int count) {
  while (count > 0) {
    ++day;
    if (!OffDay(day)) --count;
  }
  return day;
}

// Working days a kind may take by the built-in policies (办理时限).
int LimitDays(absl::string_view kind) {
  if (kind == "投诉") return 5;
  return kind == "意见建议" ? 10 : 2;
}

struct Times {
  absl::CivilSecond created;
  absl::CivilSecond dispatched;
  absl::CivilSecond replied;
  absl::CivilSecond closed;
};

// When a dispatched ticket moves on. Most are done within a day; the late ones
// miss their limit by hours to days.
Times MakeTimes(absl::CivilSecond created, absl::string_view kind, bool urgent,
                bool late, Random& random) {
  Times times{
      .created = created,
      .dispatched = NextOfficeTime(created + random.Between(180, 5400), random),
      .replied = {},
      .closed = {}};
  if (late) {
    const absl::CivilDay due =
        urgent ? absl::CivilDay(times.dispatched) + 1
               : AddWorkdays(absl::CivilDay(times.dispatched), LimitDays(kind));
    times.closed = NextOfficeTime(
        absl::CivilSecond(due + 1) + 8 * 3600 + random.Between(3600, 3 * 86400),
        random);
  } else {
    const bool same_day = urgent || random.Chance(0.55);
    const absl::CivilSecond goal =
        same_day ? times.dispatched + random.Between(1800, 5 * 3600)
                 : times.dispatched + random.Between(8 * 3600, 20 * 3600);
    times.closed = NextOfficeTime(goal, random);
    // Within the limit: before the last working day ends.
    const absl::CivilSecond last =
        urgent ? times.dispatched + 20 * 3600
               : absl::CivilSecond(AddWorkdays(absl::CivilDay(times.dispatched),
                                               LimitDays(kind))) +
                     17 * 3600;
    times.closed = std::max(std::min(times.closed, last),
                            times.dispatched + random.Between(600, 3600));
  }
  times.replied = std::max(times.dispatched + 300,
                           times.closed - random.Between(120, 1800));
  times.replied = std::min(times.replied, times.closed);
  return times;
}

template <typename List, typename Weight>
const auto& PickWeighted(const List& list, Weight weight, Random& random) {
  int total = 0;
  for (const auto& item : list) total += weight(item);
  int at = random.Between(0, total - 1);
  for (const auto& item : list) {
    at -= weight(item);
    if (at < 0) return item;
  }
  return *std::begin(list);
}

std::string PickChannel(bool at_desk, Random& random) {
  const int at = random.Between(0, 99);
  if (at < (at_desk ? 78 : 62)) return "12368电话";
  if (at < 80) return "西城家园APP";
  if (at < 88) return "语音留言";
  if (at < 93) return "诉讼服务大厅";
  return at < 97 ? "网站" : "高院转办";
}

class Writer {
 public:
  Writer(const CourtModel& court, const TicketOptions& options)
      : court_(court),
        options_(options),
        cut_(options.until),
        random_(options.seed * 7919 + 17) {}

  // One ticket created at `created`.
  GeneratedTicket Row(absl::CivilSecond created, int number) {
    const bool repeat = !earlier_.empty() && random_.Chance(kRepeatShare);
    Story story = repeat ? earlier_[random_.Below(earlier_.size())] : Begin();
    story.Refresh(absl::CivilDay(created), random_);
    const DivisionModel& division = court_.divisions[story.division];
    const Matter& matter = PickMatter(division);
    const bool at_desk = matter.at_desk && random_.Chance(0.72);
    if (!repeat && random_.Chance(0.5)) Remember(story);
    return Cells(story, division, matter, at_desk, created, number);
  }

 private:
  Story Begin() {
    const DivisionModel& division = PickWeighted(
        court_.divisions, [](const DivisionModel& d) { return d.weight; },
        random_);
    return Story(court_,
                 static_cast<std::size_t>(&division - court_.divisions.data()),
                 random_);
  }

  // Callers of the last few hundred tickets may call again.
  void Remember(const Story& story) {
    constexpr std::size_t kMost = 400;
    if (earlier_.size() < kMost) {
      earlier_.push_back(story);
    } else {
      earlier_[random_.Below(kMost)] = story;
    }
  }

  const Matter& PickMatter(const DivisionModel& division) {
    return PickWeighted(
        Matters(),
        [&](const Matter& matter) {
          const absl::string_view area = matter.area;
          return area == division.area || area == "any" ? matter.weight : 0;
        },
        random_);
  }

  double PoorShare(const DivisionModel& division, bool at_desk,
                   absl::CivilSecond created) const {
    return options_.poor_share
               ? options_.poor_share(division, at_desk, absl::CivilDay(created))
               : UsualPoorShare(division, at_desk);
  }

  GeneratedTicket Cells(Story& story, const DivisionModel& division,
                        const Matter& matter, bool at_desk,
                        absl::CivilSecond created, int number) {
    const bool urgent = !at_desk && random_.Chance(0.04);
    // The limit of a suggestion is two weeks: those are rarely missed.
    const bool late =
        !at_desk &&
        random_.Chance(LimitDays(matter.kind) > 2 ? division.late_share / 2
                                                  : division.late_share * 1.3);
    const Times times =
        at_desk ? DeskTimes(created)
                : MakeTimes(created, matter.kind, urgent, late, random_);
    const bool closed = times.closed < cut_;
    const bool dispatched = times.dispatched < cut_;
    std::string state = at_desk ? "即答" : "已办结";
    if (!closed) state = dispatched ? "办理中" : "待处理";
    std::string content = story.Content(matter, random_);
    std::string title = Expand(matter.title, story.slots(), random_);
    const bool poor =
        closed && random_.Chance(PoorShare(division, at_desk, created));
    const std::string reply =
        closed ? story.Reply(matter, absl::CivilDay(times.replied), poor,
                             at_desk, random_)
               : "";
    const bool phoned =
        closed && !at_desk && random_.Chance(reply.size() > 150 ? 0.93 : 0.5);
    GeneratedTicket ticket;
    ticket.division = story.division;
    ticket.closed = closed;
    ticket.late = late;
    ticket.poor_reply = poor;
    ticket.cells = {
        absl::StrFormat("GEN%04d%02d%02d%05d", created.year(), created.month(),
                        created.day(), number),
        PickChannel(at_desk, random_),
        matter.kind,
        urgent ? "紧急" : "一般",
        state,
        matter.category,
        std::move(title),
        std::move(content),
        story.phone(),
        story.caller(),
        story.has_case(matter) ? story.case_number() : "",
        division.name,
        at_desk ? "" : story.handler().name,
        Text(created),
        !at_desk && dispatched ? Text(times.dispatched) : "",
        closed ? Text(times.replied) : "",
        closed ? Text(times.closed) : "",
        reply,
        phoned ? "是" : "否",
        random_.Chance(0.93) ? "同意" : "不同意",
        !at_desk && random_.Chance(0.02) ? "是" : "否",
        absl::StrCat(at_desk ? 0 : 1 + (random_.Chance(0.15) ? 1 : 0)),
        "true"};
    return ticket;
  }

  Times DeskTimes(absl::CivilSecond created) {
    const absl::CivilSecond end = created + random_.Between(150, 1500);
    return {created, created, end - random_.Between(5, 60), end};
  }

  const CourtModel& court_;
  const TicketOptions options_;
  const absl::CivilSecond cut_;
  Random random_;
  std::vector<Story> earlier_;
};

// When the tickets of one day come in: office hours mostly.
std::vector<int> MinutesOfDay(int count, Random& random) {
  std::vector<int> minutes;
  for (int i = 0; i < count; ++i) {
    const int at = random.Between(0, 99);
    if (at < 45) {
      minutes.push_back(random.Between(8 * 60 + 30, 12 * 60 - 1));
    } else if (at < 90) {
      minutes.push_back(random.Between(13 * 60, 18 * 60 - 1));
    } else {
      minutes.push_back(random.Between(7 * 60, 22 * 60));
    }
  }
  std::sort(minutes.begin(), minutes.end());
  return minutes;
}

}  // namespace

const std::vector<std::string>& TicketColumns() {
  static const auto& columns = *new std::vector<std::string>{
      "工单编号",   "来源渠道", "诉求类型", "紧急程度", "工单状态", "分类",
      "标题",       "诉求内容", "来电号码", "诉求人",   "案号",     "承办庭室",
      "承办人",     "受理时间", "派单时间", "答复时间", "办结时间", "答复内容",
      "联系当事人", "同意回访", "重点督办", "流转次数", "generated"};
  return columns;
}

double UsualPoorShare(const DivisionModel& division, bool at_desk) {
  return at_desk ? 0.03 : division.poor_share;
}

absl::CivilDay FirstMonday(const TicketOptions& options) {
  return MondayOf(options.until) - 7 * options.weeks;
}

void MakeTickets(const CourtModel& court, const TicketOptions& options,
                 const std::function<void(const GeneratedTicket&)>& each) {
  Writer writer(court, options);
  Random random(options.seed * 104729 + 3);
  int number = 0;
  for (int week = 0; week < options.weeks; ++week) {
    // Weeks differ by a few percent.
    const int count = options.per_week * random.Between(93, 107) / 100;
    for (int day = 0; day < 7; ++day) {
      const absl::CivilDay date = FirstMonday(options) + 7 * week + day;
      const int today = count * kDayShare[day] / 100;
      for (const int minute : MinutesOfDay(today, random)) {
        each(writer.Row(absl::CivilSecond(date) + 60 * (minute % kMinutesADay) +
                            random.Between(0, 59),
                        ++number));
      }
    }
  }
}

std::string TicketMappingJson() {
  using Json = nlohmann::ordered_json;
  const std::vector<std::string>& columns = TicketColumns();
  // In the order of the columns.
  const char* const fields[] = {"source_id",
                                "channel",
                                "kind",
                                "priority",
                                "state",
                                "category",
                                "title",
                                "content",
                                "caller_phone",
                                "caller_name",
                                "case_number",
                                "division",
                                "handler",
                                "create_time",
                                "dispatch_time",
                                "reply_time",
                                "close_time",
                                "reply",
                                "contact_recorded",
                                "callback_consent",
                                "key_supervision",
                                "forward_count",
                                "generated"};
  Json json = {{"description",
                "Tickets made by huifang-generate (生成数据): no caller, case "
                "or member of staff exists."},
               {"time_zone", "Asia/Shanghai"},
               {"formats", {"%Y-%m-%d %H:%M:%S"}}};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    json["fields"][fields[i]]["column"] = columns[i];
  }
  json["fields"]["channel"]["map"] = {
      {"12368电话", "PHONE"},  {"西城家园APP", "APP"},
      {"语音留言", "MESSAGE"}, {"诉讼服务大厅", "DESK"},
      {"网站", "WEB"},         {"高院转办", "TRANSFER"}};
  json["fields"]["kind"]["map"] = {{"诉讼咨询", "CONSULT"},
                                   {"案件查询", "CASE_QUERY"},
                                   {"联系法官", "CONTACT_JUDGE"},
                                   {"投诉", "COMPLAINT"},
                                   {"意见建议", "SUGGESTION"}};
  json["fields"]["priority"]["map"] = {{"一般", "NORMAL"}, {"紧急", "URGENT"}};
  json["fields"]["state"]["map"] = {{"即答", "ANSWERED_AT_DESK"},
                                    {"已办结", "CLOSED"},
                                    {"办理中", "DISPATCHED"},
                                    {"待处理", "OPEN"}};
  return json.dump(2) + "\n";
}

}  // namespace huifang::generator
