#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <map>
#include <utility>

#include "ports/clock.hpp"

namespace mlbilling::test {

/// Time that moves only when the test says so; sleepers wake in order of (time, sequence).
class VirtualClock final : public Clock {
  public:
    explicit VirtualClock(boost::asio::io_context& loop,
                          Time start = Time(Duration(1'800'000'000'000)))
        : loop_(loop), now_(start) {}

    Time now() const override { return now_; }

    Async<void> sleep(Duration span) override {
        boost::asio::steady_timer timer(loop_, boost::asio::steady_timer::time_point::max());
        const auto key = std::pair(now_ + span, sequence_++);
        sleepers_.emplace(key, &timer);
        const Registration registration{*this, key};
        boost::system::error_code ignored;
        co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        if (sleepers_.contains(key))
            throw boost::system::system_error(boost::asio::error::operation_aborted);
    }

    /// Runs the loop until nothing is ready, then wakes the next sleeper if it is due by `until`.
    /// False when there was none.
    bool step(Time until) {
        drain();
        if (sleepers_.empty() || sleepers_.begin()->first.first > until) return false;
        auto* timer = sleepers_.begin()->second;
        now_ = std::max(now_, sleepers_.begin()->first.first);
        sleepers_.erase(sleepers_.begin());
        timer->cancel();
        drain();
        return true;
    }

    /// Lets all that happens within the span happen.
    void advance(Duration span) {
        const auto until = now_ + span;
        while (step(until)) {
        }
        now_ = until;
    }

    void drain() {
        loop_.restart();
        loop_.poll();
    }

  private:
    using Key = std::pair<Time, std::uint64_t>;
    struct Registration {
        VirtualClock& clock;
        Key key;
        ~Registration() { clock.sleepers_.erase(key); }
    };

    boost::asio::io_context& loop_;
    Time now_;
    std::uint64_t sequence_ = 0;
    std::map<Key, boost::asio::steady_timer*> sleepers_;
};

}  // namespace mlbilling::test
