#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "adapters/http_server/http_server.hpp"
#include "adapters/telegram/webhook_endpoint.hpp"
#include "main/config.hpp"
#include "main/endpoints.hpp"

namespace mlbilling {

/// How many listeners a process with this configuration has, the sandbox's among them.
int listener_count(const Config& config);

/// A process's HTTP listeners: HTTP_LISTEN with the probes and metrics, and WEBHOOK_LISTEN with
/// `POST /telegram/webhook` and nothing else. Without WEBHOOK_LISTEN the webhook is served beside
/// the probes, to whoever reaches them.
class Listeners {
  public:
    /// Listens at once. `usual`: where it does without HTTP_LISTEN. The endpoints must outlive the
    /// loop. Throws Unavailable that names an address where it cannot listen.
    Listeners(boost::asio::any_io_executor executor, const Config& config, ListenAddress usual,
              Endpoints& endpoints);

    /// Has the webhook's updates brought to the receiver, when one is configured.
    void take_updates(const Config& config, telegram::UpdateReceiver& receiver);

    /// Of HTTP_LISTEN.
    std::uint16_t port() const { return http_.port(); }
    /// Of WEBHOOK_LISTEN, when it is set and the webhook is used.
    std::optional<std::uint16_t> webhook_port() const;
    /// See HttpServer.
    Async<void> stop(Duration patience);

  private:
    HttpAdmission admit(const HttpRequest& head) const;
    Async<HttpResponse> answer(HttpRequest request);
    HttpAdmission admit_to_webhook(const HttpRequest& head) const;
    Async<HttpResponse> answer_webhook(HttpRequest request);

    Endpoints& endpoints_;
    std::optional<telegram::WebhookEndpoint> webhook_;
    bool has_own_webhook_;
    HttpServer http_;
    std::optional<HttpServer> webhook_server_;
};

}  // namespace mlbilling
