#include "fake_ports.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "domain/text.hpp"

namespace mlbilling::test {

Sound loud(Duration length, int sample_rate) {
    Sound sound;
    sound.sample_rate = sample_rate;
    sound.samples.resize(static_cast<std::size_t>(length.count() * sample_rate / 1000));
    for (std::size_t i = 0; i < sound.samples.size(); ++i)
        sound.samples[i] = i % 2 == 0 ? 5000 : -5000;
    return sound;
}

Sound silent(Duration length) {
    auto sound = loud(length);
    std::ranges::fill(sound.samples, std::int16_t{0});
    return sound;
}

Async<std::optional<ProviderFailure>> FakeSpeech::next_failure() {
    if (odd_failures > 0) {
        --odd_failures;
        throw std::length_error("a string is too long");
    }
    if (failures.empty()) co_return std::nullopt;
    auto failure = failures.front();
    failures.pop_front();
    failure.cost = cost;
    co_return failure;
}

Async<Provided<SpokenVoice>> FakeSpeech::synthesize(SynthesisRequest request, Duration deadline) {
    synthesized.push_back(request);
    deadlines.push_back(deadline);
    co_await clock_.sleep(takes);
    if (const auto failure = co_await next_failure()) co_return *failure;
    if (audio) co_return SpokenVoice{*audio, {served_by, cost}};
    const auto characters = static_cast<std::int64_t>(count_code_points(request.text));
    co_return SpokenVoice{loud(Duration(50) * characters, 1000), {served_by, cost}};
}

Async<Provided<Transcript>> FakeSpeech::recognize(RecognitionRequest request, Duration deadline) {
    recognized.push_back(request);
    deadlines.push_back(deadline);
    if (!operation.empty()) co_await request.on_operation(operation);
    co_await clock_.sleep(takes);
    if (const auto failure = co_await next_failure()) co_return *failure;
    co_return Transcript{transcript, {served_by, cost}};
}

Async<std::variant<DecodedAudio, UnusableAudio>> FakeCodec::decode(std::string, Duration) {
    throw std::logic_error("not the worker's");
}

namespace {

class FakeSound final : public SoundSource {
  public:
    FakeSound(FakeCodec& codec, SharedSound sound) : codec_(codec), sound_(std::move(sound)) {}

    Async<SharedSound> samples() override {
        ++codec_.decodings;
        co_return sound_;
    }
    Async<bool> is_silent() override {
        ++codec_.listenings;
        co_return mlbilling::is_silent(sound_.samples(), sound_.sample_rate());
    }

