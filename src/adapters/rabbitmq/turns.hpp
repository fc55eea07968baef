#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <memory>
#include <utility>

#include "adapters/rabbitmq/pending.hpp"

namespace mlbilling::rabbitmq {

/// Lets coroutines of one loop use something one after the other, in the order in which they came.
class Turns {
  public:
    /// Somebody's turn, until it is destroyed.
    class Turn {
      public:
        explicit Turn(Turns& turns) : turns_(&turns) {}
        Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)) {}
        Turn& operator=(Turn&&) = delete;
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        ~Turn() {
            if (turns_ != nullptr) turns_->pass_on();
        }

      private:
        Turns* turns_;
    };

    explicit Turns(boost::asio::any_io_executor loop) : loop_(std::move(loop)) {}

    /// Must be destroyed after whatever it gave.
    Async<Turn> take() {
        if (!taken_) {
            taken_ = true;
            co_return Turn(*this);
        }
        auto mine = std::make_shared<Pending<Turn>>(loop_);
        waiting_.push_back(mine);
        co_return co_await Pending<Turn>::wait(std::move(mine));
    }

  private:
    void pass_on() {
        taken_ = false;
        while (!taken_ && !waiting_.empty()) {
            const auto next = waiting_.front().lock();
            waiting_.pop_front();
            if (!next) continue;
            taken_ = true;
            next->resolve(Turn(*this));
        }
    }

    boost::asio::any_io_executor loop_;
    bool taken_ = false;
    /// Whoever is cancelled while it waits is gone from here.
    std::deque<std::weak_ptr<Pending<Turn>>> waiting_;
};

}  // namespace mlbilling::rabbitmq
