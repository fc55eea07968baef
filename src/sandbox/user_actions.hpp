#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "sandbox/state.hpp"

namespace mlbilling::sandbox {

// What people do in their chats. Each makes the update that the bot would get, if it would get one.

struct TextFromUser {
    std::int64_t chat = 0;
    std::int64_t from = 0;
    std::string text;
    std::optional<std::int64_t> reply_to;
    bool forwarded = false;
    /// Of a group: the topic it is written in, which makes the group a forum.
    std::optional<std::int64_t> topic = std::nullopt;
};
Result<Message> post_text(State& state, TextFromUser text, Time now);

struct FileFromUser {
    std::int64_t chat = 0;
    std::int64_t from = 0;
    std::string bytes;
    /// kind, name, mime and duration as the sender claims them.
    Attachment description;
    std::string caption;
    std::optional<std::int64_t> reply_to;
    bool forwarded = false;
    /// Of a group: the topic it is written in, which makes the group a forum.
    std::optional<std::int64_t> topic = std::nullopt;
};
Result<Message> post_file(State& state, FileFromUser file, Time now);

/// Changes the text of one of the user's own messages.
Result<Message> edit_text(State& state, TextFromUser text, std::int64_t message_id, Time now);

/// Presses a button of a message from the bot. The data need not be on any button: a client that
/// was tampered with can send what it likes. A problem, or nothing.
std::optional<Problem> press_button(State& state, std::int64_t chat, std::int64_t from,
                                    std::int64_t message_id, const std::string& data, Time now);

/// Blocks the bot, or lets it back.
void set_blocked(State& state, Person& person, bool blocked, Time now);

/// Brings people and the bot together.
Result<std::int64_t> create_group(State& state, std::string title,
                                  std::vector<std::int64_t> members, Time now);

}  // namespace mlbilling::sandbox
