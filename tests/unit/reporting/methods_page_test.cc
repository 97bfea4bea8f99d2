// docs/methods.md says which estimators no service calls; this reads the code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/support/source_dir.h"

namespace huifang::reporting {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string>& Estimators() {
  static const auto& units = *new std::vector<std::string>{
      "reporting/interval_rules",   "reporting/estimate_rules",
      "reporting/mean_rules",       "reporting/response_rules",
      "reporting/comparison_rules", "reporting/caller_rules",
      "common/agreement_rules",     "common/agreement_interval_rules"};
  return units;
}

std::string Read(const fs::path& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in.good()) << path;
  // Comments call nothing.
  return std::regex_replace(
      std::string((std::istreambuf_iterator<char>(in)), {}),
      std::regex("//[^\n]*"), "");
}

std::vector<std::string> AllMatches(const std::string& text,
                                    const std::string& pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end;
       ++it) {
    found.push_back((*it)[1]);
  }
  return found;
}

TEST(MethodsPage, NamesTheEstimatorsThatOnlyTestsCall) {
  const fs::path services = fs::path(HUIFANG_SOURCE_DIR) / "services";
  std::string inside;   // the estimators' own code
  std::string outside;  // what may call them
  std::set<fs::path> own;
  std::vector<std::string> functions;
  for (const std::string& unit : Estimators()) {
    own.insert(services / (unit + ".cc"));
    inside += Read(services / (unit + ".cc"));
    for (const std::string& name :
         AllMatches(Read(services / (unit + ".h")),
                    "\n[A-Za-z][A-Za-z0-9:<>, _]* ([A-Z][A-Za-z0-9]*)\\(")) {
      functions.push_back(name);
    }
  }
  ASSERT_GT(functions.size(), 25U);
  for (const auto& entry : fs::recursive_directory_iterator(services)) {
    if (entry.path().extension() == ".cc" && own.count(entry.path()) == 0) {
      outside += Read(entry.path());
    }
  }
  // Each word once: searching millions of characters for each name is slow.
  const std::vector<std::string> calls =
      AllMatches(outside, "\\b([A-Z][A-Za-z0-9]*)\\(");
  const std::set<std::string> called(calls.begin(), calls.end());
  std::ifstream page(fs::path(HUIFANG_SOURCE_DIR) / "docs/methods.md");
  std::string text((std::istreambuf_iterator<char>(page)), {});
  const std::size_t begin = text.find("\n## Called by tests only\n");
  ASSERT_NE(begin, std::string::npos);
  text = text.substr(begin + 4);
  const std::vector<std::string> names =
      AllMatches(text.substr(0, text.find("\n## ")), "`([A-Z][A-Za-z0-9]*)`");
  const std::set<std::string> listed(names.begin(), names.end());
  for (const std::string& name : functions) {
    const std::size_t mentions =
        AllMatches(inside, "\\b(" + name + ")\\(").size();
    if (called.count(name) > 0) {
      EXPECT_EQ(listed.count(name), 0U) << name << " is called by a service";
    } else if (mentions < 2) {
      EXPECT_EQ(listed.count(name), 1U) << name << " is called by tests only";
    }
  }
  EXPECT_THAT(functions, ::testing::IsSupersetOf(names));
}

}  // namespace
}  // namespace huifang::reporting
