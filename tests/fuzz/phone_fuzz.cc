// Phone numbers: one number has one form, so that it has one index.
#include <string>

#include "services/common/crypto.h"
#include "services/ticket/phone_rules.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using huifang::fuzz::Require;
  const auto phone =
      huifang::ticket::NormalizePhone(huifang::fuzz::Text(data, size));
  if (!phone.ok()) return 0;
  const auto again = huifang::ticket::NormalizePhone(*phone);
  Require(again.ok() && *again == *phone,
          "a normalised number is normalised to itself");
  Require(huifang::MaskPhone(*phone) != *phone, "a masked number is masked");
  return 0;
}
