#include "adapters/postgres/pool.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

#include "adapters/postgres/failure.hpp"

namespace mlbilling::postgres {

namespace asio = boost::asio;
using SteadyClock = std::chrono::steady_clock;

struct PoolState {
    struct Idle {
        std::unique_ptr<Connection> connection;
        SteadyClock::time_point since;
    };

    PoolState(const Options& options, const asio::any_io_executor& executor)
        : connector(options, executor),
          loop(executor),
          limit(options.connections),
          idle_timeout(options.idle_timeout) {}

    void give_back(std::unique_ptr<Connection> connection) {
        --lent;
        if (!closed && connection && connection->reusable())
            idle.push_back({std::move(connection), SteadyClock::now()});
        close_unused();
        if (!waiters.empty()) waiters.front()->cancel();
    }

    /// The one used last comes first, so that the rest may grow old.
    std::unique_ptr<Connection> take_idle() {
        if (idle.empty()) return nullptr;
        auto connection = std::move(idle.back().connection);
        idle.pop_back();
        return connection;
    }

    void close_unused() {
        const auto oldest = SteadyClock::now() - idle_timeout;
        std::erase_if(idle, [&](const Idle& each) { return each.since < oldest; });
    }

    Connector connector;
    asio::any_io_executor loop;
    int limit;
    Duration idle_timeout;
    int lent = 0;
    bool closed = false;
    std::vector<Idle> idle;
    /// Whoever waits for a loan, in order; woken by cancelling the timer.
    std::list<asio::steady_timer*> waiters;
};

namespace {

/// A place in the queue, left also by an exception.
class Place {
  public:
    Place(PoolState& state, asio::steady_timer& timer)
        : state_(state), place_(state.waiters.insert(state.waiters.end(), &timer)) {}
    ~Place() {
        const bool first = place_ == state_.waiters.begin();
        state_.waiters.erase(place_);
        // The one behind may have its turn at once.
        if (first && !state_.waiters.empty() && state_.lent < state_.limit)
            state_.waiters.front()->cancel();
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    bool first() const { return place_ == state_.waiters.begin(); }

  private:
    PoolState& state_;
    std::list<asio::steady_timer*>::iterator place_;
};

/// Waits for its turn to have one of the limited connections.
Async<void> await_turn(std::shared_ptr<PoolState> state, SteadyClock::time_point deadline) {
    if (state->waiters.empty() && state->lent < state->limit) {
        ++state->lent;
        co_return;
    }
    asio::steady_timer timer(state->loop);
    const Place place(*state, timer);
    while (!place.first() || state->lent >= state->limit) {
        timer.expires_at(deadline);
        boost::system::error_code error;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
        if (!error) throw ConnectionLost("all connections are busy");
        const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
        if (cancelled != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
    }
    ++state->lent;
}

}  // namespace

Pool::Loan::Loan(std::shared_ptr<PoolState> state, std::unique_ptr<Connection> connection)
    : state_(std::move(state)), connection_(std::move(connection)) {}

Pool::Loan::~Loan() {
    if (state_) state_->give_back(std::move(connection_));
}

Pool::Pool(const Options& options, const asio::any_io_executor& loop)
    : state_(std::make_shared<PoolState>(options, loop)) {}

Pool::~Pool() {
    state_->closed = true;
    state_->idle.clear();
}

Async<Pool::Loan> Pool::borrow(SteadyClock::time_point deadline) {
    auto state = state_;
    co_await await_turn(state, deadline);
    // From here on the loan gives its turn back, whatever happens.
    Loan loan(state, state->take_idle());
    if (loan.empty()) loan.fill(co_await state->connector.connect());
    co_return loan;
}

bool Pool::transaction_pooler() const { return state_->connector.transaction_pooler(); }

void Pool::close_idle() { state_->idle.clear(); }

}  // namespace mlbilling::postgres
