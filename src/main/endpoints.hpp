#pragma once

#include <functional>
#include <optional>
#include <string>

#include "adapters/http_server/http_message.hpp"
#include "adapters/prometheus/metrics.hpp"
#include "ports/store/backups.hpp"
#include "ports/store/operator.hpp"

namespace mlbilling {

/// GET /healthz, /readyz and /metrics of interface.md. Nothing here changes anything, and no answer
/// holds a secret or a user's data.
class Endpoints {
  public:
    /// Why the process is not ready, or nothing when it is.
    using WhyNotReady = std::function<std::optional<std::string>()>;
    using Violations = std::function<std::optional<int>()>;

    Endpoints(OperatorStore& store, BackupLog& backups, prometheus_text::PrometheusMetrics& metrics,
              WhyNotReady why_not_ready, Violations violations)
        : store_(store),
          backups_(backups),
          metrics_(metrics),
          why_not_ready_(std::move(why_not_ready)),
          violations_(std::move(violations)) {}

    Async<HttpResponse> answer(HttpRequest request);

  private:
    Async<HttpResponse> ready();
    Async<HttpResponse> metrics();
    Async<std::optional<Statistics>> statistics();
    Async<void> note_backup();

    OperatorStore& store_;
    BackupLog& backups_;
    prometheus_text::PrometheusMetrics& metrics_;
    WhyNotReady why_not_ready_;
    Violations violations_;
};

}  // namespace mlbilling
