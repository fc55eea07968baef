#include "bot/poller.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "bot/cancellation.hpp"
#include "bot/waiting.hpp"
#include "domain/names.hpp"
#include "domain/retry.hpp"
#include "ports/all.hpp"

namespace mlbilling::bot {
namespace {

constexpr int odd_failures_allowed = 3;
/// A poll that comes back empty sooner than this is not a long poll; asking again at once would
/// spin.
constexpr Duration shortest_poll{1'000};

constexpr Names<PollState, 6> state_names{{{PollState::starting, "starting"},
                                           {PollState::polling, "polling"},
                                           {PollState::unreachable, "unreachable"},
                                           {PollState::store_unavailable, "store_unavailable"},
                                           {PollState::conflict, "conflict"},
                                           {PollState::unauthorized, "unauthorized"}}};

/// Updates of one chat stay in order; a button under a message too old to be named counts as the
/// private chat with its user.
ChatId lane_of(const telegram::Update& update) {
    if (const auto* message = std::get_if<telegram::IncomingMessage>(&update.content))
        return message->chat.id;
    if (const auto* query = std::get_if<telegram::CallbackQuery>(&update.content))
        return query->chat ? query->chat->id : ChatId(query->from.id.value());
    return ChatId(0);
}

}  // namespace

std::string_view to_string(PollState state) { return name_of(state_names, state); }

Async<void> Poller::run() {
    while (!stop_.is_set()) co_await poll_once();
    co_await confirm();
}

Async<void> Poller::poll_once() {
    const auto asked_at = clock_.now();
    const bool asked_to_wait = state_ == PollState::polling;
    auto outcome = co_await unless_set(stop_, telegram_.get_updates(offset_, next_timeout()));
    if (!outcome) co_return;
    if (!outcome->ok()) {
        co_await wait_after(outcome->error());
        co_return;
    }
    metrics_.polled(clock_.now());
    auto updates = std::move(*outcome).value();
    if (updates.empty()) {
        state_ = PollState::polling;
        failures_ = 0;
        if (asked_to_wait && clock_.now() - asked_at < shortest_poll)
            co_await set_within(clock_, shortest_poll, stop_);
        co_return;
    }
    if (co_await handle_all(std::move(updates))) {
        state_ = PollState::polling;
        failures_ = 0;
    } else {
        state_ = PollState::store_unavailable;
        co_await back_off(Duration(200), Duration(30'000));
    }
}

Async<bool> Poller::handle_all(std::vector<telegram::Update> updates) {
    const auto batch = std::make_shared<Batch>();
    std::vector<std::pair<ChatId, Indexes>> lanes;
    for (std::size_t i = 0; i < updates.size(); ++i) {
        batch->ids.push_back(updates[i].id);
        const auto chat = lane_of(updates[i]);
        auto lane = std::ranges::find(lanes, chat, &std::pair<ChatId, Indexes>::first);
        if (lane == lanes.end()) lane = lanes.insert(lanes.end(), {chat, {}});
        lane->second.push_back(i);
    }
    batch->committed.resize(updates.size(), false);
    batch->updates = std::move(updates);
    std::vector<Async<void>> works;
    works.reserve(lanes.size());
    for (auto& [chat, indexes] : lanes) works.push_back(handle_in_order(batch, std::move(indexes)));
    co_await all(std::move(works));
    advance(*batch);
    co_return std::ranges::all_of(batch->committed, [](bool committed) { return committed; });
}

Async<void> Poller::handle_in_order(std::shared_ptr<Batch> batch, Indexes lane) {
    for (const auto index : lane) {
        // What follows a failed update in its chat waits for it.
        if (!co_await handle_one(std::move(batch->updates[index]))) co_return;
        batch->committed[index] = true;
    }
}

Async<bool> Poller::handle_one(telegram::Update update) {
    const auto id = update.id;
    std::string odd;
    try {
        co_await handler_.handle(std::move(update));
        co_return true;
    } catch (const Unavailable& error) {
        log::warning("an update is not stored and will come again",
                     {{"update", id}, {"error", error.what()}});
        co_return false;
    } catch (const std::exception& error) {
        if (is_cancellation(error)) throw;
        odd = error.what();
    }
    const bool given_up = is_poison(id);
    log::error(given_up ? "an update cannot be handled and is passed over"
                        : "an update cannot be handled and will come again",
               {{"update", id}, {"error", odd}});
    co_return given_up;
}

bool Poller::is_poison(UpdateId update) {
    if (++odd_failures_[update] < odd_failures_allowed) return false;
    odd_failures_.erase(update);
    return true;
}

void Poller::advance(const Batch& batch) {
    // Ids may go down between batches (telegram.md 1.2), so only this batch decides; within one, a
    // repeated update must not move the offset back.
    constexpr auto last_id = std::numeric_limits<std::int64_t>::max();
    std::optional<std::int64_t> newest;
    for (std::size_t i = 0; i < batch.ids.size() && batch.committed[i]; ++i)
        newest = std::max(newest.value_or(0), batch.ids[i].value());
    if (newest && *newest < last_id) offset_ = *newest + 1;
}

Async<void> Poller::confirm() {
    if (offset_ == 0) co_return;
    // What comes back is not handled: it is not confirmed by this and comes again to the next
    // process.
    const auto outcome = co_await telegram_.get_updates(offset_, Duration(0));
    if (!outcome.ok())
        log::warning("the last updates are not confirmed and will come again",
                     {{"error", outcome.error().description}});
}

Async<void> Poller::wait_after(telegram::Error error) {
    using telegram::Failure;
    const auto fields = error.description;
    switch (error.failure) {
        case Failure::too_many_requests:
            log::warning("Telegram asks to poll later", {{"wait_ms", error.retry_after.count()}});
            co_await set_within(clock_, std::max(error.retry_after, Duration(1'000)), stop_);
            co_return;
        case Failure::conflict:
            state_ = PollState::conflict;
            log::warning("another process polls with this token", {{"error", fields}});
            co_await back_off(Duration(5'000), Duration(60'000));
            co_return;
        case Failure::unauthorized:
            state_ = PollState::unauthorized;
            log::error(
                "Telegram does not accept the bot token: set TELEGRAM_BOT_TOKEN to a valid one",
                {{"error", fields}});
            co_await back_off(Duration(60'000), Duration(300'000));
            co_return;
        default:
            state_ = PollState::unreachable;
            log::warning("the poll failed", {{"error", fields}});
            co_await back_off(Duration(500), Duration(30'000));
            co_return;
    }
}

Async<void> Poller::back_off(Duration least, Duration most) {
    failures_ = std::min(failures_ + 1, 30);
    const RetryPolicy policy{.max_attempts = 0, .base = least, .cap = most - least};
    co_await set_within(clock_, least + backoff(policy, failures_, random_.next()), stop_);
}

}  // namespace mlbilling::bot
