#include "clients/cli/import/csv_reader.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace huifang::cli {
namespace {

std::vector<CsvRow> ReadAll(CsvReader& reader) {
  std::vector<CsvRow> rows;
  CsvRow row;
  while (true) {
    const absl::StatusOr<bool> found = reader.Next(row);
    EXPECT_TRUE(found.ok()) << found.status();
    if (!found.ok() || !*found) return rows;
    rows.push_back(row);
  }
}

std::vector<CsvRow> Read(std::string text, char delimiter = ',') {
  auto reader = CsvReader::Open(FromText(std::move(text)), delimiter);
  EXPECT_TRUE(reader.ok()) << reader.status();
  if (!reader.ok()) return {};
  return ReadAll(**reader);
}

using Cells = std::vector<std::string>;

TEST(CsvReaderTest, QuotesDelimitersAndLineBreaksInsideCells) {
  const std::vector<CsvRow> rows =
      Read("a,b\n\"x,\"\"y\"\"\",\"two\nlines\"\nplain,\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].cells, (Cells{"x,\"y\"", "two\nlines"}));
  EXPECT_EQ(rows[0].line, 2);
  EXPECT_EQ(rows[1].cells, (Cells{"plain", ""}));
  EXPECT_EQ(rows[1].line, 4);
}

TEST(CsvReaderTest, CarriageReturnInsideQuotesBelongsToTheCell) {
  const std::vector<CsvRow> rows = Read("a,b\r\n\"x\r\",\"y\r\"\r\n");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].cells, (Cells{"x\r", "y\r"}));
}

TEST(CsvReaderTest, BomCrlfBlankLinesAndAMissingLastLineBreak) {
  const std::vector<CsvRow> rows =
      Read("\xEF\xBB\xBF\"编号\",b\r\n1,2\r\n\r\n3,\"4\"");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].cells, (Cells{"1", "2"}));
  EXPECT_EQ(rows[1].cells, (Cells{"3", "4"}));
  EXPECT_EQ(rows[1].line, 4);
}

TEST(CsvReaderTest, BomBeforeAQuotedHeaderIsNoPartOfTheName) {
  auto reader = CsvReader::Open(FromText("\xEF\xBB\xBF编号,b\n"), ',');
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ((*reader)->header(), (Cells{"编号", "b"}));
}

TEST(CsvReaderTest, OtherDelimiters) {
  EXPECT_EQ(Read("a;b\n1,5;2\n", ';')[0].cells, (Cells{"1,5", "2"}));
  EXPECT_EQ(Read("a\tb\n1\t2\n", '\t')[0].cells, (Cells{"1", "2"}));
}

TEST(CsvReaderTest, EmptyFileHasNoHeader) {
  const absl::Status status = CsvReader::Open(FromText(""), ',').status();
  EXPECT_TRUE(absl::StrContains(status.message(), "empty")) << status;
}

TEST(CsvReaderTest, HeaderNamesMustBeGivenAndUnique) {
  EXPECT_FALSE(CsvReader::Open(FromText("a,a\n1,2\n"), ',').ok());
  EXPECT_FALSE(CsvReader::Open(FromText("a,\n1,2\n"), ',').ok());
  const absl::Status status =
      CsvReader::Open(FromText("\xB1\xE0\xBA\xC5,b\n"), ',').status();
  EXPECT_TRUE(absl::StrContains(status.message(), "GB18030")) << status;
}

TEST(CsvReaderTest, WrongNumberOfCellsIsTheRowsFaultOnly) {
  const std::vector<CsvRow> rows = Read("a,b\n1\n1,2,3\n1,2\n");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].fault->reason, "WRONG_COLUMN_COUNT");
  EXPECT_EQ(rows[1].fault->reason, "WRONG_COLUMN_COUNT");
  EXPECT_FALSE(rows[2].fault.has_value());
}

