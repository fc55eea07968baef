#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "adapters/http_server/http_server.hpp"
#include "ports/clock.hpp"
#include "ports/event.hpp"
#include "ports/random.hpp"
#include "sandbox/backstage.hpp"
#include "sandbox/webhook.hpp"

namespace mlbilling::sandbox {

/// A Bot API server of our own with a chat page and a control API, for trying and testing bots
/// without Telegram. It knows nothing of the bot that talks to it. docs/sandbox.md.
class Sandbox {
  public:
    struct Options {
        /// An IP address or `localhost`.
        std::string host = "127.0.0.1";
        /// 0 lets the system pick one.
        std::uint16_t port = 0;
        /// See HttpLimits.
        std::size_t max_connections = 1024;
        /// The service behind the bot, or null; must outlive the sandbox.
        Backstage* backstage = nullptr;
        /// Where each chat begins to count. A bot whose database outlives the sandbox needs another
        /// start each time, or it takes new messages for old ones.
        std::int64_t first_message_id = 0;
        /// Brings updates to webhooks; null: setWebhook is refused. Must outlive the sandbox.
        WebhookCarrier* webhooks = nullptr;
    };

    /// Clock and random must live until stop() has returned.
    Sandbox(boost::asio::any_io_executor executor, Clock& clock, Random& random, Options options);
    ~Sandbox();
    Sandbox(const Sandbox&) = delete;
    Sandbox& operator=(const Sandbox&) = delete;

    /// Listens. Throws Unavailable that names the address when it cannot.
    void start();
    /// Only after start().
    std::uint16_t port() const;
    /// Ends every poll and connection; returns when nothing of it runs any more.
    Async<void> stop();

  private:
    class Core;

    boost::asio::any_io_executor executor_;
    Options options_;
    std::shared_ptr<Core> core_;
    std::unique_ptr<HttpServer> server_;
    /// Set when nothing is brought to webhooks any more.
    Event webhooks_ended_;
};

}  // namespace mlbilling::sandbox
