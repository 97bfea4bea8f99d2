#include "services/reporting/report_html_sections.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/reporting/agreement_lines.h"
#include "services/reporting/chart_svg.h"
#include "services/reporting/comparison_text.h"
#include "services/reporting/item_rules.h"
#include "services/reporting/report_text.h"
#include "services/reporting/response_text.h"
#include "services/reporting/training_text.h"

namespace huifang::reporting {
namespace {

using Data = PageData;

Data ItemTags(const v1::Item& item, Locale locale) {
  Data tags = NewList();
  const auto add = [&tags](const std::string& text, const char* tone) {
    Data tag;
    tag.set("text", text);
    tag.set("tone", tone);
    tags.push_back(tag);
  };
  if (!item.tier().empty()) {
    const bool bad = item.tier() == "D" || item.tier() == "不合格";
    add(absl::StrCat(item.tier(), " · ",
                     PageLabel(item.graded() ? "graded" : "proposed", locale)),
        bad ? "act" : "");
  }
  if (!item.verdict().empty()) {
    add(VerdictIn(item.verdict(), locale),
        item.verdict() == "不满意" ? "act" : "good");
  }
  return tags;
}

Data ItemReply(const v1::Item& item) {
  std::vector<std::string> quotes;
  for (const v1::FindingQuote& finding : item.findings()) {
    quotes.push_back(finding.quote());
  }
  Data parts = NewList();
  for (const TextPart& part : MarkQuotes(item.reply(), quotes)) {
    Data row;
    row.set("text", part.text);
    row.set("marked", Data(part.marked));
    parts.push_back(row);
  }
  return parts;
}

Data ItemEvidence(const v1::Item& item, Locale locale) {
  const bool english = locale == Locale::kEnglish;
  Data evidence = NewList();
  for (const v1::FindingQuote& finding : item.findings()) {
    std::string detail = finding.detail();
    if (!finding.quote().empty() &&
        !absl::StrContains(item.reply(), finding.quote())) {
      absl::StrAppend(&detail, english ? " “" : "「", finding.quote(),
                      english ? "”" : "」");
    }
    Data row;
    row.set("rule", finding.display_name());
    row.set("detail", detail);
    evidence.push_back(row);
  }
  return evidence;
}

// Only a difference that chance does not explain is marked.
void SetFlag(const v1::Comparison* comparison, Locale locale, Data& cell) {
  const bool flagged = comparison != nullptr &&
                       (comparison->flag() == v1::Comparison::FLAG_LOW ||
                        comparison->flag() == v1::Comparison::FLAG_HIGH);
  SetText(cell, "flag", flagged ? FlagText(comparison->flag(), locale) : "");
  if (!flagged) return;
  cell.set("flag_tone",
           comparison->flag() == v1::Comparison::FLAG_LOW ? "act" : "good");
}

void AddDifferences(const v1::Report& report, Locale locale,
                    const ChartMaker& charts, Data& page) {
  page.set(
      "differences_title",
      PageLabel(report.division().empty() ? "differences" : "team_differences",
                locale));
  Data sentences = NewList();
  for (const std::string& text : DifferenceTexts(report, locale)) {
    Data row;
    row.set("text", text);
    sentences.push_back(row);
  }
  SetList(page, "differences", sentences);
  Data funnels = NewList();
  for (const v1::Measure measure : ComparedMeasures(report)) {
    Data row;
    row.set("svg", charts(FunnelChart(report, measure, locale)));
    funnels.push_back(row);
  }
  SetList(page, "funnels", funnels);
}

}  // namespace

PageData NewList() { return PageData(PageData::type::list); }

void SetList(PageData& page, const std::string& name, const PageData& list) {
  page.set("has_" + name, PageData(!list.is_empty_list()));
  page.set(name, list);
}

void SetText(PageData& page, const std::string& name, const std::string& text) {
  page.set(name, text.empty() ? PageData(false) : PageData(text));
}

std::string EvidenceText(const v1::Figure& figure, Locale locale) {
  std::vector<std::string> parts;
  const auto add = [&parts](const std::string& text) {
    if (!text.empty()) parts.push_back(text);
  };
  add(BasisText(figure.current()));
  add(IntervalText(figure.current(), locale));
  const std::string bounds = BoundsText(figure);
  if (!bounds.empty()) {
    add(absl::StrCat(PageLabel("bounds", locale), " ", bounds));
  }
  return absl::StrJoin(parts, " · ");
}

void AddGroups(const v1::Report& report, Locale locale,
               const ChartMaker& charts, Data& page) {
  const bool teams = !report.division().empty();
  page.set("groups_title", PageLabel(teams ? "teams" : "groups", locale));
  page.set("group_word", PageLabel(teams ? "team" : "division", locale));
  Data heads = NewList();
  Data groups = NewList();
  if (!report.groups().empty()) {
    for (const v1::Figure& figure : report.groups(0).figures()) {
      Data head;
      head.set("head", MeasureLabel(figure.measure(), locale));
      heads.push_back(head);
    }
    page.set("group_svg", charts(GroupChart(report, locale)));
  }
  for (const v1::GroupLine& group : report.groups()) {
    Data cells = NewList();
    for (const v1::Figure& figure : group.figures()) {
      Data cell;
      cell.set("value", ValueText(figure.current(), figure.unit(), locale));
      SetText(cell, "basis", BasisText(figure.current()));
      SetText(cell, "interval", IntervalText(figure.current(), locale));
      SetText(cell, "bounds", BoundsText(figure));
      SetFlag(FindComparison(group, figure.measure()), locale, cell);
      cells.push_back(cell);
    }
    Data row;
    row.set("name", group.display_name());
    row.set("cells", cells);
    groups.push_back(row);
  }
  page.set("group_heads", heads);
  SetList(page, "groups", groups);
  AddDifferences(report, locale, charts, page);
}

void AddOpinions(const v1::Report& report, Locale locale, Data& page) {
  SetText(page, "callback_text", CallbackText(report, locale));
  Data opinions = NewList();
  for (const v1::Opinion& opinion : report.opinions()) {
    std::vector<std::string> from;
    if (!opinion.division_display_name().empty()) {
      from.push_back(opinion.division_display_name());
    }
    if (!opinion.verdict().empty()) {
      from.push_back(VerdictIn(opinion.verdict(), locale));
    }
    if (opinion.acknowledged()) {
      from.push_back(locale == Locale::kEnglish ? "conveyed, acknowledged"
                                                : "已转达并知悉");
    }
    Data row;
    row.set("text", opinion.text());
    row.set("from", from.empty() ? "" : "— " + absl::StrJoin(from, " · "));
    opinions.push_back(row);
  }
  SetList(page, "opinions", opinions);
  const std::string more = CountText(report.opinions_omitted());
  SetText(page, "opinions_omitted",
          report.opinions_omitted() == 0 ? ""
          : locale == Locale::kEnglish
              ? absl::StrCat(more, " more were heard.")
              : absl::StrCat("另有", more, "条未在此列出。"));
}

void AddItems(const v1::Report& report, Locale locale, Data& page) {
  Data items = NewList();
  for (const v1::Item& item : report.items()) {
    std::vector<std::string> who;
    if (report.division().empty() && !item.division_display_name().empty()) {
      who.push_back(item.division_display_name());
    }
    if (!item.handler_display_name().empty()) {
      who.push_back(item.handler_display_name());
    }
    Data row;
    row.set("number", absl::StrCat(item.number()));
    row.set("ticket", item.ticket_number());
    row.set("who", absl::StrJoin(who, " · "));
    row.set("tags", ItemTags(item, locale));
    row.set("matter", item.matter());
    SetList(row, "reply", ItemReply(item));
    SetText(row, "opinion", item.opinion());
    row.set("problem", EnglishOr(item.problem_en(), item.problem(), locale));
    SetList(row, "evidence", ItemEvidence(item, locale));
    row.set("suggestion",
            EnglishOr(item.suggestion_en(), item.suggestion(), locale));
    items.push_back(row);
  }
  SetList(page, "items", items);
  SetText(
      page, "omitted",
      report.items_omitted() == 0
          ? ""
          : absl::StrCat(locale == Locale::kEnglish ? "Not printed: " : "另有",
                         CountText(report.items_omitted()),
                         locale == Locale::kEnglish
                             ? " more items; see the division's report."
                             : "条未在此列出，详见各庭报告。"));
}

// Which lists go on beyond what is printed.
std::string CutText(const v1::Report& report, Locale locale) {
  const bool english = locale == Locale::kEnglish;
  std::vector<std::string> lists;
  if (report.suggestions_cut()) {
    lists.push_back(english ? "suggestions" : "改进建议");
  }
  if (report.supervisions_cut()) {
    lists.push_back(english ? "tickets under supervision" : "重点督办");
  }
  if (report.trainings_cut()) lists.push_back(english ? "trainings" : "培训");
  if (lists.empty()) return "";
  return english
             ? absl::StrCat("Listed in part only: ", absl::StrJoin(lists, ", "),
                            ".")
             : absl::StrCat(absl::StrJoin(lists, "、"), "较多，未全部列出。");
}

void AddActions(const v1::Report& report, Locale locale, Data& page) {
  Data suggestions = NewList();
  for (const v1::Suggestion& suggestion : report.suggestions()) {
    Data row;
    row.set("title", suggestion.title());
    row.set("division", DepartmentsText(suggestion, locale));
    row.set("state", SuggestionStateText(suggestion.state(), locale));
    suggestions.push_back(row);
  }
  Data supervisions = NewList();
  for (const v1::Supervision& supervision : report.supervisions()) {
    Data row;
    row.set("ticket", supervision.ticket_number());
    row.set("division", supervision.division_display_name());
    row.set("matter", supervision.matter());
    row.set("due", MinuteText(supervision.due_time()));
    row.set("state", SupervisionStateText(supervision, locale));
    supervisions.push_back(row);
  }
  Data topics = NewList();
  for (const v1::TrainingTopic& topic : report.training_topics()) {
    Data row;
    row.set("name", topic.display_name());
    row.set("count", CountText(topic.count()));
    row.set("divisions",
            absl::StrJoin(topic.divisions(),
                          locale == Locale::kEnglish ? ", " : "、"));
    row.set("advice", EnglishOr(topic.advice_en(), topic.advice(), locale));
    row.set("trainings", TopicTrainingsText(report, topic, locale));
    topics.push_back(row);
  }
  Data trainings = NewList();
  for (const v1::Training& training : report.trainings()) {
    Data row;
    row.set("title", training.title());
    row.set("treats", TreatedText(training, locale));
    row.set("audience", AudienceText(training, locale));
    row.set("day", training.day());
    row.set("attendees", CountText(training.attendee_count()));
    row.set("state", TrainingStateText(training.state(), locale));
    row.set("effect", EffectText(training, locale));
    trainings.push_back(row);
  }
  page.set("has_actions",
           Data(report.suggestions_size() + report.supervisions_size() +
                    report.training_topics_size() + report.trainings_size() >
                0));
  SetList(page, "suggestions", suggestions);
  SetList(page, "supervisions", supervisions);
  SetList(page, "topics", topics);
  SetList(page, "trainings", trainings);
  SetText(page, "actions_cut", CutText(report, locale));
}

void AddMethod(const v1::Report& report, Locale locale, Data& page) {
  Data sentences = NewList();
  for (const std::string& sentence : MethodIn(report.method(), locale)) {
    Data row;
    row.set("sentence", sentence);
    sentences.push_back(row);
  }
  page.set("method", sentences);
  Data agreements = NewList();
  for (const v1::AgreementLine& line : report.agreements()) {
    Data row;
    row.set("judged", JudgedText(line, locale));
    row.set("pairs", CountText(line.pairs()));
    row.set("observed", ObservedText(line));
    row.set("coefficients", CoefficientText(line, locale));
    agreements.push_back(row);
  }
  SetList(page, "agreements", agreements);
  page.set("agreement_hint", report.agreements().empty()
                                 ? ""
                                 : AgreementHint(report.agreements(0), locale));
  Data aapor = NewList();
  for (const auto& [family, rates] : ResponseTable(report.method(), locale)) {
    Data row;
    row.set("family", family);
    row.set("rates", rates);
    aapor.push_back(row);
  }
  SetList(page, "aapor", aapor);
  Data draws = NewList();
  for (const auto& draw : report.method().draws()) {
    Data row;
    row.set("draw", draw.draw());
    row.set("population", CountText(draw.population()));
    row.set("drawn", CountText(draw.drawn()));
    row.set("digest", draw.frame_digest());
    SetText(row, "bundle", draw.bundle_digest());
    SetText(row, "seed", SeedText(draw, locale));
    draws.push_back(row);
  }
  SetList(page, "draws", draws);
}

}  // namespace huifang::reporting
