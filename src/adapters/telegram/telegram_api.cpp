#include "adapters/telegram/telegram_api.hpp"

#include <boost/json/value.hpp>
#include <utility>

#include "adapters/telegram/bot_api.hpp"
#include "adapters/telegram/bot_call.hpp"
#include "adapters/telegram/bot_token.hpp"
#include "adapters/telegram/failures.hpp"
#include "adapters/telegram/local_files.hpp"
#include "adapters/telegram/results.hpp"
#include "adapters/telegram/update_parser.hpp"
#include "base/check.hpp"
#include "base/log.hpp"

namespace mlbilling::telegram {
namespace {

BotId checked_id(const std::string& token) {
    const auto id = bot_id_of(token);
    CHECK(id.has_value());
    return *id;
}

}  // namespace

TelegramApi::TelegramApi(boost::asio::any_io_executor executor, Clock& clock, Metrics& metrics,
                         TelegramOptions options)
    : bot_(checked_id(options.token)), metrics_(metrics) {
    log::redact(options.token);
    log::redact(options.token.substr(options.token.find(':') + 1));
    if (!options.local_files.empty())
        local_files_ = std::make_unique<LocalFiles>(options.local_files);
    api_ = std::make_unique<BotApi>(std::move(executor), clock, metrics, std::move(options));
}

TelegramApi::~TelegramApi() = default;

Async<Outcome<SentMessage>> TelegramApi::sent(BotCall call) {
    const auto result = co_await api_->call(std::move(call));
    if (!result.ok()) co_return result.error();
    co_return read_sent(*result);
}

Async<Outcome<Done>> TelegramApi::done(BotCall call) {
    const auto result = co_await api_->call(std::move(call));
    if (!result.ok()) co_return result.error();
    co_return Done();
}

Async<Outcome<Identity>> TelegramApi::get_me() {
    const auto result = co_await api_->call(get_me_call());
    if (!result.ok()) co_return result.error();
    co_return read_identity(*result);
}

Async<Outcome<std::vector<Update>>> TelegramApi::get_updates(std::int64_t offset,
                                                             Duration timeout) {
    return polled(get_updates_call(offset, timeout));
}

Async<Outcome<std::vector<Update>>> TelegramApi::get_first_update(std::int64_t offset) {
    return polled(get_first_update_call(offset));
}

Async<Outcome<std::vector<Update>>> TelegramApi::polled(BotCall call) {
    const auto result = co_await api_->poll(std::move(call));
    if (!result.ok()) co_return result.error();
    auto updates = read_updates(*result, bot_);
    if (updates.ok()) metrics_.polled(api_->clock().now());
    co_return updates;
}

Async<Outcome<SentMessage>> TelegramApi::send_message(OutgoingText message) {
    return sent(send_message_call(message));
}

Async<Outcome<SentMessage>> TelegramApi::send_voice(OutgoingFile file) {
    return sent(send_voice_call(std::move(file)));
}

Async<Outcome<SentMessage>> TelegramApi::send_audio(OutgoingFile file) {
    return sent(send_audio_call(std::move(file)));
}

Async<Outcome<SentMessage>> TelegramApi::send_document(OutgoingFile file) {
    return sent(send_document_call(std::move(file)));
}

Async<Outcome<Done>> TelegramApi::edit_message_text(ChatId chat, MessageId message,
                                                    std::string text, Keyboard keyboard) {
    return done(edit_message_text_call(chat, message, text, keyboard));
}

Async<Outcome<Done>> TelegramApi::delete_message(ChatId chat, MessageId message) {
    return done(delete_message_call(chat, message));
}

Async<Outcome<Done>> TelegramApi::send_chat_action(ChatId chat, ChatAction action,
                                                   std::optional<MessageId> topic) {
    return done(send_chat_action_call(chat, action, topic));
}

Async<Outcome<Done>> TelegramApi::answer_callback_query(std::string id, std::string text) {
    return done(answer_callback_query_call(id, text));
}

Async<Outcome<Done>> TelegramApi::set_my_commands(std::vector<BotCommand> commands,
                                                  std::string language_code) {
    return done(set_my_commands_call(commands, language_code));
}

Async<Outcome<Done>> TelegramApi::set_webhook(Webhook webhook) {
    return done(set_webhook_call(webhook));
}

Async<Outcome<Done>> TelegramApi::delete_webhook() { return done(delete_webhook_call()); }

Async<Outcome<WebhookInfo>> TelegramApi::get_webhook_info() {
    const auto result = co_await api_->call(get_webhook_info_call());
    if (!result.ok()) co_return result.error();
    co_return read_webhook_info(*result);
}

Async<Outcome<std::string>> TelegramApi::download(std::string file_id, std::size_t largest) {
    const auto result = co_await api_->call(get_file_call(file_id));
    if (!result.ok()) co_return result.error();
    auto file = read_remote_file(*result, local_files_ != nullptr);
    if (!file.ok()) co_return file.error();
    if (file->size && static_cast<std::uint64_t>(*file->size) > largest) {
        Error error;
        error.failure = Failure::too_large;
        error.description = "the file is larger than allowed";
        co_return error;
    }
    if (file->path.starts_with('/')) co_return co_await read_local(std::move(file->path), largest);
    co_return co_await api_->download(std::move(*file), largest);
}

Async<Outcome<std::string>> TelegramApi::read_local(std::string path, std::size_t largest) {
    auto bytes = co_await local_files_->read(std::move(path), largest);
    metrics_.telegram_called("download", bytes.ok() ? "ok" : to_string(bytes.error().failure));
    co_return bytes;
}

}  // namespace mlbilling::telegram
