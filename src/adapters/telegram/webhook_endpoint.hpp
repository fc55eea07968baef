#pragma once

#include <string>

#include "adapters/http_server/http_message.hpp"
#include "ports/telegram.hpp"

namespace mlbilling::telegram {

/// Whether it may be a webhook's secret: 1-256 of A-Z, a-z, 0-9, _ and - (telegram.md 1.3).
bool is_webhook_secret(std::string_view text);

/// `POST /telegram/webhook` (interface.md, HTTP endpoints): Telegram brings an update, and gets 200
/// once its effects are committed. With 503 it waits for the time named and brings it again, in the
/// chat's order (telegram.md 1.3).
class WebhookEndpoint {
  public:
    /// The receiver must outlive this.
    WebhookEndpoint(std::string secret, BotId bot, UpdateReceiver& receiver);

    /// From the head alone: 405 to other methods, 401 to whoever does not know the secret, and room
    /// for an update.
    HttpAdmission admit(const HttpRequest& head) const;
    /// Of a request that was admitted; 400 to what is no update.
    Async<HttpResponse> answer(HttpRequest request);

  private:
    bool knows_secret(const HttpRequest& request) const;

    std::string secret_;
    BotId bot_;
    UpdateReceiver& receiver_;
};

}  // namespace mlbilling::telegram