  private:
    FakeCodec& codec_;
    SharedSound sound_;
};

}  // namespace

Async<std::variant<Recording, UnusableRecording>> FakeCodec::examine(Examination request) {
    longest_asked = request.longest;
    owner_asked = request.owner;
    if (outages > 0) {
        --outages;
        throw Unavailable("the decoder does not start");
    }
    auto limit = request.longest;
    if (must_decode && request.worth_decoding)
        limit = std::min(limit, co_await request.worth_decoding());
    if (const auto* why = std::get_if<UnusableAudio>(&decoded))
        co_return UnusableRecording{*why, limit};
    const auto audio = std::get<DecodedAudio>(decoded);
    const auto duration = audio.sound.duration();
    if (duration > limit) co_return UnusableRecording{UnusableAudio::too_long, limit};
    auto source = std::make_shared<FakeSound>(*this, audio.sound);
    co_return Recording{RecordedSound(duration, std::move(source)), audio.ogg_opus};
}

Async<EncodedVoice> FakeCodec::encode(SharedSound sound) {
    ++encoded;
    const auto length = sound.duration();
    co_return EncodedVoice{std::string(static_cast<std::size_t>(length.count() * 3), 'o'), length};
}

Async<std::variant<InspectedVoice, UnusableAudio>> FakeCodec::inspect(std::string ogg_opus) {
    if (unusable) co_return *unusable;
    const Duration length(static_cast<std::int64_t>(ogg_opus.size()) / 3);
    co_return InspectedVoice{{std::move(ogg_opus), length}, silent};
}

Async<std::variant<EncodedVoice, UnusableAudio>> FakeCodec::join(std::vector<std::string>) {
    throw std::logic_error("not the worker's");
}

Async<void> FakeResults::pass() {
    co_await clock_.sleep(Duration(1));
    if (outages > 0) {
        --outages;
        throw Unavailable("the disk is full");
    }
}

Async<void> FakeResults::put(ResultKey key, std::string bytes) {
    co_await pass();
    blobs[key.value()] = std::move(bytes);
}

Async<std::unique_ptr<ByteSource>> FakeResults::open(ResultKey key) {
    co_await pass();
    const auto found = blobs.find(key.value());
    if (found == blobs.end()) co_return nullptr;
    co_return std::make_unique<HeldBytes>(found->second);
}

Async<std::optional<std::size_t>> FakeResults::size_of(ResultKey key) {
    co_await pass();
    const auto found = blobs.find(key.value());
    if (found == blobs.end()) co_return std::nullopt;
    co_return found->second.size();
}

Async<void> FakeResults::remove(ResultKey key) {
    co_await pass();
    blobs.erase(key.value());
}

Async<int> FakeResults::remove_older_than(Time moment) {
    co_await pass();
    removed_before = moment;
    co_return 0;
}

Async<telegram::Outcome<std::string>> FakeTelegram::download(std::string, std::size_t) {
    ++downloads;
    if (failures.empty()) co_return std::string("bytes");
    auto error = failures.front();
    failures.pop_front();
    co_return error;
}

int FakeMetrics::count(const std::string& event) const {
    return static_cast<int>(std::ranges::count(events, event));
}
void FakeMetrics::task_ended(TaskType, TaskStatus status) {
    events.push_back("ended " + std::string(to_string(status)));
}
void FakeMetrics::task_processed(TaskType, std::string_view provider, Duration) {
    events.push_back("processed " + std::string(provider));
}
void FakeMetrics::duplicate_dropped(std::string_view where) {
    events.push_back("duplicate " + std::string(where));
}
void FakeMetrics::provider_called(std::string_view, std::string_view operation,
                                  std::string_view outcome, Duration) {
    events.push_back(std::string(operation) + ' ' + std::string(outcome));
}
void FakeMetrics::provider_spent(std::string_view provider, MicroRoubles cost) {
    events.push_back("spent " + std::string(provider) + ' ' + std::to_string(cost.value()));
}

// What a worker never calls.
using namespace telegram;
Async<Outcome<Identity>> FakeTelegram::get_me() { throw std::logic_error("not the worker's"); }
Async<Outcome<std::vector<Update>>> FakeTelegram::get_updates(std::int64_t, Duration) {
    throw std::logic_error("not the worker's");
}
Async<Outcome<std::vector<Update>>> FakeTelegram::get_first_update(std::int64_t) {
    throw std::logic_error("not the worker's");
}
Async<Outcome<SentMessage>> FakeTelegram::send_message(OutgoingText) {
    throw std::logic_error("not the worker's");
}
Async<Outcome<SentMessage>> FakeTelegram::send_voice(OutgoingFile) {
    throw std::logic_error("not the worker's");
}
Async<Outcome<SentMessage>> FakeTelegram::send_audio(OutgoingFile) {
    throw std::logic_error("not the worker's");
}
Async<Outcome<SentMessage>> FakeTelegram::send_document(OutgoingFile) {
    throw std::logic_error("not the worker's");
}
Async<Outcome<Done>> FakeTelegram::edit_message_text(ChatId, MessageId, std::string, Keyboard) {
    throw std::logic_error("not the worker's");
}
Async<Outcome<Done>> FakeTelegram::delete_message(ChatId, MessageId) {
    throw std::logic_error("not the worker's");
}
Async<Outcome<Done>> FakeTelegram::send_chat_action(ChatId, ChatAction, std::optional<MessageId>) {
    throw std::logic_error("not the worker's");
}
Async<Outcome<Done>> FakeTelegram::answer_callback_query(std::string, std::string) {
    throw std::logic_error("not the worker's");
}
Async<Outcome<Done>> FakeTelegram::set_my_commands(std::vector<BotCommand>, std::string) {
    throw std::logic_error("not the worker's");
}
Async<Outcome<Done>> FakeTelegram::set_webhook(telegram::Webhook) {
    throw std::logic_error("not the worker's");
}
Async<Outcome<Done>> FakeTelegram::delete_webhook() { throw std::logic_error("not the worker's"); }
Async<Outcome<telegram::WebhookInfo>> FakeTelegram::get_webhook_info() {
    throw std::logic_error("not the worker's");
}

}  // namespace mlbilling::test