TEST(CsvReaderTest, HugeCellIsRefusedWithLineAndColumnAndTheRestRead) {
  const std::vector<CsvRow> rows = Read(absl::StrCat(
      "id,text\n1,fine\n2,\"", std::string(10 << 20, 'x'), "\"\n3,fine\n"));
  ASSERT_EQ(rows.size(), 3u);
  ASSERT_TRUE(rows[1].fault.has_value());
  EXPECT_EQ(rows[1].line, 3);
  EXPECT_EQ(rows[1].fault->column, "text");
  EXPECT_EQ(rows[1].fault->reason, "CELL_TOO_LARGE");
  EXPECT_LE(rows[1].cells[1].size(), CsvReader::kCellBytesMax);
  EXPECT_EQ(rows[2].cells, (Cells{"3", "fine"}));
}

TEST(CsvReaderTest, QuoteThatNeverClosesNamesWhereItBegan) {
  const std::vector<CsvRow> rows = Read("a,b\n1,2\n3,\"open\n4,5\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].line, 3);
  EXPECT_EQ(rows[1].fault->reason, "UNCLOSED_QUOTE");
  EXPECT_EQ(rows[1].fault->column, "b");
}

TEST(CsvReaderTest, CellThatIsNotUtf8IsNamed) {
  const std::vector<CsvRow> rows = Read("a,b\n1,\xC4\xE3\xBA\xC3\n2,你好\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].fault->reason, "NOT_UTF8");
  EXPECT_EQ(rows[0].fault->column, "b");
  EXPECT_FALSE(rows[1].fault.has_value());
}

class EncodedFile : public ::testing::Test {
 protected:
  EncodedFile() : path_(::testing::TempDir() + "encoded.csv") {}
  ~EncodedFile() override { std::remove(path_.c_str()); }

  std::vector<CsvRow> ReadAs(const std::string& bytes,
                             const std::string& encoding) {
    std::ofstream(path_, std::ios::binary) << bytes;
    auto source = OpenFile(path_, encoding);
    EXPECT_TRUE(source.ok()) << source.status();
    auto reader = CsvReader::Open(*std::move(source), ',');
    EXPECT_TRUE(reader.ok()) << reader.status();
    return ReadAll(**reader);
  }

  const std::string path_;
};

TEST_F(EncodedFile, Gb18030IsRead) {
  // 编号,内容 / 1,你好
  const std::vector<CsvRow> rows = ReadAs(
      "\xB1\xE0\xBA\xC5,\xC4\xDA\xC8\xDD\n1,\xC4\xE3\xBA\xC3\n", "GB18030");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].cells, (Cells{"1", "你好"}));
}

// Characters split over two pieces of the file must not be torn.
TEST_F(EncodedFile, LongGb18030FileIsReadWhole) {
  std::string bytes = "a,b\n";
  for (int i = 0; i < 100000; ++i) {
    absl::StrAppend(&bytes, i, ",\xC4\xE3\xBA\xC3\n");
  }
  const std::vector<CsvRow> rows = ReadAs(bytes, "GB18030");
  ASSERT_EQ(rows.size(), 100000u);
  for (const CsvRow& row : rows) ASSERT_EQ(row.cells[1], "你好");
}

TEST_F(EncodedFile, BytesTheEncodingLacksAreTheRowsFault) {
  const std::vector<CsvRow> rows = ReadAs("a,b\n1,\xFF\xFF\n2,ok\n", "GB18030");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].fault->reason, "NOT_UTF8");
  EXPECT_FALSE(rows[1].fault.has_value());
}

TEST_F(EncodedFile, UnknownEncodingAndMissingFileAreRefused) {
  std::ofstream(path_) << "a\n";
  EXPECT_FALSE(OpenFile(path_, "KLINGON").ok());
  EXPECT_FALSE(OpenFile(path_ + ".no", "").ok());
}

}  // namespace
}  // namespace huifang::cli
