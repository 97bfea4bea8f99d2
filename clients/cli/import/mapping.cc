#include "clients/cli/import/mapping.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

using Json = nlohmann::json;

// A ticket cannot be without these.
constexpr const char* kRequiredFields[] = {"source_id", "create_time", "state"};

absl::Status Bad(absl::string_view place, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("mapping: ", place, " ", why));
}

absl::Status CheckKeys(const Json& object, absl::string_view place,
                       const std::set<std::string>& allowed) {
  if (!object.is_object()) return Bad(place, "must be an object {…}");
  for (const auto& [key, value] : object.items()) {
    if (!allowed.contains(key)) {
      return Bad(absl::StrCat(place, ".", key),
                 absl::StrCat("is unknown; possible here: ",
                              absl::StrJoin(allowed, ", ")));
    }
  }
  return absl::OkStatus();
}

// Reads one value out of a rule, remembering where it stands.
class Reader {
 public:
  Reader(const Json& object, std::string place)
      : object_(object), place_(std::move(place)) {}

  absl::Status Text(const char* key, std::string& out) const {
    if (!object_.contains(key)) return absl::OkStatus();
    const Json& value = object_[key];
    if (value.is_number_integer() || value.is_boolean()) {
      out = value.dump();
    } else if (value.is_string()) {
      out = value.get<std::string>();
    } else {
      return Bad(Place(key), "must be a string \"…\"");
    }
    return absl::OkStatus();
  }

  absl::Status Text(const char* key, std::optional<std::string>& out) const {
    if (!object_.contains(key)) return absl::OkStatus();
    return Text(key, out.emplace());
  }

  absl::Status Number(const char* key, double max, double& out) const {
    if (!object_.contains(key)) return absl::OkStatus();
    if (!object_[key].is_number()) return Bad(Place(key), "must be a number");
    out = object_[key].get<double>();
    if (!(out >= 0 && out <= max)) {
      return Bad(Place(key), absl::StrCat("must be 0 to ", max));
    }
    return absl::OkStatus();
  }

  absl::Status Flag(const char* key, bool& out) const {
    if (!object_.contains(key)) return absl::OkStatus();
    if (!object_[key].is_boolean()) {
      return Bad(Place(key), "must be true or false");
    }
    out = object_[key].get<bool>();
    return absl::OkStatus();
  }

  // A string, or an array of strings.
  absl::Status Texts(const char* key, std::vector<std::string>& out) const {
    if (!object_.contains(key)) return absl::OkStatus();
    const Json& value = object_[key];
    if (value.is_string()) {
      out = {value.get<std::string>()};
      return absl::OkStatus();
    }
    if (!value.is_array() || value.empty() ||
        !std::all_of(value.begin(), value.end(),
                     [](const Json& item) { return item.is_string(); })) {
      return Bad(Place(key), "must be a string or a list of strings");
    }
    out = value.get<std::vector<std::string>>();
    return absl::OkStatus();
  }

  absl::Status Map(const char* key,
                   std::map<std::string, std::string>& out) const {
    if (!object_.contains(key)) return absl::OkStatus();
    const Json& value = object_[key];
    if (!value.is_object()) return Bad(Place(key), "must be an object {…}");
    for (const auto& [from, to] : value.items()) {
      if (!to.is_string()) {
        return Bad(absl::StrCat(Place(key), ".", from), "must be a string");
      }
      out[from] = to.get<std::string>();
    }
    return absl::OkStatus();
  }

  std::string Place(const char* key) const {
    return absl::StrCat(place_, ".", key);
  }

 private:
  const Json& object_;
  const std::string place_;
};

