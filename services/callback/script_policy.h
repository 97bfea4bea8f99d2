// From a script (回访问卷) to what the rules understand, and the built-in one.
#ifndef HUIFANG_SERVICES_CALLBACK_SCRIPT_POLICY_H_
#define HUIFANG_SERVICES_CALLBACK_SCRIPT_POLICY_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "services/callback/script_rules.h"

namespace huifang::callback {

// Id of the built-in script, which no court may give to one of its own.
inline constexpr char kBuiltInScriptId[] = "items";
// What `next` says where an interview ends.
inline constexpr char kScriptEndWord[] = "END";
inline constexpr int kDefaultQuestionSeconds = 60;
inline constexpr int kDefaultScriptMinutes = 30;

// The five questions, one after the other: version 1 of "items".
v1::Script BuiltInScript(absl::string_view court);
bool IsBuiltInScript(absl::string_view name);

// The script must have no unknown `next`.
std::vector<ScriptQuestion> QuestionsOf(const v1::Script& script);

// What a question says about.
v1::Script::Item ItemOf(const v1::Script& script, const std::string& question);

// Whether the option chosen says that the caller cannot say.
bool MeansCannotSay(const v1::Script& script, const v1::ScriptReply& reply);

// What the replies mean for the verdict. They must be checked.
v1::Items ItemsOfReplies(
    const v1::Script& script,
    const google::protobuf::RepeatedPtrField<v1::ScriptReply>& replies);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_SCRIPT_POLICY_H_
