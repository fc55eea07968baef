#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ports/audio.hpp"
#include "ports/metrics.hpp"
#include "ports/speech.hpp"
#include "ports/telegram.hpp"

namespace mlbilling::bench {

/// Telegram in memory: users write as fast as answers come, so that `outstanding` messages are
/// always under way, and every call succeeds at once.
class ScriptedTelegram final : public telegram::Api {
  public:
    ScriptedTelegram(std::int64_t messages, std::int64_t outstanding, std::int64_t users)
        : messages_(messages), outstanding_(outstanding), users_(users) {}

    std::int64_t answered() const { return answered_; }
    bool finished() const { return answered_ >= messages_; }

    Async<telegram::Outcome<telegram::Identity>> get_me() override;
    Async<telegram::Outcome<std::vector<telegram::Update>>> get_updates(std::int64_t offset,
                                                                        Duration timeout) override;
    Async<telegram::Outcome<std::vector<telegram::Update>>> get_first_update(
        std::int64_t offset) override;
    Async<telegram::Outcome<telegram::SentMessage>> send_message(
        telegram::OutgoingText message) override;
    Async<telegram::Outcome<telegram::SentMessage>> send_voice(
        telegram::OutgoingFile file) override;
    Async<telegram::Outcome<telegram::SentMessage>> send_audio(
        telegram::OutgoingFile file) override;
    Async<telegram::Outcome<telegram::SentMessage>> send_document(
        telegram::OutgoingFile file) override;
    Async<telegram::Outcome<telegram::Done>> edit_message_text(
        ChatId chat, MessageId message, std::string text, telegram::Keyboard keyboard) override;
    Async<telegram::Outcome<telegram::Done>> delete_message(ChatId chat,
                                                            MessageId message) override;
    Async<telegram::Outcome<telegram::Done>> send_chat_action(
        ChatId chat, telegram::ChatAction action, std::optional<MessageId> topic) override;
    Async<telegram::Outcome<telegram::Done>> answer_callback_query(std::string id,
                                                                   std::string text) override;
    Async<telegram::Outcome<telegram::Done>> set_my_commands(
        std::vector<telegram::BotCommand> commands, std::string language_code) override;
    Async<telegram::Outcome<telegram::Done>> set_webhook(telegram::Webhook webhook) override;
    Async<telegram::Outcome<telegram::Done>> delete_webhook() override;
    Async<telegram::Outcome<telegram::WebhookInfo>> get_webhook_info() override;
    Async<telegram::Outcome<std::string>> download(std::string file_id,
                                                   std::size_t largest) override;

  private:
    telegram::Update write_message();

    std::int64_t messages_;
    std::int64_t outstanding_;
    std::int64_t users_;
    std::int64_t written_ = 0;
    std::int64_t answered_ = 0;
    std::int64_t sent_ = 0;
    std::vector<telegram::Update> pending_;
};

/// A provider without latency: a quarter of a second of sound for any text.
class ScriptedSpeech final : public Speech {
  public:
    std::string name() const override { return "scripted"; }
    std::vector<Voice> voices() const override { return {{"voice", "Voice", "en"}}; }
    std::vector<std::string> recognised_languages() const override { return {"en"}; }
    bool is_demonstration() const override { return false; }
    Async<Provided<SpokenVoice>> synthesize(SynthesisRequest request, Duration deadline) override;
    Async<Provided<Transcript>> recognize(RecognitionRequest request, Duration deadline) override;
};

/// Encoding without work.
class ScriptedCodec final : public AudioCodec {
  public:
    Async<std::variant<DecodedAudio, UnusableAudio>> decode(std::string bytes,
                                                            Duration longest) override;
    Async<std::variant<Recording, UnusableRecording>> examine(Examination request) override;
    Async<EncodedVoice> encode(SharedSound sound) override;
    Async<std::variant<InspectedVoice, UnusableAudio>> inspect(std::string ogg_opus) override;
    Async<std::variant<EncodedVoice, UnusableAudio>> join(std::vector<std::string> voices) override;
};

}  // namespace mlbilling::bench
