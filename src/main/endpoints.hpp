#pragma once

#include <functional>
#include <optional>
#include <string>

#include "adapters/http_server/http_message.hpp"
#include "adapters/prometheus/metrics.hpp"
#include "adapters/telegram/webhook_endpoint.hpp"
#include "main/config.hpp"
#include "ports/store/store.hpp"
#include "upkeep/ledger_watch.hpp"

namespace mlbilling {

/// Why books whose last check did not come to its end keep the process from being ready.
std::optional<std::string> trouble_with(const LedgerState& ledger);

/// GET /healthz, /readyz and /metrics of interface.md, and POST /telegram/webhook where there is
/// one. No answer holds a secret or a user's data.
class Endpoints {
  public:
    /// Why the process is not ready, or nothing when it is.
    using WhyNotReady = std::function<std::optional<std::string>()>;
    using Ledger = std::function<LedgerState()>;

    Endpoints(Store& store, prometheus_text::PrometheusMetrics& metrics, WhyNotReady why_not_ready,
              Ledger ledger)
        : store_(store),
          metrics_(metrics),
          why_not_ready_(std::move(why_not_ready)),
          ledger_(std::move(ledger)) {}

    /// Answers Telegram's webhook from now on, in the name of the bot with that token.
    void take_updates(const Webhook& webhook, const std::string& token,
                      telegram::UpdateReceiver& receiver);

    Async<HttpResponse> answer(HttpRequest request);

  private:
    Async<HttpResponse> ready();
    Async<HttpResponse> metrics();
    Async<std::optional<Statistics>> statistics();
    /// Whether the database answers: a small question, as probes come often.
    Async<bool> note_backup();

    Store& store_;
    prometheus_text::PrometheusMetrics& metrics_;
    WhyNotReady why_not_ready_;
    Ledger ledger_;
    std::optional<telegram::WebhookEndpoint> webhook_;
};

}  // namespace mlbilling
