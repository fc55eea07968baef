#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace mlbilling::prometheus_text {

/// What Prometheus's clients tell of their own process, under the names that they agree on
/// (Prometheus documentation, "Writing client libraries", Process metrics), and how many lines of
/// each level it has logged.
class ProcessMetrics {
  public:
    explicit ProcessMetrics(prometheus::Registry& registry);

    /// Reads them anew. Any thread, one at a time.
    void update();

  private:
    prometheus::Counter& processor_time_;
    prometheus::Gauge& resident_memory_;
    prometheus::Counter& warnings_;
    prometheus::Counter& errors_;
};

}  // namespace mlbilling::prometheus_text
