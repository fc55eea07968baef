#pragma once

#include <utility>

#include "ports/store/store.hpp"

namespace mlbilling::simulation {

/// Something that stands between a caller and the store and passes every transaction on. What
/// derives from it overrides single methods, or what happens before and after each of them.
class StoreLayer : public Store {
  public:
    explicit StoreLayer(Store& store) : store_(store) {}

    Async<TaskOutcome> accept(TaskRequest request) override {
        co_return co_await through("accept", store().accept(std::move(request)));
    }
    Async<TaskOutcome> accept_proposal(ProposalRequest request) override {
        co_return co_await through("accept_proposal", store().accept_proposal(std::move(request)));
    }
    Async<AnswerOutcome> answer(AnswerRequest request) override {
        co_return co_await through("answer", store().answer(std::move(request)));
    }
    Async<AnswerOutcome> change_settings(AnswerRequest request, SettingsChange change) override {
        co_return co_await through("change_settings",
                                   store().change_settings(std::move(request), std::move(change)));
    }
    Async<CancelOutcome> cancel(AnswerRequest request, std::optional<TaskId> task) override {
        co_return co_await through("cancel", store().cancel(std::move(request), std::move(task)));
    }
    Async<std::optional<Profile>> profile(TelegramId user) override {
        co_return co_await through("profile", store().profile(user));
    }
    Async<std::optional<TaskRecord>> find_task(TaskId task) override {
        co_return co_await through("find_task", store().find_task(std::move(task)));
    }
    Async<std::optional<TaskRecord>> find_asked(BotId bot, ChatId chat,
                                                MessageId message) override {
        co_return co_await through("find_asked", store().find_asked(bot, chat, message));
    }
    Async<std::vector<HistoryLine>> history(TelegramId user, std::optional<std::int64_t> before,
                                            int limit) override {
        co_return co_await through("history", store().history(user, before, limit));
    }
    Async<std::vector<Price>> current_prices() override {
        co_return co_await through("current_prices", store().current_prices());
    }
    Async<LeaseOutcome> lease(TaskId task, std::string worker, Duration lease_for) override {
        co_return co_await through("lease",
                                   store().lease(std::move(task), std::move(worker), lease_for));
    }
    Async<bool> extend_lease(TaskId task, Epoch epoch, Duration lease_for) override {
        co_return co_await through("extend_lease",
                                   store().extend_lease(std::move(task), epoch, lease_for));
    }
    Async<bool> record_operation(TaskId task, Epoch epoch, std::string operation) override {
        co_return co_await through(
            "record_operation",
            store().record_operation(std::move(task), epoch, std::move(operation)));
    }
    Async<AdjustOutcome> adjust_hold(TaskId task, Epoch epoch, Units measured,
                                     Credits price) override {
        co_return co_await through("adjust_hold",
                                   store().adjust_hold(std::move(task), epoch, measured, price));
    }
    Async<std::optional<TaskResult>> find_cached(std::string cache_key) override {
        co_return co_await through("find_cached", store().find_cached(std::move(cache_key)));
    }
    Async<SettleOutcome> complete(Completion completion) override {
        co_return co_await through("complete", store().complete(std::move(completion)));
    }
    Async<SettleOutcome> fail(TaskId task, Epoch epoch, FailureReason reason,
                              std::optional<Units> measured, Spending spending) override {
        co_return co_await through(
            "fail", store().fail(std::move(task), epoch, reason, measured, std::move(spending)));
    }
    Async<SettleOutcome> retry(TaskId task, Epoch epoch, Time next_attempt_at,
                               Spending spending) override {
        co_return co_await through(
            "retry", store().retry(std::move(task), epoch, next_attempt_at, std::move(spending)));
    }
    Async<SettleOutcome> await_operation(TaskId task, Epoch epoch, Time next_attempt_at,
                                         Spending spending) override {
        co_return co_await through(
            "await_operation",
            store().await_operation(std::move(task), epoch, next_attempt_at, std::move(spending)));
    }
    Async<SettleOutcome> await_turn(TurnAwaited wait) override {
        co_return co_await through("await_turn", store().await_turn(std::move(wait)));
    }
    Async<std::optional<ClaimedDelivery>> claim_delivery(DeliveryId id,
                                                         Duration claim_for) override {
        co_return co_await through("claim_delivery", store().claim_delivery(id, claim_for));
    }
    Async<std::optional<ClaimedDelivery>> claim_result(TaskId task, Duration claim_for) override {
        co_return co_await through("claim_result",
                                   store().claim_result(std::move(task), claim_for));
    }
    Async<bool> extend_claim(DeliveryId id, Epoch claim, Duration claim_for) override {
        co_return co_await through("extend_claim", store().extend_claim(id, claim, claim_for));
    }
    Async<bool> part_sent(DeliveryId id, Epoch claim, MessageId message, std::string file_id,
                          bool last, Duration claim_for) override {
        co_return co_await through(
            "part_sent",
            store().part_sent(id, claim, message, std::move(file_id), last, claim_for));
    }
    Async<bool> postpone(DeliveryId id, Epoch claim, Time not_before) override {
        co_return co_await through("postpone", store().postpone(id, claim, not_before));
    }
    Async<bool> ambiguous(DeliveryId id, Epoch claim, Time not_before) override {
        co_return co_await through("ambiguous", store().ambiguous(id, claim, not_before));
    }
    Async<bool> give_up(DeliveryId id, Epoch claim, std::string why) override {
        co_return co_await through("give_up", store().give_up(id, claim, std::move(why)));
    }
    Async<RefusalOutcome> refuse(DeliveryId id, Epoch claim, std::string why,
                                 bool by_user) override {
        co_return co_await through("refuse", store().refuse(id, claim, std::move(why), by_user));
    }
    Async<void> note_topic(ChatId chat, MessageId message, MessageId topic) override {
        co_await through("note_topic", store().note_topic(chat, message, topic));
    }
    Async<std::optional<MessageId>> topic_of(ChatId chat, MessageId message) override {
        co_return co_await through("topic_of", store().topic_of(chat, message));
    }
    Async<void> set_buttons(ChatId chat, MessageId message,
                            std::optional<OwnedMessage> owned) override {
        co_await through("set_buttons", store().set_buttons(chat, message, owned));
    }
    Async<std::optional<OwnedMessage>> buttons_of(ChatId chat, MessageId message) override {
        co_return co_await through("buttons_of", store().buttons_of(chat, message));
    }
    Async<void> move_chat(ChatId from, ChatId to) override {
        co_return co_await through("move_chat", store().move_chat(from, to));
    }
    Async<std::vector<DeliveryId>> due_deliveries(int limit) override {
        co_return co_await through("due_deliveries", store().due_deliveries(limit));
    }
    Async<StatusMessage> set_status_message(TaskId task, MessageId message) override {
        co_return co_await through("set_status_message",
                                   store().set_status_message(std::move(task), message));
    }
    Async<std::vector<OutboxRecord>> take_outbox(int limit, Duration claim_for) override {
        co_return co_await through("take_outbox", store().take_outbox(limit, claim_for));
    }
    Async<void> published(std::vector<OutboxId> ids) override {
        co_return co_await through("published", store().published(std::move(ids)));
    }
    Async<void> not_published(std::vector<OutboxId> ids) override {
        co_return co_await through("not_published", store().not_published(std::move(ids)));
    }
    Async<SweepReport> sweep(SweepPolicy policy) override {
        co_return co_await through("sweep", store().sweep(policy));
    }
    Async<std::optional<Profile>> find_user(TelegramId user) override {
        co_return co_await through("find_user", store().find_user(user));
    }
    Async<std::vector<Profile>> users(int limit) override {
        co_return co_await through("users", store().users(limit));
    }
    Async<BookingOutcome> correct(Correction correction) override {
        co_return co_await through("correct", store().correct(std::move(correction)));
    }
    Async<BookingOutcome> refund(TaskId task, Credits amount, std::string actor, std::string reason,
                                 std::string request) override {
        co_return co_await through(
            "refund", store().refund(std::move(task), amount, std::move(actor), std::move(reason),
                                     std::move(request)));
    }
    Async<bool> set_role(TelegramId user, Role role, std::string actor) override {
        co_return co_await through("set_role", store().set_role(user, role, std::move(actor)));
    }
    Async<std::vector<Price>> prices() override {
        co_return co_await through("prices", store().prices());
    }
    Async<Price> set_price(Price price) override {
        co_return co_await through("set_price", store().set_price(price));
    }
    Async<std::optional<TaskStory>> story(TaskId task) override {
        co_return co_await through("story", store().story(std::move(task)));
    }
    Async<std::vector<DeliveryRecord>> failed_deliveries(int limit) override {
        co_return co_await through("failed_deliveries", store().failed_deliveries(limit));
    }
    Async<std::int64_t> ledger_end() override {
        co_return co_await through("ledger_end", store().ledger_end());
    }
    Async<std::vector<TransactionRecord>> ledger_rows(std::int64_t after, std::int64_t last,
                                                      int limit) override {
        co_return co_await through("ledger_rows", store().ledger_rows(after, last, limit));
    }
    Async<std::vector<TaskId>> newest_tasks(std::optional<TelegramId> user, int limit) override {
        co_return co_await through("newest_tasks", store().newest_tasks(user, limit));
    }
    Async<bool> cancel_task(TaskId task) override {
        co_return co_await through("cancel_task", store().cancel_task(std::move(task)));
    }
    Async<bool> retry_task(TaskId task) override {
        co_return co_await through("retry_task", store().retry_task(std::move(task)));
    }
    Async<std::vector<Violation>> verify() override {
        co_return co_await through("verify", store().verify());
    }
    Async<Statistics> statistics() override {
        co_return co_await through("statistics", store().statistics());
    }
    Async<void> record_backup(BackupRecord record) override {
        co_await through("record_backup", store().record_backup(std::move(record)));
    }
    Async<std::optional<Time>> last_backup() override {
        co_return co_await through("last_backup", store().last_backup());
    }

