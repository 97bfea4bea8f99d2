#ifndef HUIFANG_CLIENTS_GENERATOR_GRAMMAR_H_
#define HUIFANG_CLIENTS_GENERATOR_GRAMMAR_H_

#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "clients/generator/random.h"

namespace huifang::generator {

// Words that fill {slots}.
using Slots = std::map<std::string, std::string, std::less<>>;

// Expands a template: [a|b|c] becomes one of its branches, which may hold
// further brackets; {name} becomes the slot's words. An unknown slot or an
// unclosed bracket ends the process: templates are constants.
std::string Expand(absl::string_view text, const Slots& slots, Random& random);

}  // namespace huifang::generator

#endif  // HUIFANG_CLIENTS_GENERATOR_GRAMMAR_H_
