#include "adapters/system_clock/system_clock.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

namespace mlbilling {
namespace {

/// The steady clock counts nanoseconds: an endless span would overflow it into the past.
Duration bounded(Duration span) {
    const Duration longest = std::chrono::hours(24 * 365);
    return std::clamp(span, Duration::zero(), longest);
}

Async<void> wait(boost::asio::any_io_executor executor, Duration span) {
    boost::asio::steady_timer timer(executor, bounded(span));
    co_await timer.async_wait(boost::asio::use_awaitable);
}

class TimerAlarm final : public Alarm {
  public:
    TimerAlarm(const boost::asio::any_io_executor& executor, Duration span,
               std::function<void()> ring)
        : state_(std::make_shared<State>(executor, bounded(span), std::move(ring))) {
        state_->timer.async_wait([state = state_](boost::system::error_code) {
            // Gone, though the timer may have run out before that.
            if (state->ring) std::exchange(state->ring, nullptr)();
        });
    }
    ~TimerAlarm() override {
        state_->ring = nullptr;
        state_->timer.cancel();
    }
    TimerAlarm(const TimerAlarm&) = delete;
    TimerAlarm& operator=(const TimerAlarm&) = delete;

  private:
    struct State {
        State(const boost::asio::any_io_executor& executor, Duration span,
              std::function<void()> what)
            : timer(executor, span), ring(std::move(what)) {}
        boost::asio::steady_timer timer;
        std::function<void()> ring;
    };
    std::shared_ptr<State> state_;
};

}  // namespace

SystemClock::SystemClock(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

Time SystemClock::now() const {
    return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

Duration SystemClock::steady_now() const {
    return std::chrono::floor<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

Async<void> SystemClock::sleep(Duration span) { return wait(executor_, span); }

std::unique_ptr<Alarm> SystemClock::ring_after(Duration span, std::function<void()> ring) {
    return std::make_unique<TimerAlarm>(executor_, span, std::move(ring));
}

}  // namespace mlbilling
