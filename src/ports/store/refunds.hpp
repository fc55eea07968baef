#pragma once

#include <string>
#include <variant>

#include "ports/async.hpp"
#include "ports/store/records.hpp"

namespace mlbilling {

enum class BookingFailure {
    no_such_user,
    no_such_task,
    already_booked,
    below_held,
    above_charge,
    overflow,
    no_amount  ///< 0 credits, or a refund that would take some away
};
using BookingOutcome = std::variant<TransactionRecord, BookingFailure>;

/// Credits that go back to whom they were taken from. Throws Unavailable.
class RefundStore {
  public:
    virtual ~RefundStore() = default;

    /// Gives back part or all of what a completed task cost; the refunds of a task never exceed its
    /// charge, and the same request is booked once.
    virtual Async<BookingOutcome> refund(TaskId task, Credits amount, std::string actor,
                                         std::string reason, std::string request) = 0;
};

}  // namespace mlbilling
