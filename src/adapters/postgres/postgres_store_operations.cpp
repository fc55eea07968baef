// The methods whose operations are transactions of their own; those that are gathered into batches
// are in postgres_store.cpp.
#include <optional>
#include <type_traits>
#include <utility>

#include "adapters/postgres/backups.hpp"
#include "adapters/postgres/batches.hpp"
#include "adapters/postgres/dialogue.hpp"
#include "adapters/postgres/messages.hpp"
#include "adapters/postgres/one_task.hpp"
#include "adapters/postgres/operations.hpp"
#include "adapters/postgres/postgres_store.hpp"
#include "adapters/postgres/price_list.hpp"
#include "adapters/postgres/refusals.hpp"
#include "adapters/postgres/requests.hpp"
#include "adapters/postgres/running.hpp"
#include "adapters/postgres/senders.hpp"
#include "adapters/postgres/sharing.hpp"
#include "adapters/postgres/undelivered.hpp"
#include "adapters/postgres/upkeep.hpp"
#include "base/log.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::postgres {
namespace {

template <class Function>
auto write(Database& database, Function function) {
    return database.transact(Access::write, std::move(function));
}

template <class Function>
auto relaxed_write(Database& database, Function function) {
    return database.transact(Access::relaxed_write, std::move(function));
}

template <class Function>
auto read(Database& database, Function function) {
    return database.transact(Access::read, std::move(function));
}

/// For about 20 s, which no transaction of ours takes.
constexpr int most_looks_at_the_end = 200;

// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Async<bool> pause(Session& session) {
    co_await session.query("SELECT pg_sleep(0.1)");
    co_return true;
}

/// What reads much: on the replica when there is one that answers, else on the primary, as
/// `access`. Both outlive the wait, as the store does.
template <class Function>
auto report(Database* replica, Database* primary, Access access, Function function)
    -> std::invoke_result_t<Function&, Session&> {
    using Value = typename std::invoke_result_t<Function&, Session&>::value_type;
    if (replica != nullptr) {
        std::optional<Value> value;
        try {
            value = co_await replica->transact(Access::report, function);
        } catch (const Unavailable& failure) {
            log::warning("the read replica does not answer", {{"why", failure.what()}});
        }
        if (value) co_return *std::move(value);
    }
    co_return co_await primary->transact(access, std::move(function));
}

}  // namespace

Async<TaskOutcome> PostgresStore::accept_proposal(ProposalRequest request) {
    return write(database_, [request = std::move(request)](Session& session) {
        return postgres::accept_proposal(session, request);
    });
}
Async<AnswerOutcome> PostgresStore::answer(AnswerRequest request) {
    return change_settings(std::move(request), {});
}
Async<AnswerOutcome> PostgresStore::change_settings(AnswerRequest request, SettingsChange change) {
    return write(database_,
                 [request = std::move(request), change = std::move(change)](Session& session) {
                     return postgres::change_settings(session, request, change);
                 });
}
Async<CancelOutcome> PostgresStore::cancel(AnswerRequest request, std::optional<TaskId> task) {
    return write(database_,
                 [request = std::move(request), task = std::move(task)](Session& session) {
                     return postgres::cancel(session, request, task);
                 });
}
Async<std::optional<Profile>> PostgresStore::profile(TelegramId user) {
    return read_profile_of(database_, user);
}
Async<std::optional<TaskRecord>> PostgresStore::find_task(TaskId task) {
    return read_task_of(database_, std::move(task));
}
Async<std::optional<TaskRecord>> PostgresStore::find_asked(BotId bot, ChatId chat,
                                                           MessageId message) {
    return read(database_, [bot, chat, message](Session& session) {
        return find_asked_task(session, bot, chat, message);
    });
}
Async<std::vector<HistoryLine>> PostgresStore::history(TelegramId user,
                                                       std::optional<std::int64_t> before,
                                                       int limit) {
    return report(replica_.get(), &database_, Access::read,
                  [user, before, limit](Session& session) {
                      return postgres::history(session, user, before, limit);
                  });
}
Async<std::vector<Price>> PostgresStore::current_prices() {
    return read(database_, [](Session& session) { return postgres::current_prices(session); });
}

