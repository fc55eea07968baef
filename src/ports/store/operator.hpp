#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ports/async.hpp"
#include "ports/store/notice.hpp"
#include "ports/store/records.hpp"
#include "ports/store/refunds.hpp"

namespace mlbilling {

/// A broken promise of the ledger, found by one of the invariants of ledger.md 5.3.
struct Violation {
    /// E.g. `balance is the sum of the ledger`.
    std::string invariant;
    /// Which user, task or transaction.
    std::string subject;
};

/// A correction by an operator.
struct Correction {
    TelegramId user;
    Credits amount;
    std::string actor;
    std::string reason;
    /// The same request is booked once.
    std::string request;
};
struct DeliveryRecord {
    DeliveryId id;
    ChatId chat;
    std::optional<MessageId> reply_to;
    Notice::Kind kind = Notice::Kind::task_result;
    /// pending, sending, sent, unknown, dead.
    std::string state;
    int attempt = 0;
    int parts_sent = 0;
    std::string detail;
    Time created_at;
    std::optional<Time> sent_at;
    /// The task whose end it tells.
    std::optional<TaskId> task;
    /// What became of what was paid for it when its chat refused it for good: kept, offered,
    /// refunded; or empty.
    std::string paid;
};

/// Everything that is known of one task, for `admin task show` and the chat page's story.
struct TaskStory {
    TaskRecord task;
    HoldState hold = HoldState::open;
    std::vector<TransactionRecord> transactions;
    std::vector<DeliveryRecord> deliveries;
    bool in_outbox = false;
};

/// All that was ever booked of one type, whichever process or command booked it.
struct BookedTotal {
    TransactionType type = TransactionType::grant;
    /// Absolute credits.
    std::int64_t amount = 0;
};

/// Sums over the whole book, for metrics.
struct Statistics {
    std::int64_t users = 0;
    std::int64_t balance_total = 0;
    std::int64_t held_total = 0;
    std::int64_t tasks_created = 0;
    std::int64_t tasks_processing = 0;
    std::int64_t outbox_rows = 0;
    std::int64_t undelivered = 0;
    std::vector<BookedTotal> booked;
    /// Starting grants that were given, and how many newcomers had to wait for theirs because of
    /// StartingGrant::per_hour.
    std::int64_t starting_grants = 0;
    std::int64_t grants_delayed = 0;
    Duration oldest_created_task{};
    Duration oldest_outbox_row{};
    Duration oldest_undelivered{};
};

/// The operator's side of the store. Throws Unavailable.
class OperatorStore : public RefundStore {
  public:
    virtual Async<std::optional<Profile>> find_user(TelegramId user) = 0;
    /// Newest first.
    virtual Async<std::vector<Profile>> users(int limit) = 0;
    /// A grant when positive, an adjustment when negative.
    virtual Async<BookingOutcome> correct(Correction correction) = 0;
    /// False when there is no such user.
    virtual Async<bool> set_role(TelegramId user, Role role, std::string actor) = 0;

    virtual Async<std::vector<Price>> prices() = 0;
    /// Closes the valid price of the type at `price.valid_from` and puts this one in its place.
    virtual Async<Price> set_price(Price price) = 0;

    virtual Async<std::optional<TaskStory>> story(TaskId task) = 0;
    /// Answers that were given up: ended unknown, or the chat cannot be reached. Newest first.
    virtual Async<std::vector<DeliveryRecord>> failed_deliveries(int limit) = 0;
    /// Ids of the newest tasks, newest first; of one user when given.
    virtual Async<std::vector<TaskId>> newest_tasks(std::optional<TelegramId> user, int limit) = 0;
    /// Ends a task that has not started; false when it has.
    virtual Async<bool> cancel_task(TaskId task) = 0;
    /// Makes a waiting task due at once; false when it is not waiting.
    virtual Async<bool> retry_task(TaskId task) = 0;

    /// The id of the newest row of the ledger below which no other will ever appear: whatever was
    /// being booked when this was asked has ended. 0 in an empty ledger.
    virtual Async<std::int64_t> ledger_end() = 0;
    /// Rows of the ledger with ids above `after` and up to `last`, in the order of ids; at most
    /// `limit`.
    virtual Async<std::vector<TransactionRecord>> ledger_rows(std::int64_t after, std::int64_t last,
                                                              int limit) = 0;

    /// Runs every invariant of ledger.md 5.3 in one snapshot; empty is good.
    virtual Async<std::vector<Violation>> verify() = 0;
    virtual Async<Statistics> statistics() = 0;
};

}  // namespace mlbilling
