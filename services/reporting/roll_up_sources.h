// What a roll-up rests on: the callbacks drawn in its courts, and the delivered
// reports that it was made from.
#ifndef HUIFANG_SERVICES_REPORTING_ROLL_UP_SOURCES_H_
#define HUIFANG_SERVICES_REPORTING_ROLL_UP_SOURCES_H_

#include <string>

#include "huifang/reporting/v1/roll_up_service.pb.h"

namespace huifang::reporting {

// Most draws that a court's figures name: those of a month with three a week,
// and one to spare. Five hundred courts still fit into one answer.
inline constexpr int kToldDraws = 16;

// Tells the superior court how callbacks were drawn and answered. Who gave a
// draw its seed is a person's name, and stays.
void TellCallbacks(const v1::MethodNote& method, v1::CourtFigures& court);

// The courts' callbacks as those of one: counts are summed, and rates made of
// the sums.
void PoolResponses(v1::RollUp& roll_up);

// One line for each court in the order of the roll-up, each with its line feed:
// `110102|西法回访周报〔2019〕30号|1`, code, serial number and version of the
// delivered report; `110107||0` of a court that delivered none.
std::string SourcesText(const v1::RollUp& roll_up);

// SHA-256 of that, hexadecimal.
std::string SourcesDigest(const v1::RollUp& roll_up);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ROLL_UP_SOURCES_H_
