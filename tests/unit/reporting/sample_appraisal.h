#ifndef HUIFANG_TESTS_UNIT_REPORTING_SAMPLE_APPRAISAL_H_
#define HUIFANG_TESTS_UNIT_REPORTING_SAMPLE_APPRAISAL_H_

#include "huifang/reporting/v1/appraisal_resources.pb.h"

namespace huifang::reporting {

// A sheet of July 2019 that corrects another: four handlers of two divisions,
// one of few tickets, one below the others, and an exclusion.
v1::Appraisal SampleAppraisal();

}  // namespace huifang::reporting

#endif  // HUIFANG_TESTS_UNIT_REPORTING_SAMPLE_APPRAISAL_H_
