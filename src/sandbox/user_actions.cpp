#include "sandbox/user_actions.hpp"

#include "sandbox/privacy.hpp"
#include "sandbox/text.hpp"

namespace mlbilling::sandbox {
namespace {

/// Lives of updates (telegram.md 1.2).
constexpr auto message_life = std::chrono::hours(24);
constexpr auto button_life = std::chrono::seconds(150);
constexpr std::size_t longest_data = 64;
constexpr std::size_t most_members = 200;

/// The chat, if this person may write to the bot in it.
Result<Chat*> chat_for(State& state, std::int64_t chat_id, std::int64_t from) {
    auto* chat = state.chats.find(chat_id);
    if (chat == nullptr) return Problem{"there is no such chat"};
    const auto* person = state.people.find(from);
    if (person == nullptr || !chat->has_member(from))
        return Problem{"this user is not in the chat"};
    const bool blocked = !chat->is_group() && person->blocked;
    if (blocked) return Problem{"this user has blocked the bot"};
    return chat;
}

std::optional<Message> copy_of(const Chat& chat, std::optional<std::int64_t> id) {
    const auto* message = id ? chat.message(*id) : nullptr;
    return message == nullptr ? std::nullopt : std::optional(*message);
}

void announce(State& state, const Chat& chat, const Message& message, bool edited, Time now) {
    auto reply_to = copy_of(chat, message.reply_to);
    if (!reaches_bot(chat, message, reply_to ? &*reply_to : nullptr)) return;
    Update update;
    update.chat = chat.id;
    update.expires = (edited ? now : message.date) + message_life;
    update.content = MessageUpdate{edited, message, std::move(reply_to)};
    state.updates.add(std::move(update));
}

void announce_membership(State& state, std::int64_t chat, std::int64_t by, bool is_member,
                         Time now) {
    Update update;
    update.chat = chat;
    update.expires = now + message_life;
    update.content = MembershipUpdate{by, !is_member, is_member, now};
    state.updates.add(std::move(update));
}

Result<std::string> checked_text(const std::string& raw) {
    if (!is_utf8(raw)) return Problem{"text must be UTF-8"};
    auto text = trimmed(raw);
    if (text.empty()) return Problem{"text is empty"};
    // A real client cuts a longer text into several messages.
    if (utf16_length(text) > longest_text) return Problem{"text is longer than 4096 characters"};
    return text;
}

Result<Message> post(State& state, Chat& chat, Message message, Time now) {
    if (message.reply_to && chat.message(*message.reply_to) == nullptr) {
        return Problem{"there is no message to reply to"};
    }
    if (message.topic && (!chat.is_group() || *message.topic <= 0))
        return Problem{"a topic is a positive number, and only groups have them"};
    if (message.topic) chat.topics.insert(*message.topic);
    message.date = now;
    const Message kept = state.chats.post(chat, std::move(message));
    announce(state, chat, kept, false, now);
    return kept;
}

}  // namespace

Result<Message> post_text(State& state, TextFromUser text, Time now) {
    const auto chat = chat_for(state, text.chat, text.from);
    if (!chat) return chat.error();
    auto checked = checked_text(text.text);
    if (!checked) return checked.error();
    Message message;
    message.from_id = text.from;
    message.text = std::move(*checked);
    message.reply_to = text.reply_to;
    message.forwarded = text.forwarded;
    message.topic = text.topic;
    return post(state, **chat, std::move(message), now);
}

Result<Message> post_file(State& state, FileFromUser file, Time now) {
    const auto chat = chat_for(state, file.chat, file.from);
    if (!chat) return chat.error();
    const auto& claimed = file.description;
    if (claimed.kind == MessageKind::text) return Problem{"kind must name a kind of file"};
    if (file.bytes.empty()) return Problem{"the file is empty"};
    if (!is_utf8(claimed.name) || !is_utf8(claimed.mime) || !is_utf8(file.caption)) {
        return Problem{"name, mime and caption must be UTF-8"};
    }
    if (claimed.name.size() > 255 || claimed.mime.size() > 255)
        return Problem{"name or mime is too long"};
    if (utf16_length(file.caption) > longest_caption) return Problem{"the caption is too long"};
    if (claimed.duration < 0) return Problem{"duration must not be negative"};
    Message message;
    message.from_id = file.from;
    message.caption = trimmed(file.caption);
    message.reply_to = file.reply_to;
    message.forwarded = file.forwarded;
    message.topic = file.topic;
    message.file = state.files.add(std::move(file.bytes), file.description);
    return post(state, **chat, std::move(message), now);
}

Result<Message> edit_text(State& state, TextFromUser text, std::int64_t message_id, Time now) {
    const auto chat = chat_for(state, text.chat, text.from);
    if (!chat) return chat.error();
    auto checked = checked_text(text.text);
    if (!checked) return checked.error();
    auto message = copy_of(**chat, message_id);
    if (!message || message->from_bot || message->from_id != text.from) {
        return Problem{"this user has no such message"};
    }
    if (message->file) return Problem{"the message has no text"};
    message->text = std::move(*checked);
    message->edited = now;
    const Message kept = state.chats.replace(**chat, std::move(*message));
    announce(state, **chat, kept, true, now);
    return kept;
}

std::optional<Problem> press_button(State& state, std::int64_t chat_id, std::int64_t from,
                                    std::int64_t message_id, const std::string& data, Time now) {
    const auto chat = chat_for(state, chat_id, from);
    if (!chat) return chat.error();
    const auto message = copy_of(**chat, message_id);
    if (!message || !message->from_bot) return Problem{"there is no such message from the bot"};
    if (data.empty() || data.size() > longest_data || !is_utf8(data)) {
        return Problem{"data must be 1 to 64 bytes of UTF-8"};
    }
    Update update;
    update.chat = chat_id;
    update.expires = now + button_life;
    update.content =
        ButtonUpdate{state.queries.open({chat_id, message_id}, now), from, data, *message};
    state.updates.add(std::move(update));
    return std::nullopt;
}

void set_blocked(State& state, Person& person, bool blocked, Time now) {
    if (person.blocked == blocked) return;
    person.blocked = blocked;
    announce_membership(state, person.id, person.id, !blocked, now);
}

Result<std::int64_t> create_group(State& state, std::string title,
                                  std::vector<std::int64_t> members, Time now) {
    if (title.empty() || utf16_length(title) > 128)
        return Problem{"title must be 1 to 128 characters"};
    if (members.empty() || members.size() > most_members)
        return Problem{"a group has 1 to 200 members"};
    for (const auto member : members) {
        if (state.people.find(member) == nullptr) return Problem{"a member is not a known user"};
    }
    const auto creator = members.front();
    const auto* chat = state.chats.open_group(std::move(title), std::move(members));
    if (chat == nullptr) return Problem{"there are too many groups already"};
    announce_membership(state, chat->id, creator, true, now);
    return chat->id;
}

}  // namespace mlbilling::sandbox
