#ifndef HUIFANG_CLIENTS_GENERATOR_DERIVE_H_
#define HUIFANG_CLIENTS_GENERATOR_DERIVE_H_

#include <string>

#include "absl/status/statusor.h"

namespace huifang::generator {

struct DeriveOptions {
  std::string file;
  std::string mapping_file;
  std::string encoding;
};

// A directory file for an export that came without one: every division and
// handler its rows name, and three officers for simulated calls. Teams and who
// is a judge cannot be known from it.
absl::StatusOr<std::string> DeriveDirectory(const DeriveOptions& options);

}  // namespace huifang::generator

#endif  // HUIFANG_CLIENTS_GENERATOR_DERIVE_H_
