#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <list>
#include <memory>
#include <utility>

#include "ports/async.hpp"
#include "ports/clock.hpp"
#include "ports/loop_call.hpp"

namespace mlbilling {

/// Something that coroutines of one loop wait for: a request to stop, a kick to look again. Waiters
/// wake in the order in which they came, through the loop and never within set(). It may be
/// destroyed while coroutines still wait; they then wait until they are cancelled.
class Event {
    using Waiters = std::list<std::function<void()>>;
    struct State {
        bool set = false;
        Waiters waiters;
    };
    class Registration {
      public:
        Registration(std::shared_ptr<State> state, std::function<void()> wake)
            : state_(std::move(state)),
              place_(state_->waiters.insert(state_->waiters.end(), std::move(wake))) {}
        ~Registration() { state_->waiters.erase(place_); }
        Registration(const Registration&) = delete;
        Registration& operator=(const Registration&) = delete;

      private:
        std::shared_ptr<State> state_;
        Waiters::iterator place_;
    };

  public:
    /// A call that comes with the event, unless this has gone by then.
    class Call {
      public:
        Call(Event event, boost::asio::any_io_executor loop, std::function<void()> act)
            : call_(std::move(loop), std::move(act)), registration_(event.state_, call_.trigger()) {
            if (event.is_set()) call_.trigger()();
        }

      private:
        LoopCall call_;
        Registration registration_;
    };

    void set() {
        state_->set = true;
        for (const auto& wake : state_->waiters) wake();
    }
    void reset() { state_->set = false; }
    bool is_set() const { return state_->set; }

    /// Returns true once it is set, at once if it is already.
    Async<bool> wait() { return wait_for(state_, nullptr, Duration()); }
    /// The same for at most `span` of the clock's time: false when it was not set by then.
    Async<bool> wait_within(Clock& clock, Duration span) { return wait_for(state_, &clock, span); }

  private:
    // The clock outlives the loop, as every port does.
    static Async<bool> wait_for(std::shared_ptr<State> state, Clock* clock, Duration span) {
        namespace asio = boost::asio;
        if (state->set) co_return true;
        asio::steady_timer timer(co_await asio::this_coro::executor,
                                 asio::steady_timer::time_point::max());
        const auto wake = [&timer] { timer.cancel(); };
        const Registration registration(state, wake);
        bool late = false;
        std::unique_ptr<Alarm> alarm;
        if (clock != nullptr)
            alarm = clock->ring_after(span, [&late, wake] {
                late = true;
                wake();
            });
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
        if (cancelled != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
        co_return !late || state->set;
    }

    std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace mlbilling
