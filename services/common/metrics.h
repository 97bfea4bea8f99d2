// Prometheus metrics, served on an HTTP port of their own.
#ifndef HUIFANG_SERVICES_COMMON_METRICS_H_
#define HUIFANG_SERVICES_COMMON_METRICS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace huifang {

// All metrics of one process, by name. Thread safe; registration is cheap
// enough to happen at the place of use.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  // Starts the HTTP port, for example "127.0.0.1:9101".
  absl::Status Expose(const std::string& address);

  // One call finished: rpc_total{method,code}, rpc_seconds{method}.
  void CountCall(absl::string_view method, absl::string_view code,
                 absl::Duration took);
  // A plain counter with one label.
  void Count(const std::string& name, const std::string& label,
             const std::string& value, double by = 1);
  // A plain gauge with one label.
  void Set(const std::string& name, const std::string& label,
           const std::string& value, double to);

  // What the port serves: the text format of Prometheus.
  std::string Text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_METRICS_H_
