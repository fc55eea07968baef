#include "simulation/telegram_server.hpp"

#include <algorithm>

namespace mlbilling::simulation {

using telegram::Done;
using telegram::Error;
using telegram::Failure;
using telegram::Outcome;
using telegram::SentMessage;

ShownChat& TelegramServer::open_chat(TelegramId user) {
    auto& chat = chats_[user.value()];
    chat.id = ChatId(user.value());
    chat.user = user;
    return chat;
}

telegram::IncomingMessage TelegramServer::incoming(const ShownChat& chat, MessageId id) {
    telegram::IncomingMessage message;
    message.id = id;
    message.chat = {chat.id, telegram::ChatKind::private_chat};
    message.from = telegram::User{chat.user, false, "user" + std::to_string(chat.user.value()),
                                  "User", chat.user.value() % 2 == 0 ? "ru" : "en"};
    message.date = world_.time.now();
    return message;
}

MessageId TelegramServer::user_writes(TelegramId user, std::string text) {
    auto& chat = open_chat(user);
    const MessageId id(chat.next_message++);
    ShownMessage shown;
    shown.id = id;
    shown.text = text;
    chat.messages[id.value()] = shown;
    auto message = incoming(chat, id);
    message.text = std::move(text);
    updates_.push_back({UpdateId(next_update_++), std::move(message)});
    return id;
}

MessageId TelegramServer::user_records(TelegramId user, std::string file_id, Duration claimed) {
    auto& chat = open_chat(user);
    const MessageId id(chat.next_message++);
    ShownMessage shown;
    shown.id = id;
    shown.file = file_id;
    chat.messages[id.value()] = shown;
    auto message = incoming(chat, id);
    telegram::MediaFile media;
    media.kind = telegram::MediaFile::Kind::voice;
    media.file_unique_id = "unique-" + file_id;
    media.file_id = std::move(file_id);
    media.duration = claimed;
    media.size = 1000;
    media.mime_type = "audio/ogg";
    message.media = std::move(media);
    updates_.push_back({UpdateId(next_update_++), std::move(message)});
    return id;
}

void TelegramServer::user_presses(TelegramId user, MessageId message, std::string data) {
    auto& chat = open_chat(user);
    telegram::CallbackQuery query;
    query.id = "query-" + std::to_string(next_query_++);
    query.from = *incoming(chat, message).from;
    query.data = std::move(data);
    query.chat = telegram::Chat{chat.id, telegram::ChatKind::private_chat};
    query.message = message;
    updates_.push_back({UpdateId(next_update_++), std::move(query)});
}

std::vector<telegram::Update> TelegramServer::pending(std::int64_t offset) {
    while (!updates_.empty() && updates_.front().id.value() < offset) updates_.pop_front();
    const auto count = std::min<std::size_t>(updates_.size(), 100);
    return {updates_.begin(), updates_.begin() + static_cast<std::ptrdiff_t>(count)};
}

void TelegramServer::remember_offers(const ShownChat& chat, MessageId id,
                                     const telegram::Keyboard& keyboard) {
    for (const auto& row : keyboard)
        for (const auto& button : row) offers_.push_back({chat.user, id, button.data});
}

std::vector<TelegramServer::Offer> TelegramServer::take_offers() {
    return std::exchange(offers_, {});
}

MessageId TelegramServer::bot_sends(ChatId chat_id, ShownMessage message) {
    auto& chat = open_chat(TelegramId(chat_id.value()));
    message.id = MessageId(chat.next_message++);
    message.from_bot = true;
    remember_offers(chat, message.id, message.keyboard);
    chat.messages[message.id.value()] = message;
    return message.id;
}

bool TelegramServer::bot_edits(ChatId chat_id, MessageId id, std::string text,
                               telegram::Keyboard keyboard) {
    auto& chat = open_chat(TelegramId(chat_id.value()));
    const auto found = chat.messages.find(id.value());
    if (found == chat.messages.end() || found->second.deleted) return false;
    found->second.text = std::move(text);
    found->second.keyboard = keyboard;
    ++found->second.edits;
    remember_offers(chat, id, keyboard);
    return true;
}

bool TelegramServer::bot_deletes(ChatId chat_id, MessageId id) {
    auto& chat = open_chat(TelegramId(chat_id.value()));
    const auto found = chat.messages.find(id.value());
    if (found == chat.messages.end() || found->second.deleted) return false;
    found->second.deleted = true;
    return true;
}

bool TelegramServer::is_blocked(ChatId chat) const {
    const auto found = chats_.find(chat.value());
    return found != chats_.end() && found->second.blocked;
}

bool TelegramServer::takes_files(ChatId chat) const {
    const auto found = chats_.find(chat.value());
    return found == chats_.end() || !found->second.takes_no_files;
}

Async<std::optional<Error>> TelegramWay::way_there(std::string method) {
    auto& world = process_.world();
    ++world.port_calls;
    world.dice.note(method, world.time.now().time_since_epoch().count());
    const auto delay = world.dice.between(0, world.rates.longest_delay.count());
    if (delay > 0) co_await process_.sleep(Duration(delay));
    co_await process_.perhaps_crash(method);
    if (world.happens(world.rates.telegram_not_sent)) {
        ++world.faults;
        co_return Error{Failure::not_sent, "simulated: no connection", {}, {}};
    }
    if (world.happens(world.rates.telegram_busy)) {
        ++world.faults;
        const Duration wait(world.dice.between(1, 20) * 1000);
        co_return Error{Failure::too_many_requests, "Too Many Requests", wait, {}};
    }
    if (world.happens(world.rates.telegram_ambiguous / 2)) {
        ++world.faults;
        co_return Error{Failure::ambiguous, "simulated: lost on the way there", {}, {}};
    }
    co_return std::nullopt;
}

Async<std::optional<Error>> TelegramWay::way_back(std::string method) {
    auto& world = process_.world();
    co_await process_.perhaps_crash(method + " answer");
    if (world.happens(world.rates.telegram_ambiguous / 2)) {
        ++world.faults;
        co_return Error{Failure::ambiguous, "simulated: lost on the way back", {}, {}};
    }
    co_return std::nullopt;
}

Async<Outcome<telegram::Identity>> TelegramWay::get_me() {
    if (auto error = co_await way_there("getMe")) co_return *error;
    co_return telegram::Identity{BotId(42), "simulated_bot"};
}

Async<Outcome<std::vector<telegram::Update>>> TelegramWay::get_updates(std::int64_t offset,
                                                                       Duration timeout) {
    auto& world = process_.world();
    if (auto error = co_await way_there("getUpdates")) co_return *error;
    auto updates = server_.pending(offset);
    const auto until = world.time.now() + timeout;
    while (updates.empty() && world.time.now() < until) {
        co_await process_.sleep(std::min<Duration>(Duration(1000), until - world.time.now()));
        updates = server_.pending(offset);
    }
    if (!updates.empty() && world.happens(world.rates.update_repeated)) {
        ++world.faults;
        updates.push_back(updates.front());
    }
    if (confirm_first_) server_.confirm_all();
    if (auto error = co_await way_back("getUpdates")) co_return *error;
    co_return updates;
}

Async<Outcome<std::vector<telegram::Update>>> TelegramWay::get_first_update(std::int64_t offset) {
    if (auto error = co_await way_there("getUpdates")) co_return *error;
    auto updates = server_.pending(offset);
    if (updates.size() > 1) updates.resize(1);
    if (auto error = co_await way_back("getUpdates")) co_return *error;
    co_return updates;
}

Async<Outcome<SentMessage>> TelegramWay::send(std::string method, ChatId chat, ShownMessage message,
                                              std::unique_ptr<ByteSource> content) {
    if (auto error = co_await way_there(method)) co_return *error;
    // What fails here has cut the upload off.
    if (content) message.file = co_await read_to_end(std::move(content));
    if (server_.is_blocked(chat))
        co_return Error{Failure::forbidden, "Forbidden: bot was blocked by the user", {}, {}};
    if (!message.file.empty() && !server_.takes_files(chat))
        co_return Error{Failure::write_forbidden, "Bad Request: CHAT_WRITE_FORBIDDEN", {}, {}};
    const auto id = server_.bot_sends(chat, message);
    process_.world().dice.note("shown", id.value());
    if (auto error = co_await way_back(method)) co_return *error;
    co_return SentMessage{id, message.file.empty() ? "" : "file-" + message.file};
}

Async<Outcome<SentMessage>> TelegramWay::send_message(telegram::OutgoingText message) {
    ShownMessage shown;
    shown.text = message.text;
    shown.reply_to = message.reply_to;
    shown.keyboard = message.keyboard;
    co_return co_await send("sendMessage", message.chat, shown);
}

Async<Outcome<SentMessage>> TelegramWay::send_file(std::string method,
                                                   telegram::OutgoingFile file) {
    ShownMessage shown;
    shown.file = file.file_id;
    shown.caption = file.caption;
    shown.reply_to = file.reply_to;
    shown.keyboard = file.keyboard;
    co_return co_await send(method, file.chat, shown, std::move(file.content));
}

Async<Outcome<SentMessage>> TelegramWay::send_voice(telegram::OutgoingFile file) {
    co_return co_await send_file("sendVoice", std::move(file));
}
Async<Outcome<SentMessage>> TelegramWay::send_audio(telegram::OutgoingFile file) {
    co_return co_await send_file("sendAudio", std::move(file));
}
Async<Outcome<SentMessage>> TelegramWay::send_document(telegram::OutgoingFile file) {
    co_return co_await send_file("sendDocument", std::move(file));
}

Async<Outcome<Done>> TelegramWay::edit_message_text(ChatId chat, MessageId message,
                                                    std::string text, telegram::Keyboard keyboard) {
    if (auto error = co_await way_there("editMessageText")) co_return *error;
    if (server_.is_blocked(chat))
        co_return Error{Failure::forbidden, "Forbidden: bot was blocked by the user", {}, {}};
    if (!server_.bot_edits(chat, message, text, keyboard))
        co_return Error{Failure::message_gone, "Bad Request: message to edit not found", {}, {}};
    if (auto error = co_await way_back("editMessageText")) co_return *error;
    co_return Done{};
}

Async<Outcome<Done>> TelegramWay::delete_message(ChatId chat, MessageId message) {
    if (auto error = co_await way_there("deleteMessage")) co_return *error;
    if (!server_.bot_deletes(chat, message))
        co_return Error{Failure::message_gone, "Bad Request: message to delete not found", {}, {}};
    if (auto error = co_await way_back("deleteMessage")) co_return *error;
    co_return Done{};
}

Async<Outcome<Done>> TelegramWay::send_chat_action(ChatId, telegram::ChatAction,
                                                   std::optional<MessageId>) {
    if (auto error = co_await way_there("sendChatAction")) co_return *error;
    co_return Done{};
}

Async<Outcome<Done>> TelegramWay::answer_callback_query(std::string, std::string) {
    if (auto error = co_await way_there("answerCallbackQuery")) co_return *error;
    co_return Done{};
}

Async<Outcome<Done>> TelegramWay::set_my_commands(std::vector<telegram::BotCommand>, std::string) {
    if (auto error = co_await way_there("setMyCommands")) co_return *error;
    co_return Done{};
}

// The simulated world polls; Telegram has no webhook there.
Async<Outcome<Done>> TelegramWay::set_webhook(telegram::Webhook) {
    if (auto error = co_await way_there("setWebhook")) co_return *error;
    co_return telegram::Error{telegram::Failure::bad_request, "simulated: no webhooks", {}, {}};
}

Async<Outcome<Done>> TelegramWay::delete_webhook() {
    if (auto error = co_await way_there("deleteWebhook")) co_return *error;
    co_return Done{};
}

Async<Outcome<telegram::WebhookInfo>> TelegramWay::get_webhook_info() {
    if (auto error = co_await way_there("getWebhookInfo")) co_return *error;
    co_return telegram::WebhookInfo{};
}

Async<Outcome<std::string>> TelegramWay::download(std::string file_id, std::size_t) {
    if (auto error = co_await way_there("download")) co_return *error;
    if (auto error = co_await way_back("download")) co_return *error;
    co_return file_id;
}

}  // namespace mlbilling::simulation
