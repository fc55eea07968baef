#include "bot/poller.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/log.hpp"
#include "bot/waiting.hpp"
#include "domain/retry.hpp"

namespace mlbilling::bot {
namespace {

/// A poll that comes back empty sooner than this is not a long poll; asking again at once would
/// spin.
constexpr Duration shortest_poll{1'000};

}  // namespace

Async<void> Poller::run() {
    while (!stop_.is_set()) co_await poll_once();
}

Async<void> Poller::poll_once() {
    const auto asked_at = clock_.steady_now();
    const bool asked_to_wait = state_ == UpdateState::receiving;
    auto outcome = co_await unless_set(stop_, ask());
    if (!outcome) co_return;
    if (!outcome->ok()) {
        co_await wait_after(outcome->error());
        co_return;
    }
    metrics_.polled(clock_.now());
    if (nameless_from_ || outcome->value().empty()) stop_searching();
    auto updates = std::move(*outcome).value();
    if (!updates.empty()) {
        co_await take(std::move(updates));
        co_return;
    }
    succeeded();
    if (asked_to_wait && clock_.steady_now() - asked_at < shortest_poll)
        co_await stop_.wait_within(clock_, shortest_poll);
}

Async<telegram::Outcome<std::vector<telegram::Update>>> Poller::ask() {
    if (one_by_one_) return telegram_.get_first_update(offset_);
    return telegram_.get_updates(offset_, next_timeout());
}

Async<void> Poller::pass_over(telegram::Error error) {
    state_ = UpdateState::unreadable;
    if (!one_by_one_) {
        one_by_one_ = true;
        log::warning("updates cannot be read and are asked for one by one",
                     {{"error", error.description}});
        co_return;
    }
    if (error.update && error.update->value() >= offset_) {
        log::error("an update cannot be read and is passed over",
                   {{"update", *error.update}, {"error", error.description}});
        offset_ = error.update->value() + 1;
        nameless_from_.reset();
        one_by_one_ = false;
        co_return;
    }
    // An offset that is not above the id confirms nothing, so no other update is lost on the way.
    log::error("an update whose id cannot be read is in the way",
               {{"not_before", offset_}, {"error", error.description}});
    if (offset_ == 0) co_return co_await back_off(Duration(5'000), Duration(60'000));
    nameless_from_ = offset_++;
    constexpr Duration between_steps{100};
    co_await stop_.wait_within(clock_, between_steps);
}

void Poller::stop_searching() {
    if (nameless_from_)
        log::error("an update cannot be read and is passed over", {{"update", *nameless_from_}});
    nameless_from_.reset();
    one_by_one_ = false;
}

Async<void> Poller::take(std::vector<telegram::Update> updates) {
    std::vector<UpdateId> ids;
    ids.reserve(updates.size());
    for (const auto& update : updates) ids.push_back(update.id);
    const auto done = co_await lanes_.handle_all(std::move(updates));
    advance(ids, done);
    if (std::ranges::all_of(done, [](bool one) { return one; })) {
        succeeded();
    } else {
        state_ = UpdateState::store_unavailable;
        co_await back_off(Duration(200), Duration(30'000));
    }
}

void Poller::succeeded() {
    state_ = UpdateState::receiving;
    failures_ = 0;
}

void Poller::advance(const std::vector<UpdateId>& ids, const std::vector<bool>& done) {
    // Ids may go down between batches (telegram.md 1.2), so only this batch decides; within one, a
    // repeated update must not move the offset back.
    constexpr auto last_id = std::numeric_limits<std::int64_t>::max();
    std::optional<std::int64_t> newest;
    for (std::size_t i = 0; i < ids.size() && done[i]; ++i)
        newest = std::max(newest.value_or(0), ids[i].value());
    if (newest && *newest < last_id) offset_ = *newest + 1;
}

Async<bool> Poller::confirm() {
    if (offset_ == 0) co_return true;
    // What comes back is not handled: it is not confirmed by this and comes again to the next
    // process.
    const auto outcome = co_await telegram_.get_updates(offset_, Duration(0));
    if (!outcome.ok())
        log::warning("the last updates are not confirmed and will come again",
                     {{"error", outcome.error().description}});
    co_return outcome.ok();
}

Async<bool> Poller::remove_webhook() {
    const auto info = co_await telegram_.get_webhook_info();
    if (!info.ok() || info->url.empty()) co_return false;
    const auto removed = co_await telegram_.delete_webhook();
    if (removed.ok())
        log::warning("a webhook was set and is removed: this installation polls for updates");
    co_return removed.ok();
}

Async<void> Poller::wait_after(telegram::Error error) {
    using telegram::Failure;
    const auto fields = error.description;
    switch (error.failure) {
        case Failure::too_many_requests:
            log::warning("Telegram asks to poll later", {{"wait_ms", error.retry_after.count()}});
            co_await stop_.wait_within(clock_, std::max(error.retry_after, Duration(1'000)));
            co_return;
        case Failure::conflict:
            if (co_await unless_set(stop_, remove_webhook()) == true) co_return;
            state_ = UpdateState::conflict;
            log::warning("another process polls with this token", {{"error", fields}});
            co_await back_off(Duration(5'000), Duration(60'000));
            co_return;
        case Failure::unreadable: co_await pass_over(std::move(error)); co_return;
        case Failure::unauthorized:
            state_ = UpdateState::unauthorized;
            log::error(
                "Telegram does not accept the bot token: set TELEGRAM_BOT_TOKEN to a valid one",
                {{"error", fields}});
            co_await back_off(Duration(60'000), Duration(300'000));
            co_return;
        default:
            state_ = UpdateState::unreachable;
            log::warning("the poll failed", {{"error", fields}});
            co_await back_off(Duration(500), Duration(30'000));
            co_return;
    }
}

Async<void> Poller::back_off(Duration least, Duration most) {
    failures_ = std::min(failures_ + 1, 30);
    const RetryPolicy policy{.max_attempts = 0, .base = least, .cap = most - least};
    co_await stop_.wait_within(clock_, least + backoff(policy, failures_, random_.next()));
}

}  // namespace mlbilling::bot
