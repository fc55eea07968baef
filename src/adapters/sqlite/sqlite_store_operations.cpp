// The methods of the outbox, the upkeep, the operator and what processes share; the others are in
// sqlite_store.cpp.
#include <utility>

#include "adapters/sqlite/backups.hpp"
#include "adapters/sqlite/operator.hpp"
#include "adapters/sqlite/outbox.hpp"
#include "adapters/sqlite/prices.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/sharing.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/sqlite/transactions.hpp"
#include "adapters/sqlite/upkeep.hpp"

namespace mlbilling::sqlite {

Async<std::vector<OutboxRecord>> SqliteStore::take_outbox(int limit, Duration claim_for) {
    return relaxed_write(*engine_, [limit, claim_for](Session& session) {
        return sqlite::take_outbox(session, limit, claim_for);
    });
}
Async<void> SqliteStore::published(std::vector<OutboxId> ids) {
    return relaxed_write(*engine_, [ids = std::move(ids)](Session& session) {
        return sqlite::published(session, ids);
    });
}
Async<void> SqliteStore::not_published(std::vector<OutboxId> ids) {
    return relaxed_write(*engine_, [ids = std::move(ids)](Session& session) {
        return sqlite::not_published(session, ids);
    });
}
Async<SweepReport> SqliteStore::sweep(SweepPolicy policy) {
    return write(*engine_, [policy](Session& session) { return sqlite::sweep(session, policy); });
}

Async<std::optional<Profile>> SqliteStore::find_user(TelegramId user) {
    return read(*engine_, [user](Session& session) { return find_profile(session, user); });
}
Async<std::vector<Profile>> SqliteStore::users(int limit) {
    return read(*engine_, [limit](Session& session) { return sqlite::users(session, limit); });
}
Async<BookingOutcome> SqliteStore::correct(Correction correction) {
    return write(*engine_, [correction = std::move(correction)](Session& session) {
        return sqlite::correct(session, correction);
    });
}
Async<BookingOutcome> SqliteStore::refund(TaskId task, Credits amount, std::string actor,
                                          std::string reason, std::string request) {
    return write(*engine_, [refund = Refund{std::move(task), amount, std::move(actor),
                                            std::move(reason), std::move(request)}](
                               Session& session) { return sqlite::refund(session, refund); });
}
Async<bool> SqliteStore::set_role(TelegramId user, Role role, std::string actor) {
    return write(*engine_, [user, role, actor = std::move(actor)](Session& session) {
        return sqlite::set_role(session, user, role, actor);
    });
}
Async<std::vector<Price>> SqliteStore::prices() {
    return read(*engine_, [](Session& session) { return all_prices(session); });
}
Async<Price> SqliteStore::set_price(Price price) {
    return write(*engine_, [price](Session& session) { return sqlite::set_price(session, price); });
}
Async<std::optional<TaskStory>> SqliteStore::story(TaskId task) {
    return read(*engine_, [task = std::move(task)](Session& session) {
        return sqlite::story(session, task);
    });
}
Async<std::vector<DeliveryRecord>> SqliteStore::failed_deliveries(int limit) {
    return report(*engine_,
                  [limit](Session& session) { return sqlite::failed_deliveries(session, limit); });
}
Async<std::int64_t> SqliteStore::ledger_end() {
    return report(*engine_, [](Session& session) { return sqlite::ledger_end(session); });
}
Async<std::vector<TransactionRecord>> SqliteStore::ledger_rows(std::int64_t after,
                                                               std::int64_t last, int limit) {
    return report(*engine_, [after, last, limit](Session& session) {
        return sqlite::ledger_rows(session, after, last, limit);
    });
}
Async<std::vector<TaskId>> SqliteStore::newest_tasks(std::optional<TelegramId> user, int limit) {
    return read(*engine_, [user, limit](Session& session) {
        return sqlite::newest_tasks(session, user, limit);
    });
}
Async<bool> SqliteStore::cancel_task(TaskId task) {
    return write(*engine_, [task = std::move(task)](Session& session) {
        return sqlite::cancel_task(session, task);
    });
}
Async<bool> SqliteStore::retry_task(TaskId task) {
    return write(*engine_, [task = std::move(task)](Session& session) {
        return sqlite::retry_task(session, task);
    });
}
Async<std::vector<Violation>> SqliteStore::verify() {
    return report(*engine_, [](Session& session) { return sqlite::verify(session); });
}
Async<Statistics> SqliteStore::statistics() {
    return report(*engine_, [](Session& session) { return sqlite::statistics(session); });
}
Async<void> SqliteStore::record_backup(BackupRecord record) {
    return write(*engine_, [record = std::move(record)](Session& session) {
        sqlite::record_backup(session, record);
    });
}
Async<std::optional<Time>> SqliteStore::last_backup() {
    return report(*engine_, [](Session& session) { return sqlite::last_backup(session); });
}

Async<bool> SqliteStore::hold_poll_lease(BotId bot, std::string holder, Duration lease) {
    return relaxed_write(*engine_, [bot, holder = std::move(holder), lease](Session& session) {
        return sqlite::hold_poll_lease(session, bot, holder, lease);
    });
}
Async<void> SqliteStore::release_poll_lease(BotId bot, std::string holder) {
    return relaxed_write(*engine_, [bot, holder = std::move(holder)](Session& session) {
        return sqlite::release_poll_lease(session, bot, holder);
    });
}
Async<Duration> SqliteStore::reserve(std::string name, QuotaRate rate, int count) {
    return relaxed_write(*engine_, [name = std::move(name), rate, count](Session& session) {
        return sqlite::reserve(session, name, rate, count);
    });
}
Async<Duration> SqliteStore::take_turn(QuotaTurn turn) {
    return relaxed_write(*engine_, [turn = std::move(turn)](Session& session) {
        return sqlite::take_turn(session, turn);
    });
}
Async<void> SqliteStore::give_back_turn(std::string quota, std::string holder) {
    return relaxed_write(*engine_,
                         [quota = std::move(quota), holder = std::move(holder)](Session& session) {
                             sqlite::give_back_turn(session, quota, holder);
                         });
}

}  // namespace mlbilling::sqlite
