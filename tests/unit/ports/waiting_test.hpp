#pragma once

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "ports/event.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::test {

/// A loop of virtual time, coroutines on it, and how each of them ended.
class WaitingTest : public testing::Test {
  protected:
    struct Run {
        boost::asio::cancellation_signal cancel;
        /// What it returned, `cut off`, `cancelled` or the exception's words; empty while it runs.
        std::string ended;
    };

    /// What still waits ends before the clock does.
    void TearDown() override { clock.advance(Duration(1'000)); }

    std::shared_ptr<Run> start(Async<std::optional<int>> work) {
        auto run = std::make_shared<Run>();
        boost::asio::co_spawn(
            loop, std::move(work),
            boost::asio::bind_cancellation_slot(
                run->cancel.slot(), [run](std::exception_ptr error, std::optional<int> value) {
                    run->ended = error   ? words_of(error)
                                 : value ? std::to_string(*value)
                                         : "cut off";
                }));
        clock.drain();
        return run;
    }
    void cancel(Run& run) {
        run.cancel.emit(boost::asio::cancellation_type::terminal);
        clock.drain();
    }

    /// Returns 5 after the span.
    Async<int> slow(Duration span) {
        const Ending ending(ended_works);
        co_await clock.sleep(span);
        co_return 5;
    }
    Async<int> failing(Duration span) {
        co_await clock.sleep(span);
        throw std::runtime_error("broken");
    }
    /// Goes on for the span although it is cancelled, and then returns 5.
    Async<int> stubborn(Duration span) {
        co_await boost::asio::this_coro::reset_cancellation_state(
            boost::asio::disable_cancellation());
        co_await clock.sleep(span);
        co_return 5;
    }

    /// How many of slow() are over, finished or cancelled.
    int ended_works = 0;
    boost::asio::io_context loop;
    VirtualClock clock{loop};

  private:
    class Ending {
      public:
        explicit Ending(int& count) : count_(count) {}
        ~Ending() { ++count_; }
        Ending(const Ending&) = delete;
        Ending& operator=(const Ending&) = delete;

      private:
        int& count_;
    };

    static std::string words_of(const std::exception_ptr& error) {
        try {
            std::rethrow_exception(error);
        } catch (const boost::system::system_error& system) {
            return system.code() == boost::asio::error::operation_aborted ? "cancelled"
                                                                          : system.what();
        } catch (const std::exception& other) {
            return other.what();
        }
    }
};

}  // namespace mlbilling::test
