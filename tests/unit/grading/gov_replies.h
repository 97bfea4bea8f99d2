#ifndef HUIFANG_TESTS_UNIT_GRADING_GOV_REPLIES_H_
#define HUIFANG_TESTS_UNIT_GRADING_GOV_REPLIES_H_

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace huifang::testing {

// RFC 4180 rows of a file, the header included.
inline std::vector<std::vector<std::string>> ReadCsvRows(
    const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (std::size_t i = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
       i < text.size(); ++i) {
    const char c = text[i];
    std::string& cell = rows.back().back();
    if (c == '"' && quoted && i + 1 < text.size() && text[i + 1] == '"') {
      cell += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (quoted) {
      cell += c;
    } else if (c == ',') {
      rows.back().emplace_back();
    } else if (c == '\n') {
      rows.push_back({""});
    } else if (c != '\r') {
      cell += c;
    }
  }
  if (rows.back().size() == 1) rows.pop_back();
  return rows;
}

// One message and its official reply.
struct GovReply {
  std::string id;
  std::string title;
  std::string content;
  std::string reply;
};

inline std::vector<GovReply> ReadGovReplies(const std::string& path) {
  std::vector<GovReply> replies;
  const std::vector<std::vector<std::string>> rows = ReadCsvRows(path);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    replies.push_back(
        {rows[i].at(0), rows[i].at(2), rows[i].at(4), rows[i].at(5)});
  }
  return replies;
}

}  // namespace huifang::testing

#endif  // HUIFANG_TESTS_UNIT_GRADING_GOV_REPLIES_H_
