#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/unavailable.hpp"
#include "ports/audio.hpp"
#include "ports/clock.hpp"
#include "ports/metrics.hpp"
#include "ports/results.hpp"
#include "ports/speech.hpp"
#include "ports/telegram.hpp"

namespace mlbilling::test {

/// A sound that is loud for its whole length.
Sound loud(Duration length, int sample_rate = 16'000);
Sound silent(Duration length);

/// Answers from a script, then with a sound of 50 ms for each character, or with "hello there".
class FakeSpeech final : public Speech {
  public:
    explicit FakeSpeech(Clock& clock) : clock_(clock) {}

    std::deque<ProviderFailure> failures;
    /// Calls that throw what nobody expects.
    int odd_failures = 0;
    std::optional<std::variant<Sound, EncodedVoice>> audio;
    /// What each call costs, also one that fails.
    MicroRoubles cost;
    /// Who says to have served.
    std::string served_by = "fake";
    std::string transcript = "hello there";
    Duration takes{100};
    /// Reported before the work begins, unless empty.
    std::string operation;
    std::vector<SynthesisRequest> synthesized;
    std::vector<RecognitionRequest> recognized;
    std::vector<Duration> deadlines;

    std::string name() const override { return "fake"; }
    std::vector<Voice> voices() const override { return {}; }
    std::vector<std::string> recognised_languages() const override { return {"en"}; }
    bool is_demonstration() const override { return false; }
    Async<Provided<SpokenVoice>> synthesize(SynthesisRequest request, Duration deadline) override;
    Async<Provided<Transcript>> recognize(RecognitionRequest request, Duration deadline) override;

  private:
    Async<std::optional<ProviderFailure>> next_failure();

    Clock& clock_;
};

/// A file is what examine() is to make of it; an encoded voice has 60 bytes for each 20 ms, as 24
/// kbit/s make.
class FakeCodec final : public AudioCodec {
  public:
    std::variant<DecodedAudio, UnusableAudio> decoded = UnusableAudio::not_audio;
    /// What inspect() is to answer: an intact voice unless it is told otherwise.
    std::optional<UnusableAudio> unusable;
    bool silent = false;
    int encoded = 0;
    Duration longest_asked{};
    std::string owner_asked;
    int outages = 0;
    /// Whether the length of a recording can be found out by decoding only.
    bool must_decode = false;
    /// Recordings whose samples were asked for, and those that were listened to.
    int decodings = 0;
    int listenings = 0;

    Async<std::variant<DecodedAudio, UnusableAudio>> decode(std::string bytes,
                                                            Duration longest) override;
    Async<std::variant<Recording, UnusableRecording>> examine(Examination request) override;
    Async<EncodedVoice> encode(SharedSound sound) override;
    Async<std::variant<InspectedVoice, UnusableAudio>> inspect(std::string ogg_opus) override;
    Async<std::variant<EncodedVoice, UnusableAudio>> join(std::vector<std::string> voices) override;
};

class FakeResults final : public ResultStore {
  public:
    explicit FakeResults(Clock& clock) : clock_(clock) {}
    std::map<std::string, std::string> blobs;
    int outages = 0;
    std::optional<Time> removed_before;

    Async<void> put(ResultKey key, std::string bytes) override;
    Async<std::unique_ptr<ByteSource>> open(ResultKey key) override;
    Async<std::optional<std::size_t>> size_of(ResultKey key) override;
    Async<void> remove(ResultKey key) override;
    Async<int> remove_older_than(Time moment) override;

  private:
    Async<void> pass();
    Clock& clock_;
};

/// Only downloads.
class FakeTelegram final : public telegram::Api {
  public:
    std::deque<telegram::Error> failures;
    int downloads = 0;

    Async<telegram::Outcome<std::string>> download(std::string file_id,
                                                   std::size_t largest) override;

    Async<telegram::Outcome<telegram::Identity>> get_me() override;
    Async<telegram::Outcome<std::vector<telegram::Update>>> get_updates(std::int64_t,
                                                                        Duration) override;
    Async<telegram::Outcome<std::vector<telegram::Update>>> get_first_update(std::int64_t) override;
    Async<telegram::Outcome<telegram::SentMessage>> send_message(telegram::OutgoingText) override;
    Async<telegram::Outcome<telegram::SentMessage>> send_voice(telegram::OutgoingFile) override;
    Async<telegram::Outcome<telegram::SentMessage>> send_audio(telegram::OutgoingFile) override;
    Async<telegram::Outcome<telegram::SentMessage>> send_document(telegram::OutgoingFile) override;
    Async<telegram::Outcome<telegram::Done>> edit_message_text(ChatId, MessageId, std::string,
                                                               telegram::Keyboard) override;
    Async<telegram::Outcome<telegram::Done>> delete_message(ChatId, MessageId) override;
    Async<telegram::Outcome<telegram::Done>> send_chat_action(ChatId, telegram::ChatAction,
                                                              std::optional<MessageId>) override;
    Async<telegram::Outcome<telegram::Done>> answer_callback_query(std::string,
                                                                   std::string) override;
    Async<telegram::Outcome<telegram::Done>> set_my_commands(std::vector<telegram::BotCommand>,
                                                             std::string) override;
    Async<telegram::Outcome<telegram::Done>> set_webhook(telegram::Webhook) override;
    Async<telegram::Outcome<telegram::Done>> delete_webhook() override;
    Async<telegram::Outcome<telegram::WebhookInfo>> get_webhook_info() override;
};

/// Writes each event as a line.
class FakeMetrics final : public Metrics {
  public:
    std::vector<std::string> events;
    int in_flight = 0;
    int count(const std::string& event) const;

    void task_ended(TaskType, TaskStatus status) override;
    void task_processed(TaskType, std::string_view provider, Duration) override;
    void tasks_in_flight(int count) override { in_flight = count; }
    void task_retried(TaskType) override { events.emplace_back("retried"); }
    void lease_fenced() override { events.emplace_back("fenced"); }
    void duplicate_dropped(std::string_view where) override;
    void dead_lettered() override { events.emplace_back("dead"); }
    void provider_called(std::string_view, std::string_view operation, std::string_view outcome,
                         Duration) override;
    void provider_spent(std::string_view provider, MicroRoubles cost) override;
    void telegram_called(std::string_view, std::string_view) override {}
    void delivery_ambiguous() override {}
    void polled(Time) override {}
};

}  // namespace mlbilling::test
