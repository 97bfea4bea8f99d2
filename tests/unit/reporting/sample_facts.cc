#include "tests/unit/reporting/sample_facts.h"

#include <random>

#include "absl/strings/str_cat.h"

namespace huifang::reporting {
namespace {

namespace callback = huifang::callback::v1;
namespace grading = huifang::grading::v1;

constexpr const char* kCourt = "courts/110102";
const std::string& Division(int i) {
  static const auto& names = *new std::vector<std::string>{
      "courts/110102/divisions/civil-1", "courts/110102/divisions/civil-2",
      "courts/110102/divisions/civil-3", "courts/110102/divisions/enforcement",
      "courts/110102/divisions/filing"};
  return names[static_cast<std::size_t>(i)];
}

using Random = std::mt19937;

std::int64_t Binomial(Random& random, std::int64_t n, double p) {
  std::int64_t hits = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    hits += static_cast<double>(random() % 1'000'000) < p * 1e6 ? 1 : 0;
  }
  return hits;
}

TicketTotals Tickets(Random& random, std::int64_t closed) {
  TicketTotals t;
  t.closed = closed;
  t.created = closed + static_cast<std::int64_t>(random() % 12);
  t.repeats = Binomial(random, t.created, 0.08);
  t.instant = Binomial(random, closed, 0.38);
  t.with_due = closed - t.instant;
  t.on_time = Binomial(random, t.with_due, 0.966);
  t.dispatched = t.with_due;
  t.dispatches = t.dispatched + Binomial(random, t.dispatched, 0.14);
  t.replied = t.dispatched;
  t.reply_hours = 21.5 * static_cast<double>(t.replied);
  t.handling_hours = 30.2 * static_cast<double>(closed);
  t.reopened = Binomial(random, closed, 0.02);
  t.generated = closed;
  t.overdue_open = static_cast<std::int64_t>(random() % 2);
  return t;
}

QualityTotals Quality(Random& random, const TicketTotals& tickets,
                      double defects) {
  QualityTotals q;
  q.inspected = tickets.closed;
  q.flagged = Binomial(random, q.inspected, defects);
  q.over_simplified = Binomial(random, q.flagged, 0.5);
  q.proposed_passed = q.inspected - q.flagged;
  q.flagged_graded = q.flagged;
  q.flagged_passed = Binomial(random, q.flagged, 0.45);
  q.plain_graded = (q.inspected - q.flagged) / 10;
  q.plain_passed = q.plain_graded;
  const std::int64_t failed = q.flagged - q.flagged_passed;
  const std::int64_t good = Binomial(random, q.inspected - failed, 0.52);
  const std::int64_t fair = (q.inspected - failed - good) * 2 / 3;
  q.tiers = {{"A", good},
             {"B", fair},
             {"C", q.inspected - failed - good - fair},
             {"D", failed}};
  return q;
}

void AddCalls(Random& random, const std::string& draw, int stratum,
              std::int64_t population, std::int64_t sampled, int first_day,
              std::vector<CallFact>& calls) {
  for (std::int64_t i = 0; i < sampled; ++i) {
    CallFact call;
    call.draw = draw;
    call.stratum = absl::StrCat("s", stratum);
    call.stratum_population = population;
    call.division = Division(stratum);
    call.team = absl::StrCat("courts/110102/teams/t", stratum, "-", i % 3);
    call.close_day = first_day + static_cast<int>(random() % 7);
    call.simulated = true;
    const auto dice = random() % 100;
    call.disposition = dice < 82   ? Disposition::kComplete
                       : dice < 85 ? Disposition::kPartial
                       : dice < 90 ? Disposition::kRefusal
                       : dice < 98 ? Disposition::kNonContact
                                   : Disposition::kNotEligible;
    if (call.disposition == Disposition::kComplete) {
      const bool solved = random() % 100 < 90;
      for (Answer& answer : call.answers) {
        answer = random() % 100 < 95 ? Answer::kYes : Answer::kNo;
      }
      call.answers[kSolved] = solved ? Answer::kYes : Answer::kNo;
      call.answers[kClear] =
          solved || random() % 2 == 0 ? Answer::kYes : Answer::kPartly;
      call.verdict = !solved ? Verdict::kUnsatisfied
                     : call.answers[kInTime] == Answer::kNo
                         ? Verdict::kMostlySatisfied
                         : Verdict::kSatisfied;
    }
    calls.push_back(call);
  }
}

ItemFacts Item(int number, const std::string& division,
               const std::string& matter, const std::string& reply) {
  ItemFacts item;
  item.source_id = absl::StrCat("12368-201907-", 400 + number);
  item.ticket = absl::StrCat(kCourt, "/tickets/", item.source_id);
  item.division = division;
  item.handler = absl::StrCat(kCourt, "/staff/judge-", number % 3);
  item.matter = matter;
  item.reply = reply;
  item.inspected = true;
  item.failed = true;
  item.inspection.set_proposed_tier("D");
  return item;
}

void AddFinding(ItemFacts& item, const char* rule, const char* quote,
                const char* detail) {
  grading::Finding& finding = *item.inspection.add_findings();
  finding.set_rule_id(rule);
  finding.set_rule_version(1);
  finding.set_explanation(detail);
  finding.add_quotes()->set_text(quote);
}

std::vector<ItemFacts> Items(int day) {
  std::vector<ItemFacts> items;
  ItemFacts first = Item(1, Division(0),
                         "案件（2019）京0102民初12345号已开庭两个月，至今没有判"
                         "决结果，多次拨打承办"
                         "法官电话无人接听，请法官回电说明进展。",
                         "已收悉，会尽快处理。");
  AddFinding(first, "acknowledgement_only", "已收悉",
             "答复只表示收悉，没有事实、依据或安排。");
  AddFinding(first, "promise_without_date", "会尽快处理", "承诺没有写明日期。");
  AddFinding(first, "contradiction", "法官没有给我打过电话",
             "工单记录“已电话联系”，回访中诉求人称未接到回电。");
  first.graded = true;
  first.grade.set_tier("D");
  first.grade.set_comment(
      "答复没有实质内容，未说明审理进展和预计时间；联系记录与回访不符。");
  first.grade.set_suggestion(
      "由承办人三日内联系当事人，说明合议进展和预计宣判时间，并更正联系记录。");
  first.called = true;
  first.unsatisfied = true;
  first.cell = {Division(0), "courts/110102/teams/t0-0", day};
  first.callback.set_verdict(callback::VERDICT_UNSATISFIED);
  first.callback.mutable_items()->set_judge_called(callback::ANSWER_NO);
  first.callback.mutable_items()->set_solved(callback::ANSWER_NO);
  first.callback.set_opinion(
      "法官没有给我打过电话，希望有个准信，哪怕说还要等多久也行。");
  items.push_back(first);

  ItemFacts second =
      Item(2, Division(3), "申请强制执行已半年，询问被执行人财产查控情况。",
           "您的诉求已转至执行团队办理，请耐心等待。");
  AddFinding(second, "forward_only", "已转至执行团队办理",
             "答复只说明转办，没有办理结果。");
  second.overdue = true;
  AddFinding(second, "overdue", "2019-07-24 17:30",
             "应于7月19日17:30前办结，实际7月24日办结，超3个工作日。");
  items.push_back(second);

  ItemFacts third =
      Item(3, Division(1), "如何查询开庭时间和法庭地点?", "请拨打12368查询。");
  AddFinding(third, "referral_only", "请拨打12368查询",
             "诉求人正是通过12368来电。");
  third.called = true;
  third.unsatisfied = true;
  third.cell = {Division(1), "courts/110102/teams/t1-0", day};
  third.callback.set_verdict(callback::VERDICT_UNSATISFIED);
  third.callback.mutable_items()->set_clear(callback::ANSWER_NO);
  third.callback.mutable_items()->set_solved(callback::ANSWER_NO);
  items.push_back(third);

  ItemFacts fourth = Item(
      4, Division(0), "补充证据材料应当如何提交，是否可以网上提交?", "可以。");
  AddFinding(fourth, "over_simplified", "可以。",
             "答复2个字，没有说明提交方式和期限。");
  items.push_back(fourth);
  return items;
}

void AddNames(DisplayNames& names) {
  names = {{kCourt, "北京市西城区人民法院"}, {Division(0), "民事审判一庭"},
           {Division(1), "民事审判二庭"},    {Division(2), "民事审判三庭"},
           {Division(3), "执行局"},          {Division(4), "立案庭"}};
  for (int i = 0; i < 3; ++i) {
    names[absl::StrCat(kCourt, "/staff/judge-", i)] = i == 0 ? "法官 王明"
                                                      : i == 1 ? "法官助理 李静"
                                                               : "法官 赵强";
    for (int d = 0; d < 5; ++d) {
      names[absl::StrCat("courts/110102/teams/t", d, "-", i)] =
          absl::StrCat("第", d * 3 + i + 1, "审判团队");
    }
  }
}

}  // namespace

