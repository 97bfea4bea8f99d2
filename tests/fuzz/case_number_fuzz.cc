// Case numbers: the accepted form is a fixed point, in whatever spelling the
// number came.
#include <string>

#include "services/common/text.h"
#include "services/ticket/case_number_rules.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang::ticket;
  using huifang::fuzz::Require;
  const absl::string_view text = huifang::fuzz::Text(data, size);
  const auto number = ParseCaseNumber(text);
  if (number.ok()) {
    const std::string form = FormatCaseNumber(*number);
    const auto again = ParseCaseNumber(form);
    Require(again.ok() && FormatCaseNumber(*again) == form,
            "a formatted case number reads as itself");
    Require(again->court_code == number->court_code &&
                again->type == number->type &&
                again->special == number->special &&
                again->serial == number->serial,
            "its parts stay the same");
    (void)AdministrativeCode(number->court_code);
  }
  const auto stored = AcceptCaseNumber(text);
  if (stored.ok()) {
    Require(!huifang::FindInvalidUtf8(stored->text).has_value(),
            "what is stored is text");
    const auto again = AcceptCaseNumber(stored->text);
    Require(again.ok() && again->text == stored->text &&
                again->legacy == stored->legacy,
            "a stored case number is accepted as itself");
  }
  return 0;
}
