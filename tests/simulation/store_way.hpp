#pragma once

#include <utility>

#include "ports/store/store.hpp"
#include "simulation/process.hpp"

namespace mlbilling::simulation {

/// One process's connection to the database: every transaction may be delayed, fail before it happened,
/// happen without the caller learning of it, or be the last thing its caller does. Mutants override
/// single methods (mutants.hpp).
class StoreWay : public Store {
  public:
    StoreWay(Process& process, Store& store) : process_(process), store_(store) {}

    Async<TaskOutcome> accept(TaskRequest request) override {
        co_return co_await through("accept", store_.accept(std::move(request)));
    }
    Async<TaskOutcome> accept_proposal(ProposalRequest request) override {
        co_return co_await through("accept_proposal", store_.accept_proposal(std::move(request)));
    }
    Async<AnswerOutcome> answer(AnswerRequest request) override {
        co_return co_await through("answer", store_.answer(std::move(request)));
    }
    Async<AnswerOutcome> change_settings(AnswerRequest request, SettingsChange change) override {
        co_return co_await through("change_settings", store_.change_settings(std::move(request), std::move(change)));
    }
    Async<CancelOutcome> cancel(AnswerRequest request, std::optional<TaskId> task) override {
        co_return co_await through("cancel", store_.cancel(std::move(request), std::move(task)));
    }
    Async<std::optional<Profile>> profile(TelegramId user) override {
        co_return co_await through("profile", store_.profile(std::move(user)));
    }
    Async<std::vector<HistoryLine>> history(TelegramId user, std::optional<std::int64_t> before, int limit) override {
        co_return co_await through("history", store_.history(std::move(user), std::move(before), std::move(limit)));
    }
    Async<std::vector<Price>> current_prices() override {
        co_return co_await through("current_prices", store_.current_prices());
    }
    Async<LeaseOutcome> lease(TaskId task, std::string worker, Duration lease_for) override {
        co_return co_await through("lease", store_.lease(std::move(task), std::move(worker), std::move(lease_for)));
    }
    Async<bool> extend_lease(TaskId task, Epoch epoch, Duration lease_for) override {
        co_return co_await through("extend_lease", store_.extend_lease(std::move(task), std::move(epoch), std::move(lease_for)));
    }
    Async<bool> record_operation(TaskId task, Epoch epoch, std::string operation) override {
        co_return co_await through("record_operation", store_.record_operation(std::move(task), std::move(epoch), std::move(operation)));
    }
    Async<AdjustOutcome> adjust_hold(TaskId task, Epoch epoch, Units measured, Credits price) override {
        co_return co_await through("adjust_hold", store_.adjust_hold(std::move(task), std::move(epoch), std::move(measured), std::move(price)));
    }
    Async<std::optional<TaskResult>> find_cached(std::string cache_key) override {
        co_return co_await through("find_cached", store_.find_cached(std::move(cache_key)));
    }
    Async<SettleOutcome> complete(Completion completion) override {
        co_return co_await through("complete", store_.complete(std::move(completion)));
    }
    Async<SettleOutcome> fail(TaskId task, Epoch epoch, FailureReason reason, std::optional<Units> measured) override {
        co_return co_await through("fail", store_.fail(std::move(task), std::move(epoch), std::move(reason), std::move(measured)));
    }
    Async<SettleOutcome> retry(TaskId task, Epoch epoch, Time next_attempt_at) override {
        co_return co_await through("retry", store_.retry(std::move(task), std::move(epoch), std::move(next_attempt_at)));
    }
    Async<std::optional<ClaimedDelivery>> claim_delivery(DeliveryId id, Duration claim_for) override {
        co_return co_await through("claim_delivery", store_.claim_delivery(std::move(id), std::move(claim_for)));
    }
    Async<std::optional<ClaimedDelivery>> claim_result(TaskId task, Duration claim_for) override {
        co_return co_await through("claim_result", store_.claim_result(std::move(task), std::move(claim_for)));
    }
    Async<bool> part_sent(DeliveryId id, Epoch claim, MessageId message, std::string file_id, bool last, Duration claim_for) override {
        co_return co_await through("part_sent", store_.part_sent(std::move(id), std::move(claim), std::move(message), std::move(file_id), std::move(last), std::move(claim_for)));
    }
    Async<bool> postpone(DeliveryId id, Epoch claim, Time not_before) override {
        co_return co_await through("postpone", store_.postpone(std::move(id), std::move(claim), std::move(not_before)));
    }
    Async<bool> ambiguous(DeliveryId id, Epoch claim, Time not_before) override {
        co_return co_await through("ambiguous", store_.ambiguous(std::move(id), std::move(claim), std::move(not_before)));
    }
    Async<bool> give_up(DeliveryId id, Epoch claim, std::string why) override {
        co_return co_await through("give_up", store_.give_up(std::move(id), std::move(claim), std::move(why)));
    }
    Async<void> move_chat(ChatId from, ChatId to) override {
        co_return co_await through("move_chat", store_.move_chat(std::move(from), std::move(to)));
    }
    Async<std::vector<DeliveryId>> due_deliveries(int limit) override {
        co_return co_await through("due_deliveries", store_.due_deliveries(std::move(limit)));
    }
    Async<bool> set_status_message(TaskId task, MessageId message) override {
        co_return co_await through("set_status_message", store_.set_status_message(std::move(task), std::move(message)));
    }
    Async<std::vector<OutboxRecord>> take_outbox(int limit, Duration claim_for) override {
        co_return co_await through("take_outbox", store_.take_outbox(std::move(limit), std::move(claim_for)));
    }
    Async<void> published(std::vector<OutboxId> ids) override {
        co_return co_await through("published", store_.published(std::move(ids)));
    }
    Async<void> not_published(std::vector<OutboxId> ids) override {
        co_return co_await through("not_published", store_.not_published(std::move(ids)));
    }
    Async<SweepReport> sweep(SweepPolicy policy) override {
        co_return co_await through("sweep", store_.sweep(std::move(policy)));
    }
    Async<std::optional<Profile>> find_user(TelegramId user) override {
        co_return co_await through("find_user", store_.find_user(std::move(user)));
    }
    Async<std::vector<Profile>> users(int limit) override {
        co_return co_await through("users", store_.users(std::move(limit)));
    }
    Async<BookingOutcome> correct(Correction correction) override {
        co_return co_await through("correct", store_.correct(std::move(correction)));
    }
    Async<BookingOutcome> refund(TaskId task, Credits amount, std::string actor, std::string reason, std::string request) override {
        co_return co_await through("refund", store_.refund(std::move(task), std::move(amount), std::move(actor), std::move(reason), std::move(request)));
    }
    Async<bool> set_role(TelegramId user, Role role, std::string actor) override {
        co_return co_await through("set_role", store_.set_role(std::move(user), std::move(role), std::move(actor)));
    }
    Async<std::vector<Price>> prices() override {
        co_return co_await through("prices", store_.prices());
    }
    Async<Price> set_price(Price price) override {
        co_return co_await through("set_price", store_.set_price(std::move(price)));
    }
    Async<std::optional<TaskStory>> story(TaskId task) override {
        co_return co_await through("story", store_.story(std::move(task)));
    }
    Async<std::vector<DeliveryRecord>> failed_deliveries(int limit) override {
        co_return co_await through("failed_deliveries", store_.failed_deliveries(limit));
    }
    Async<std::vector<TaskId>> newest_tasks(std::optional<TelegramId> user, int limit) override {
        co_return co_await through("newest_tasks", store_.newest_tasks(std::move(user), std::move(limit)));
    }
    Async<bool> cancel_task(TaskId task) override {
        co_return co_await through("cancel_task", store_.cancel_task(std::move(task)));
    }
    Async<bool> retry_task(TaskId task) override {
        co_return co_await through("retry_task", store_.retry_task(std::move(task)));
    }
    Async<std::vector<Violation>> verify() override {
        co_return co_await through("verify", store_.verify());
    }
    Async<Statistics> statistics() override {
        co_return co_await through("statistics", store_.statistics());
    }

  protected:
    template <class T>
    Async<T> through(const char* what, Async<T> transaction) {
        co_await process_.before(what);
        T result = co_await std::move(transaction);
        co_await process_.after(what);
        co_return result;
    }
    Async<void> through(const char* what, Async<void> transaction) {
        co_await process_.before(what);
        co_await std::move(transaction);
        co_await process_.after(what);
    }

    Process& process_;
    Store& store_;
};

}  // namespace mlbilling::simulation
