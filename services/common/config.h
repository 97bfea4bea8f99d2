// Typed flags with bounds. Precedence: flag, environment, default. A value out
// of range or a flag nobody declared refuses to start.
#ifndef HUIFANG_SERVICES_COMMON_CONFIG_H_
#define HUIFANG_SERVICES_COMMON_CONFIG_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace huifang {

// Declares flags, then parses them into the variables they were declared with.
//
//   FlagSet flags("ticket", "Keeps the hotline's tickets.");
//   flags.Int("backlog", &config.backlog, 1, 100000, "calls waiting");
//   RETURN_IF_ERROR(flags.Parse(argc, argv));
//
// Flag --redis_url is also read from HUIFANG_TICKET_REDIS_URL, then from
// HUIFANG_REDIS_URL. The variable's value before Parse is the default.
class FlagSet {
 public:
  FlagSet(absl::string_view service, absl::string_view summary);

  void Int(absl::string_view name, std::int64_t* value, std::int64_t min,
           std::int64_t max, absl::string_view help);
  void Text(absl::string_view name, std::string* value, absl::string_view help);
  void Bool(absl::string_view name, bool* value, absl::string_view help);
  // For example 500ms, 30s, 10m.
  void Duration(absl::string_view name, absl::Duration* value,
                absl::Duration min, absl::Duration max, absl::string_view help);

  // CANCELLED after --help or --print_config was answered on
  // stdout; INVALID_ARGUMENT names the flag and what it takes.
  absl::Status Parse(int argc, const char* const* argv);

  std::string Help() const;
  // All values as name=value lines; a password inside a URL is masked.
  std::string Print() const;

 private:
  struct Flag {
    std::string name;
    std::string help;
    std::string bounds;
    std::function<absl::Status(absl::string_view)> set;
    std::function<std::string()> get;
  };
  absl::Status Set(absl::string_view name, absl::string_view value,
                   absl::string_view origin);

  std::string service_;
  std::string summary_;
  std::vector<Flag> flags_;
};

// The flags every service has.
struct ServiceConfig {
  std::string listen = "127.0.0.1:0";
  std::string metrics_listen;  // empty: no metrics port
  std::string database;        // sqlite:PATH or postgresql://…
  std::string redis_url = "redis://127.0.0.1:6379";
  std::string redis_password_file;
  std::string redis_prefix = "huifang";
  std::string token_file;
  std::string key_file;
  std::int64_t executor_threads = 64;
  std::int64_t executor_backlog = 2000;
  absl::Duration wait_target = absl::Milliseconds(30);
  std::int64_t stream_threads = 4;
  std::int64_t bulk_threads = 4;
  std::int64_t max_streams = 2000;
  std::int64_t principal_streams = 200;
  std::int64_t max_connections = 12000;
  // More than the streams of one principal, and so few that what one connection
  // has sent delays the others little: gRPC reads a connection until it is
  // empty.
  std::int64_t connection_calls = 256;
  std::int64_t transport_memory_bytes = std::int64_t{1} << 30;
  std::int64_t read_sessions = 16;
  std::int64_t write_sessions = 4;
  std::int64_t redis_connections = 16;
  std::int64_t worker_threads = 2;
  std::int64_t max_message_bytes = 4 * 1024 * 1024;
  // Well below the 7,000 calls a second that two cores carry, so that whoever
  // calls without end leaves most of a replica to the others.
  std::int64_t principal_rate = 2000;
  std::int64_t court_rate = 4000;
  absl::Duration drain = absl::Milliseconds(500);
  absl::Duration grace = absl::Seconds(10);
  bool reflection = true;
  std::string port_file;  // written with the bound port once listening
  std::string crash_at;   // for tests: see crash_point.h

  void Declare(FlagSet& flags);
  // What is missing or cannot go together.
  absl::Status Check() const;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_CONFIG_H_
