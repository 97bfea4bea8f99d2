#include "services/common/config.h"

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/common/error.h"
#include "services/common/status_macros.h"

namespace huifang {
namespace {

// A value for people's eyes, without the password that a URL may hold: as in
// user:password@host, or as a parameter.
std::string WithoutPassword(std::string value) {
  const std::size_t parameter = value.find("password=");
  if (parameter != std::string::npos) {
    const std::size_t begin = parameter + std::strlen("password=");
    const std::size_t end = value.find_first_of("& ", begin);
    value.replace(begin, end == std::string::npos ? end : end - begin, "***");
  }
  const std::size_t scheme = value.find("://");
  const std::size_t at = value.rfind('@');
  if (scheme == std::string::npos || at == std::string::npos) return value;
  const std::size_t colon = value.find(':', scheme + 3);
  if (colon == std::string::npos || colon > at) return value;
  return absl::StrCat(value.substr(0, colon + 1), "***", value.substr(at));
}

absl::Status BadFlag(absl::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_FLAG", message);
}

}  // namespace

FlagSet::FlagSet(absl::string_view service, absl::string_view summary)
    : service_(service), summary_(summary) {}

void FlagSet::Int(absl::string_view name, std::int64_t* value, std::int64_t min,
                  std::int64_t max, absl::string_view help) {
  flags_.push_back(
      {std::string(name), std::string(help), absl::StrCat(min, " to ", max),
       [=](absl::string_view text) -> absl::Status {
         std::int64_t parsed = 0;
         if (!absl::SimpleAtoi(text, &parsed) || parsed < min || parsed > max) {
           return absl::InvalidArgumentError("");
         }
         *value = parsed;
         return absl::OkStatus();
       },
       [=] { return absl::StrCat(*value); }});
}

void FlagSet::Text(absl::string_view name, std::string* value,
                   absl::string_view help) {
  flags_.push_back({std::string(name), std::string(help), "text",
                    [=](absl::string_view text) {
                      *value = std::string(text);
                      return absl::OkStatus();
                    },
                    [=] { return WithoutPassword(*value); }});
}

void FlagSet::Bool(absl::string_view name, bool* value,
                   absl::string_view help) {
  flags_.push_back({std::string(name), std::string(help), "true or false",
                    [=](absl::string_view text) -> absl::Status {
                      if (text != "true" && text != "false") {
                        return absl::InvalidArgumentError("");
                      }
                      *value = text == "true";
                      return absl::OkStatus();
                    },
                    [=] { return std::string(*value ? "true" : "false"); }});
}

void FlagSet::Duration(absl::string_view name, absl::Duration* value,
                       absl::Duration min, absl::Duration max,
                       absl::string_view help) {
  flags_.push_back({std::string(name), std::string(help),
                    absl::StrCat(absl::FormatDuration(min), " to ",
                                 absl::FormatDuration(max)),
                    [=](absl::string_view text) -> absl::Status {
                      absl::Duration parsed;
                      if (!absl::ParseDuration(std::string(text), &parsed) ||
                          parsed < min || parsed > max) {
                        return absl::InvalidArgumentError("");
                      }
                      *value = parsed;
                      return absl::OkStatus();
                    },
                    [=] { return absl::FormatDuration(*value); }});
}

absl::Status FlagSet::Set(absl::string_view name, absl::string_view value,
                          absl::string_view origin) {
  for (const Flag& flag : flags_) {
    if (flag.name != name) continue;
    if (flag.set(value).ok()) return absl::OkStatus();
    return BadFlag(absl::StrCat(origin, ": \"", value, "\" does not fit --",
                                name, ", which takes ", flag.bounds));
  }
  return BadFlag(
      absl::StrCat(origin, ": there is no --", name, "; see --help"));
}

absl::Status FlagSet::Parse(int argc, const char* const* argv) {
  for (const Flag& flag : flags_) {
    const std::string upper = absl::AsciiStrToUpper(flag.name);
    for (const std::string& variable :
         {absl::StrCat("HUIFANG_", absl::AsciiStrToUpper(service_), "_", upper),
          absl::StrCat("HUIFANG_", upper)}) {
      const char* value = std::getenv(variable.c_str());
      if (value == nullptr) continue;
      RETURN_IF_ERROR(Set(flag.name, value, variable));
      break;
    }
  }
  bool print = false;
  for (int i = 1; i < argc; ++i) {
    absl::string_view arg = argv[i];
    if (arg == "--help" || arg == "-h") {
      std::cout << Help();
      return absl::CancelledError("help");
    }
    if (arg == "--print_config") {
      print = true;
      continue;
    }
    if (!absl::StartsWith(arg, "--")) {
      return BadFlag(absl::StrCat("\"", arg, "\" is no flag; see --help"));
    }
    arg.remove_prefix(2);
    const std::size_t equals = arg.find('=');
    std::string name(arg.substr(0, equals));
    if (equals == absl::string_view::npos && i + 1 >= argc) {
      return BadFlag(absl::StrCat("--", name, " needs a value"));
    }
    const absl::string_view value =
        equals == absl::string_view::npos ? argv[++i] : arg.substr(equals + 1);
    name = absl::StrReplaceAll(name, {{"-", "_"}});
    RETURN_IF_ERROR(Set(name, value, "command line"));
  }
  if (print) {
    std::cout << Print();
    return absl::CancelledError("print_config");
  }
  return absl::OkStatus();
}

std::string FlagSet::Help() const {
  std::string text = absl::StrCat(
      "huifang-", service_, ": ", summary_, "\n\nFlags (each also as ",
      "HUIFANG_", absl::AsciiStrToUpper(service_),
      "_<FLAG> or HUIFANG_<FLAG> in the environment):\n");
  for (const Flag& flag : flags_) {
    absl::StrAppend(&text, "  --", flag.name, "=", flag.get(), "\n      ",
                    flag.help, " (", flag.bounds, ")\n");
  }
  absl::StrAppend(
      &text,
      "  --print_config\n      show the values in force and exit\n"
      "\nExample:\n  huifang-",
      service_, " --listen=127.0.0.1:7001 --database=sqlite:/var/lib/huifang/",
      service_,
      ".db \\\n    --redis_url=redis://127.0.0.1:6379 "
      "--token_file=/etc/huifang/tokens.json "
      "--key_file=/etc/huifang/keys.json\n");
  return text;
}

std::string FlagSet::Print() const {
  std::string text;
  for (const Flag& flag : flags_) {
    absl::StrAppend(&text, flag.name, "=", flag.get(), "\n");
  }
  return text;
}

void ServiceConfig::Declare(FlagSet& flags) {
  flags.Text("listen", &listen, "address of the gRPC port");
  flags.Text("metrics_listen", &metrics_listen,
             "address of the metrics port; empty for none");
  flags.Text("database", &database,
             "sqlite:PATH or postgresql://user@host:port/name");
  flags.Text("redis_url", &redis_url,
             "the work queues: redis://host:port/db, unix:/path, "
             "redis-sentinel://host:port,host:port/master-name or "
             "redis-cluster://host:port,host:port");
  flags.Text("redis_password_file", &redis_password_file,
             "file with the password of Redis, where the URL has none");
  flags.Text("redis_prefix", &redis_prefix, "first part of every Redis key");
  flags.Text("token_file", &token_file, "JSON file of who may call");
  flags.Text("key_file", &key_file, "JSON file of the sealing keys");
  flags.Int("executor_threads", &executor_threads, 1, 1024,
            "calls worked on at once");
  flags.Int("executor_backlog", &executor_backlog, 1, 1000000,
            "calls waiting; more are refused");
  flags.Duration("wait_target", &wait_target, absl::Milliseconds(1),
                 absl::Seconds(10),
                 "how long a call may wait while there are too many; those "
                 "that would wait longer are refused");
  flags.Int("stream_threads", &stream_threads, 1, 256,
            "watching streams that read at once");
  flags.Int(
      "bulk_threads", &bulk_threads, 2, 256,
      "imports, exports and files worked on at once; an import takes two");
  flags.Int("max_streams", &max_streams, 1, 100000,
            "server streams open at once on this replica");
  flags.Int("principal_streams", &principal_streams, 1, 100000,
            "server streams open at once of one principal on this replica");
  flags.Int("max_connections", &max_connections, 1, 1000000,
            "connections open at once; more are closed as they come");
  flags.Int("connection_calls", &connection_calls, 1, 1000000,
            "calls and streams at once on one connection; more wait in the "
            "client");
  flags.Int("transport_memory_bytes", &transport_memory_bytes, 16 << 20,
            std::int64_t{1} << 40,
            "memory for messages on their way and buffers of connections; "
            "close to it, idle connections are closed and calls refused");
  flags.Int("read_sessions", &read_sessions, 1, 256, "database readers");
  flags.Int("write_sessions", &write_sessions, 1, 64,
            "database writers (SQLite always has one)");
  flags.Int("redis_connections", &redis_connections, 2, 1024,
            "connections to Redis, besides those in which idle workers wait");
  flags.Int("worker_threads", &worker_threads, 1, 256,
            "threads of each queue worker");
  flags.Int("max_message_bytes", &max_message_bytes, 64 * 1024,
            64 * 1024 * 1024, "largest message taken");
  flags.Int("principal_rate", &principal_rate, 0, 1000000,
            "calls a second of one principal on this replica; 0: no limit");
  flags.Int("court_rate", &court_rate, 0, 1000000,
            "calls a second about one court on this replica; 0: no limit");
  flags.Duration("drain", &drain, absl::ZeroDuration(), absl::Minutes(5),
                 "pause between NOT_SERVING and closing the port");
  flags.Duration("grace", &grace, absl::ZeroDuration(), absl::Minutes(5),
                 "time running calls have to finish");
  flags.Bool("reflection", &reflection, "answer gRPC reflection");
  flags.Text("port_file", &port_file,
             "file to write the gRPC port to once listening");
  flags.Text("crash_at", &crash_at,
             "for tests: die by SIGKILL there, NAME or NAME:N; never set it "
             "where people work");
}

absl::Status ServiceConfig::Check() const {
  if (database.empty()) {
    return BadFlag("--database is missing, for example sqlite:/tmp/h.db");
  }
  if (token_file.empty()) {
    return BadFlag("--token_file is missing: nobody could call");
  }
  if (key_file.empty()) {
    return BadFlag("--key_file is missing: personal data is stored sealed");
  }
  return absl::OkStatus();
}

}  // namespace huifang
