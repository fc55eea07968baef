#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sandbox/model.hpp"

namespace mlbilling::sandbox {

/// One thing that the bot did in a chat, kept even when the message is edited or deleted later.
struct RecordEntry {
    std::uint64_t sequence = 0;
    std::string method;
    std::int64_t message_id = 0;
    std::string text;
    std::string caption;
    MessageKind kind = MessageKind::text;
    std::string file_unique_id;
    std::int64_t size = 0;
    int duration = 0;
    Time at;
};

/// What the bot shows itself doing, e.g. `record_voice`.
struct ChatAction {
    std::string name;
    Time until;
};

/// The answer to a pressed button.
struct Toast {
    std::uint64_t sequence = 0;
    std::string text;
};

struct Chat {
    std::int64_t id = 0;
    /// Empty for a private chat.
    std::string title;
    /// Users in it; a private chat has one, with the chat's id.
    std::vector<std::int64_t> members;
    /// Counts every change that somebody who looks at the chat would see.
    std::uint64_t sequence = 0;
    /// Of a forum.
    std::set<std::int64_t> topics;
    std::int64_t last_message_id = 0;
    std::map<std::int64_t, Message> messages;
    std::deque<std::pair<std::uint64_t, std::int64_t>> deleted;
    std::deque<Toast> toasts;
    std::optional<ChatAction> action;
    std::deque<RecordEntry> record;

    bool is_group() const { return id < 0; }
    bool has_member(std::int64_t person) const;
    const Message* message(std::int64_t message_id) const;
};

/// Every chat with what happened in it. The oldest is forgotten beyond 2,000 messages and 20,000
/// entries of the record per chat.
class Chats {
  public:
    /// `first_message_id`: where each chat begins to count.
    explicit Chats(std::int64_t first_message_id = 0) : first_message_id_(first_message_id) {}

    /// Nothing when there is no such chat.
    Chat* find(std::int64_t id);
    const Chat* find(std::int64_t id) const;
    Chat& open_private(std::int64_t person);
    /// Nothing when there are too many groups.
    Chat* open_group(std::string title, std::vector<std::int64_t> members);

    /// Adds the message under the chat's next id. One from the bot ends the chat action.
    const Message& post(Chat& chat, Message message);
    /// Puts the changed message in the place of the one with its id.
    const Message& replace(Chat& chat, Message message);
    void remove(Chat& chat, std::int64_t message_id);
    void show_action(Chat& chat, ChatAction action);
    void show_toast(Chat& chat, std::string text);
    /// Notes what the bot did; sequence is filled in here.
    void note(Chat& chat, RecordEntry entry);

    /// Called with the id of a chat that has changed.
    std::function<void(std::int64_t)> on_change;

  private:
    std::uint64_t step(Chat& chat);
    void announce(const Chat& chat);

    std::map<std::int64_t, Chat> chats_;
    std::int64_t first_message_id_;
    std::int64_t last_group_ = -5000;
};

}  // namespace mlbilling::sandbox
