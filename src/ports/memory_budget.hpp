#pragma once

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

#include "base/check.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// So many bytes for one purpose of a process, however many want some at once: who wants some
/// reserves the most that it may need, and gives back what it does not need any more. Shares are
/// handed out on one loop in order of asking, and may outlive the budget.
class MemoryBudget {
    struct State;

  public:
    /// Bytes that are reserved; given back when it is destroyed, on whatever thread.
    class Share {
      public:
        Share() = default;
        Share(Share&& other) noexcept
            : state_(std::move(other.state_)), bytes_(std::exchange(other.bytes_, 0)) {}
        Share& operator=(Share&& other) noexcept {
            std::swap(state_, other.state_);
            std::swap(bytes_, other.bytes_);
            return *this;
        }
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;
        ~Share() { shrink_to(0); }

        explicit operator bool() const { return state_ != nullptr; }
        /// Gives back all but so many bytes; nothing when it is no larger.
        void shrink_to(std::size_t bytes) {
            if (bytes >= bytes_) return;
            state_->give_back(std::exchange(bytes_, bytes) - bytes);
        }

      private:
        friend MemoryBudget;
        Share(std::shared_ptr<State> state, std::size_t bytes)
            : state_(std::move(state)), bytes_(bytes) {}

        std::shared_ptr<State> state_;
        std::size_t bytes_ = 0;
    };

    explicit MemoryBudget(std::size_t bytes) : state_(std::make_shared<State>(bytes)) {}

    /// Waits until so many bytes are free and nobody who asked before still waits; whoever may not
    /// wait for ever bounds it, with `within`. To ask for more than there are in all is a broken
    /// promise.
    Async<Share> reserve(std::size_t bytes) { return reserve_in(state_, bytes); }

    /// What nobody has reserved.
    std::size_t free() const {
        const std::lock_guard lock(state_->mutex);
        return state_->free;
    }

  private:
    struct Waiter {
        Waiter(const boost::asio::any_io_executor& executor, std::size_t wanted)
            : woken(executor, boost::asio::steady_timer::time_point::max()), bytes(wanted) {}
        /// Never expires; cancelled when the bytes are granted.
        boost::asio::steady_timer woken;
        std::size_t bytes;
        bool granted = false;
    };
    struct State {
        explicit State(std::size_t bytes) : total(bytes), free(bytes) {}

        void give_back(std::size_t bytes) {
            const std::lock_guard lock(mutex);
            free += bytes;
            serve();
        }
        /// Grants from the front of the line for as long as it fits; called with the lock held.
        void serve() {
            while (!line.empty() && line.front()->bytes <= free) {
                auto waiter = std::move(line.front());
                line.pop_front();
                free -= waiter->bytes;
                waiter->granted = true;
                // The timer is the loop's.
                boost::asio::post(waiter->woken.get_executor(),
                                  [waiter] { waiter->woken.cancel(); });
            }
        }

        const std::size_t total;
        std::mutex mutex;
        std::size_t free;
        std::list<std::shared_ptr<Waiter>> line;
    };
    /// Takes the waiter out of the line, and gives back what came too late, however its coroutine
    /// ends.
    struct Place {
        std::shared_ptr<State> state;
        std::shared_ptr<Waiter> waiter;
        bool taken = false;
        ~Place() {
            const std::lock_guard lock(state->mutex);
            if (waiter->granted && !taken) state->free += waiter->bytes;
            state->line.remove(waiter);
            // Behind one who has left there may be others for whom there is room.
            state->serve();
        }
    };

    static Async<Share> reserve_in(std::shared_ptr<State> state, std::size_t bytes) {
        namespace asio = boost::asio;
        CHECK(bytes <= state->total);
        const auto executor = co_await asio::this_coro::executor;
        Place place{state, std::make_shared<Waiter>(executor, bytes)};
        {
            const std::lock_guard lock(state->mutex);
            state->line.push_back(place.waiter);
            state->serve();
        }
        if (!is_granted(place)) {
            boost::system::error_code cut_off;
            co_await place.waiter->woken.async_wait(
                asio::redirect_error(asio::use_awaitable, cut_off));
            // Woken or cancelled, both by the same error.
            if (!is_granted(place)) throw boost::system::system_error(cut_off);
        }
        place.taken = true;
        co_return Share(std::move(state), bytes);
    }

    static bool is_granted(const Place& place) {
        const std::lock_guard lock(place.state->mutex);
        return place.waiter->granted;
    }

    std::shared_ptr<State> state_;
};

}  // namespace mlbilling