absl::StatusOr<absl::TimeZone> ParseZone(const std::string& name,
                                         absl::string_view place) {
  absl::TimeZone zone;
  absl::Time ignored;
  std::string error;
  if (absl::ParseTime("%Ez", name, &ignored, &error)) {
    const absl::CivilSecond civil(1970, 1, 1);
    const absl::Duration offset =
        absl::FromCivil(civil, absl::UTCTimeZone()) - ignored;
    return absl::FixedTimeZone(static_cast<int>(absl::ToInt64Seconds(offset)));
  }
  if (!absl::LoadTimeZone(name, &zone)) {
    return Bad(place, absl::StrCat("\"", name,
                                   "\" is no time zone known here; use a name "
                                   "like Asia/Shanghai (package tzdata) or an "
                                   "offset like +08:00"));
  }
  return zone;
}

absl::Status ParseTimeKeys(const Reader& reader, const FieldRule& defaults,
                           FieldRule& rule) {
  rule.formats = defaults.formats;
  rule.time_zone = defaults.time_zone;
  RETURN_IF_ERROR(reader.Texts("formats", rule.formats));
  std::string zone;
  RETURN_IF_ERROR(reader.Text("time_zone", zone));
  if (!zone.empty()) {
    ASSIGN_OR_RETURN(rule.time_zone,
                     ParseZone(zone, reader.Place("time_zone")));
  }
  std::string clock;
  RETURN_IF_ERROR(reader.Text("time_of_day", clock));
  if (!clock.empty()) {
    absl::Time time;
    std::string error;
    if (!absl::ParseTime("%H:%M:%S", clock, &time, &error)) {
      return Bad(reader.Place("time_of_day"), "must be HH:MM:SS");
    }
    rule.time_of_day =
        time - absl::FromCivil(absl::CivilDay(1970, 1, 1), absl::UTCTimeZone());
  }
  RETURN_IF_ERROR(reader.Number("hours", 87600, rule.hours));
  RETURN_IF_ERROR(reader.Text("days_column", rule.days_column));
  RETURN_IF_ERROR(reader.Text("after", rule.after));
  return reader.Number("spread_hours", 8760, rule.spread_hours);
}

absl::Status CheckEnumValue(const FieldInfo& info, absl::string_view place,
                            const std::string& value) {
  const std::vector<std::string> names = EnumNames(info.name);
  if (std::find(names.begin(), names.end(), value) != names.end()) {
    return absl::OkStatus();
  }
  return Bad(place, absl::StrCat("\"", value, "\" is no ", info.name,
                                 "; possible: ", absl::StrJoin(names, ", ")));
}

