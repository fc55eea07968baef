#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ports/async.hpp"
#include "ports/store/notice.hpp"
#include "ports/store/outbox.hpp"
#include "ports/store/records.hpp"

namespace mlbilling {

/// What a newcomer is given at the first contact with the bot, once in their life.
struct StartingGrant {
    Credits credits;
    /// So many grants are given within an hour at most, whatever the processes; what is beyond them
    /// is owed, and given when its hour has come (UpkeepStore::sweep). 0: no limit.
    int per_hour = 0;
};

/// A task as it is asked for. What is missing of the payload (voice, speed, formats) is filled in
/// from the user's settings within the transaction.
struct TaskRequest {
    /// Absent when the task came as a queue message of another producer.
    std::optional<UpdateKey> update;
    Sender sender;
    /// What the request is called outside: `{chat_id}_{message_id}` of our bot's message, or the
    /// task_id of another producer.
    TaskId id;
    /// Another producer's: what the reply is to be correlated with.
    std::string correlation;
    TaskType type = TaskType::text;
    /// Normalised text, or file_id.
    std::string data;
    std::string file_unique_id;
    /// Upper bound of the work as far as it is known yet; 0 when nothing is known.
    Units claimed;
    /// Queue that wants the reply.
    std::string reply_to;
    /// Where our bot delivers the result; absent for another producer's task.
    std::optional<Place> place;
    /// A price above this waits for the user's yes; absent: never ask.
    std::optional<Credits> ask_above;
    /// Granted if this is the sender's first contact. Another producer's task that grants nothing
    /// leaves the first contact to the bot.
    StartingGrant start;
    /// How long from now the task may take in all.
    Duration time_limit{};
};

/// The task exists, its price is held, its outbox row is written and claimed by the caller, who
/// publishes it at once.
struct Accepted {
    TaskRecord task;
    Account account;
    OutboxRecord outbox;
};
/// This update, or this very request, was seen before; nothing changed. The task that it became, if
/// there is one. A request is our bot's by its bot, chat, message and user, another producer's by
/// its id and user; one whose reply queue is a task's of our bot is a copy of that task's message.
struct AlreadyKnown {
    std::optional<TaskRecord> task;
};
/// Not enough available; with a place, the notice that says so is due.
struct Insufficient {
    Credits price;
    Account account;
    std::optional<DeliveryId> notice;
};
/// The price is above `ask_above`; the question is due.
struct Proposed {
    DeliveryId notice;
};
/// The user is banned, or the proposal is gone; with a place, the notice that says so is due.
struct Refused {
    std::optional<DeliveryId> notice;
};
using TaskOutcome = std::variant<Accepted, AlreadyKnown, Insufficient, Proposed, Refused>;

/// An answer that is due to be delivered, or nothing when the update was seen before.
using AnswerOutcome = std::optional<DeliveryId>;

/// Only what is set changes.
struct SettingsChange {
    std::optional<Language> language;
    std::optional<std::string> voice;
    std::optional<int> speed_percent;
    std::optional<ReplyFormat> reply_format;
    std::optional<std::string> spoken_language;
};

/// What an update did besides an answer, for the caller's next step.
struct CancelOutcome {
    AnswerOutcome answer;
    /// The task that was cancelled now.
    std::optional<TaskId> cancelled;
};

/// A line of a user's history: one ledger row with what it was for.
struct HistoryLine {
    TransactionRecord transaction;
    std::optional<TaskType> type;
    std::string provider;
};

/// The bot's side of the store. Each method is one transaction that also registers an unknown
/// sender with the starting grant and records the update key; a repeated key changes nothing. Who
/// has to wait for the grant is told by a notice `grant_owed` of its own, where there is a place.
/// Throws Unavailable.
class IntakeStore {
  public:
    virtual ~IntakeStore() = default;

    /// The task's id is that of the request, unless another user, chat, bot or producer has it:
    /// then with a suffix `.2`, `.3`, the first that is free.
    virtual Async<TaskOutcome> accept(TaskRequest request) = 0;
    /// Accepts a proposed task after the user's yes, as what the prompt asks for,
    /// `{chat}_{message}`; the prompt becomes its status message. Holds the price that the question
    /// named. Refused with notice proposal_gone if it is unknown, another user's or used;
    /// AlreadyKnown for a second yes to one prompt.
    struct ProposalRequest {
        UpdateKey update;
        Sender sender;
        ProposalId proposal;
        ChatId chat;
        MessageId prompt;
        std::string reply_to;
        StartingGrant start;
        Duration time_limit{};
    };
    virtual Async<TaskOutcome> accept_proposal(ProposalRequest request) = 0;
    /// Makes the notice due in the place. With `edit` the answer replaces that message of the
    /// bot's.
    struct AnswerRequest {
        UpdateKey update;
        Sender sender;
        Place place;
        Notice notice;
        std::optional<MessageId> edit;
        StartingGrant start;
    };
    virtual Async<AnswerOutcome> answer(AnswerRequest request) = 0;
    /// The same, together with a change of the sender's settings.
    virtual Async<AnswerOutcome> change_settings(AnswerRequest request, SettingsChange change) = 0;
    /// Cancels the sender's task (absent: the newest that has not started) and makes the notice
    /// `cancelled` or `not_cancellable` due; a cancelled task's own result is not delivered
    /// besides.
    virtual Async<CancelOutcome> cancel(AnswerRequest request, std::optional<TaskId> task) = 0;

    virtual Async<std::optional<Profile>> profile(TelegramId user) = 0;
    /// The task as it stands, whoever's it is.
    virtual Async<std::optional<TaskRecord>> find_task(TaskId task) = 0;
    /// The task that the bot made of that message or of the yes to the question in it.
    virtual Async<std::optional<TaskRecord>> find_asked(BotId bot, ChatId chat,
                                                        MessageId message) = 0;
    /// Newest first; at most `limit` lines with an id below `before` (absent: from the newest).
    virtual Async<std::vector<HistoryLine>> history(TelegramId user,
                                                    std::optional<std::int64_t> before,
                                                    int limit) = 0;
    /// The prices that are valid now, one for each type of task.
    virtual Async<std::vector<Price>> current_prices() = 0;
};

}  // namespace mlbilling
