#include "services/common/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <exception>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "services/common/error.h"

namespace huifang {
namespace {

prometheus::Histogram::BucketBoundaries LatencyBuckets() {
  return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
          0.1,    0.25,  0.5,    1,     2.5,  5,     10};
}

}  // namespace

struct Metrics::Impl {
  std::shared_ptr<prometheus::Registry> registry =
      std::make_shared<prometheus::Registry>();
  prometheus::Family<prometheus::Counter>& rpc_total =
      prometheus::BuildCounter()
          .Name("rpc_total")
          .Help("Calls finished, by method and code.")
          .Register(*registry);
  prometheus::Family<prometheus::Histogram>& rpc_seconds =
      prometheus::BuildHistogram()
          .Name("rpc_seconds")
          .Help("Time from admission to the reply.")
          .Register(*registry);
  std::unique_ptr<prometheus::Exposer> exposer;

  // What counts the calls of one method and code. A family finds it by a map of
  // labels built for each call, which took a tenth of refusing one.
  struct CallMeter {
    prometheus::Counter& total;
    prometheus::Histogram& seconds;
  };
  absl::Mutex mutex;
  absl::flat_hash_map<std::string, CallMeter> meters ABSL_GUARDED_BY(mutex);

  CallMeter MeterOf(absl::string_view method, absl::string_view code) {
    const std::string key = absl::StrCat(method, " ", code);
    {
      absl::ReaderMutexLock lock(&mutex);
      const auto there = meters.find(key);
      if (there != meters.end()) return there->second;
    }
    absl::MutexLock lock(&mutex);
    return meters
        .try_emplace(
            key, CallMeter{rpc_total.Add({{"method", std::string(method)},
                                          {"code", std::string(code)}}),
                           rpc_seconds.Add({{"method", std::string(method)}},
                                           LatencyBuckets())})
        .first->second;
  }
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

absl::Status Metrics::Expose(const std::string& address) {
  try {
    impl_->exposer = std::make_unique<prometheus::Exposer>(address, 1);
    impl_->exposer->RegisterCollectable(impl_->registry);
  } catch (const std::exception& error) {
    return MakeError(
        absl::StatusCode::kUnavailable, "METRICS_PORT",
        absl::StrCat("cannot serve metrics on ", address, ": ", error.what()));
  }
  return absl::OkStatus();
}

void Metrics::CountCall(absl::string_view method, absl::string_view code,
                        absl::Duration took) {
  const Impl::CallMeter meter = impl_->MeterOf(method, code);
  meter.total.Increment();
  meter.seconds.Observe(absl::ToDoubleSeconds(took));
}

void Metrics::Count(const std::string& name, const std::string& label,
                    const std::string& value, double by) {
  prometheus::BuildCounter()
      .Name(name)
      .Register(*impl_->registry)
      .Add({{label, value}})
      .Increment(by);
}

void Metrics::Set(const std::string& name, const std::string& label,
                  const std::string& value, double to) {
  prometheus::BuildGauge()
      .Name(name)
      .Register(*impl_->registry)
      .Add({{label, value}})
      .Set(to);
}

std::string Metrics::Text() const {
  return prometheus::TextSerializer().Serialize(impl_->registry->Collect());
}

}  // namespace huifang
