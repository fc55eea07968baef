#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <memory>

#include "ports/async.hpp"

namespace mlbilling::child_process {

/// Places for so many at once, given out in order of asking.
class Slots : public std::enable_shared_from_this<Slots> {
  public:
    /// Gives its place back when it goes out of scope; empty when none was free in time.
    class Slot {
      public:
        Slot() = default;
        explicit Slot(std::shared_ptr<Slots> slots) : slots_(std::move(slots)) {}
        Slot(Slot&&) = default;
        Slot& operator=(Slot&&) = delete;
        ~Slot() {
            if (slots_) slots_->give_back();
        }
        explicit operator bool() const { return slots_ != nullptr; }

      private:
        std::shared_ptr<Slots> slots_;
    };

    explicit Slots(int count) : free_(count) {}

    Async<Slot> take(std::chrono::steady_clock::time_point deadline);

  private:
    struct Waiter {
        boost::asio::steady_timer timer;
        bool granted = false;
    };
    /// Takes the waiter out of the line however its coroutine ends.
    struct Place {
        std::list<Waiter*>& line;
        std::list<Waiter*>::iterator at;
        ~Place() { line.erase(at); }
    };

    void give_back();

    int free_;
    std::list<Waiter*> waiting_;
};

}  // namespace mlbilling::child_process
