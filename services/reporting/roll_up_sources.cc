#include "services/reporting/roll_up_sources.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "services/common/crypto.h"
#include "services/common/resource_name.h"
#include "services/reporting/response_figures.h"

namespace huifang::reporting {
namespace {

using Dispositions = v1::MethodNote::Dispositions;

void AddCounts(const Dispositions& counts, Dispositions& sums) {
  const google::protobuf::Descriptor& type = *Dispositions::descriptor();
  const google::protobuf::Reflection& reflection = *sums.GetReflection();
  for (int i = 0; i < type.field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = type.field(i);
    reflection.SetInt64(
        &sums, field,
        reflection.GetInt64(sums, field) + reflection.GetInt64(counts, field));
  }
}

std::int64_t EligibleOf(const Dispositions& dispositions) {
  const DispositionCounts d = CountsOf(dispositions);
  return d.complete + d.partial + d.refusal + d.non_contact + d.other +
         d.unknown_household + d.unknown_other;
}

void SetDispositions(const Dispositions& dispositions,
                     v1::CourtFigures::Response& response) {
  *response.mutable_dispositions() = dispositions;
  response.set_completed(dispositions.complete());
  response.set_eligible(EligibleOf(dispositions));
}

}  // namespace

void TellCallbacks(const v1::MethodNote& method, v1::CourtFigures& court) {
  if (method.has_dispositions()) {
    v1::CourtFigures::Response& response = *court.mutable_response();
    SetDispositions(method.dispositions(), response);
    *response.mutable_rates() = method.response_rates();
  }
  for (const v1::MethodNote::DrawLine& line : method.draws()) {
    if (court.draws_size() == kToldDraws) break;
    v1::CourtFigures::Draw& draw = *court.add_draws();
    draw.set_draw(line.draw());
    draw.set_population(line.population());
    draw.set_drawn(line.drawn());
    draw.set_bundle_digest(line.bundle_digest());
  }
  court.set_draws_omitted(method.draws_size() - court.draws_size());
}

void PoolResponses(v1::RollUp& roll_up) {
  Dispositions sums;
  int courts = 0;
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    const v1::CourtFigures::Response& told = line.court().response();
    if (told.eligible() + told.dispositions().not_eligible() == 0) continue;
    AddCounts(told.dispositions(), sums);
    ++courts;
  }
  roll_up.set_response_courts(courts);
  SetDispositions(sums, *roll_up.mutable_response());
  *roll_up.mutable_response()->mutable_rates() = ResponseRatesOf(sums);
}

std::string SourcesText(const v1::RollUp& roll_up) {
  std::string text;
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    const v1::CourtFigures& court = line.court();
    absl::StrAppend(&text, CourtOfName(court.name()), "|",
                    court.serial_number(), "|", court.version(), "\n");
  }
  return text;
}

std::string SourcesDigest(const v1::RollUp& roll_up) {
  return Sha256Hex(SourcesText(roll_up));
}

}  // namespace huifang::reporting
