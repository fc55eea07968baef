#include "scripted_telegram.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "ports/deadline.hpp"

namespace mlbilling::test {

using telegram::Done;
using telegram::Error;
using telegram::Outcome;
using telegram::SentMessage;

void ScriptedTelegram::push(telegram::Update update) {
    updates_.push_back(std::move(update));
    arrived_.set();
}

void ScriptedTelegram::fail_next(const std::string& method, telegram::Failure failure,
                                 Duration retry_after, std::optional<ChatId> migrate_to) {
    failures_[method].push_back({failure, "scripted " + method, retry_after, migrate_to});
}

std::vector<std::string> ScriptedTelegram::summary() const {
    std::vector<std::string> lines;
    for (const auto& call : calls)
        lines.push_back(call.method + (call.text.empty() ? "" : ": " + call.text));
    return lines;
}

std::vector<Call> ScriptedTelegram::of(const std::string& method) const {
    std::vector<Call> found;
    std::ranges::copy_if(calls, std::back_inserter(found),
                         [&](const auto& call) { return call.method == method; });
    return found;
}

Call ScriptedTelegram::last(const std::string& method) const {
    const auto found = of(method);
    if (found.empty()) throw std::logic_error("no call of " + method);
    return found.back();
}

std::optional<Error> ScriptedTelegram::next_failure(const std::string& method) {
    auto& planned = failures_[method];
    if (planned.empty()) return std::nullopt;
    const auto error = planned.front();
    planned.pop_front();
    return error;
}

Async<std::optional<Error>> ScriptedTelegram::pass(Call call) {
    struct UnderWay {
        int& count;
        ~UnderWay() { --count; }
    };
    const UnderWay guard{++under_way};
    const auto method = call.method;
    calls.push_back(std::move(call));
    if (const auto delay = delays_.find(method); delay != delays_.end())
        co_await clock_.sleep(delay->second);
    co_return next_failure(method);
}

Async<Outcome<telegram::Identity>> ScriptedTelegram::get_me() {
    if (const auto error = next_failure("getMe")) co_return *error;
    co_return telegram::Identity{BotId(42), "speech_bot"};
}

Async<Outcome<std::vector<telegram::Update>>> ScriptedTelegram::get_updates(std::int64_t offset,
                                                                            Duration timeout) {
    offsets.push_back(offset);
    timeouts.push_back(timeout);
    polls.push_back(clock_.now());
    if (const auto error = next_failure("getUpdates")) co_return *error;
    if (!webhook.url.empty())
        co_return Error{telegram::Failure::conflict, "a webhook is active", {}, {}};
    const Poll poll(*this);
    std::erase_if(updates_, [&](const auto& update) { return update.id.value() < offset; });
    if (const auto error = unreadable_before(offset, updates_.size() + 1)) co_return *error;
    if (updates_.empty() && timeout > Duration(0)) {
        arrived_.reset();
        co_await within(clock_, timeout, arrived_.wait());
    }
    co_return updates_;
}

std::optional<telegram::Error> ScriptedTelegram::unreadable_before(std::int64_t offset,
                                                                   std::size_t count) const {
    if (unreadable < std::max<std::int64_t>(offset, 1)) return std::nullopt;
    const auto before = std::count_if(updates_.begin(), updates_.end(), [&](const auto& update) {
        return update.id.value() < unreadable;
    });
    if (static_cast<std::size_t>(before) >= count) return std::nullopt;
    telegram::Error error{telegram::Failure::unreadable, "scripted", {}, {}};
    if (tells_unreadable && count == 1) error.update = UpdateId(unreadable);
    return error;
}

Async<Outcome<std::vector<telegram::Update>>> ScriptedTelegram::get_first_update(
    std::int64_t offset) {
    offsets.push_back(offset);
    first_offsets.push_back(offset);
    if (const auto error = next_failure("getFirstUpdate")) co_return *error;
    std::erase_if(updates_, [&](const auto& update) { return update.id.value() < offset; });
    if (const auto error = unreadable_before(offset, 1)) co_return *error;
    std::vector<telegram::Update> first;
    if (!updates_.empty()) first.push_back(updates_.front());
    co_return first;
}

Async<Outcome<SentMessage>> ScriptedTelegram::send_message(telegram::OutgoingText message) {
    const MessageId id(next_message_++);
    Call call{"sendMessage",    message.chat,   message.text, id,           message.reply_to,
              message.keyboard, message.silent, {},           message.topic};
    if (const auto error = co_await pass(std::move(call))) co_return *error;
    co_return SentMessage{id, ""};
}

Async<Outcome<SentMessage>> ScriptedTelegram::send_file(std::string method,
                                                        telegram::OutgoingFile file) {
    const MessageId id(next_message_++);
    SentFile sent{file.file_id, "", file.file_name, file.mime_type, file.duration, file.reply_to};
    if (file.content) sent.bytes = co_await read_to_end(std::move(file.content));
    Call call{method,        file.chat, file.caption, id,        file.reply_to,
              file.keyboard, false,     sent,         file.topic};
    if (const auto error = co_await pass(std::move(call))) co_return *error;
    co_return SentMessage{
        id, file.file_id.empty() ? "file-" + std::to_string(id.value()) : file.file_id};
}

Async<Outcome<SentMessage>> ScriptedTelegram::send_voice(telegram::OutgoingFile file) {
    return send_file("sendVoice", std::move(file));
}
Async<Outcome<SentMessage>> ScriptedTelegram::send_audio(telegram::OutgoingFile file) {
    return send_file("sendAudio", std::move(file));
}
Async<Outcome<SentMessage>> ScriptedTelegram::send_document(telegram::OutgoingFile file) {
    return send_file("sendDocument", std::move(file));
}

Async<Outcome<Done>> ScriptedTelegram::done(Call call) {
    if (const auto error = co_await pass(std::move(call))) co_return *error;
    co_return Done{};
}

Async<Outcome<Done>> ScriptedTelegram::edit_message_text(ChatId chat, MessageId message,
                                                         std::string text,
                                                         telegram::Keyboard keyboard) {
    return done(
        {"editMessageText", chat, std::move(text), message, {}, std::move(keyboard), false, {}});
}
Async<Outcome<Done>> ScriptedTelegram::delete_message(ChatId chat, MessageId message) {
    return done({"deleteMessage", chat, "", message, {}, {}, false, {}});
}
Async<Outcome<Done>> ScriptedTelegram::send_chat_action(ChatId chat, telegram::ChatAction action,
                                                        std::optional<MessageId> topic) {
    const auto* name = action == telegram::ChatAction::typing ? "typing" : "record_voice";
    return done({"sendChatAction", chat, name, {}, {}, {}, false, {}, topic});
}
Async<Outcome<Done>> ScriptedTelegram::answer_callback_query(std::string, std::string text) {
    return done({"answerCallbackQuery", ChatId(0), std::move(text), {}, {}, {}, false, {}});
}

Async<Outcome<Done>> ScriptedTelegram::set_my_commands(std::vector<telegram::BotCommand> commands,
                                                       std::string language_code) {
    if (const auto error = next_failure("setMyCommands")) co_return *error;
    Call call{"setMyCommands", ChatId(0), language_code, {}, {}, {}, false, {}};
    for (auto& command : commands)
        call.keyboard.push_back({{std::move(command.description), std::move(command.command)}});
    menus.push_back(std::move(call));
    co_return Done{};
}

Async<Outcome<Done>> ScriptedTelegram::set_webhook(telegram::Webhook wanted) {
    webhooks_set.push_back(wanted);
    if (const auto error = next_failure("setWebhook")) co_return *error;
    webhook.url = wanted.url;
    arrived_.set();
    co_return Done{};
}

Async<Outcome<Done>> ScriptedTelegram::delete_webhook() {
    if (const auto error = next_failure("deleteWebhook")) co_return *error;
    webhook = {};
    co_return Done{};
}

Async<Outcome<telegram::WebhookInfo>> ScriptedTelegram::get_webhook_info() {
    if (const auto error = next_failure("getWebhookInfo")) co_return *error;
    co_return webhook;
}

Async<Outcome<std::string>> ScriptedTelegram::download(std::string, std::size_t) {
    co_return Error{telegram::Failure::bad_request, "the bot downloads nothing", {}, {}};
}

}  // namespace mlbilling::test
