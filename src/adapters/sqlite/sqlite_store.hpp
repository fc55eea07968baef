#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "ports/clock.hpp"
#include "ports/store/store.hpp"

namespace mlbilling::sqlite {

/// The database is not one that this program can work with: made by a newer release, or by another
/// program. Trying again does not help; the message says what to do.
class SchemaMismatch : public std::runtime_error {
  public:
    explicit SchemaMismatch(const std::string& what) : std::runtime_error(what) {}
};

struct Options {
    /// File, made with its directory when missing, or `:memory:`.
    std::string path;
    /// Runs every operation at once on the caller's thread, one transaction each: for the
    /// simulation.
    bool inline_execution = false;
    /// Every commit waits for the disk. False keeps the book consistent but may lose the newest
    /// commits with the machine's power.
    bool synchronous_full = true;
};

/// Brings the file to the newest schema and returns the names of the migrations applied now. Safe
/// while others do the same. Throws SchemaMismatch or Unavailable.
std::vector<std::string> migrate(const std::string& path, Time now);

/// What SQLite finds damaged in the file (PRAGMA quick_check: every page of every table is read, so
/// it takes about a second for each gigabyte), or nullopt when nothing is, also when there is no
/// file yet. Throws Unavailable when the file cannot be opened at all.
std::optional<std::string> damage_in(const std::string& path);

class Engine;

/// The store in one SQLite file (WAL). Called on one event loop. Operations that wait for the disk
/// at the same time share one commit (design.md, Speed).
class SqliteStore final : public Store {
  public:
    /// Opens and migrates. `loop` is where calls come from and return to; `clock` is read on a
    /// thread of the store's own unless it works inline. Both must outlive the store. Throws
    /// SchemaMismatch or Unavailable.
    SqliteStore(const Options& options, const boost::asio::any_io_executor& loop,
                const Clock& clock);
    /// Finishes what is queued; its results are posted to the loop.
    ~SqliteStore() override;
    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;

    /// How many transactions that wrote something were committed.
    std::int64_t commits() const;

    Async<TaskOutcome> accept(TaskRequest request) override;
    Async<TaskOutcome> accept_proposal(ProposalRequest request) override;
    Async<AnswerOutcome> answer(AnswerRequest request) override;
    Async<AnswerOutcome> change_settings(AnswerRequest request, SettingsChange change) override;
    Async<CancelOutcome> cancel(AnswerRequest request, std::optional<TaskId> task) override;
    Async<std::optional<TaskRecord>> find_task(TaskId task) override;
    Async<std::optional<TaskRecord>> find_asked(BotId bot, ChatId chat, MessageId message) override;
    Async<std::optional<Profile>> profile(TelegramId user) override;
    Async<std::vector<HistoryLine>> history(TelegramId user, std::optional<std::int64_t> before,
                                            int limit) override;
    Async<std::vector<Price>> current_prices() override;

    Async<LeaseOutcome> lease(TaskId task, std::string worker, Duration lease_for) override;
    Async<bool> extend_lease(TaskId task, Epoch epoch, Duration lease_for) override;
    Async<bool> record_operation(TaskId task, Epoch epoch, std::string operation) override;
    Async<AdjustOutcome> adjust_hold(TaskId task, Epoch epoch, Units measured,
                                     Credits price) override;
    Async<std::optional<TaskResult>> find_cached(std::string cache_key) override;
    Async<SettleOutcome> complete(Completion completion) override;
    Async<SettleOutcome> fail(TaskId task, Epoch epoch, FailureReason reason,
                              std::optional<Units> measured, Spending spending) override;
    Async<SettleOutcome> retry(TaskId task, Epoch epoch, Time next_attempt_at,
                               Spending spending) override;
    Async<SettleOutcome> await_operation(TaskId task, Epoch epoch, Time next_attempt_at,
                                         Spending spending) override;
    Async<SettleOutcome> await_turn(TurnAwaited wait) override;

    Async<std::optional<ClaimedDelivery>> claim_delivery(DeliveryId id,
                                                         Duration claim_for) override;
    Async<std::optional<ClaimedDelivery>> claim_result(TaskId task, Duration claim_for) override;
    Async<bool> extend_claim(DeliveryId id, Epoch claim, Duration claim_for) override;
    Async<bool> part_sent(DeliveryId id, Epoch claim, MessageId message, std::string file_id,
                          bool last, Duration claim_for) override;
    Async<bool> postpone(DeliveryId id, Epoch claim, Time not_before) override;
    Async<bool> ambiguous(DeliveryId id, Epoch claim, Time not_before) override;
    Async<bool> give_up(DeliveryId id, Epoch claim, std::string why) override;
    Async<RefusalOutcome> refuse(DeliveryId id, Epoch claim, std::string why,
                                 bool by_user) override;
    Async<void> note_topic(ChatId chat, MessageId message, MessageId topic) override;
    Async<std::optional<MessageId>> topic_of(ChatId chat, MessageId message) override;
    Async<void> set_buttons(ChatId chat, MessageId message,
                            std::optional<OwnedMessage> owned) override;
    Async<std::optional<OwnedMessage>> buttons_of(ChatId chat, MessageId message) override;
    Async<void> move_chat(ChatId from, ChatId to) override;
    Async<std::vector<DeliveryId>> due_deliveries(int limit) override;
    Async<StatusMessage> set_status_message(TaskId task, MessageId message) override;

    Async<std::vector<OutboxRecord>> take_outbox(int limit, Duration claim_for) override;
    Async<void> published(std::vector<OutboxId> ids) override;
    Async<void> not_published(std::vector<OutboxId> ids) override;
    Async<SweepReport> sweep(SweepPolicy policy) override;

    Async<std::optional<Profile>> find_user(TelegramId user) override;
    Async<std::vector<Profile>> users(int limit) override;
    Async<BookingOutcome> correct(Correction correction) override;
    Async<BookingOutcome> refund(TaskId task, Credits amount, std::string actor, std::string reason,
                                 std::string request) override;
    Async<bool> set_role(TelegramId user, Role role, std::string actor) override;
    Async<std::vector<Price>> prices() override;
    Async<Price> set_price(Price price) override;
    Async<std::optional<TaskStory>> story(TaskId task) override;
    Async<std::vector<DeliveryRecord>> failed_deliveries(int limit) override;
    Async<std::int64_t> ledger_end() override;
    Async<std::vector<TransactionRecord>> ledger_rows(std::int64_t after, std::int64_t last,
                                                      int limit) override;
    Async<std::vector<TaskId>> newest_tasks(std::optional<TelegramId> user, int limit) override;
    Async<bool> cancel_task(TaskId task) override;
    Async<bool> retry_task(TaskId task) override;
    Async<std::vector<Violation>> verify() override;
    Async<Statistics> statistics() override;

    Async<void> record_backup(BackupRecord record) override;
    Async<std::optional<Time>> last_backup() override;

    Async<bool> hold_poll_lease(BotId bot, std::string holder, Duration lease) override;
    Async<void> release_poll_lease(BotId bot, std::string holder) override;
    Async<Duration> reserve(std::string name, QuotaRate rate, int count) override;
    Async<Duration> take_turn(QuotaTurn turn) override;
    Async<void> give_back_turn(std::string quota, std::string holder) override;

  private:
    std::unique_ptr<Engine> engine_;
};

}  // namespace mlbilling::sqlite
