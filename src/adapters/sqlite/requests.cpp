#include "adapters/sqlite/requests.hpp"

#include "adapters/sqlite/rows.hpp"

namespace mlbilling::sqlite {
namespace {

/// What decides whose a task is.
struct Owner {
    TaskId id;
    TaskId request;
    TelegramId user;
    std::optional<BotId> bot;
    std::optional<ChatId> chat;
    std::string reply_to;
};

std::optional<Owner> find_owner(Session& session, const TaskId& id) {
    auto row = session.database.query(R"(
        SELECT t.id, coalesce(t.request_id, t.id), u.telegram_id, t.bot_id, t.chat_id, t.reply_to
          FROM tasks t JOIN users u ON u.id = t.user_id WHERE t.id = ?)",
                                      id);
    if (!row.next()) return std::nullopt;
    Owner owner;
    owner.id = row.read<TaskId>();
    owner.request = row.read<TaskId>();
    owner.user = row.read<TelegramId>();
    owner.bot = row.read<std::optional<BotId>>();
    owner.chat = row.read<std::optional<ChatId>>();
    owner.reply_to = row.read<std::string>();
    return owner;
}

bool is_of(const Owner& owner, const RequestKey& key) {
    if (key.user && *key.user != owner.user) return false;
    if (key.bot) {
        const bool same_bot = owner.bot ? owner.bot == key.bot : key.of_old && owner.chat;
        return same_bot && owner.request == key.request;
    }
    if (!owner.chat) return owner.request == key.request;
    return owner.id == key.request && !key.reply_to.empty() && owner.reply_to == key.reply_to;
}

}  // namespace

RequestKey key_of(const TaskRequest& request) {
    std::optional<BotId> bot;
    if (request.update) bot = request.update->bot;
    return {request.id, bot, request.sender.telegram, request.reply_to};
}

RequestKey key_of(BotId bot, ChatId chat, MessageId message) {
    const TaskId request(std::to_string(chat.value()) + '_' + std::to_string(message.value()));
    return {.request = request, .bot = bot, .user = {}, .reply_to = {}, .of_old = true};
}

RequestPlace find_request(Session& session, const RequestKey& key) {
    auto id = key.request;
    for (int nth = 2;; ++nth) {
        const auto owner = find_owner(session, id);
        if (!owner) return {id, false};
        if (is_of(*owner, key)) return {id, true};
        id = TaskId(key.request.value() + '.' + std::to_string(nth));
    }
}

std::optional<TaskRecord> find_task_of(Session& session, const RequestKey& key) {
    const auto place = find_request(session, key);
    if (!place.known) return std::nullopt;
    return find_task(session, place.id);
}

}  // namespace mlbilling::sqlite
