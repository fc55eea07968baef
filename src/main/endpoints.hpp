#pragma once

#include <functional>
#include <optional>
#include <string>

#include "adapters/http_server/http_message.hpp"
#include "adapters/prometheus/metrics.hpp"
#include "main/last_known.hpp"
#include "ports/store/store.hpp"
#include "upkeep/ledger_watch.hpp"

namespace mlbilling {

/// Why books whose last check did not come to its end keep the process from being ready.
std::optional<std::string> trouble_with(const LedgerState& ledger);

/// GET /healthz, /readyz and /metrics of interface.md. No answer holds a secret or a user's data,
/// and each comes within 2 s, whatever the database does: /metrics with the sums that were read
/// last, and their age.
class Endpoints {
  public:
    /// Why the process is not ready, or nothing when it is.
    using WhyNotReady = std::function<std::optional<std::string>()>;
    using Ledger = std::function<LedgerState()>;

    /// What the database is asked.
    struct Questions {
        std::function<Async<Statistics>()> statistics;
        /// Also whether it answers at all: a small question, as probes come often.
        std::function<Async<std::optional<Time>>()> last_backup;
    };

    /// Clock and metrics must outlive the loop.
    Endpoints(Questions questions, Clock& clock, prometheus_text::PrometheusMetrics& metrics,
              WhyNotReady why_not_ready, Ledger ledger);

    /// Asks the database what is wanted of it; until then it is not ready. Returns after stop().
    Async<void> run();
    void stop();

    /// What is not served here goes no further than its head; nothing here takes a body.
    static HttpAdmission admit(const HttpRequest& head);
    /// Of a request that was admitted.
    Async<HttpResponse> answer(HttpRequest request);

  private:
    Async<HttpResponse> ready();
    Async<HttpResponse> metrics();
    void note_backup();

    prometheus_text::PrometheusMetrics& metrics_;
    WhyNotReady why_not_ready_;
    Ledger ledger_;
    LastKnown<Statistics> sums_;
    LastKnown<std::optional<Time>> last_backup_;
};

/// The store must outlive what asks.
Endpoints::Questions questions_to(Store& store);

}  // namespace mlbilling
