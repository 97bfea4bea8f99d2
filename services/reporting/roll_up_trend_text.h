// Words of a roll-up's trend that all its formats print.
#ifndef HUIFANG_SERVICES_REPORTING_ROLL_UP_TREND_TEXT_H_
#define HUIFANG_SERVICES_REPORTING_ROLL_UP_TREND_TEXT_H_

#include <string>

#include "huifang/reporting/v1/roll_up_service.pb.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

// Why a rate is not held against those of other periods; empty when it is.
std::string StandingText(v1::RollUp::TrendRate::Standing standing,
                         Locale locale);

// 已报5/6家.
std::string DeliveredText(const v1::RollUp::TrendPoint& point, Locale locale);

// Says that there is no trend yet, or of which measures there is none; empty
// when all have one.
std::string NoTrendText(const v1::RollUp& roll_up, Locale locale);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ROLL_UP_TREND_TEXT_H_
