// A backup's manifest, which comes from wherever backups are kept: what is
// accepted stays in its directory, and says the same once written and read.
#include <string>

#include "clients/cli/admin/manifest.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using huifang::cli::admin::ParseManifest;
  using huifang::cli::admin::WriteManifest;
  using huifang::fuzz::Require;
  const auto parts = ParseManifest(huifang::fuzz::Text(data, size), "m.json");
  if (!parts.ok()) {
    Require(!parts.status().message().empty(), "a refusal says why");
    return 0;
  }
  for (const auto& part : *parts) {
    Require(part.file.find('/') == std::string::npos,
            "a file lies beside its manifest");
  }
  const std::string written = WriteManifest(*parts);
  const auto again = ParseManifest(written, "m.json");
  Require(again.ok() && WriteManifest(*again) == written,
          "what is written reads the same");
  return 0;
}
