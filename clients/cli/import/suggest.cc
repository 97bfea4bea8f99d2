#include "clients/cli/import/suggest.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/import/mapping.h"
#include "clients/cli/import/time_parser.h"
#include "clients/cli/import/words.h"
#include "services/common/status_macros.h"
#include "services/common/text.h"

namespace huifang::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kSampleRows = 500;
// An enum column has few words; more means it is something else.
constexpr std::size_t kEnumWordsMax = 40;
// Share of the filled cells that must read as dates.
constexpr double kDateShare = 0.9;

constexpr const char* kTimeFormats[] = {
    "%Y-%m-%d %H:%M:%S",  "%Y-%m-%d %H:%M",    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d",           "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M",
    "%Y/%m/%d",           "%Y.%m.%d",          "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M", "%Y年%m月%d日",      "%E4Y%m%d%H%M%S",
    "%E4Y%m%d",           "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M",
    "%d/%m/%Y",           "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M",     "%m/%d/%Y",          "%d-%b-%y",
    "%d-%b-%Y",
};

struct Column {
  std::string name;
  std::vector<std::string> values;  // filled cells of the sample
  std::set<std::string> distinct;
};

using Columns = std::vector<Column>;

absl::StatusOr<Columns> Sample(CsvReader& reader) {
  Columns columns;
  for (const std::string& name : reader.header())
    columns.push_back({name, {}, {}});
  CsvRow row;
  for (std::size_t rows = 0; rows < kSampleRows; ++rows) {
    ASSIGN_OR_RETURN(const bool found, reader.Next(row));
    if (!found) break;
    if (row.fault.has_value()) continue;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string value(TrimText(row.cells[i]));
      if (value.empty()) continue;
      columns[i].values.push_back(value);
      columns[i].distinct.insert(value);
    }
  }
  return columns;
}

// Cells of `values` that `format` does not read.
std::vector<std::string> Unread(const std::string& format,
                                const std::vector<std::string>& values) {
  const TimeStyle style{{format}, absl::UTCTimeZone(), std::nullopt};
  std::vector<std::string> unread;
  for (const std::string& value : values) {
    if (!ParseLocalTime(style, value).has_value()) unread.push_back(value);
  }
  return unread;
}

// Formats that together read the column; empty if it holds no dates. The one
// that reads most comes first, which also tells 26/08 from 08/26: the order
// that fits every cell wins.
std::vector<std::string> DateFormats(const Column& column) {
  std::vector<std::string> formats;
  std::vector<std::string> left = column.values;
  while (!left.empty()) {
    std::string best;
    std::vector<std::string> best_left = left;
    for (const char* format : kTimeFormats) {
      std::vector<std::string> unread = Unread(format, left);
      if (unread.size() >= best_left.size()) continue;
      best = format;
      best_left = std::move(unread);
    }
    if (best.empty()) break;
    formats.push_back(best);
    left = std::move(best_left);
  }
  const auto filled = static_cast<double>(column.values.size());
  const auto read = filled - static_cast<double>(left.size());
  if (formats.empty() || read < kDateShare * filled) return {};
  return formats;
}

// Whether day and month may have been taken one for the other.
bool MonthIsUnsure(const Column& column,
                   const std::vector<std::string>& formats) {
  return formats.size() == 1 && absl::StartsWith(formats[0], "%d/%m") &&
         Unread(absl::StrReplaceAll(formats[0], {{"%d/%m", "%m/%d"}}),
                column.values)
             .empty();
}

// A column of distances in days, e.g. days_to_final_reply or 办理天数.
bool HoldsDays(const Column& column) {
  const std::string plain = PlainHeader(column.name);
  if (!absl::StrContains(plain, "days") && !absl::StrContains(plain, "天数")) {
    return false;
  }
  double days = 0;
  return !column.values.empty() &&
         std::all_of(column.values.begin(), column.values.end(),
                     [&days](const std::string& value) {
                       return absl::SimpleAtod(value, &days) && days >= 0;
                     });
}

class Suggester {
 public:
  explicit Suggester(Columns columns) : columns_(std::move(columns)) {}

