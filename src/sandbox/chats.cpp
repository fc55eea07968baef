#include "sandbox/chats.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace mlbilling::sandbox {
namespace {

constexpr std::size_t most_messages = 2'000;
constexpr std::size_t most_toasts = 100;
constexpr std::size_t most_entries = 20'000;
constexpr std::int64_t most_groups = 1'000;

template <class Item>
void keep_newest(std::deque<Item>& items, std::size_t most) {
    while (items.size() > most) items.pop_front();
}

}  // namespace

bool Chat::has_member(std::int64_t person) const {
    return std::find(members.begin(), members.end(), person) != members.end();
}

const Message* Chat::message(std::int64_t message_id) const {
    const auto found = messages.find(message_id);
    return found == messages.end() ? nullptr : &found->second;
}

Chat* Chats::find(std::int64_t id) {
    const auto found = chats_.find(id);
    return found == chats_.end() ? nullptr : &found->second;
}

const Chat* Chats::find(std::int64_t id) const {
    const auto found = chats_.find(id);
    return found == chats_.end() ? nullptr : &found->second;
}

Chat& Chats::open_private(std::int64_t person) {
    auto& chat = chats_[person];
    chat.id = person;
    chat.members = {person};
    return chat;
}

Chat* Chats::open_group(std::string title, std::vector<std::int64_t> members) {
    if (last_group_ <= -5000 - most_groups) return nullptr;
    auto& chat = chats_[--last_group_];
    chat.id = last_group_;
    chat.title = std::move(title);
    chat.members = std::move(members);
    return &chat;
}

std::uint64_t Chats::step(Chat& chat) { return ++chat.sequence; }

void Chats::announce(const Chat& chat) {
    if (on_change) on_change(chat.id);
}

const Message& Chats::post(Chat& chat, Message message) {
    if (chat.last_message_id == 0) chat.last_message_id = first_message_id_;
    message.id = ++chat.last_message_id;
    message.sequence = step(chat);
    if (message.from_bot) chat.action.reset();
    const auto& kept = chat.messages.emplace(message.id, std::move(message)).first->second;
    while (chat.messages.size() > most_messages) chat.messages.erase(chat.messages.begin());
    announce(chat);
    return kept;
}

const Message& Chats::replace(Chat& chat, Message message) {
    const auto place = chat.messages.find(message.id);
    CHECK(place != chat.messages.end());
    message.sequence = step(chat);
    place->second = std::move(message);
    announce(chat);
    return place->second;
}

void Chats::remove(Chat& chat, std::int64_t message_id) {
    chat.messages.erase(message_id);
    chat.deleted.emplace_back(step(chat), message_id);
    keep_newest(chat.deleted, most_messages);
    announce(chat);
}

void Chats::show_action(Chat& chat, ChatAction action) {
    chat.action = std::move(action);
    step(chat);
    announce(chat);
}

void Chats::show_toast(Chat& chat, std::string text) {
    chat.toasts.push_back({step(chat), std::move(text)});
    keep_newest(chat.toasts, most_toasts);
    announce(chat);
}

void Chats::note(Chat& chat, RecordEntry entry) {
    entry.sequence = chat.sequence;
    chat.record.push_back(std::move(entry));
    keep_newest(chat.record, most_entries);
}

}  // namespace mlbilling::sandbox
