#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "base/outage_log.hpp"
#include "base/time.hpp"
#include "base/unavailable.hpp"
#include "ports/cancellation.hpp"
#include "ports/clock.hpp"
#include "ports/event.hpp"
#include "ports/until.hpp"

namespace mlbilling {

/// The answer to a question that an outside thing may never answer. It is asked when somebody wants
/// to know and the last answer is too old, one question at a time, and nobody waits for it longer
/// than the patience.
template <class T>
class LastKnown {
  public:
    using Ask = std::function<Async<T>()>;
    struct Terms {
        /// How long an answer is as good as a new one.
        Duration good_for{};
        /// How long somebody waits for a new one.
        Duration patience{};
    };

    /// `trouble` says in the log what does not answer. The clock must outlive the loop.
    LastKnown(Clock& clock, std::string_view trouble, Ask ask, Terms terms)
        : clock_(clock), ask_(std::move(ask)), terms_(terms), outage_(trouble) {}

    /// Asks whenever it is wanted. Returns after stop(); the question is cut off then.
    Async<void> run() {
        while (!stop_.is_set()) {
            co_await wanted_.wait();
            wanted_.reset();
            if (stop_.is_set()) break;
            asking_ = true;
            co_await ask_once();
            asking_ = false;
            answered_.set();
        }
    }
    void stop() {
        stop_.set();
        wanted_.set();
    }

    /// Has the question asked unless the answer is good or on its way.
    void want() {
        if (asking_ || is_good()) return;
        answered_.reset();
        wanted_.set();
    }
    /// Whether there is a good answer, after waiting for one if need be.
    Async<bool> is_known() {
        want();
        if (is_good()) co_return true;
        const bool answered = co_await answered_.wait_within(clock_, terms_.patience);
        if (!answered) outage_.tell("no answer in time");
        co_return is_good();
    }

    /// The newest answer, however old.
    const std::optional<T>& value() const { return value_; }
    /// Since the newest answer, or since there could have been one.
    Duration age() const { return clock_.steady_now() - answered_at_; }

  private:
    Async<void> ask_once() {
        try {
            auto value = co_await until(stop_, ask_());
            if (!value) co_return;
            value_ = *std::move(value);
            answered_at_ = clock_.steady_now();
            outage_.over();
        } catch (const Unavailable& error) {
            outage_.tell(error.what());
        } catch (const std::exception& error) {
            if (is_cancellation(error)) throw;
            outage_.tell(error.what());
        }
    }
    bool is_good() const { return value_ && age() <= terms_.good_for; }

    Clock& clock_;
    Ask ask_;
    Terms terms_;
    log::OutageLog outage_;
    std::optional<T> value_;
    Duration answered_at_ = clock_.steady_now();
    Event wanted_;
    Event answered_;
    Event stop_;
    bool asking_ = false;
};

}  // namespace mlbilling
