// Intake, work and deliveries; the rest of the store's methods are in sqlite_store_operations.cpp.
#include "adapters/sqlite/sqlite_store.hpp"

#include <utility>

#include "adapters/sqlite/deliveries.hpp"
#include "adapters/sqlite/intake.hpp"
#include "adapters/sqlite/messages.hpp"
#include "adapters/sqlite/prices.hpp"
#include "adapters/sqlite/refusals.hpp"
#include "adapters/sqlite/requests.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/transactions.hpp"
#include "adapters/sqlite/work.hpp"

namespace mlbilling::sqlite {

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
Async<std::optional<TaskRecord>> SqliteStore::find_asked(BotId bot, ChatId chat,
                                                         MessageId message) {
    return read(*engine_, [bot, chat, message](Session& session) {
        return find_task_of(session, key_of(bot, chat, message));
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
Async<SettleOutcome> SqliteStore::await_turn(TurnAwaited wait) {
    return write(*engine_, [wait = std::move(wait)](Session& session) {
        return sqlite::await_turn(session, wait);
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
Async<RefusalOutcome> SqliteStore::refuse(DeliveryId id, Epoch claim, std::string why,
                                          bool by_user) {
    return write(*engine_, [id, claim, why = std::move(why), by_user](Session& session) {
        return sqlite::refuse(session, id, claim, why, by_user);
    });
}
Async<void> SqliteStore::note_topic(ChatId chat, MessageId message, MessageId topic) {
    return relaxed_write(*engine_, [chat, message, topic](Session& session) {
        sqlite::note_topic(session, chat, message, topic);
    });
}
Async<std::optional<MessageId>> SqliteStore::topic_of(ChatId chat, MessageId message) {
    return read(*engine_, [chat, message](Session& session) {
        return sqlite::topic_of(session, chat, message);
    });
}
Async<void> SqliteStore::set_buttons(ChatId chat, MessageId message,
                                     std::optional<OwnedMessage> owned) {
    return relaxed_write(*engine_, [chat, message, owned](Session& session) {
        sqlite::set_buttons(session, chat, message, owned);
    });
}
Async<std::optional<OwnedMessage>> SqliteStore::buttons_of(ChatId chat, MessageId message) {
    return read(*engine_, [chat, message](Session& session) {
        return sqlite::buttons_of(session, chat, message);
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
Async<StatusMessage> SqliteStore::set_status_message(TaskId task, MessageId message) {
    return relaxed_write(*engine_, [task = std::move(task), message](Session& session) {
        return sqlite::set_status_message(session, task, message);
    });
}

}  // namespace mlbilling::sqlite