Async<bool> PostgresStore::extend_lease(TaskId task, Epoch epoch, Duration lease_for) {
    return postgres::extend_lease(database_, std::move(task), epoch, lease_for);
}
Async<bool> PostgresStore::record_operation(TaskId task, Epoch epoch, std::string operation) {
    return postgres::record_operation(database_, std::move(task), epoch, std::move(operation));
}
Async<SettleOutcome> PostgresStore::await_operation(TaskId task, Epoch epoch, Time next_attempt_at,
                                                    Spending spending) {
    return write(database_, [task = std::move(task), epoch, next_attempt_at,
                             spending = std::move(spending)](Session& session) {
        return postgres::await_operation(session, task, epoch, next_attempt_at, spending);
    });
}
Async<SettleOutcome> PostgresStore::await_turn(TurnAwaited wait) {
    return write(database_, [wait = std::move(wait)](Session& session) {
        return postgres::await_turn(session, wait);
    });
}
Async<AdjustOutcome> PostgresStore::adjust_hold(TaskId task, Epoch epoch, Units measured,
                                                Credits price) {
    return postgres::adjust_hold(database_, std::move(task), epoch, measured, price);
}

Async<bool> PostgresStore::extend_claim(DeliveryId id, Epoch claim, Duration claim_for) {
    return postgres::extend_claim(database_, id, claim, claim_for);
}
Async<bool> PostgresStore::postpone(DeliveryId id, Epoch claim, Time not_before) {
    return relaxed_write(database_, [id, claim, not_before](Session& session) {
        return postgres::postpone(session, id, claim, not_before);
    });
}
Async<bool> PostgresStore::ambiguous(DeliveryId id, Epoch claim, Time not_before) {
    return relaxed_write(database_, [id, claim, not_before](Session& session) {
        return postgres::ambiguous(session, id, claim, not_before);
    });
}
Async<bool> PostgresStore::give_up(DeliveryId id, Epoch claim, std::string why) {
    return relaxed_write(database_, [id, claim, why = std::move(why)](Session& session) {
        return postgres::give_up(session, id, claim, why);
    });
}
Async<RefusalOutcome> PostgresStore::refuse(DeliveryId id, Epoch claim, std::string why,
                                            bool by_user) {
    return write(database_, [id, claim, why = std::move(why), by_user](Session& session) {
        return postgres::refuse(session, id, claim, why, by_user);
    });
}
Async<void> PostgresStore::note_topic(ChatId chat, MessageId message, MessageId topic) {
    return relaxed_write(database_, [chat, message, topic](Session& session) {
        return postgres::note_topic(session, chat, message, topic);
    });
}
Async<std::optional<MessageId>> PostgresStore::topic_of(ChatId chat, MessageId message) {
    return postgres::topic_of(database_, chat, message);
}
Async<void> PostgresStore::set_buttons(ChatId chat, MessageId message,
                                       std::optional<OwnedMessage> owned) {
    return relaxed_write(database_, [chat, message, owned](Session& session) {
        return postgres::set_buttons(session, chat, message, owned);
    });
}
Async<std::optional<OwnedMessage>> PostgresStore::buttons_of(ChatId chat, MessageId message) {
    return postgres::buttons_of(database_, chat, message);
}
Async<void> PostgresStore::move_chat(ChatId from, ChatId to) {
    return write(database_,
                 [from, to](Session& session) { return postgres::move_chat(session, from, to); });
}
Async<std::vector<DeliveryId>> PostgresStore::due_deliveries(int limit) {
    return postgres::due_deliveries(database_, limit);
}
Async<SweepReport> PostgresStore::sweep(SweepPolicy policy) {
    return postgres::sweep(database_, policy);
}

Async<bool> PostgresStore::hold_poll_lease(BotId bot, std::string holder, Duration lease) {
    return write(database_, [bot, holder = std::move(holder), lease](Session& session) {
        return postgres::hold_poll_lease(session, bot, holder, lease);
    });
}
Async<void> PostgresStore::release_poll_lease(BotId bot, std::string holder) {
    return write(database_, [bot, holder = std::move(holder)](Session& session) {
        return postgres::release_poll_lease(session, bot, holder);
    });
}
Async<Duration> PostgresStore::reserve(std::string name, QuotaRate rate, int count) {
    return postgres::reserve(database_, std::move(name), rate, count);
}
Async<Duration> PostgresStore::take_turn(QuotaTurn turn) {
    return postgres::take_turn(database_, std::move(turn));
}
Async<void> PostgresStore::give_back_turn(std::string quota, std::string holder) {
    return postgres::give_back_turn(database_, std::move(quota), std::move(holder));
}

