#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "ports/async.hpp"

namespace mlbilling::sandbox {

/// What setWebhook has set, and how it goes.
struct Webhook {
    std::int64_t bot = 0;
    std::string url;
    std::string secret;
    std::int64_t max_connections = 40;
    std::optional<Time> last_error_at;
    std::string last_error;
};

/// What a webhook answered.
struct WebhookAnswer {
    /// 0: it did not.
    int status = 0;
    /// Seconds of its Retry-After header, or 0.
    std::int64_t retry_after = 0;
    /// Why there is no answer.
    std::string failure;
};

/// Carries updates to webhooks. It comes from outside: the sandbox itself only serves.
class WebhookCarrier {
  public:
    virtual ~WebhookCarrier() = default;

    /// POSTs the JSON to the address with the secret in `X-Telegram-Bot-Api-Secret-Token` (none
    /// when it is empty); waits for the answer at most 60 s (telegram.md 1.3).
    virtual Async<WebhookAnswer> carry(std::string url, std::string secret, std::string json) = 0;
};

}  // namespace mlbilling::sandbox
