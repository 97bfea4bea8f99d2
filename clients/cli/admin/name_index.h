#ifndef HUIFANG_CLIENTS_CLI_ADMIN_NAME_INDEX_H_
#define HUIFANG_CLIENTS_CLI_ADMIN_NAME_INDEX_H_

#include <cstdint>
#include <set>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace huifang::cli::admin {

// Every resource of the databases under check, by a 64-bit hash of its name:
// some 30 bytes each, whatever it holds. Of ten million names two share a hash
// in one check of 300,000; a problem may then go unseen.
class NameIndex {
 public:
  struct Entry {
    std::int32_t version = 0;  // of its row
    std::int32_t applied = 0;  // newest of the events reporting has applied
    bool seen = false;         // by the check that runs
  };

  Entry& Add(absl::string_view name) { return entries_[absl::HashOf(name)]; }
  Entry* Find(absl::string_view name) {
    const auto found = entries_.find(absl::HashOf(name));
    return found == entries_.end() ? nullptr : &found->second;
  }

  // Whether names of a collection ("tickets") were added: only then does the
  // absence of one mean anything.
  void Cover(absl::string_view collection) {
    covered_.insert(std::string(collection));
  }
  bool Covers(absl::string_view collection) const {
    return covered_.count(std::string(collection)) > 0;
  }

 private:
  absl::flat_hash_map<std::size_t, Entry> entries_;
  std::set<std::string> covered_;
};

}  // namespace huifang::cli::admin

#endif  // HUIFANG_CLIENTS_CLI_ADMIN_NAME_INDEX_H_
