#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>
#include <memory>

#include "ports/async.hpp"

namespace mlbilling {

/// Something that coroutines of one loop wait for: a request to stop, a kick to look again. Waiters
/// wake in the order in which they came, through the loop and never within set(). It may be
/// destroyed while coroutines still wait; they then wait until they are cancelled.
class Event {
  public:
    void set() {
        state_->set = true;
        for (auto* timer : state_->waiters) timer->cancel();
    }
    void reset() { state_->set = false; }
    bool is_set() const { return state_->set; }

    /// Returns true once it is set, at once if it is already; so that `within` can bound it.
    Async<bool> wait() { return wait_for(state_); }

  private:
    struct State {
        bool set = false;
        std::list<boost::asio::steady_timer*> waiters;
    };
    struct Registration {
        std::shared_ptr<State> state;
        std::list<boost::asio::steady_timer*>::iterator place;
        ~Registration() { state->waiters.erase(place); }
    };

    static Async<bool> wait_for(std::shared_ptr<State> state) {
        namespace asio = boost::asio;
        if (state->set) co_return true;
        asio::steady_timer timer(co_await asio::this_coro::executor,
                                 asio::steady_timer::time_point::max());
        const auto place = state->waiters.insert(state->waiters.end(), &timer);
        const Registration registration{state, place};
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
        if (cancelled != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
        co_return true;
    }

    std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace mlbilling
