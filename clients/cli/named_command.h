// Commands about one resource that is named on the command line, and enum
// values as people write them.
#ifndef HUIFANG_CLIENTS_CLI_NAMED_COMMAND_H_
#define HUIFANG_CLIENTS_CLI_NAMED_COMMAND_H_

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "clients/cli/cli.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"

namespace huifang::cli {

// Of an enum whose first value is PREFIX_UNSPECIFIED: PREFIX_NAME as NAME.
std::string EnumLabel(const google::protobuf::EnumDescriptor& type, int number);
// NAME, in any case; else an error that names the option and what it takes.
absl::StatusOr<int> ParseEnumLabel(const google::protobuf::EnumDescriptor& type,
                                   absl::string_view option,
                                   absl::string_view text);

template <typename Enum>
std::string EnumLabel(Enum value) {
  return EnumLabel(*google::protobuf::GetEnumDescriptor<Enum>(),
                   static_cast<int>(value));
}

template <typename Enum>
absl::StatusOr<Enum> ParseEnum(absl::string_view option,
                               absl::string_view text) {
  const absl::StatusOr<int> number = ParseEnumLabel(
      *google::protobuf::GetEnumDescriptor<Enum>(), option, text);
  if (!number.ok()) return number.status();
  return static_cast<Enum>(*number);
}

// A command about one `noun`, named by its id or its full name. Options has
// `court` and `name`.
template <typename Options>
std::pair<CLI::App*, std::shared_ptr<Options>> AddNamedCommand(
    CLI::App& parent, const std::string& noun, const std::string& name,
    const std::string& description, const std::string& examples) {
  CLI::App* command = AddCommand(parent, name, description, examples);
  auto options = std::make_shared<Options>();
  options->court = AddCourtOption(*command);
  command
      ->add_option(noun, options->name,
                   absl::StrCat("The ", noun, "'s id or name"))
      ->required();
  return {command, options};
}

// Runs a verb on the resource that the command names.
template <typename Options, typename Stub, typename Owner, typename Request,
          typename Resource>
absl::StatusOr<Resource> CallVerb(
    Context& context, absl::string_view collection, const Options& options,
    Stub& stub,
    grpc::Status (Owner::*method)(grpc::ClientContext*, const Request&,
                                  Resource*),
    Request request) {
  request.set_name(CompleteName(collection, *options.court, options.name));
  request.set_request_id(NewRequestId());
  return context.Call(stub, method, request);
}

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_NAMED_COMMAND_H_
