// The sections of a roll-up's page, as data for its template.
#ifndef HUIFANG_SERVICES_REPORTING_ROLL_UP_HTML_SECTIONS_H_
#define HUIFANG_SERVICES_REPORTING_ROLL_UP_HTML_SECTIONS_H_

#include "huifang/reporting/v1/roll_up_service.pb.h"
#include "services/reporting/labels.h"
#include "services/reporting/template_set.h"

namespace huifang::reporting {

// How many of the callers drawn were heard, in each court and in all.
void AddResponses(const v1::RollUp& roll_up, Locale locale, PageData& page);

// The courts together over the last periods.
void AddTrend(const v1::RollUp& roll_up, Locale locale,
              const ChartMaker& charts, PageData& page);

// Which courts truly differ.
void AddDifferences(const v1::RollUp& roll_up, Locale locale,
                    const ChartMaker& charts, PageData& page);

// Missing courts, and by what each of the others is not compared.
void AddLeftOut(const v1::RollUp& roll_up, Locale locale, PageData& page);

// The reports it was made from, their draws, by what they judged, and how.
void AddSources(const v1::RollUp& roll_up, Locale locale, PageData& page);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ROLL_UP_HTML_SECTIONS_H_
