// Words about trainings that all formats of a report print.
#ifndef HUIFANG_SERVICES_REPORTING_TRAINING_TEXT_H_
#define HUIFANG_SERVICES_REPORTING_TRAINING_TEXT_H_

#include <string>

#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

// 计划中, 已举办, 已取消.
std::string TrainingStateText(v1::Training::State state, Locale locale);

// What it treats: 过于简化、超期; or quality as a whole.
std::string TreatedText(const v1::Training& training, Locale locale);

// For whom: its divisions' names, or the whole court.
std::string AudienceText(const v1::Training& training, Locale locale);

// What came of it, in one sentence; empty before it is held. A change is named
// only where the interval of the difference excludes zero and p is below 0.05.
std::string EffectText(const v1::Training& training, Locale locale);

// The trainings of a report that treat a topic, each with its day and state:
// 答复规范（2019-07-05，已举办）.
std::string TopicTrainingsText(const v1::Report& report,
                               const v1::TrainingTopic& topic, Locale locale);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_TRAINING_TEXT_H_
