#include "clients/cli/output.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include "clients/cli/cli.h"

namespace huifang::cli {
namespace {

std::string Write(Format format, const std::vector<std::vector<Cell>>& rows) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* out = open_memstream(&text, &size);
  const auto writer = MakeRowWriter(format, {"name", "count"}, out);
  for (const std::vector<Cell>& row : rows) writer->Add(row);
  writer->Finish();
  std::fclose(out);
  std::string result(text, size);
  std::free(text);
  return result;
}

TEST(RowWriterTest, TableLinesUpChineseAndAsciiText) {
  EXPECT_EQ(Write(Format::kTable, {{"民一庭", 12}, {"abc", 3}}),
            "name    count\n"
            "------  -----\n"
            "民一庭  12\n"
            "abc     3\n");
}

TEST(RowWriterTest, CsvQuotesWhatMustBeQuoted) {
  EXPECT_EQ(Write(Format::kCsv, {{"a,\"b\"\nc", true}}),
            "name,count\r\n\"a,\"\"b\"\"\nc\",true\r\n");
  EXPECT_EQ(Write(Format::kCsv, {{"", ""}}), "name,count\r\n,\r\n");
}

TEST(RowWriterTest, JsonKeepsNumbersBareAndTextsSafe) {
  EXPECT_EQ(Write(Format::kJson, {{"a\"b", 1.5}, {"\xff", false}}),
            "[\n  {\"name\": \"a\\\"b\", \"count\": 1.5},\n"
            "  {\"name\": \"\xEF\xBF\xBD\", \"count\": false}\n]\n");
  EXPECT_EQ(
      Write(Format::kJson, {{"x", std::numeric_limits<double>::quiet_NaN()}}),
      "[\n  {\"name\": \"x\", \"count\": null}\n]\n");
}

TEST(RowWriterTest, NothingIsStillSomething) {
  EXPECT_EQ(Write(Format::kTable, {}), "(none)\n");
  EXPECT_EQ(Write(Format::kCsv, {}), "name,count\r\n");
  EXPECT_EQ(Write(Format::kJson, {}), "[]\n");
}

TEST(RowWriterTest, TableStreamsBeyondItsSample) {
  std::vector<std::vector<Cell>> rows;
  for (int i = 0; i < 1000; ++i) rows.push_back({"x", i});
  const std::string text = Write(Format::kTable, rows);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1002);
}

TEST(WidthTest, ChineseTakesTwoColumns) {
  EXPECT_EQ(DisplayWidth("民一庭"), 6u);
  EXPECT_EQ(DisplayWidth("（2021）"), 8u);
  EXPECT_EQ(DisplayWidth("a\xCC\x81"), 1u);
  EXPECT_EQ(CutToWidth("民事审判一庭", 7), "民事审…");
  EXPECT_EQ(CutToWidth("short", 7), "short");
}

TEST(FormatTest, Commas) {
  EXPECT_EQ(WithCommas(0), "0");
  EXPECT_EQ(WithCommas(999), "999");
  EXPECT_EQ(WithCommas(1000), "1,000");
  EXPECT_EQ(WithCommas(-1234567), "-1,234,567");
}

TEST(NameTest, IdsAreCompletedAndNamesLeftAlone) {
  EXPECT_EQ(CompleteName("draws", "110102", "x"), "courts/110102/draws/x");
  EXPECT_EQ(CompleteName("draws", "110102", "courts/1/draws/x"),
            "courts/1/draws/x");
  EXPECT_EQ(ResourceId("courts/1/draws/x"), "x");
  EXPECT_EQ(ResourceId(""), "");
}

}  // namespace
}  // namespace huifang::cli
