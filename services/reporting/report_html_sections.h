// The sections of the page, as data for its template.
#ifndef HUIFANG_SERVICES_REPORTING_REPORT_HTML_SECTIONS_H_
#define HUIFANG_SERVICES_REPORTING_REPORT_HTML_SECTIONS_H_

#include <string>

#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"
#include "services/reporting/report_html.h"

namespace huifang::reporting {

PageData NewList();

// Sets `name` and `has_name`, so that a template can head a list that exists.
void SetList(PageData& page, const std::string& name, const PageData& list);

// An empty string is true to mustache; an absent text must be false.
void SetText(PageData& page, const std::string& name, const std::string& text);

// 57/60 · 86.3%–98.3% · 最坏界 82.0%–97.1%, as far as there are.
std::string EvidenceText(const v1::Figure& figure, Locale locale);

void AddGroups(const v1::Report& report, Locale locale,
               const ChartMaker& charts, PageData& page);
void AddOpinions(const v1::Report& report, Locale locale, PageData& page);
void AddItems(const v1::Report& report, Locale locale, PageData& page);
void AddActions(const v1::Report& report, Locale locale, PageData& page);
void AddMethod(const v1::Report& report, Locale locale, PageData& page);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_REPORT_HTML_SECTIONS_H_