  void FillFields() {
    for (const FieldInfo& info : ImportFields()) {
      const Column* column = Choose(info);
      if (column == nullptr) continue;
      taken_.insert(column->name);
      fields_[std::string(info.name)] = RuleFor(info, *column);
      Note(info.name, absl::StrCat("from column ", column->name));
    }
    FillGaps();
  }

  const Json& fields() const { return fields_; }

  std::vector<std::string> Notes() const {
    std::vector<std::string> left;
    for (const Column& column : columns_) {
      if (!taken_.contains(column.name)) left.push_back(column.name);
    }
    std::vector<std::string> notes = notes_;
    if (!left.empty()) {
      notes.push_back(absl::StrCat("not used: ", absl::StrJoin(left, ", ")));
    }
    return notes;
  }

 private:
  void Note(absl::string_view field, absl::string_view words) {
    notes_.push_back(absl::StrCat(field, ": ", words));
  }

  // The free column with the field's best name whose values can be it.
  const Column* Choose(const FieldInfo& info) const {
    const std::vector<absl::string_view>& words = HeaderWords(info.name);
    for (const bool whole : {true, false}) {
      for (const absl::string_view word : words) {
        // A word of one syllable inside a longer name means little.
        if (!whole && CodePointCount(word) < (IsAscii(word) ? 5 : 2)) continue;
        for (const Column& column : columns_) {
          const std::string plain = PlainHeader(column.name);
          const bool match =
              whole ? plain == word : absl::StrContains(plain, word);
          if (match && !taken_.contains(column.name) && Fits(info, column)) {
            return &column;
          }
        }
      }
    }
    return nullptr;
  }

  static bool IsAscii(absl::string_view word) {
    return std::all_of(word.begin(), word.end(), [](char c) { return c > 0; });
  }

  static bool Fits(const FieldInfo& info, const Column& column) {
    switch (info.type) {
      case FieldType::kTime:
        return !DateFormats(column).empty();
      case FieldType::kEnum:
        return column.distinct.size() <= kEnumWordsMax &&
               std::any_of(column.distinct.begin(), column.distinct.end(),
                           [&info](const std::string& word) {
                             return !MeaningOf(info.name, word).empty();
                           });
      case FieldType::kText:
        // A text that reads as a date is somebody else's column.
        return DateFormats(column).empty() &&
               (info.name != "source_id" ||
                column.distinct.size() == column.values.size());
      default:
        return column.distinct.size() <= kEnumWordsMax;
    }
  }

  Json RuleFor(const FieldInfo& info, const Column& column) {
    Json rule = {{"column", column.name}};
    if (info.type == FieldType::kTime) {
      const std::vector<std::string> formats = DateFormats(column);
      rule["formats"] = formats;
      if (MonthIsUnsure(column, formats)) {
        Note(info.name, "CHECK: day and month may be the other way round");
      }
    } else if (info.type == FieldType::kEnum) {
      Json map = Json::object();
      std::vector<std::string> unknown;
      for (const std::string& word : column.distinct) {
        const std::string value = MeaningOf(info.name, word);
        map[word] = value.empty() ? Usual(info.name) : value;
        if (value.empty()) unknown.push_back(word);
      }
      rule["map"] = map;
      if (info.name != "state") rule["default"] = Usual(info.name);
      if (!unknown.empty()) {
        Note(info.name, absl::StrCat("CHECK these words, their meaning is not "
                                     "known: ",
                                     absl::StrJoin(unknown, ", ")));
      }
    } else if (info.name == "title") {
      rule["max_characters"] = 200;
    } else if (info.name == "division") {
      rule["default"] = "unassigned";
    }
    return rule;
  }

  static std::string Usual(absl::string_view field) {
    if (field == "channel") return "PHONE";
    if (field == "kind") return "OTHER";
    if (field == "priority") return "NORMAL";
    return "DISPATCHED";
  }

