#include "bot/lanes.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "ports/cancellation.hpp"

namespace mlbilling::bot {

void Lanes::post(ChatId chat, Async<void> job) {
    const auto [lane, idle] = lanes_.try_emplace(chat);
    lane->second.push_back(std::move(job));
    if (idle) background_.start("lane", work_off(chat));
}

Async<void> Lanes::work_off(ChatId chat) {
    while (!lanes_[chat].empty()) {
        while (free_ == 0) {
            freed_.reset();
            co_await freed_.wait();
        }
        auto job = std::move(lanes_[chat].front());
        lanes_[chat].pop_front();
        --free_;
        co_await run(chat, std::move(job));
        ++free_;
        freed_.set();
    }
    lanes_.erase(chat);
}

// One job that fails must not hold up those behind it. A cancelled one ends the lane: all is
// cancelled then.
Async<void> Lanes::run(ChatId chat, Async<void> job) {
    try {
        co_await std::move(job);
    } catch (const Unavailable& error) {
        log::warning("delivery left to the sweep", {{"chat", chat}, {"error", error.what()}});
    } catch (const std::exception& error) {
        if (is_cancellation(error)) throw;
        log::error("delivery failed", {{"chat", chat}, {"error", error.what()}});
    }
}

}  // namespace mlbilling::bot
