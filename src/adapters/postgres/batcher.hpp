#pragma once

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "adapters/postgres/pace.hpp"
#include "adapters/postgres/waiter.hpp"
#include "base/check.hpp"
#include "ports/async.hpp"

namespace mlbilling::postgres {

/// How operations of one kind are gathered.
struct BatchLimits {
    /// Items of one batch at most.
    std::size_t size = 500;
    /// Batches under way at the same time: while one waits for the disk, another is worked on.
    int flights = 2;
    /// Between the beginnings of two batches, under load.
    std::chrono::milliseconds gap{10};
    /// What a load is: operations that come closer together.
    std::chrono::microseconds close{2'500};
};

/// Gathers operations of one kind that come while earlier ones are under way, and performs them
/// together (design.md, Speed). Alone, an operation is a batch of one at once; under load a batch
/// waits for company (Pace).
/// On the loop only.
template <class Request, class Outcome>
class Batcher {
  public:
    using Batch = std::vector<const Request*>;
    /// The outcome of each item in order; nothing: it is to be performed again in a later batch.
    /// The batch lives until this has returned.
    using Outcomes = std::vector<std::optional<Outcome>>;
    using Perform = std::function<Async<Outcomes>(const Batch&)>;
    /// What an item locks; no two of a batch have one in common. By the first of them a batch is
    /// sorted if it is to be.
    using Keys = std::vector<std::string> (*)(const Request&);
    enum class Order { arrival, key };

    Batcher(boost::asio::any_io_executor loop, BatchLimits limits, Order order, Keys keys,
            Perform perform)
        : state_(std::make_shared<State>(State{std::move(loop),
                                               limits,
                                               order,
                                               keys,
                                               std::move(perform),
                                               Pace(limits.gap, limits.close),
                                               {},
                                               0,
                                               0,
                                               false})) {}
    ~Batcher() { state_->closed = true; }
    Batcher(const Batcher&) = delete;
    Batcher& operator=(const Batcher&) = delete;

    /// Performs the operation in one of the next batches. A cancelled call returns at once, though
    /// the operation may be performed all the same.
    Async<Outcome> run(Request request) {
        return run_in(state_, std::make_shared<Item>(std::move(request)));
    }

  private:
    struct Item {
        explicit Item(Request asked) : request(std::move(asked)) {}

        Request request;
        std::optional<Outcome> outcome;
        std::exception_ptr error;
        Waiter waiter;
    };
    using ItemPointer = std::shared_ptr<Item>;
    struct State {
        boost::asio::any_io_executor loop;
        BatchLimits limits;
        Order order;
        Keys keys;
        Perform perform;
        Pace pace;
        std::deque<ItemPointer> queue;
        int flights;
        /// Flights that are about to take a batch.
        int boarding;
        bool closed;
    };
    using StatePointer = std::shared_ptr<State>;

    static Async<Outcome> run_in(StatePointer state, ItemPointer item) {
        state->queue.push_back(item);
        state->pace.arrived(std::chrono::steady_clock::now());
        if (state->boarding == 0 && state->flights < state->limits.flights) start(state);
        co_await Waiter::wait(item, &Item::waiter, state->loop);
        if (item->error) std::rethrow_exception(item->error);
        if (!item->outcome)
            throw boost::system::system_error(boost::asio::error::operation_aborted);
        co_return *std::move(item->outcome);
    }

    static void start(const StatePointer& state) {
        ++state->flights;
        ++state->boarding;
        boost::asio::co_spawn(state->loop, fly(state), [](std::exception_ptr error) {
            // Failures belong to the items; nothing else may go wrong in a flight.
            CHECK(!error);
        });
    }

    static Async<void> fly(StatePointer state) {
        for (;;) {
            co_await board(state);
            --state->boarding;
            if (state->queue.empty() || state->closed) break;
            auto items = take(*state);
            state->pace.begun(std::chrono::steady_clock::now(), items.size());
            co_await perform(state, std::move(items));
            // What waits goes with the flight that boards already.
            if (state->queue.empty() || state->closed || state->boarding > 0) break;
            ++state->boarding;
        }
        --state->flights;
    }

    /// Waits for what may still come along.
    static Async<void> board(StatePointer state) {
        const auto now = std::chrono::steady_clock::now();
        const auto next = state->pace.next(now);
        if (next > now) {
            boost::asio::steady_timer timer(state->loop, next);
            co_await timer.async_wait(boost::asio::use_awaitable);
        } else {
            // Whatever is ready to run on the loop.
            co_await boost::asio::post(state->loop, boost::asio::use_awaitable);
        }
    }

    /// The next batch; what has a key in common with an earlier item waits for a later one.
    static std::vector<ItemPointer> take(State& state) {
        std::vector<std::pair<std::string, ItemPointer>> taken;
        std::unordered_set<std::string> locked;
        std::deque<ItemPointer> left;
        while (!state.queue.empty() && taken.size() < state.limits.size) {
            auto item = std::move(state.queue.front());
            state.queue.pop_front();
            if (!item->waiter) continue;  // cancelled
            auto keys = state.keys(item->request);
            const auto free = [&](const std::string& key) { return !locked.contains(key); };
            if (!std::ranges::all_of(keys, free)) {
                left.push_back(std::move(item));
                continue;
            }
            taken.emplace_back(keys.empty() ? std::string() : keys.front(), std::move(item));
            for (auto& key : keys) locked.insert(std::move(key));
        }
        state.queue.insert(state.queue.begin(), std::make_move_iterator(left.begin()),
                           std::make_move_iterator(left.end()));
        if (state.order == Order::key)
            std::ranges::sort(taken, {}, [](const auto& each) { return each.first; });
        std::vector<ItemPointer> items;
        items.reserve(taken.size());
        for (auto& [key, item] : taken) items.push_back(std::move(item));
        return items;
    }

    static Async<void> perform(StatePointer state, std::vector<ItemPointer> items) {
        Batch batch;
        batch.reserve(items.size());
        for (const auto& item : items) batch.push_back(&item->request);
        Outcomes outcomes;
        std::exception_ptr error;
        try {
            outcomes = co_await state->perform(batch);
            CHECK(outcomes.size() == items.size());
        } catch (...) {
            error = std::current_exception();
        }
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (!error && !outcomes[i]) {
                state->queue.push_back(items[i]);
                continue;
            }
            items[i]->error = error;
            if (!error) items[i]->outcome = std::move(outcomes[i]);
            items[i]->waiter.resume(state->loop);
        }
    }

    StatePointer state_;
};

}  // namespace mlbilling::postgres
