#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "domain/credits.hpp"
#include "domain/task.hpp"
#include "ports/broker.hpp"
#include "ports/store/records.hpp"

namespace mlbilling {

/// What the queue `tasks` carries (interface.md, Queue messages).
struct TaskMessage {
    TelegramId user;
    TaskType type = TaskType::text;
    TaskId task;
    /// `text`: the text as the producer wrote it, not normalised. `voice`: Telegram's file_id.
    std::string data;
    friend bool operator==(const TaskMessage&, const TaskMessage&) = default;
};

/// What goes to the task's reply_to (interface.md, Queue messages).
struct ReplyMessage {
    bool success = false;
    /// Fit for the user: the transcript, or why nothing came of it.
    std::string message;
    /// Absent when the task that is answered could not be read.
    std::optional<TaskType> type;
    /// Keys in the result store, in order; the first is `result_file`, several also `result_files`.
    std::vector<std::string> result_files;
    /// What was really charged.
    Credits cost;
    TaskId task;
    friend bool operator==(const ReplyMessage&, const ReplyMessage&) = default;
};

/// Why a message could not be read.
struct UnreadableMessage {
    enum class Kind {
        not_an_object,  ///< no JSON object at all: nothing in it can be trusted
        unusable        ///< an object whose fields are not what they must be: its sender is told
    };
    Kind kind = Kind::not_an_object;
    /// One sentence; never quotes the message.
    std::string reason;
    /// Of an unusable message, where it could be read: so that the answer can name it.
    std::optional<TaskId> task;
};

/// Bounds of what is read; a larger message is refused before it is parsed.
constexpr std::size_t longest_body = 2 * 1024 * 1024;
/// Room for max_text code points of four bytes.
constexpr std::size_t longest_data = 512 * 1024;
constexpr std::size_t longest_task_id = 64;

/// 1 to 64 of [A-Za-z0-9._-], not beginning with a dot: safe within keys of the ledger and of the
/// result store. Telegram's `{chat_id}_{message_id}` always is.
bool is_task_id(std::string_view id);

/// Whether replies may go there: 1 to 255 bytes (AMQP's short string) of UTF-8 without control
/// characters, and none of the queues that the workers read themselves.
bool is_reply_queue(std::string_view name);

std::string encode(const TaskMessage& message);
std::string encode(const ReplyMessage& message);

/// Strict about types, blind to fields it does not know. Refuses duplicate fields, deep nesting,
/// huge bodies and bytes that are not UTF-8.
Result<TaskMessage, UnreadableMessage> parse_task_message(std::string_view body);
Result<ReplyMessage, UnreadableMessage> parse_reply_message(std::string_view body);

/// The message that asks for the task, ready for the queue `tasks`. It says what its producer said,
/// and in a header which task is meant, whose id may be another.
Message task_message(const TaskRecord& task);
/// The task that is meant by a message of our own; nothing in a message of another producer.
std::optional<TaskId> task_meant(const Message& message);
/// The reply to a task that has ended. Other producers name no language: their users are told in
/// English.
ReplyMessage reply_to_task(const TaskRecord& task);
/// The reply, ready for `reply_to`. `correlation` is the task id, or what the asking message bore.
Message reply_message(const ReplyMessage& reply, std::string correlation);
/// The reply to a task that has ended, as its producer wants it.
Message reply_message(const TaskRecord& task);

}  // namespace mlbilling
