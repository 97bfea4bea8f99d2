#ifndef HUIFANG_CLIENTS_CLI_CALLBACK_COMMANDS_H_
#define HUIFANG_CLIENTS_CLI_CALLBACK_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <string>

#include "clients/cli/cli.h"
#include "huifang/callback/v1/callback_resources.pb.h"

namespace huifang::cli {

// The groups that AddCallbackCommands is made of.
void AddPlanCommands(CLI::App& root, Context& context);
void AddDrawCommands(CLI::App& root, Context& context);
void AddCallCommands(CLI::App& root, Context& context);
void AddScriptCommands(CLI::App& root, Context& context);
void AddSnippetCommands(CLI::App& root, Context& context);
void AddRelationCommands(CLI::App& root, Context& context);

// The commands of one draw, in a file of their own.
void AddDrawSeedCommands(CLI::App& draws, Context& context);
void AddDrawFileCommands(CLI::App& draws, Context& context);
void AddCallGetCommand(CLI::App& callbacks, Context& context);
void AddCallRecordCommands(CLI::App& callbacks, Context& context);
void AddDoNotCallCommands(CLI::App& callbacks, Context& context);
void AddRecallCommands(CLI::App& callbacks, Context& context);
void AddConveyanceCommands(CLI::App& callbacks, Context& context);

// "NAME   VALUE" unless the value is empty.
void PrintField(const char* name, const std::string& value);
// The questions, each with how to take down its answer.
void PrintScript(const callback::v1::Script& script);
// What may be explained, each with how to take down that it was.
void PrintSnippets(
    const google::protobuf::RepeatedPtrField<callback::v1::Snippet>& snippets);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_CALLBACK_COMMANDS_H_
