#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <tuple>
#include <utility>

#include "ports/async.hpp"

namespace mlbilling {

/// Cancels a piece of work, when told to and when the coroutine that awaits the work is cancelled.
/// That coroutine owns this and awaits nothing else meanwhile.
class CutOff {
  public:
    /// The state of the coroutine that awaits the work.
    explicit CutOff(boost::asio::cancellation_state outer) : outer_(outer.slot()) {
        if (outer_.is_connected())
            outer_.assign([this](boost::asio::cancellation_type type) { signal_.emit(type); });
    }
    ~CutOff() {
        if (outer_.is_connected()) outer_.clear();
    }
    CutOff(const CutOff&) = delete;
    CutOff& operator=(const CutOff&) = delete;

    void cut() {
        was_cut_ = true;
        signal_.emit(boost::asio::cancellation_type::terminal);
    }
    bool was_cut() const { return was_cut_; }

    /// The work's exception or what it made. It has ended, finished or cancelled, when this
    /// returns.
    template <class T>
    Async<std::tuple<std::exception_ptr, T>> run(boost::asio::any_io_executor loop, Async<T> work) {
        return boost::asio::co_spawn(
            std::move(loop), std::move(work),
            boost::asio::bind_cancellation_slot(signal_.slot(),
                                                boost::asio::as_tuple(boost::asio::use_awaitable)));
    }

  private:
    boost::asio::cancellation_slot outer_;
    boost::asio::cancellation_signal signal_;
    bool was_cut_ = false;
};

}  // namespace mlbilling
