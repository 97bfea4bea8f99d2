#include "clients/generator/grammar.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "absl/strings/str_cat.h"

namespace huifang::generator {
namespace {

[[noreturn]] void Die(absl::string_view why, absl::string_view text) {
  std::fprintf(stderr, "template: %s: %s\n", std::string(why).c_str(),
               std::string(text).c_str());
  std::abort();
}

// Where the bracket that opens at `open` closes, and where its branches split.
std::size_t FindClose(absl::string_view text, std::size_t open,
                      std::vector<std::size_t>& bars) {
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    if (text[at] == '[') ++depth;
    if (text[at] == ']' && --depth == 0) return at;
    if (text[at] == '|' && depth == 1) bars.push_back(at);
  }
  Die("a bracket is not closed", text);
}

}  // namespace

std::string Expand(absl::string_view text, const Slots& slots, Random& random) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '{') {
      const std::size_t close = text.find('}', at);
      if (close == absl::string_view::npos) Die("a slot is not closed", text);
      const absl::string_view name = text.substr(at + 1, close - at - 1);
      const auto slot = slots.find(std::string(name));
      if (slot == slots.end()) Die(absl::StrCat("no slot ", name), text);
      out += slot->second;
      at = close;
    } else if (text[at] == '[') {
      std::vector<std::size_t> edges = {at};
      const std::size_t close = FindClose(text, at, edges);
      edges.push_back(close);
      const std::size_t branch = random.Below(edges.size() - 1);
      out += Expand(
          text.substr(edges[branch] + 1, edges[branch + 1] - edges[branch] - 1),
          slots, random);
      at = close;
    } else {
      out += text[at];
    }
  }
  return out;
}

}  // namespace huifang::generator
