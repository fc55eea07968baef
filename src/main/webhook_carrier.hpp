#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "adapters/http_client/http_client.hpp"
#include "sandbox/webhook.hpp"

namespace mlbilling {

/// Carries the sandbox's updates to webhooks over HTTP. Follows no redirects, as Telegram does not.
class HttpWebhookCarrier final : public sandbox::WebhookCarrier {
  public:
    explicit HttpWebhookCarrier(boost::asio::any_io_executor executor);

    Async<sandbox::WebhookAnswer> carry(std::string url, std::string secret,
                                        std::string json) override;

  private:
    HttpClient client_;
};

}  // namespace mlbilling
