#include "clients/cli/import/row_mapper.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/import/time_parser.h"
#include "services/common/crypto.h"
#include "services/common/proto_time.h"
#include "services/common/text.h"

namespace huifang::cli {
namespace {

namespace v1 = ticket::v1;
using Fault = std::optional<RowFault>;

// Characters of a refused value that a message repeats.
constexpr std::size_t kQuotedCharacters = 30;
// Hex digits of a made-up id: 96 bits.
constexpr std::size_t kHashDigits = 24;
constexpr double kDaysMax = 36500;

std::string Quote(absl::string_view text) {
  const absl::string_view head = FirstCodePoints(text, kQuotedCharacters);
  return absl::StrCat("\"", head, head.size() < text.size() ? "…" : "", "\"");
}

std::size_t IndexOf(const std::vector<std::string>& header,
                    const std::string& name) {
  return static_cast<std::size_t>(
      std::find(header.begin(), header.end(), name) - header.begin());
}

// A number that depends on the cells only. Lengths stand between them, so that
// ("ab", "c") and ("a", "bc") differ.
std::string HashOf(const CsvRow& row, const std::vector<std::size_t>& cells) {
  std::string text;
  for (const std::size_t index : cells) {
    absl::StrAppend(&text, row.cells[index].size(), ":", row.cells[index]);
  }
  return Sha256Hex(text);
}

std::uint64_t HashNumber(absl::string_view hex) {
  std::uint64_t number = 0;
  // Never fails: the digits come from a digest.
  (void)absl::SimpleHexAtoi(hex.substr(0, 15), &number);
  return number;
}

std::optional<bool> ParseBool(absl::string_view text) {
  static constexpr absl::string_view kYes[] = {"1",  "true", "yes", "y",
                                               "是", "有",   "已",  "同意"};
  static constexpr absl::string_view kNo[] = {"0",  "false", "no", "n",
                                              "否", "无",    "未", "不同意"};
  const std::string lower = absl::AsciiStrToLower(text);
  const auto has = [&lower](absl::string_view word) { return word == lower; };
  if (std::any_of(std::begin(kYes), std::end(kYes), has)) return true;
  if (std::any_of(std::begin(kNo), std::end(kNo), has)) return false;
  return std::nullopt;
}

// Sets an enum field; `name` lacks the prefix. False if there is no such name.
bool SetEnum(absl::string_view field, const std::string& name,
             v1::Ticket& ticket) {
  if (field == "channel") {
    v1::Channel value;
    if (!v1::Channel_Parse("CHANNEL_" + name, &value)) return false;
    ticket.set_channel(value);
  } else if (field == "kind") {
    v1::Kind value;
    if (!v1::Kind_Parse("KIND_" + name, &value)) return false;
    ticket.set_kind(value);
  } else if (field == "priority") {
    v1::Priority value;
    if (!v1::Priority_Parse("PRIORITY_" + name, &value)) return false;
    ticket.set_priority(value);
  } else {
    v1::Ticket::State value;
    if (!v1::Ticket::State_Parse("STATE_" + name, &value)) return false;
    ticket.set_state(value);
  }
  return true;
}

void SetText(absl::string_view field, std::string text, v1::ImportRow& row) {
  v1::Ticket& ticket = *row.mutable_ticket();
  if (field == "source_id") {
    ticket.set_source_id(std::move(text));
  } else if (field == "category") {
    ticket.set_category(std::move(text));
  } else if (field == "title") {
    ticket.set_title(std::move(text));
  } else if (field == "content") {
    ticket.set_content(std::move(text));
  } else if (field == "caller_phone") {
    ticket.mutable_caller()->set_phone(std::move(text));
  } else if (field == "caller_name") {
    ticket.mutable_caller()->set_display_name(std::move(text));
  } else if (field == "party_id") {
    ticket.mutable_caller()->set_party_id(std::move(text));
  } else if (field == "case_number") {
    ticket.set_case_number(std::move(text));
  } else if (field == "division") {
    row.set_division_label(std::move(text));
  } else if (field == "handler") {
    row.set_handler_label(std::move(text));
  } else if (field == "reply") {
    ticket.add_replies()->set_text(std::move(text));
  }
}

void SetBool(absl::string_view field, bool value, v1::Ticket& ticket) {
  if (field == "key_supervision") {
    ticket.set_key_supervision(value);
  } else if (field == "callback_consent") {
    ticket.set_callback_consent(value);
  } else if (field == "contact_recorded") {
    ticket.set_contact_recorded(value);
  } else if (field == "generated") {
    ticket.set_generated(value);
  }
}

void SetTime(absl::string_view field, absl::Time time, v1::Ticket& ticket) {
  if (field == "create_time") {
    *ticket.mutable_create_time() = ToTimestamp(time);
  } else if (field == "dispatch_time") {
    *ticket.mutable_dispatch_time() = ToTimestamp(time);
  } else if (field == "due_time") {
    *ticket.mutable_due_time() = ToTimestamp(time);
  } else if (field == "reply_time") {
    *ticket.mutable_reply_time() = ToTimestamp(time);
  } else if (field == "close_time") {
    *ticket.mutable_close_time() = ToTimestamp(time);
  }
}

}  // namespace

RowMapper::RowMapper(const Mapping& mapping,
                     const std::vector<std::string>& header) {
  for (const FieldInfo& info : ImportFields()) {
    const auto it = mapping.fields.find(std::string(info.name));
    if (it == mapping.fields.end()) continue;
    const FieldRule& rule = it->second;
    Field field{&info, &rule, {}, {}, {}, mapping.ColumnOf(info.row_field)};
    for (const std::string& name : rule.columns) {
      field.columns.push_back(IndexOf(header, name));
    }
    for (const std::string& name : rule.hash_of) {
      field.hash_of.push_back(IndexOf(header, name));
    }
    if (!rule.days_column.empty()) {
      field.days = IndexOf(header, rule.days_column);
    }
    (info.type == FieldType::kTime ? times_ : plain_).push_back(field);
  }
  std::stable_partition(times_.begin(), times_.end(), [](const Field& field) {
    return field.rule->after.empty();
  });
}

Fault RowMapper::TextOf(const Field& field, const CsvRow& row,
                        std::string& text) const {
  const FieldRule& rule = *field.rule;
  if (rule.constant.has_value()) {
    text = *rule.constant;
  } else if (!field.hash_of.empty()) {
    const std::string hash = HashOf(row, field.hash_of);
    text = rule.over.empty()
               ? absl::StrCat(rule.prefix, hash.substr(0, kHashDigits))
               : rule.over[HashNumber(hash) % rule.over.size()];
  } else {
    for (const std::size_t index : field.columns) {
      const absl::string_view part = TrimText(row.cells[index]);
      if (part.empty()) continue;
      absl::StrAppend(&text, text.empty() ? "" : rule.join, part);
    }
  }
  if (text.empty()) text = rule.fallback.value_or("");
  if (text.empty() && rule.required) {
    return RowFault{
        field.label, "MISSING_VALUE",
        absl::StrCat("is empty, but ", field.info->name, " needs a value")};
  }
  if (!text.empty() && !rule.values.empty()) {
    const auto value = rule.values.find(text);
    if (value != rule.values.end()) {
      text = value->second;
    } else if (rule.on_unmapped == "default") {
      text = *rule.fallback;
    } else if (rule.on_unmapped == "reject") {
      return RowFault{field.label, "UNMAPPED_VALUE",
                      absl::StrCat(Quote(text), " is not in the map of ",
                                   field.info->name)};
    }
  }
  if (rule.max_characters > 0) {
    text.resize(FirstCodePoints(text, rule.max_characters).size());
  }
  return std::nullopt;
}

Fault RowMapper::TimeOf(const Field& field, const CsvRow& row,
                        absl::string_view source_id, const Times& times,
                        std::optional<absl::Time>& time) const {
  const FieldRule& rule = *field.rule;
  if (!rule.after.empty()) {
    const auto base = times.find(rule.after);
    if (base == times.end()) return std::nullopt;
    time = base->second + rule.hours * absl::Hours(1);
    if (!field.days.has_value()) return std::nullopt;
    const absl::string_view text = TrimText(row.cells[*field.days]);
    if (text.empty()) {
      time.reset();
      return std::nullopt;
    }
    double days = 0;
    if (!absl::SimpleAtod(text, &days) || !(days >= 0 && days <= kDaysMax)) {
      return RowFault{rule.days_column, "BAD_NUMBER",
                      absl::StrCat(Quote(text), " is no number of days")};
    }
    *time += days * absl::Hours(24);
    if (rule.time_of_day.has_value()) {
      time = absl::FromCivil(absl::ToCivilDay(*time, *rule.time_zone),
                             *rule.time_zone) +
             *rule.time_of_day;
    }
    return std::nullopt;
  }
  std::string text;
  if (Fault fault = TextOf(field, row, text)) return fault;
  if (text.empty()) return std::nullopt;
  time =
      ParseLocalTime({rule.formats, *rule.time_zone, rule.time_of_day}, text);
  if (!time.has_value()) {
    return RowFault{field.label, "BAD_TIME",
                    absl::StrCat(Quote(text), " fits none of the formats ",
                                 absl::StrJoin(rule.formats, " | "))};
  }
  if (rule.spread_hours > 0) {
    const auto seconds =
        static_cast<std::uint64_t>(rule.spread_hours * 3600) + 1;
    *time += absl::Seconds(
        static_cast<std::int64_t>(HashNumber(Sha256Hex(source_id)) % seconds));
  }
  return std::nullopt;
}

Fault RowMapper::SetField(const Field& field, const CsvRow& row,
                          v1::ImportRow& out) const {
  std::string text;
  if (Fault fault = TextOf(field, row, text)) return fault;
  if (text.empty()) return std::nullopt;
  const absl::string_view name = field.info->name;
  switch (field.info->type) {
    case FieldType::kEnum:
      if (!SetEnum(name, text, *out.mutable_ticket())) {
        return RowFault{field.label, "UNMAPPED_VALUE",
                        absl::StrCat(Quote(text), " is no ", name,
                                     "; add it to fields.", name, ".map")};
      }
      return std::nullopt;
    case FieldType::kBool: {
      const std::optional<bool> value = ParseBool(text);
      if (!value.has_value()) {
        return RowFault{field.label, "BAD_BOOLEAN",
                        absl::StrCat(Quote(text), " is neither yes nor no")};
      }
      SetBool(name, *value, *out.mutable_ticket());
      return std::nullopt;
    }
    case FieldType::kNumber: {
      std::int32_t number = 0;
      if (!absl::SimpleAtoi(text, &number)) {
        return RowFault{field.label, "BAD_NUMBER",
                        absl::StrCat(Quote(text), " is no whole number")};
      }
      out.mutable_ticket()->set_forward_count(number);
      return std::nullopt;
    }
    default:
      SetText(name, std::move(text), out);
      return std::nullopt;
  }
}

Fault RowMapper::SetTimes(const CsvRow& row, v1::ImportRow& out) const {
  v1::Ticket& ticket = *out.mutable_ticket();
  Times times;
  for (const Field& field : times_) {
    // A mapped target counts even where it is empty: no target, no deadline.
    if (field.info->name == "due_time") ticket.set_due_time_imported(true);
    std::optional<absl::Time> time;
    if (Fault fault = TimeOf(field, row, ticket.source_id(), times, time)) {
      return fault;
    }
    if (!time.has_value()) continue;
    times.emplace(field.info->name, *time);
    SetTime(field.info->name, *time, ticket);
  }
  if (ticket.replies_size() > 0 && ticket.has_reply_time()) {
    *ticket.mutable_replies(0)->mutable_reply_time() = ticket.reply_time();
  }
  return std::nullopt;
}

Fault RowMapper::Map(const CsvRow& row, v1::ImportRow& out) const {
  out.Clear();
  out.set_line(row.line);
  if (row.fault.has_value()) return row.fault;
  for (const Field& field : plain_) {
    if (Fault fault = SetField(field, row, out)) return fault;
  }
  return SetTimes(row, out);
}

}  // namespace huifang::cli
