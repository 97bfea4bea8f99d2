#include "clients/cli/cli.h"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "clients/cli/channel.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"
#include "services/common/client.h"
#include "services/common/clock.h"
#include "services/common/ids.h"

namespace huifang::cli {
namespace {

// A stream may run for as long as an import of a whole archive takes.
constexpr absl::Duration kStreamTimeout = absl::Hours(24);

struct ServiceNames {
  Service service;
  const char* option;
  const char* environment;
  const char* address;
};

constexpr ServiceNames kServices[] = {
    {Service::kTicket, "--ticket-address", "HUIFANG_TICKET_ADDRESS",
     "127.0.0.1:25051"},
    {Service::kCallback, "--callback-address", "HUIFANG_CALLBACK_ADDRESS",
     "127.0.0.1:25052"},
    {Service::kGrading, "--grading-address", "HUIFANG_GRADING_ADDRESS",
     "127.0.0.1:25053"},
    {Service::kReporting, "--reporting-address", "HUIFANG_REPORTING_ADDRESS",
     "127.0.0.1:25054"},
};

std::string Footer(const std::string& examples) {
  if (examples.empty()) return "";
  std::string footer = "Examples:";
  for (const absl::string_view line : absl::StrSplit(examples, '\n')) {
    absl::StrAppend(&footer, "\n  ", line);
  }
  return footer;
}

// `field value` rows of a message: nested messages by their dotted path.
void AddFields(const nlohmann::json& value, const std::string& path,
               RowWriter& rows) {
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) {
      AddFields(inner, path.empty() ? key : absl::StrCat(path, ".", key), rows);
    }
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      AddFields(value[i], absl::StrCat(path, "[", i, "]"), rows);
    }
  } else {
    rows.Add(
        {path, value.is_string() ? value.get<std::string>() : value.dump()});
  }
}

}  // namespace

std::shared_ptr<grpc::Channel> Context::Channel(Service service) {
  std::shared_ptr<grpc::Channel>& channel = channels_[service];
  if (channel == nullptr) {
    channel =
        MakeCliChannel(service, options_.addresses[service], options_.verbose);
  }
  return channel;
}

absl::Status Context::Prepare(grpc::ClientContext& context,
                              absl::Duration timeout) {
  if (!token_.has_value()) {
    if (options_.token_file.empty()) {
      return absl::UnauthenticatedError("no token");
    }
    absl::StatusOr<std::string> token = ReadTokenFile(options_.token_file);
    if (!token.ok()) return token.status();
    if (absl::StartsWith(*token, "{")) {
      return absl::InvalidArgumentError(
          absl::StrCat(options_.token_file,
                       " is the services' list of tokens; huifangctl takes a "
                       "file that holds one token"));
    }
    token_ = *std::move(token);
  }
  PrepareContext(context, *token_, timeout);
  return absl::OkStatus();
}

absl::Status Context::PrepareUnary(grpc::ClientContext& context) {
  return Prepare(context, absl::Seconds(options_.deadline_seconds));
}

absl::Status Context::PrepareStream(grpc::ClientContext& context) {
  return Prepare(context, kStreamTimeout);
}

std::unique_ptr<RowWriter> Context::Rows(
    std::vector<std::string> columns) const {
  return MakeRowWriter(options_.format, std::move(columns), stdout);
}

void Context::PrintMessage(const google::protobuf::Message& message) const {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = options_.format == Format::kJson;
  options.preserve_proto_field_names = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json, options)
           .ok()) {
    return;
  }
  if (options_.format == Format::kJson) {
    std::fputs(json.c_str(), stdout);
    return;
  }
  const auto rows = Rows({"field", "value"});
  AddFields(nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false),
            "", *rows);
  rows->Finish();
}

void Context::OnRun(CLI::App& command, std::function<absl::Status()> work) {
  command.callback([this, work = std::move(work)] { chosen_ = work; });
}

