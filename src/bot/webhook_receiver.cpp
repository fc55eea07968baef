#include "bot/webhook_receiver.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "bot/waiting.hpp"
#include "domain/retry.hpp"

namespace mlbilling::bot {
namespace {

constexpr Duration look_every{30'000};

}  // namespace

UpdateState WebhookReceiver::state() const {
    const bool well = state_ == UpdateState::receiving;
    return well && store_fails_ ? UpdateState::store_unavailable : state_;
}

Async<void> WebhookReceiver::run() {
    while (!stop_.is_set()) {
        const auto wait = co_await unless_set(stop_, look());
        if (wait) co_await stop_.wait_within(outside_.clock, *wait);
    }
    while (in_flight_ > 0) {
        one_ended_.reset();
        co_await one_ended_.wait();
    }
}

Async<Duration> WebhookReceiver::look() {
    // A process that is not ready may be brought nothing that would show that the store is back.
    store_fails_ = false;
    if (!is_set_) co_return co_await set();
    const auto info = co_await outside_.telegram.get_webhook_info();
    if (!info.ok()) co_return failed(info.error());
    outside_.metrics.polled(outside_.clock.now());
    tell_of_errors(*info);
    state_ = UpdateState::receiving;
    failures_ = 0;
    if (info->url == webhook_.url) co_return look_every;
    log::warning("the webhook was changed or removed by another and is set again");
    co_return co_await set();
}

// Every process sets it when it starts: what is set already cannot be compared, since Telegram does
// not tell the secret.
Async<Duration> WebhookReceiver::set() {
    const auto outcome = co_await outside_.telegram.set_webhook(webhook_);
    is_set_ = outcome.ok();
    if (!is_set_) co_return failed(outcome.error());
    log::info("Telegram brings the updates to the webhook");
    outside_.metrics.polled(outside_.clock.now());
    state_ = UpdateState::receiving;
    failures_ = 0;
    co_return look_every;
}

Duration WebhookReceiver::failed(const telegram::Error& error) {
    using telegram::Failure;
    const bool refused = error.failure == Failure::bad_request;
    failures_ = std::min(failures_ + 1, 30);
    const RetryPolicy policy{.max_attempts = 0, .base = Duration(500), .cap = look_every};
    const auto wait = backoff(policy, failures_, outside_.random.next());
    // Processes that start together are told to set it one after the other (telegram.md 1.3).
    if (error.failure == Failure::too_many_requests) return std::max(wait, error.retry_after);
    if (error.failure == Failure::unauthorized)
        state_ = UpdateState::unauthorized;
    else
        state_ = refused ? UpdateState::webhook_refused : UpdateState::unreachable;
    log::error(refused ? "Telegram does not take the webhook: check WEBHOOK_URL and WEBHOOK_SECRET"
                       : "the webhook cannot be set or looked at",
               {{"error", error.description}});
    return refused ? look_every : wait;
}

void WebhookReceiver::tell_of_errors(const telegram::WebhookInfo& info) {
    if (!info.last_error_at || info.last_error_at == told_) return;
    told_ = info.last_error_at;
    log::warning("Telegram could not bring an update",
                 {{"error", info.last_error}, {"waiting", info.pending_updates}});
}

Async<bool> WebhookReceiver::receive(telegram::Update update) {
    if (stop_.is_set()) co_return false;
    struct InFlight {
        WebhookReceiver& receiver;
        ~InFlight() {
            --receiver.in_flight_;
            receiver.one_ended_.set();
        }
    };
    ++in_flight_;
    const InFlight guard{*this};
    const bool done = co_await lanes_.handle(std::move(update));
    store_fails_ = !done;
    co_return done;
}

}  // namespace mlbilling::bot
