#include "adapters/sqlite/sqlite_store.hpp"

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "adapters/sqlite/backups.hpp"
#include "adapters/sqlite/deliveries.hpp"
#include "adapters/sqlite/engine.hpp"
#include "adapters/sqlite/intake.hpp"
#include "adapters/sqlite/operator.hpp"
#include "adapters/sqlite/outbox.hpp"
#include "adapters/sqlite/prices.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/sharing.hpp"
#include "adapters/sqlite/upkeep.hpp"
#include "adapters/sqlite/work.hpp"

namespace mlbilling::sqlite {
namespace {

/// Runs the function in a transaction and returns what it returns. The value is shared with the
/// operation, which may outlive a cancelled caller.
template <class Function>
auto run(Engine* engine, Access access, Function function)
    -> Async<std::invoke_result_t<Function&, Session&>> {
    using Value = std::invoke_result_t<Function&, Session&>;
    if constexpr (std::is_void_v<Value>) {
        co_await engine->run(access, std::move(function));
    } else {
        auto value = std::make_shared<std::optional<Value>>();
        co_await engine->run(access, [value, function = std::move(function)](Session& session) {
            value->emplace(function(session));
        });
        co_return std::move(**value);
    }
}

template <class Function>
auto write(Engine& engine, Function function) {
    return run(&engine, Access::write, std::move(function));
}

template <class Function>
auto relaxed_write(Engine& engine, Function function) {
    return run(&engine, Access::relaxed_write, std::move(function));
}

template <class Function>
auto read(Engine& engine, Function function) {
    return run(&engine, Access::read, std::move(function));
}

template <class Function>
auto report(Engine& engine, Function function) {
    return run(&engine, Access::report, std::move(function));
}

}  // namespace

SqliteStore::SqliteStore(const Options& options, const boost::asio::any_io_executor& loop,
                         const Clock& clock)
    : engine_(std::make_unique<Engine>(options, loop, clock)) {}
SqliteStore::~SqliteStore() = default;

std::int64_t SqliteStore::commits() const { return engine_->commits(); }

Async<TaskOutcome> SqliteStore::accept(TaskRequest request) {
    return write(*engine_, [request = std::move(request)](Session& session) {
        return sqlite::accept(session, request);
    });
}
Async<TaskOutcome> SqliteStore::accept_proposal(ProposalRequest request) {
    return write(*engine_, [request = std::move(request)](Session& session) {
        return sqlite::accept_proposal(session, request);
    });
}
Async<AnswerOutcome> SqliteStore::answer(AnswerRequest request) {
    return write(*engine_, [request = std::move(request)](Session& session) {
        return sqlite::answer(session, request);
    });
}
Async<AnswerOutcome> SqliteStore::change_settings(AnswerRequest request, SettingsChange change) {
    return write(*engine_,
                 [request = std::move(request), change = std::move(change)](Session& session) {
                     return sqlite::change_settings(session, request, change);
                 });
}
Async<CancelOutcome> SqliteStore::cancel(AnswerRequest request, std::optional<TaskId> task) {
    return write(*engine_,
                 [request = std::move(request), task = std::move(task)](Session& session) {
                     return sqlite::cancel(session, request, task);
                 });
}
Async<std::optional<Profile>> SqliteStore::profile(TelegramId user) {
    return read(*engine_, [user](Session& session) { return find_profile(session, user); });
}
Async<std::optional<TaskRecord>> SqliteStore::find_task(TaskId task) {
    return read(*engine_, [task = std::move(task)](Session& session) {
        return sqlite::find_task(session, task);
    });
}
Async<std::vector<HistoryLine>> SqliteStore::history(TelegramId user,
                                                     std::optional<std::int64_t> before,
                                                     int limit) {
    return read(*engine_, [user, before, limit](Session& session) {
        return sqlite::history(session, user, before, limit);
    });
}
Async<std::vector<Price>> SqliteStore::current_prices() {
    return read(*engine_, [](Session& session) { return sqlite::current_prices(session); });
}

Async<LeaseOutcome> SqliteStore::lease(TaskId task, std::string worker, Duration lease_for) {
    return relaxed_write(*engine_, [task = std::move(task), worker = std::move(worker),
                                    lease_for](Session& session) {
        return sqlite::lease(session, task, worker, lease_for);
    });
}
Async<bool> SqliteStore::extend_lease(TaskId task, Epoch epoch, Duration lease_for) {
    return relaxed_write(*engine_, [task = std::move(task), epoch, lease_for](Session& session) {
        return sqlite::extend_lease(session, task, epoch, lease_for);
    });
}
Async<bool> SqliteStore::record_operation(TaskId task, Epoch epoch, std::string operation) {
    return write(*engine_, [task = std::move(task), epoch,
                            operation = std::move(operation)](Session& session) {
        return sqlite::record_operation(session, task, epoch, operation);
    });
}
Async<AdjustOutcome> SqliteStore::adjust_hold(TaskId task, Epoch epoch, Units measured,
                                              Credits price) {
    return write(*engine_, [task = std::move(task), epoch, measured, price](Session& session) {
        return sqlite::adjust_hold(session, task, epoch, measured, price);
    });
}
Async<std::optional<TaskResult>> SqliteStore::find_cached(std::string cache_key) {
    return read(*engine_, [cache_key = std::move(cache_key)](Session& session) {
        return sqlite::find_cached(session, cache_key);
    });
}
Async<SettleOutcome> SqliteStore::complete(Completion completion) {
    return write(*engine_, [completion = std::move(completion)](Session& session) {
        return sqlite::complete(session, completion);
    });
}
Async<SettleOutcome> SqliteStore::fail(TaskId task, Epoch epoch, FailureReason reason,
                                       std::optional<Units> measured, Spending spending) {
    return write(*engine_, [task = std::move(task), epoch, reason, measured,
                            spending = std::move(spending)](Session& session) {
        return sqlite::fail(session, task, epoch, reason, measured, spending);
    });
}
Async<SettleOutcome> SqliteStore::retry(TaskId task, Epoch epoch, Time next_attempt_at,
                                        Spending spending) {
    return write(*engine_, [task = std::move(task), epoch, next_attempt_at,
                            spending = std::move(spending)](Session& session) {
        return sqlite::retry(session, task, epoch, next_attempt_at, spending);
    });
}
Async<SettleOutcome> SqliteStore::await_operation(TaskId task, Epoch epoch, Time next_attempt_at,
                                                  Spending spending) {
    return write(*engine_, [task = std::move(task), epoch, next_attempt_at,
                            spending = std::move(spending)](Session& session) {
        return sqlite::await_operation(session, task, epoch, next_attempt_at, spending);
    });
}

Async<std::optional<ClaimedDelivery>> SqliteStore::claim_delivery(DeliveryId id,
                                                                  Duration claim_for) {
    return relaxed_write(*engine_, [id, claim_for](Session& session) {
        return sqlite::claim_delivery(session, id, claim_for);
    });
}
Async<std::optional<ClaimedDelivery>> SqliteStore::claim_result(TaskId task, Duration claim_for) {
    return relaxed_write(*engine_, [task = std::move(task), claim_for](Session& session) {
        return sqlite::claim_result(session, task, claim_for);
    });
}
Async<bool> SqliteStore::extend_claim(DeliveryId id, Epoch claim, Duration claim_for) {
    return relaxed_write(*engine_, [id, claim, claim_for](Session& session) {
        return sqlite::extend_claim(session, id, claim, claim_for);
    });
}
Async<bool> SqliteStore::part_sent(DeliveryId id, Epoch claim, MessageId message,
                                   std::string file_id, bool last, Duration claim_for) {
    return relaxed_write(
        *engine_, [part = SentPart{id, claim, message, std::move(file_id), last}, claim_for](
                      Session& session) { return sqlite::part_sent(session, part, claim_for); });
}
Async<bool> SqliteStore::postpone(DeliveryId id, Epoch claim, Time not_before) {
    return relaxed_write(*engine_, [id, claim, not_before](Session& session) {
        return sqlite::postpone(session, id, claim, not_before);
    });
}
Async<bool> SqliteStore::ambiguous(DeliveryId id, Epoch claim, Time not_before) {
    return relaxed_write(*engine_, [id, claim, not_before](Session& session) {
        return sqlite::ambiguous(session, id, claim, not_before);
    });
}
Async<bool> SqliteStore::give_up(DeliveryId id, Epoch claim, std::string why) {
    return relaxed_write(*engine_, [id, claim, why = std::move(why)](Session& session) {
        return sqlite::give_up(session, id, claim, why);
    });
}
Async<void> SqliteStore::move_chat(ChatId from, ChatId to) {
    return write(*engine_,
                 [from, to](Session& session) { return sqlite::move_chat(session, from, to); });
}
Async<std::vector<DeliveryId>> SqliteStore::due_deliveries(int limit) {
    return read(*engine_,
                [limit](Session& session) { return sqlite::due_deliveries(session, limit); });
}
Async<bool> SqliteStore::set_status_message(TaskId task, MessageId message) {
    return relaxed_write(*engine_, [task = std::move(task), message](Session& session) {
        return sqlite::set_status_message(session, task, message);
    });
}

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

}  // namespace mlbilling::sqlite