absl::Status Context::RunChosen() {
  return chosen_ == nullptr ? absl::OkStatus() : chosen_();
}

CLI::App* AddCommand(CLI::App& parent, const std::string& name,
                     const std::string& description,
                     const std::string& examples) {
  CLI::App* command = parent.add_subcommand(name, description);
  command->footer(Footer(examples));
  return command;
}

CLI::App* AddGroup(CLI::App& parent, const std::string& name,
                   const std::string& description,
                   const std::string& examples) {
  CLI::App* group = AddCommand(parent, name, description, examples);
  group->require_subcommand(1);
  return group;
}

void AddGlobalOptions(CLI::App& root, GlobalOptions& options) {
  const std::string group = "Connection and output";
  for (const ServiceNames& names : kServices) {
    std::string& address = options.addresses[names.service];
    address = names.address;
    root.add_option(names.option, address, "host:port or dns:///host:port")
        ->envname(names.environment)
        ->capture_default_str()
        ->group(group);
  }
  root.add_option("--token-file", options.token_file,
                  "File with the bearer token in its first line")
      ->envname("HUIFANG_TOKEN_FILE")
      ->group(group);
  root.add_option("--deadline", options.deadline_seconds,
                  "Seconds a call may take; streams are not limited")
      ->check(CLI::Range(0.001, 3600.0))
      ->capture_default_str()
      ->group(group);
  root.add_flag("--verbose", options.verbose,
                "Show each call with its latency on stderr")
      ->group(group);
  root.add_option("--format", options.format, "table, csv or json")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, Format>{{"table", Format::kTable},
                                        {"csv", Format::kCsv},
                                        {"json", Format::kJson}},
          CLI::ignore_case))
      ->option_text("table|csv|json")
      ->group(group);
}

void AddPersonalOption(CLI::App& command, const std::string& name,
                       std::string& value, const std::string& what) {
  command
      .add_option(name, value, what + "; - reads it from the standard input")
      ->transform([](const std::string& given) {
        std::string line = given;
        if (given == "-") std::getline(std::cin, line);
        return line;
      });
}

std::shared_ptr<std::string> AddCourtOption(CLI::App& command, bool required) {
  auto court = std::make_shared<std::string>();
  command.add_option("--court", *court, "The court's six-digit code")
      ->required(required)
      ->envname("HUIFANG_COURT")
      ->check([](const std::string& text) -> std::string {
        const bool good =
            text.size() == 6 &&
            text.find_first_not_of("0123456789") == std::string::npos;
        return good ? "" : "a court is six digits, for example 110102";
      });
  // The option holds a reference: keep the string as long as the command.
  command.parse_complete_callback([court] {});
  return court;
}

std::string NewRequestId() { return NewUuid7(absl::Now()); }

absl::StatusOr<absl::Time> ParseDayStart(absl::string_view day) {
  absl::CivilDay civil;
  if (day.size() != 10 || !absl::ParseCivilTime(day, &civil)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", day, "\" is not a day YYYY-MM-DD"));
  }
  return absl::FromCivil(civil, CourtTimeZone());
}

std::string FormatTime(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M:%S",
                          absl::FromUnixSeconds(time.seconds()),
                          CourtTimeZone());
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  if (!file || !(content << file.rdbuf())) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read ", path, ": is it there, and not empty?"));
  }
  return content.str();
}

absl::Status WriteFile(const std::string& path, absl::string_view content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  if (!file) {
    return absl::InvalidArgumentError(absl::StrCat("cannot write ", path));
  }
  return absl::OkStatus();
}

std::string WithCommas(std::int64_t number) {
  const std::string digits = absl::StrCat(number);
  const std::size_t start = number < 0 ? 1 : 0;
  std::string out;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at > start && (digits.size() - at) % 3 == 0) out.push_back(',');
    out.push_back(digits[at]);
  }
  return out;
}

}  // namespace huifang::cli
