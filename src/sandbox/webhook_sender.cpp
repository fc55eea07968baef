#include "sandbox/webhook_sender.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json.hpp>
#include <set>

#include "base/log.hpp"
#include "ports/cancellation.hpp"
#include "ports/until.hpp"
#include "sandbox/bot_json.hpp"

namespace mlbilling::sandbox {

namespace asio = boost::asio;

namespace {

constexpr Duration first_wait{2'000};
constexpr std::int64_t longest_wait_asked_for = 3'600;

std::string text_of(const WebhookAnswer& answer) {
    if (answer.status == 0) return answer.failure;
    return "Wrong response from the webhook: " + std::to_string(answer.status);
}

}  // namespace

WebhookSender::WebhookSender(State& state, Clock& clock, Random& random, WebhookCarrier& carrier)
    : state_(state), clock_(clock), random_(random), carrier_(carrier) {
    state_.updates.watchers[this] = [this] { woken_.set(); };
}

WebhookSender::~WebhookSender() { state_.updates.watchers.erase(this); }

void WebhookSender::close() {
    closed_.set();
    woken_.set();
}

Async<void> WebhookSender::run() {
    const auto executor = co_await asio::this_coro::executor;
    while (!closed_.is_set()) {
        woken_.reset();
        const auto next = start_due(executor);
        if (next == Time::max())
            co_await woken_.wait();
        else
            co_await woken_.wait_within(clock_, next - clock_.now());
    }
    while (under_way_ > 0) {
        woken_.reset();
        co_await woken_.wait();
    }
}

// A button may be brought at the same time as a message of its chat.
WebhookSender::LaneId WebhookSender::lane_of(const Update& update) {
    const auto* button = std::get_if<ButtonUpdate>(&update.content);
    return button != nullptr ? LaneId(true, button->from) : LaneId(false, update.chat);
}

Time WebhookSender::start_due(asio::any_io_executor executor) {
    auto next = Time::max();
    if (!state_.webhook) return next;
    const auto now = clock_.now();
    std::set<LaneId> seen;
    for (const auto& update : state_.updates.waiting(now)) {
        const auto id = lane_of(*update);
        if (!seen.insert(id).second) continue;
        auto& lane = lanes_[id];
        if (lane.busy) continue;
        if (lane.not_before > now) {
            next = std::min(next, lane.not_before);
            continue;
        }
        if (under_way_ >= state_.webhook->max_connections) break;
        lane.busy = true;
        ++under_way_;
        asio::co_spawn(executor, bring(update, *state_.webhook), [this](std::exception_ptr) {
            --under_way_;
            woken_.set();
        });
    }
    return next;
}

Async<void> WebhookSender::bring(Waiting update, Webhook webhook) {
    auto body = boost::json::serialize(update_json(state_, webhook.bot, *update));
    auto carried =
        carrier_.carry(std::move(webhook.url), std::move(webhook.secret), std::move(body));
    WebhookAnswer answer;
    try {
        auto brought = co_await until(closed_, std::move(carried));
        if (!brought) co_return;
        answer = *std::move(brought);
    } catch (const std::exception& error) {
        if (is_cancellation(error)) throw;
        log::error("an update could not be brought", {{"error", error.what()}});
        answer.failure = error.what();
    }
    ended(*update, answer);
}

void WebhookSender::ended(const Update& update, const WebhookAnswer& answer) {
    const auto id = lane_of(update);
    if (answer.status >= 200 && answer.status < 300) {
        state_.updates.confirm(update.id);
        lanes_.erase(id);
        return;
    }
    auto& lane = lanes_[id];
    lane.busy = false;
    lane.not_before = clock_.now() + wait_after(++lane.failures, answer);
    if (!state_.webhook) return;
    state_.webhook->last_error_at = clock_.now();
    state_.webhook->last_error = text_of(answer);
}

Duration WebhookSender::wait_after(int failures, const WebhookAnswer& answer) {
    if (answer.retry_after > 0)
        return std::chrono::seconds(std::min(answer.retry_after, longest_wait_asked_for));
    if (failures == 1) return Duration(0);
    const Duration longest(60'000 + static_cast<std::int64_t>(random_.next() % 60'000));
    return std::min(first_wait * (std::int64_t{1} << std::min(failures - 2, 10)), longest);
}

}  // namespace mlbilling::sandbox