  // What a ticket needs and the file does not say.
  void FillGaps() {
    const auto has = [this](const char* field) {
      return fields_.contains(field);
    };
    const char* text = has("content") ? "content" : "title";
    if (!has("content") && !has("title")) UseLongestText();
    if (!has("source_id")) {
      Json hash = Json::array();
      hash.push_back(fields_[text]["column"]);
      if (has("reply")) hash.push_back(fields_["reply"]["column"]);
      fields_["source_id"] = {{"hash_of", hash}, {"prefix", "row-"}};
      Note("source_id", "made from the row's own text; no column holds an id");
    }
    if (!has("create_time")) {
      fields_["create_time"] = {{"constant", "2019-07-22 09:00:00"},
                                {"spread_hours", 96}};
      Note("create_time", "INVENTED, no column holds dates: set it");
    }
    if (!has("close_time") && has("reply_time")) {
      fields_["close_time"] = fields_["reply_time"];
      Note("close_time", "taken to be the time of the reply");
    }
    if (!has("close_time") && has("create_time")) UseDays();
    if (!has("close_time") && has("reply")) {
      fields_["close_time"] = {{"after", "create_time"}, {"hours", 24}};
      Note("close_time", "INVENTED, 24 hours after creation: set it");
    }
    if (!has("state")) {
      fields_["state"] = {
          {"constant", has("close_time") ? "CLOSED" : "DISPATCHED"}};
      Note("state", "the same for every row; no column holds one");
    }
    for (const char* field : {"channel", "kind"}) {
      if (has(field)) continue;
      fields_[field] = {{"constant", Usual(field)}};
      Note(field, "the same for every row; no column holds one");
    }
    if (!has("division")) {
      fields_["division"] = {{"constant", "unassigned"}};
      Note("division", "the same for every row; no column holds one");
    }
  }

  void UseDays() {
    for (const Column& column : columns_) {
      if (taken_.contains(column.name) || !HoldsDays(column)) continue;
      taken_.insert(column.name);
      fields_["close_time"] = {{"after", "create_time"},
                               {"days_column", column.name}};
      Note("close_time",
           absl::StrCat("CHECK: create_time and the days of ", column.name));
      return;
    }
  }

  void UseLongestText() {
    const Column* longest = nullptr;
    std::size_t bytes_max = 0;
    for (const Column& column : columns_) {
      std::size_t bytes = 0;
      for (const std::string& value : column.values) bytes += value.size();
      if (!taken_.contains(column.name) && bytes >= bytes_max) {
        bytes_max = bytes;
        longest = &column;
      }
    }
    if (longest == nullptr) return;
    taken_.insert(longest->name);
    fields_["content"] = {{"column", longest->name}};
    Note("content",
         absl::StrCat("CHECK: the longest text, column ", longest->name));
  }

  const Columns columns_;
  std::set<std::string> taken_;
  Json fields_ = Json::object();
  std::vector<std::string> notes_;
};

}  // namespace

absl::StatusOr<Suggestion> SuggestMapping(CsvReader& reader,
                                          const std::string& encoding,
                                          char delimiter) {
  ASSIGN_OR_RETURN(Columns columns, Sample(reader));
  Suggester suggester(std::move(columns));
  suggester.FillFields();
  Json file = {{"description", "Proposed from the header; check it."}};
  if (delimiter != ',') file["delimiter"] = std::string(1, delimiter);
  if (!encoding.empty()) file["encoding"] = encoding;
  file["time_zone"] = "Asia/Shanghai";
  file["fields"] = suggester.fields();
  Suggestion suggestion{file.dump(2) + "\n", suggester.Notes()};
  const absl::StatusOr<Mapping> mapping = ParseMapping(suggestion.json);
  if (!mapping.ok()) return mapping.status();
  return suggestion;
}

char GuessDelimiter(absl::string_view head) {
  const absl::string_view line = head.substr(0, head.find('\n'));
  char best = ',';
  std::ptrdiff_t most = 0;
  for (const char candidate : {',', '\t', ';', '|'}) {
    const std::ptrdiff_t count =
        std::count(line.begin(), line.end(), candidate);
    if (count > most) {
      best = candidate;
      most = count;
    }
  }
  return best;
}

}  // namespace huifang::cli
