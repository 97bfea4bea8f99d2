#include "services/reporting/response_figures.h"

#include <array>
#include <cmath>
#include <utility>

namespace huifang::reporting {

v1::MethodNote::Dispositions DispositionsOf(const Scope& scope) {
  std::array<std::int64_t, 9> counts{};
  if (scope.calls != nullptr) {
    for (const CallFact& call : *scope.calls) {
      if (IsMember(call, scope)) {
        ++counts[static_cast<std::size_t>(call.disposition)];
      }
    }
  }
  const auto of = [&counts](Disposition d) {
    return counts[static_cast<std::size_t>(d)];
  };
  v1::MethodNote::Dispositions result;
  result.set_complete(of(Disposition::kComplete));
  result.set_partial(of(Disposition::kPartial));
  result.set_refusal(of(Disposition::kRefusal));
  result.set_non_contact(of(Disposition::kNonContact));
  result.set_other(of(Disposition::kOther));
  result.set_unknown(of(Disposition::kUnknownHousehold) +
                     of(Disposition::kUnknownOther));
  result.set_not_eligible(of(Disposition::kNotEligible));
  result.set_pending(of(Disposition::kPending));
  return result;
}

DispositionCounts CountsOf(const v1::MethodNote::Dispositions& d) {
  return {.complete = d.complete(),
          .partial = d.partial(),
          .refusal = d.refusal(),
          .non_contact = d.non_contact() + d.pending(),
          .other = d.other(),
          .unknown_other = d.unknown(),
          .not_eligible = d.not_eligible()};
}

double EligibleShareOrAll(const DispositionCounts& counts) {
  const double share = EligibleShare(counts);
  return std::isnan(share) ? 1 : share;
}

v1::MethodNote::ResponseRates ResponseRatesOf(
    const v1::MethodNote::Dispositions& dispositions) {
  const DispositionCounts counts = CountsOf(dispositions);
  const double share = EligibleShare(counts);
  const ResponseRates rates = RatesOf(counts, EligibleShareOrAll(counts));
  v1::MethodNote::ResponseRates result;
  using Proto = v1::MethodNote::ResponseRates;
  const std::pair<double, void (Proto::*)(double)> fields[] = {
      {rates.rr1, &Proto::set_rr1},     {rates.rr2, &Proto::set_rr2},
      {rates.rr3, &Proto::set_rr3},     {rates.rr4, &Proto::set_rr4},
      {rates.rr5, &Proto::set_rr5},     {rates.rr6, &Proto::set_rr6},
      {rates.coop1, &Proto::set_coop1}, {rates.coop2, &Proto::set_coop2},
      {rates.coop3, &Proto::set_coop3}, {rates.coop4, &Proto::set_coop4},
      {rates.ref1, &Proto::set_ref1},   {rates.ref2, &Proto::set_ref2},
      {rates.ref3, &Proto::set_ref3},   {rates.con1, &Proto::set_con1},
      {rates.con2, &Proto::set_con2},   {rates.con3, &Proto::set_con3},
      {rates.loc1, &Proto::set_loc1},   {share, &Proto::set_eligible_share}};
  for (const auto& [rate, set] : fields) {
    if (!std::isnan(rate)) (result.*set)(rate);
  }
  return result;
}

}  // namespace huifang::reporting
