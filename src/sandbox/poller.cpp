#include "sandbox/poller.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <limits>

#include "sandbox/bot_json.hpp"

namespace mlbilling::sandbox {
namespace {

namespace json = boost::json;

constexpr std::int64_t longest_wait = 50;
constexpr std::int64_t largest_batch = 1 << 22;
constexpr std::int64_t int32_max = std::numeric_limits<std::int32_t>::max();

Answer restarting() { return failure(500, "Internal Server Error: restart"); }

}  // namespace

Poller::Poller(State& state, Clock& clock) : state_(state), clock_(clock) {
    state_.updates.watchers[this] = [this] {
        if (waiting_ != nullptr) waiting_->woken.set();
    };
}

Poller::~Poller() { state_.updates.watchers.erase(this); }

void Poller::close() {
    closed_ = true;
    if (waiting_ != nullptr) waiting_->woken.set();
}

Answer Poller::batch(const Call& call, std::int64_t offset, std::size_t limit, bool& empty) {
    json::array out;
    std::int64_t left = largest_batch;
    for (const auto& update : state_.updates.fetch(offset, limit, clock_.now())) {
        auto object = update_json(state_, call.bot, *update);
        left -= 50 + static_cast<std::int64_t>(json::serialize(object).size());
        if (left <= 0) break;
        out.push_back(std::move(object));
    }
    empty = out.empty();
    return success(json::serialize(out));
}

Async<Answer> Poller::conflict() {
    const auto now = clock_.now();
    const auto pause = std::chrono::seconds(3);
    // Two pollers that fight are slowed down: a second 409 within 3 s comes 3 s late.
    if (now < next_prompt_conflict_) {
        co_await clock_.sleep(pause);
    } else {
        next_prompt_conflict_ = now + pause;
    }
    co_return failure(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance "
        "is running");
}

Async<Answer> Poller::get_updates(Call call) {
    if (closed_) co_return restarting();
    if (state_.webhook)
        co_return failure(409,
                          "Conflict: can't use getUpdates method while webhook is active; use "
                          "deleteWebhook to delete the webhook first");
    auto offset = call.parameters.number_within("offset", 0, -int32_max, int32_max);
    auto limit = static_cast<std::size_t>(call.parameters.number_within("limit", 100, 1, 100));
    auto timeout =
        std::chrono::seconds(call.parameters.number_within("timeout", 0, 0, longest_wait));
    if (auto allowed = allowed_updates(call.parameters)) state_.updates.allow(std::move(*allowed));

    const auto now = clock_.now();
    const bool repeated = offset == previous_offset_;
    const auto since = now - previous_start_;
    if (repeated && since < std::chrono::seconds(3))
        timeout = std::max(timeout, std::chrono::seconds(3));
    if (repeated && since < std::chrono::milliseconds(500)) limit = 1;
    previous_offset_ = offset;
    previous_start_ = now;

    bool empty = true;
    auto answer = batch(call, offset, limit, empty);
    // A negative offset forgets once; what arrives while this waits is all wanted.
    offset = std::max<std::int64_t>(offset, 0);
    if (!empty || timeout == std::chrono::seconds(0)) co_return answer;
    if (waiting_ != nullptr) {
        waiting_->replaced = true;
        waiting_->woken.set();
    }
    Waiting mine;
    waiting_ = &mine;
    const Place place{*this, &mine};
    const auto until = now + timeout;
    for (auto left = until - clock_.now(); empty && left > Duration(0);
         left = until - clock_.now()) {
        co_await mine.woken.wait_within(clock_, left);
        mine.woken.reset();
        if (mine.replaced) co_return co_await conflict();
        if (closed_) co_return restarting();
        if (state_.webhook) co_return failure(409, "Conflict: terminated by setWebhook request");
        answer = batch(call, offset, limit, empty);
    }
    co_return answer;
}

}  // namespace mlbilling::sandbox
