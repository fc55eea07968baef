#include "adapters/postgres/attempts.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>
#include <utility>

#include "base/check.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::postgres {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr Duration first_pause{5};
constexpr Duration longest_pause{1'000};
/// A transaction that loses this many races in a row breaks a constraint by itself.
constexpr int most_races = 20;

/// Doubles with every failure; anything up to that, so that those who failed together do not come
/// back together.
Duration jittered_pause(int failures) {
    const auto longest = std::min(longest_pause, first_pause * (1 << std::min(failures, 10)));
    thread_local std::minstd_rand random{std::random_device{}()};
    return Duration(std::uniform_int_distribution<Duration::rep>(1, longest.count())(random));
}

}  // namespace

Attempts::Attempts(Duration patience, boost::asio::any_io_executor loop)
    : loop_(std::move(loop)), deadline_(SteadyClock::now() + patience) {}

// The pool outlives its operations.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Async<std::optional<Pool::Loan>> Attempts::borrow(Pool& pool) {
    try {
        co_return co_await pool.borrow(deadline_);
    } catch (const ConnectionLost& failure) {
        note(failure);
    }
    co_await pause();
    co_return std::nullopt;
}

void Attempts::note(const StatementFailed& failure) {
    remedy_ = remedy_for(failure.sqlstate());
    reason_ = failure.what();
    if (remedy_ == Remedy::retry && ++races_ > most_races) remedy_ = Remedy::none;
    if (remedy_ == Remedy::none) check_failed(failure.what(), __FILE__, __LINE__);
}

void Attempts::note(const ConnectionLost& failure) {
    remedy_ = Remedy::reconnect;
    reason_ = failure.what();
}

// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): as above
Async<void> Attempts::recover(Pool::Loan loan, Pool& pool) {
    if (remedy_ != Remedy::reconnect) {
        bool lost = false;
        try {
            co_await loan->roll_back();
        } catch (const ConnectionLost&) {
            lost = true;
        }
        loan->stop_watch();
        if (lost) loan.close();
    } else {
        // The others are likely to have gone the same way.
        pool.close_idle();
        loan.close();
    }
    {
        const auto returned = std::move(loan);
    }
    co_await pause();
}

Async<void> Attempts::pause() {
    const auto pause = jittered_pause(failures_++);
    if (SteadyClock::now() + pause >= deadline_) give_up();
    boost::asio::steady_timer timer(loop_, pause);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

void Attempts::give_up() const { throw Unavailable("database: " + reason_); }

}  // namespace mlbilling::postgres
