// What an operator writes: flags, the token file and the key file.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/common/admission.h"
#include "services/common/clock.h"
#include "services/common/config.h"
#include "services/common/crypto.h"
#include "tests/fuzz/fuzz.h"

namespace huifang {
namespace {

using fuzz::Require;

void TryFlags(absl::string_view rest) {
  std::vector<std::string> words = {"huifang-ticket"};
  while (!rest.empty()) {
    words.emplace_back(fuzz::TakePart(rest));
    // These two print and stop.
    if (words.back() == "--help" || words.back() == "-h" ||
        words.back() == "--print_config") {
      words.pop_back();
    }
  }
  std::vector<const char*> args;
  for (const std::string& word : words) args.push_back(word.c_str());
  ServiceConfig config;
  FlagSet flags("ticket", "a service");
  config.Declare(flags);
  if (!flags.Parse(static_cast<int>(args.size()), args.data()).ok()) return;
  Require(config.executor_threads >= 1 && config.executor_threads <= 1024,
          "an accepted flag is within its bounds");
  Require(
      config.grace >= absl::ZeroDuration() && config.grace <= absl::Minutes(5),
      "an accepted duration is within its bounds");
  (void)flags.Print();
}

void TryKeys(absl::string_view json) {
  const auto sealer = Sealer::FromJson(json);
  if (!sealer.ok()) return;
  const std::string sealed = sealer->Seal("13800138000", "caller");
  const auto opened = sealer->Open(sealed, "caller");
  Require(opened.ok() && *opened == "13800138000", "what is sealed opens");
  Require(!sealer->Open(sealed, "other").ok(), "a seal belongs to its place");
}

// Damaged sealed data.
void TrySealed(absl::string_view sealed) {
  static const Sealer kSealer = *Sealer::FromJson(absl::StrCat(
      R"({"keys": {"1": ")", std::string(64, 'a'), R"("}, "current": "1"})"));
  Require(!kSealer.Open(sealed, "caller").ok(), "made-up seals do not open");
}

}  // namespace
}  // namespace huifang

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang;
  static SystemClock clock;
  absl::string_view rest = fuzz::Text(data, size);
  switch (fuzz::TakeChoice(rest, 4)) {
    case 0:
      TryFlags(rest);
      break;
    case 1:
      (void)TokenAdmission::FromJson(rest, clock);
      break;
    case 2:
      TryKeys(rest);
      break;
    default:
      TrySealed(rest);
  }
  return 0;
}
