#ifndef HUIFANG_SERVICES_TICKET_CALENDAR_DATA_H_
#define HUIFANG_SERVICES_TICKET_CALENDAR_DATA_H_

#include "absl/strings/string_view.h"

namespace huifang::ticket {

// The public holidays and make-up working days (调休) of the State Council's
// yearly notices, in the format of ParseCalendarLayer. To add a year, append
// its notice; entries of a later notice win, so late December may appear twice.
absl::string_view BuiltInCalendar();

// Names this data in stored deadlines: raise it with every change above.
absl::string_view BuiltInCalendarVersion();

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_CALENDAR_DATA_H_
