#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ports/clock.hpp"
#include "ports/store/deliveries.hpp"
#include "ports/store/intake.hpp"
#include "ports/store/poll_lease.hpp"
#include "ports/store/refunds.hpp"
#include "ports/store/upkeep.hpp"

namespace mlbilling::test {

/// A due answer as the store keeps it.
struct DeliveryRow {
    DeliveryId id;
    ChatId chat;
    std::optional<MessageId> reply_to;
    std::optional<MessageId> edit;
    TelegramId user;
    Notice notice;
    std::optional<TaskId> task;
    /// pending, sending, sent, unknown, dead.
    std::string state = "pending";
    std::int64_t claim = 0;
    int attempt = 0;
    int parts_sent = 0;
    Time not_before{};
    Time claimed_until{};
    std::string detail;
    std::vector<std::string> file_ids;
};

/// The store's contract in a few lines of memory, with the worker's part as plain functions for the
/// test.
class MemoryStore final : public IntakeStore,
                          public DeliveryStore,
                          public RefundStore,
                          public UpkeepStore,
                          public PollLeaseStore {
  public:
    explicit MemoryStore(Clock& clock);

    // What the test changes and looks at.
    std::map<TelegramId, Profile> users;
    std::map<TaskId, TaskRecord> tasks;
    std::vector<DeliveryRow> deliveries;
    std::vector<TaskRequest> requests;
    std::vector<Price> prices;
    std::vector<HistoryLine> lines;
    std::optional<std::int64_t> history_before;
    std::set<OutboxId> outbox;
    std::int64_t transactions = 0;
    /// What each task's refund gave back.
    std::map<TaskId, Credits> refunds;
    /// Results that their users refused, until they are offered.
    std::vector<std::pair<TelegramId, TaskId>> kept_results;
    std::map<std::pair<ChatId, MessageId>, MessageId> topics;
    std::map<std::pair<ChatId, MessageId>, OwnedMessage> buttons;

    /// The next calls of the method throw Unavailable: before anything happened, or after it was
    /// committed.
    void fail_next(const std::string& method, int times = 1) { failing_before_[method] += times; }
    void lose_next_answer(const std::string& method) { ++failing_after_[method]; }

    Profile& add_user(TelegramId id, Language language = Language::english, int balance = 20);
    DeliveryRow& make_due(TelegramId user, ChatId chat, Notice notice);
    /// A user's task that ends at once, due in the chat as the answer to message 1.
    TaskRecord& add_finished(TaskRecord task);
    void complete(const TaskId& task, TaskResult result, int cost, bool cached = false);
    void fail(const TaskId& task, FailureReason reason);
    DeliveryRow& delivery_of(const TaskId& task);

    Async<BookingOutcome> refund(TaskId task, Credits amount, std::string actor, std::string reason,
                                 std::string request) override;

    Async<TaskOutcome> accept(TaskRequest request) override;
    Async<TaskOutcome> accept_proposal(ProposalRequest request) override;
    Async<AnswerOutcome> answer(AnswerRequest request) override;
    Async<AnswerOutcome> change_settings(AnswerRequest request, SettingsChange change) override;
    Async<CancelOutcome> cancel(AnswerRequest request, std::optional<TaskId> task) override;
    Async<std::optional<Profile>> profile(TelegramId user) override;
    Async<std::optional<TaskRecord>> find_task(TaskId task) override;
    Async<std::optional<TaskRecord>> find_asked(BotId, ChatId chat, MessageId message) override;
    Async<std::vector<HistoryLine>> history(TelegramId user, std::optional<std::int64_t> before,
                                            int limit) override;
    Async<std::vector<Price>> current_prices() override;

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

    Async<bool> hold_poll_lease(BotId bot, std::string holder, Duration lease) override;
    Async<void> release_poll_lease(BotId bot, std::string holder) override;
    /// Who holds the poll lease now, or empty.
    std::string poll_leader() const;
    void take_poll_lease(std::string holder, Duration lease);
    /// While it is set, nobody who asks for the poll lease is answered.
    bool leases_are_silent = false;
    /// From the moment that a poll lease is granted to the answer that says so.
    Duration lease_answers_take{};

  private:
    struct Proposal {
        TaskRequest request;
        Credits price;
    };

    void throw_if(std::map<std::string, int>& failing, const std::string& method);
    bool is_repeated(const UpdateKey& update);
    Profile& register_sender(const Sender& sender, Credits start, bool* is_new = nullptr);
    DeliveryRow& row(DeliveryId id);
    void offer_kept(TelegramId user, ChatId chat);
    DeliveryRow* claimed_row(DeliveryId id, Epoch claim);
    TaskOutcome begin(const TaskRequest& request, Profile& user, Credits price,
                      std::optional<MessageId> status_message);
    DeliveryId notify(const AnswerRequest& request, Notice notice);
    std::optional<ClaimedDelivery> claim(DeliveryRow& delivery, Duration claim_for);

    struct PollLease {
        std::string holder;
        Time until{};
    };

    Clock& clock_;
    PollLease poll_lease_;
    std::set<std::pair<BotId, UpdateId>> inbox_;
    std::map<ProposalId, Proposal> proposals_;
    std::map<std::string, int> failing_before_;
    std::map<std::string, int> failing_after_;
};

}  // namespace mlbilling::test
