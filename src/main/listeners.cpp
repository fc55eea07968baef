#include "main/listeners.hpp"

#include <utility>

#include "adapters/telegram/bot_token.hpp"
#include "base/check.hpp"
#include "base/log.hpp"
#include "main/descriptors.hpp"

namespace mlbilling {
namespace {

/// As it is sent: neither an escape nor a query makes another address the same.
constexpr std::string_view webhook_path = "/telegram/webhook";

bool wants_own_listener(const Config& config) {
    return config.webhook.has_value() && config.webhook_listen.has_value();
}

HttpLimits limits_of(const Config& config) {
    HttpLimits limits;
    limits.max_connections = connections_for(listener_count(config));
    return limits;
}

}  // namespace

int listener_count(const Config& config) {
    return 1 + (wants_own_listener(config) ? 1 : 0) + (config.telegram_token ? 0 : 1);
}

Listeners::Listeners(boost::asio::any_io_executor executor, const Config& config,
                     ListenAddress usual, Endpoints& endpoints)
    : endpoints_(endpoints),
      has_own_webhook_(wants_own_listener(config)),
      http_(
          executor, config.http_listen.value_or(usual).host,
          config.http_listen.value_or(usual).port,
          [this](HttpRequest request) { return answer(std::move(request)); }, limits_of(config),
          [this](const HttpRequest& head) { return admit(head); }) {
    if (!has_own_webhook_) return;
    webhook_server_.emplace(
        executor, config.webhook_listen->host, config.webhook_listen->port,
        [this](HttpRequest request) { return answer_webhook(std::move(request)); },
        limits_of(config), [this](const HttpRequest& head) { return admit_to_webhook(head); });
}

void Listeners::take_updates(const Config& config, telegram::UpdateReceiver& receiver) {
    if (!config.webhook) return;
    const auto bot = telegram::bot_id_of(*config.telegram_token);
    CHECK(bot.has_value());
    webhook_.emplace(config.webhook->secret, *bot, receiver);
    if (!has_own_webhook_)
        log::warning(
            "the webhook shares HTTP_LISTEN with the probes and metrics: set WEBHOOK_LISTEN, so "
            "that those need not be reachable from outside");
}

std::optional<std::uint16_t> Listeners::webhook_port() const {
    return webhook_server_ ? std::optional(webhook_server_->port()) : std::nullopt;
}

HttpAdmission Listeners::admit(const HttpRequest& head) const {
    if (webhook_ && !has_own_webhook_ && head.target == webhook_path) return webhook_->admit(head);
    return Endpoints::admit(head);
}

Async<HttpResponse> Listeners::answer(HttpRequest request) {
    if (webhook_ && !has_own_webhook_ && request.target == webhook_path)
        return webhook_->answer(std::move(request));
    return endpoints_.answer(std::move(request));
}

HttpAdmission Listeners::admit_to_webhook(const HttpRequest& head) const {
    if (!webhook_ || head.target != webhook_path)
        return HttpAdmission::refuse(plain_answer(404, "not found"));
    return webhook_->admit(head);
}

Async<HttpResponse> Listeners::answer_webhook(HttpRequest request) {
    return webhook_->answer(std::move(request));
}

Async<void> Listeners::stop(Duration patience) {
    if (webhook_server_) co_await webhook_server_->stop(patience);
    co_await http_.stop(patience);
}

}  // namespace mlbilling
