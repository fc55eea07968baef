#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "ports/clock.hpp"
#include "ports/loop_call.hpp"

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
        const Registration registration(*this, key, [&timer] { timer.cancel(); });
        boost::system::error_code ignored;
        co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        if (sleepers_.contains(key))
            throw boost::system::system_error(boost::asio::error::operation_aborted);
    }

    std::unique_ptr<Alarm> ring_after(Duration span, std::function<void()> ring) override {
        return std::make_unique<VirtualAlarm>(*this, std::pair(now_ + span, sequence_++),
                                              std::move(ring));
    }

    /// Runs the loop until nothing is ready, then wakes the next sleeper if it is due by `until`.
    /// False when there was none.
    bool step(Time until) {
        drain();
        if (sleepers_.empty() || sleepers_.begin()->first.first > until) return false;
        const auto wake = std::move(sleepers_.begin()->second);
        now_ = std::max(now_, sleepers_.begin()->first.first);
        sleepers_.erase(sleepers_.begin());
        wake();
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
    class Registration {
      public:
        Registration(VirtualClock& clock, Key key, std::function<void()> wake)
            : clock_(clock), key_(key) {
            clock_.sleepers_.emplace(key, std::move(wake));
        }
        ~Registration() { clock_.sleepers_.erase(key_); }
        Registration(const Registration&) = delete;
        Registration& operator=(const Registration&) = delete;

      private:
        VirtualClock& clock_;
        Key key_;
    };
    class VirtualAlarm final : public Alarm {
      public:
        VirtualAlarm(VirtualClock& clock, Key key, std::function<void()> ring)
            : call_(clock.loop_.get_executor(), std::move(ring)),
              registration_(clock, key, call_.trigger()) {}

      private:
        LoopCall call_;
        Registration registration_;
    };

    boost::asio::io_context& loop_;
    Time now_;
    std::uint64_t sequence_ = 0;
    std::map<Key, std::function<void()>> sleepers_;
};

}  // namespace mlbilling::test