absl::Status CheckSource(const FieldInfo& info, const std::string& place,
                         const FieldRule& rule) {
  const int sources =
      (rule.columns.empty() ? 0 : 1) + (rule.constant.has_value() ? 1 : 0) +
      (rule.hash_of.empty() ? 0 : 1) + (rule.after.empty() ? 0 : 1);
  if (sources != 1) {
    return Bad(place,
               "needs exactly one of column, columns, constant, hash_of and "
               "after");
  }
  if (!rule.hash_of.empty() && info.type != FieldType::kText) {
    return Bad(place, "hash_of makes texts only");
  }
  if (!rule.after.empty()) {
    const FieldInfo* base = FindField(rule.after);
    if (base == nullptr || base->type != FieldType::kTime ||
        rule.after == info.name) {
      return Bad(absl::StrCat(place, ".after"), "must name another time");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckValues(const FieldInfo& info, const std::string& place,
                         const FieldRule& rule) {
  if (!rule.on_unmapped.empty() && rule.on_unmapped != "reject" &&
      rule.on_unmapped != "keep" && rule.on_unmapped != "default") {
    return Bad(absl::StrCat(place, ".on_unmapped"),
               "must be reject, keep or default");
  }
  if (rule.on_unmapped == "default" && !rule.fallback.has_value()) {
    return Bad(absl::StrCat(place, ".on_unmapped"), "needs a default");
  }
  if (info.type != FieldType::kEnum) return absl::OkStatus();
  for (const auto& [from, to] : rule.values) {
    RETURN_IF_ERROR(
        CheckEnumValue(info, absl::StrCat(place, ".map.", from), to));
  }
  if (rule.constant.has_value()) {
    RETURN_IF_ERROR(
        CheckEnumValue(info, absl::StrCat(place, ".constant"), *rule.constant));
  }
  if (rule.fallback.has_value()) {
    RETURN_IF_ERROR(
        CheckEnumValue(info, absl::StrCat(place, ".default"), *rule.fallback));
  }
  return absl::OkStatus();
}

absl::StatusOr<FieldRule> ParseRule(const FieldInfo& info, const Json& json,

                                    const FieldRule& defaults) {
  const std::string place = absl::StrCat("fields.", info.name);
  std::set<std::string> allowed = {"column",   "columns", "join",
                                   "constant", "map",     "on_unmapped",
                                   "default",  "required"};
  if (info.type == FieldType::kText) {
    allowed.insert({"hash_of", "prefix", "over", "max_characters"});
  } else if (info.type == FieldType::kTime) {
    allowed.insert({"after", "hours", "days_column", "formats", "time_zone",
                    "time_of_day", "spread_hours"});
  }
  RETURN_IF_ERROR(CheckKeys(json, place, allowed));
  const Reader reader(json, place);
  FieldRule rule;
  std::string column;
  RETURN_IF_ERROR(reader.Text("column", column));
  RETURN_IF_ERROR(reader.Texts("columns", rule.columns));
  if (!column.empty()) {
    if (!rule.columns.empty()) return Bad(place, "has column and columns");
    rule.columns = {column};
  }
  RETURN_IF_ERROR(reader.Text("join", rule.join));
  RETURN_IF_ERROR(reader.Text("constant", rule.constant));
  RETURN_IF_ERROR(reader.Texts("hash_of", rule.hash_of));
  RETURN_IF_ERROR(reader.Text("prefix", rule.prefix));
  RETURN_IF_ERROR(reader.Texts("over", rule.over));
  RETURN_IF_ERROR(reader.Map("map", rule.values));
  RETURN_IF_ERROR(reader.Text("on_unmapped", rule.on_unmapped));
  RETURN_IF_ERROR(reader.Text("default", rule.fallback));
  RETURN_IF_ERROR(reader.Flag("required", rule.required));
  double characters = 0;
  RETURN_IF_ERROR(reader.Number("max_characters", 20000, characters));
  rule.max_characters = static_cast<std::size_t>(characters);
  RETURN_IF_ERROR(ParseTimeKeys(reader, defaults, rule));
  RETURN_IF_ERROR(CheckSource(info, place, rule));
  RETURN_IF_ERROR(CheckValues(info, place, rule));
  return rule;
}

absl::StatusOr<char> ParseDelimiter(const std::string& text) {
  if (text.empty()) return ',';
  if (text.size() != 1 || text == "\"" || text == "\n" || text == "\r") {
    return Bad("delimiter", "must be one character, for example , ; or \\t");
  }
  return text[0];
}

absl::Status CheckWhole(const Mapping& mapping) {
  for (const char* name : kRequiredFields) {
    if (!mapping.fields.contains(name)) {
      return Bad(absl::StrCat("fields.", name),
                 absl::StrCat("is missing: ", FindField(name)->meaning,
                              absl::StrContains(name, "id")
                                  ? "; a file without ids takes {\"hash_of\": "
                                    "[columns]}"
                                  : "; a file without it takes "
                                    "{\"constant\": …}"));
    }
  }
  if (!mapping.fields.contains("content") &&
      !mapping.fields.contains("title")) {
    return Bad("fields", "needs content or title");
  }
  for (const auto& [name, rule] : mapping.fields) {
    if (!rule.after.empty() && !mapping.fields.contains(rule.after)) {
      return Bad(absl::StrCat("fields.", name, ".after"),
                 absl::StrCat("names ", rule.after, ", which is not mapped"));
    }
    // One step back only, so that there is an order to compute them in.
    if (!rule.after.empty() && !mapping.fields.at(rule.after).after.empty()) {
      return Bad(absl::StrCat("fields.", name, ".after"),
                 "must name a time that is not itself after another");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Mapping> ParseMapping(absl::string_view text) {
  const std::string copy(text);
  Json json;
  try {
    json = Json::parse(copy);
  } catch (const Json::exception& error) {
    return absl::InvalidArgumentError(
        absl::StrCat("mapping: not JSON: ", error.what()));
  }
  RETURN_IF_ERROR(CheckKeys(json, "file",
                            {"description", "delimiter", "encoding",
                             "time_zone", "formats", "fields"}));
  Mapping mapping;
  const Reader reader(json, "file");
  std::string delimiter;
  std::string zone = "Asia/Shanghai";
  RETURN_IF_ERROR(reader.Text("description", mapping.description));
  RETURN_IF_ERROR(reader.Text("delimiter", delimiter));
  RETURN_IF_ERROR(reader.Text("encoding", mapping.encoding));
  RETURN_IF_ERROR(reader.Text("time_zone", zone));
  ASSIGN_OR_RETURN(mapping.delimiter, ParseDelimiter(delimiter));
  FieldRule defaults;
  defaults.formats = {"%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d",
                      "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d"};
  RETURN_IF_ERROR(reader.Texts("formats", defaults.formats));
  if (zone == "Asia/Shanghai") {
    // Needs no time zone data: the court's own zone has had no change since
    // 1991.
    defaults.time_zone = absl::FixedTimeZone(8 * 60 * 60);
  } else {
    ASSIGN_OR_RETURN(defaults.time_zone, ParseZone(zone, "time_zone"));
  }
  if (!json.contains("fields") || !json["fields"].is_object()) {
    return Bad("fields", "is missing: an object of field to rule");
  }
  for (const auto& [name, rule] : json["fields"].items()) {
    const FieldInfo* info = FindField(name);
    if (info == nullptr) {
      std::vector<absl::string_view> names;
      for (const FieldInfo& field : ImportFields()) names.push_back(field.name);
      return Bad(
          absl::StrCat("fields.", name),
          absl::StrCat("is no field; possible: ", absl::StrJoin(names, ", ")));
    }
    ASSIGN_OR_RETURN(mapping.fields[name], ParseRule(*info, rule, defaults));
  }
  RETURN_IF_ERROR(CheckWhole(mapping));
  for (const char* name : kRequiredFields) mapping.fields[name].required = true;
  return mapping;
}

std::vector<std::string> Mapping::Columns() const {
  std::set<std::string> columns;
  for (const auto& [name, rule] : fields) {
    columns.insert(rule.columns.begin(), rule.columns.end());
    columns.insert(rule.hash_of.begin(), rule.hash_of.end());
    if (!rule.days_column.empty()) columns.insert(rule.days_column);
  }
  return {columns.begin(), columns.end()};
}

std::string Mapping::ColumnOf(absl::string_view row_field) const {
  for (const FieldInfo& info : ImportFields()) {
    if (info.row_field != row_field) continue;
    const auto it = fields.find(std::string(info.name));
    if (it == fields.end()) return "";
    const FieldRule& rule = it->second;
    if (!rule.columns.empty()) return absl::StrJoin(rule.columns, "+");
    if (!rule.hash_of.empty()) return absl::StrJoin(rule.hash_of, "+");
    return rule.days_column;
  }
  return "";
}

absl::Status CheckHeader(const Mapping& mapping,
                         const std::vector<std::string>& header) {
  std::vector<std::string> missing;
  for (const std::string& column : mapping.Columns()) {
    if (std::find(header.begin(), header.end(), column) == header.end()) {
      missing.push_back(column);
    }
  }
  if (missing.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "the file lacks the column(s) ", absl::StrJoin(missing, ", "),
      " that the mapping reads; it has: ", absl::StrJoin(header, ", ")));
}

}  // namespace huifang::cli
