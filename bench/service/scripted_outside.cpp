#include "service/scripted_outside.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <boost/asio/steady_timer.hpp>

namespace mlbilling::bench {

using telegram::Done;
using telegram::Outcome;
using telegram::SentMessage;

namespace {

constexpr std::size_t most_updates = 100;
constexpr auto shortest_wait = std::chrono::milliseconds(1);

}  // namespace

telegram::Update ScriptedTelegram::write_message() {
    const auto number = ++written_;
    const auto user = 1 + number % users_;
    telegram::IncomingMessage message;
    message.id = MessageId(number);
    message.chat = {ChatId(user), telegram::ChatKind::private_chat};
    message.from = telegram::User{TelegramId(user), false, "user", "User", "en"};
    message.text = "A sentence of some length, number " + std::to_string(number) + ".";
    return {UpdateId(number), std::move(message)};
}

Async<Outcome<telegram::Identity>> ScriptedTelegram::get_me() {
    co_return telegram::Identity{BotId(1), "bench_bot"};
}

Async<Outcome<std::vector<telegram::Update>>> ScriptedTelegram::get_updates(std::int64_t offset,
                                                                            Duration) {
    std::erase_if(pending_, [offset](const auto& update) { return update.id.value() < offset; });
    while (written_ < messages_ && written_ - answered_ < outstanding_ &&
           pending_.size() < most_updates)
        pending_.push_back(write_message());
    if (pending_.empty()) {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, shortest_wait);
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_return pending_;
}

Async<Outcome<std::vector<telegram::Update>>> ScriptedTelegram::get_first_update(
    std::int64_t offset) {
    return get_updates(offset, Duration(0));
}
Async<Outcome<SentMessage>> ScriptedTelegram::send_message(telegram::OutgoingText) {
    co_return SentMessage{MessageId(1'000'000'000 + ++sent_), ""};
}

Async<Outcome<SentMessage>> ScriptedTelegram::send_voice(telegram::OutgoingFile) {
    ++answered_;
    co_return SentMessage{MessageId(1'000'000'000 + ++sent_), "file"};
}

Async<Outcome<SentMessage>> ScriptedTelegram::send_audio(telegram::OutgoingFile file) {
    co_return co_await send_voice(std::move(file));
}

Async<Outcome<SentMessage>> ScriptedTelegram::send_document(telegram::OutgoingFile file) {
    co_return co_await send_voice(std::move(file));
}

Async<Outcome<Done>> ScriptedTelegram::edit_message_text(ChatId, MessageId, std::string,
                                                         telegram::Keyboard) {
    co_return Done{};
}
Async<Outcome<Done>> ScriptedTelegram::delete_message(ChatId, MessageId) { co_return Done{}; }
Async<Outcome<Done>> ScriptedTelegram::send_chat_action(ChatId, telegram::ChatAction,
                                                        std::optional<MessageId>) {
    co_return Done{};
}
Async<Outcome<Done>> ScriptedTelegram::answer_callback_query(std::string, std::string) {
    co_return Done{};
}
Async<Outcome<Done>> ScriptedTelegram::set_my_commands(std::vector<telegram::BotCommand>,
                                                       std::string) {
    co_return Done{};
}
Async<Outcome<Done>> ScriptedTelegram::set_webhook(telegram::Webhook) { co_return Done{}; }
Async<Outcome<Done>> ScriptedTelegram::delete_webhook() { co_return Done{}; }
Async<Outcome<telegram::WebhookInfo>> ScriptedTelegram::get_webhook_info() {
    co_return telegram::WebhookInfo{};
}
Async<Outcome<std::string>> ScriptedTelegram::download(std::string, std::size_t) {
    co_return std::string("recording");
}

Async<Provided<SpokenVoice>> ScriptedSpeech::synthesize(SynthesisRequest, Duration) {
    Sound sound;
    for (int i = 0; i < sound.sample_rate / 4; ++i)
        sound.samples.push_back(static_cast<std::int16_t>(i % 2 == 0 ? 8000 : -8000));
    co_return SpokenVoice{std::move(sound), {name(), {}}};
}

Async<Provided<Transcript>> ScriptedSpeech::recognize(RecognitionRequest, Duration) {
    co_return Transcript{"words", {name(), {}}};
}

Async<std::variant<DecodedAudio, UnusableAudio>> ScriptedCodec::decode(std::string, Duration) {
    co_return UnusableAudio::not_audio;
}

Async<std::variant<Recording, UnusableRecording>> ScriptedCodec::examine(Examination) {
    co_return UnusableRecording{UnusableAudio::not_audio, {}};
}

Async<EncodedVoice> ScriptedCodec::encode(SharedSound sound) {
    co_return EncodedVoice{std::string(1000, 'v'), sound.duration()};
}

Async<std::variant<InspectedVoice, UnusableAudio>> ScriptedCodec::inspect(std::string) {
    co_return UnusableAudio::damaged;
}

Async<std::variant<EncodedVoice, UnusableAudio>> ScriptedCodec::join(std::vector<std::string>) {
    co_return UnusableAudio::damaged;
}

}  // namespace mlbilling::bench
