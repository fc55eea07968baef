#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "domain/credits.hpp"
#include "domain/failure.hpp"
#include "domain/ledger.hpp"
#include "domain/micro_roubles.hpp"
#include "domain/pricing.hpp"
#include "domain/task.hpp"
#include "domain/user.hpp"

namespace mlbilling {

/// A user as the bot and the operator see them, read in one snapshot.
struct Profile {
    UserId id;
    TelegramId telegram;
    std::string username;
    Role role = Role::user;
    Settings settings;
    Account account;
    Time created_at;
};

/// The same update is recognised by this pair (design.md, Nothing is lost).
struct UpdateKey {
    BotId bot;
    UpdateId update;
};

/// Who sent an update; enough to register them.
struct Sender {
    TelegramId telegram;
    std::string username;
    /// Interface language at first contact, from Telegram's language_code.
    Language language = Language::english;
};

/// Where an answer goes.
struct Place {
    ChatId chat;
    /// Message that asked.
    std::optional<MessageId> message;
};

/// Everything that a worker needs to run a task; kept as JSON in tasks.payload. What the user's
/// settings were when they asked is part of it.
struct Payload {
    /// `text`: the normalised text to be voiced. `voice`: Telegram's file_id.
    std::string data;
    /// `voice`: same for all bots, the key of the cache; may be empty.
    std::string file_unique_id;
    std::string voice;
    int speed_percent = 100;
    /// `voice`: two letters.
    std::string spoken_language;
    ReplyFormat reply_format = ReplyFormat::message;
    /// Another producer's own name of the task, and what its reply has to be correlated with; empty
    /// for our bot's tasks.
    std::string asked_as = {};
    std::string correlation = {};

    friend bool operator==(const Payload&, const Payload&) = default;
};

/// One file of a result, in order.
struct ResultPart {
    ResultKey key;
    Duration duration{};
    /// How long the blob is, so that one which a crash of the machine has cut short is not taken
    /// for it; nothing in results of before this was kept.
    std::optional<std::size_t> bytes = std::nullopt;
    friend bool operator==(const ResultPart&, const ResultPart&) = default;
};

/// What a completed task made; kept as JSON in tasks.result.
struct TaskResult {
    /// `voice`: the transcript.
    std::string text;
    /// `text`: the voices, numbered.
    std::vector<ResultPart> parts;
    /// `voice`: how much was measured, so that the same recording can be answered without fetching
    /// it; nothing in results of before this was kept.
    std::optional<Units> measured = std::nullopt;
    friend bool operator==(const TaskResult&, const TaskResult&) = default;
};

/// A task as it stands, for history, the operator and replies.
struct TaskRecord {
    TaskId id;
    UserId user;
    TelegramId telegram;
    TaskType type = TaskType::text;
    TaskStatus status = TaskStatus::created;
    FailureReason failure = FailureReason::none;
    Payload payload;
    TaskResult result;
    /// What was really charged; nothing while the task runs.
    std::optional<Credits> cost;
    /// What is or was held.
    Credits held;
    Units units_claimed;
    std::optional<Units> units_measured;
    bool cached = false;
    Price price;
    std::string provider;
    /// What all attempts together cost us at the providers.
    MicroRoubles provider_cost;
    int attempt = 0;
    Epoch epoch;
    /// Queue that wants the reply, or empty.
    std::string reply_to;
    /// Where our bot delivers the result; absent for another producer's task, whose reply goes
    /// through the outbox instead.
    std::optional<Place> place;
    /// The bot's message that shows the progress, if one was sent.
    std::optional<MessageId> status_message;
    Time created_at;
    std::optional<Time> leased_until;
    std::optional<Time> next_attempt_at;
    Time deadline_at;
    std::optional<Time> finished_at;
};

/// What an attempt cost us, whatever came of it.
struct Spending {
    /// Who was called last, or empty.
    std::string provider;
    MicroRoubles cost;
};

/// One row of the ledger.
struct TransactionRecord {
    std::int64_t id = 0;
    UserId user;
    Credits amount;
    TransactionType type = TransactionType::grant;
    std::optional<TaskId> task;
    std::int64_t sequence = 0;
    Credits balance_after;
    std::string key;
    std::string actor;
    std::string reason;
    Time created_at;
};

}  // namespace mlbilling
