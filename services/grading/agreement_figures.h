#ifndef HUIFANG_SERVICES_GRADING_AGREEMENT_FIGURES_H_
#define HUIFANG_SERVICES_GRADING_AGREEMENT_FIGURES_H_

#include <utility>
#include <vector>

#include "huifang/grading/v1/grading_service.pb.h"

namespace huifang::grading {

// The agreement of first and second reviews, given as ranks of their tiers
// (0 is the best), and how sure each coefficient is. The same pairs give the
// same figures.
v1::Agreement AgreementOf(const std::vector<std::pair<int, int>>& pairs);

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_AGREEMENT_FIGURES_H_
