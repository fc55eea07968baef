#pragma once

#include <optional>
#include <string>

#include "adapters/sqlite/session.hpp"
#include "ports/store/intake.hpp"

namespace mlbilling::sqlite {

/// What a request is called outside, and whose it is.
struct RequestKey {
    TaskId request;
    /// Absent: another producer's.
    std::optional<BotId> bot;
    /// Absent: whoever asked the bot.
    std::optional<TelegramId> user;
    /// Another producer's: its reply queue. That of a task of our bot's shows a copy of the task's
    /// own message.
    std::string reply_to;
    /// Tasks of earlier releases count, whose bot is not known.
    bool of_old = false;
};
RequestKey key_of(const TaskRequest& request);
RequestKey key_of(BotId bot, ChatId chat, MessageId message);

/// The first id that is the request's own, or that is free: there its task is to go.
struct RequestPlace {
    TaskId id;
    bool known = false;
};
RequestPlace find_request(Session& session, const RequestKey& key);
/// The task that the request became, if it did.
std::optional<TaskRecord> find_task_of(Session& session, const RequestKey& key);

}  // namespace mlbilling::sqlite