ReportFacts SampleFacts(const std::string& period, bool one_division) {
  Random random(20190722);
  ReportFacts facts;
  facts.court = kCourt;
  if (one_division) facts.division = Division(0);
  AddNames(facts.names);
  const Span last = ParseSpan(period).value_or(Span{});
  const bool month = last.kind == Span::Kind::kMonth;
  const std::int64_t sizes[] = {400, 250, 150, 80, 20};
  const std::int64_t sampled[] = {27, 17, 10, 4, 2};
  for (const Span& span : SpansUpTo(last, kTrendSpans)) {
    SpanFacts& of = facts.spans.emplace_back();
    of.span = span;
    const double defects =
        0.12 - 0.005 * static_cast<double>(facts.spans.size());
    for (int d = 0; d < (one_division ? 3 : 5); ++d) {
      const std::string group = one_division
                                    ? absl::StrCat("courts/110102/teams/t0-", d)
                                    : Division(d);
      const std::int64_t size =
          (one_division ? 400 / 3 : sizes[d]) * (month ? 4 : 1) +
          static_cast<std::int64_t>(random() % 20);
      of.tickets[group] = Tickets(random, size);
      of.quality[group] = Quality(random, of.tickets[group], defects);
    }
    of.findings = {
        {"over_simplified", 31 + static_cast<std::int64_t>(random() % 12)},
        {"promise_without_date", 22 + static_cast<std::int64_t>(random() % 5)},
        {"forward_only", 14 + static_cast<std::int64_t>(random() % 6)},
        {"overdue", 11 + static_cast<std::int64_t>(random() % 4)},
        {"near_duplicate", 8},
        {"off_topic", 5},
        {"acknowledgement_only", 4},
        {"contradiction", 2}};
    for (int day = DayNumber(span.first); day + 6 <= DayNumber(span.last);
         day += 7) {
      for (int d = 0; d < 5; ++d) {
        AddCalls(random, absl::StrCat("courts/110102/draws/", day), d, sizes[d],
                 sampled[d], day, facts.calls);
      }
    }
  }
  facts.rule_divisions = {
      {"over_simplified", {Division(0), Division(3)}},
      {"promise_without_date", {Division(0), Division(1), Division(2)}}};
  facts.items = Items(DayNumber(last.first));
  facts.items_total = 9;
  for (const char* text : {"希望立案大厅能延长网上立案材料补正的提示时间。",
                           "短信通知里最好写清楚联系哪位助理、几点可以打电话。",
                           "西城家园APP留言后看不到办理进度。"}) {
    facts.opinions.emplace_back().cell = {
        Division(0), "courts/110102/teams/t0-0", DayNumber(last.first)};
    v1::Opinion& opinion = facts.opinions.back().opinion;
    opinion.set_text(text);
    opinion.set_division_display_name("民事审判一庭");
    opinion.set_verdict("满意");
    opinion.set_acknowledged(text[0] == '\xe5');
  }
  facts.opinions_total = 5;
  v1::Supervision& supervision = facts.supervisions.emplace_back();
  supervision.set_ticket_number("12368-201907-381");
  supervision.set_division_display_name("执行局");
  supervision.set_matter("多次反映执行款未发放，请核实。");
  supervision.mutable_due_time()->set_seconds(1564133400);
  v1::MethodNote::DrawLine& draw = facts.draws.emplace_back();
  draw.set_draw("0197c3a2-5e10-7c41-9b0e-3f4d8c2a1b77");
  draw.set_population(900);
  draw.set_drawn(60);
  draw.set_frame_digest(
      "9f2b6c1d0e7a4f5389c2d1b0a6e5f4c3b2a190817263544536271809a8b7c6d5");
  draw.set_bundle_digest(
      "1b0a6e5f4c3b2a190817263544536271809a8b7c6d59f2b6c1d0e7a4f5389c2d");
  draw.set_public_seed("5eed0123456789ab");
  draw.set_seeder("server");
  draw.set_seed_source("SERVER");
  facts.ticket_facts = 1'204'377;
  return facts;
}

v1::Report SampleReport(const std::string& period, bool one_division) {
  const ReportFacts facts = SampleFacts(period, one_division);
  v1::Report report = AssembleReport(facts, FigurePolicy());
  report.set_name("courts/110102/reports/0197c3a2-5e10-7c41-9b0e-3f4d8c2a1b77");
  report.set_state(v1::Report::STATE_READY);
  report.set_version(1);
  report.set_serial_number(SerialNumber(report.court_display_name(),
                                        report.division_display_name(),
                                        facts.spans.back().span, 1));
  report.mutable_build_time()->set_seconds(1564131600);
  return report;
}

}  // namespace huifang::reporting