Async<std::optional<Profile>> PostgresStore::find_user(TelegramId user) { return profile(user); }
Async<std::vector<Profile>> PostgresStore::users(int limit) {
    return read(database_, [limit](Session& session) { return postgres::users(session, limit); });
}
Async<BookingOutcome> PostgresStore::correct(Correction correction) {
    return write(database_, [correction = std::move(correction)](Session& session) {
        return postgres::correct(session, correction);
    });
}
Async<BookingOutcome> PostgresStore::refund(TaskId task, Credits amount, std::string actor,
                                            std::string reason, std::string request) {
    return write(database_, [refund = Refund{std::move(task), amount, std::move(actor),
                                             std::move(reason), std::move(request)}](
                                Session& session) { return postgres::refund(session, refund); });
}
Async<bool> PostgresStore::set_role(TelegramId user, Role role, std::string actor) {
    return write(database_, [user, role, actor = std::move(actor)](Session& session) {
        return postgres::set_role(session, user, role, actor);
    });
}
Async<std::vector<Price>> PostgresStore::prices() {
    return read(database_, [](Session& session) { return all_prices(session); });
}
Async<Price> PostgresStore::set_price(Price price) {
    return write(database_,
                 [price](Session& session) { return postgres::set_price(session, price); });
}
Async<std::optional<TaskStory>> PostgresStore::story(TaskId task) {
    return read(database_, [task = std::move(task)](Session& session) {
        return postgres::story(session, task);
    });
}
Async<std::vector<DeliveryRecord>> PostgresStore::failed_deliveries(int limit) {
    return read(database_,
                [limit](Session& session) { return postgres::failed_deliveries(session, limit); });
}
Async<std::int64_t> PostgresStore::ledger_end() {
    const auto end =
        co_await read(database_, [](Session& session) { return postgres::ledger_end(session); });
    // Who was booking then may have an id below that one, and has a few seconds at most.
    for (int look = 0; look < most_looks_at_the_end; ++look) {
        const bool ended =
            co_await read(database_, [unfinished = end.unfinished](Session& session) {
                return all_ended_before(session, unfinished);
            });
        if (ended) co_return end.id;
        co_await read(database_, [](Session& session) { return pause(session); });
    }
    throw Unavailable("database: a transaction that was begun long ago has not ended");
}
Async<std::vector<TransactionRecord>> PostgresStore::ledger_rows(std::int64_t after,
                                                                 std::int64_t last, int limit) {
    return read(database_, [after, last, limit](Session& session) {
        return postgres::ledger_rows(session, after, last, limit);
    });
}
Async<std::vector<TaskId>> PostgresStore::newest_tasks(std::optional<TelegramId> user, int limit) {
    return read(database_, [user, limit](Session& session) {
        return postgres::newest_tasks(session, user, limit);
    });
}
Async<bool> PostgresStore::cancel_task(TaskId task) {
    return write(database_, [task = std::move(task)](Session& session) {
        return postgres::cancel_task(session, task);
    });
}
Async<bool> PostgresStore::retry_task(TaskId task) {
    return write(database_, [task = std::move(task)](Session& session) {
        return postgres::retry_task(session, task);
    });
}
Async<std::vector<Violation>> PostgresStore::verify() {
    return report(replica_.get(), &database_, Access::report,
                  [](Session& session) { return postgres::verify(session); });
}
Async<Statistics> PostgresStore::statistics() {
    return report(replica_.get(), &database_, Access::report,
                  [](Session& session) { return postgres::statistics(session); });
}

Async<void> PostgresStore::record_backup(BackupRecord record) {
    return write(database_, [record = std::move(record)](Session& session) {
        return postgres::record_backup(session, record);
    });
}
Async<std::optional<Time>> PostgresStore::last_backup() {
    return read(database_, [](Session& session) { return postgres::last_backup(session); });
}

}  // namespace mlbilling::postgres