    Async<bool> hold_poll_lease(BotId bot, std::string holder, Duration lease) override {
        co_return co_await through("hold_poll_lease",
                                   store().hold_poll_lease(bot, std::move(holder), lease));
    }
    Async<void> release_poll_lease(BotId bot, std::string holder) override {
        co_return co_await through("release_poll_lease",
                                   store().release_poll_lease(bot, std::move(holder)));
    }
    Async<Duration> reserve(std::string name, QuotaRate rate, int count) override {
        co_return co_await through("reserve", store().reserve(std::move(name), rate, count));
    }
    Async<Duration> take_turn(QuotaTurn turn) override {
        co_return co_await through("take_turn", store().take_turn(std::move(turn)));
    }
    Async<void> give_back_turn(std::string quota, std::string holder) override {
        co_await through("give_back_turn",
                         store().give_back_turn(std::move(quota), std::move(holder)));
    }

  protected:
    virtual Async<void> before(const char*) { co_return; }
    virtual Async<void> after(const char*) { co_return; }

    template <class T>
    Async<T> through(const char* what, Async<T> transaction) {
        co_await before(what);
        T result = co_await std::move(transaction);
        co_await after(what);
        co_return result;
    }
    Async<void> through(const char* what, Async<void> transaction) {
        co_await before(what);
        co_await std::move(transaction);
        co_await after(what);
    }

    Store& store() { return store_; }

  private:
    Store& store_;
};

}  // namespace mlbilling::simulation
