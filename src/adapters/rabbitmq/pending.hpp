#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/time.hpp"
#include "base/unavailable.hpp"
#include "ports/async.hpp"

namespace mlbilling::rabbitmq {

/// A value that one coroutine of the loop waits for. Shared with whoever brings the value, so that
/// either may end first.
template <class Value>
class Pending {
  public:
    using Timer = boost::asio::steady_timer;

    /// Waits as long as it takes.
    explicit Pending(const boost::asio::any_io_executor& loop)
        : timer_(loop, Timer::time_point::max()) {}
    Pending(const boost::asio::any_io_executor& loop, Duration longest) : timer_(loop, longest) {}

    bool ended() const { return outcome_.index() != 0; }
    /// What comes after the first outcome is ignored.
    void resolve(Value value) {
        if (ended()) return;
        outcome_.template emplace<1>(std::move(value));
        timer_.cancel();
    }
    /// The waiting coroutine throws Unavailable.
    void fail(std::string why) {
        if (ended()) return;
        outcome_.template emplace<2>(std::move(why));
        timer_.cancel();
    }
    /// The value, if it has come and nobody took it.
    std::optional<Value> take() {
        if (outcome_.index() != 1) return std::nullopt;
        auto value = std::move(std::get<1>(outcome_));
        outcome_.template emplace<2>("taken");
        return value;
    }

    /// Throws Unavailable when it failed or took too long. A cancelled one throws as every port
    /// call does; a value that has come by then stays to be taken.
    static Async<Value> wait(std::shared_ptr<Pending> self) {
        namespace asio = boost::asio;
        if (!self->ended()) {
            boost::system::error_code ignored;
            co_await self->timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
            if (cancelled != asio::cancellation_type::none)
                throw boost::system::system_error(asio::error::operation_aborted);
        }
        if (!self->ended()) throw Unavailable("RabbitMQ did not answer in time");
        if (auto* why = std::get_if<2>(&self->outcome_)) throw Unavailable(*why);
        co_return *self->take();
    }

  private:
    Timer timer_;
    std::variant<std::monostate, Value, std::string> outcome_;
};

}  // namespace mlbilling::rabbitmq
