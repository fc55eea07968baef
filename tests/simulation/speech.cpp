#include "simulation/speech.hpp"

#include <charconv>
#include <stdexcept>

namespace mlbilling::simulation {
namespace {

constexpr std::int16_t loud = 8000;

/// A blob that comes in two pieces, between which all may happen.
class BlobOnDisk final : public ByteSource {
  public:
    BlobOnDisk(Process& process, std::string bytes) : process_(process), bytes_(std::move(bytes)) {}

    std::size_t size() const override { return bytes_.size(); }
    Async<std::string> read() override {
        co_await process_.before("read result");
        auto piece = bytes_.substr(read_, (bytes_.size() + 1) / 2);
        read_ += piece.size();
        co_return piece;
    }

  private:
    Process& process_;
    std::string bytes_;
    std::size_t read_ = 0;
};

}  // namespace

Recording parse_recording(const std::string& file) {
    const auto bar = file.find('_');
    if (bar == std::string::npos) return {};
    std::int64_t length = 0;
    std::from_chars(file.data() + bar + 1, file.data() + file.size(), length);
    if (file.starts_with("rec")) return {Recording::Kind::speech, Duration(length)};
    if (file.starts_with("sil")) return {Recording::Kind::silence, Duration(length)};
    return {};
}

Sound sound_of(const std::string& text) {
    Sound sound;
    sound.sample_rate = 1000;
    for (const char c : text) {
        const auto value = static_cast<std::int16_t>(loud + static_cast<unsigned char>(c));
        sound.samples.push_back(value);
        sound.samples.push_back(static_cast<std::int16_t>(-value));
    }
    return sound;
}

std::string text_of(const SharedSound& sound) {
    const auto samples = sound.samples();
    std::string text;
    for (std::size_t i = 0; i + 1 < samples.size(); i += 2) {
        if (samples[i] < loud || samples[i] > loud + 255) break;
        text += static_cast<char>(samples[i] - loud);
    }
    return text;
}

Async<std::optional<ProviderFailure>> ScriptedSpeech::trouble(Duration deadline) {
    auto& world = process_.world();
    ++world.port_calls;
    world.dice.note("provider", world.time.now().time_since_epoch().count());
    co_await process_.sleep(Duration(world.dice.between(10, 3000)));
    co_await process_.perhaps_crash("provider");
    if (world.happens(world.rates.provider_slow)) {
        ++world.faults;
        co_await process_.sleep(
            std::min<Duration>(deadline, Duration(world.dice.between(5, 90) * 1000)));
        co_return ProviderFailure{ProviderFailure::Kind::busy, "simulated: slow"};
    }
    if (world.happens(world.rates.provider_failure)) {
        ++world.faults;
        co_return ProviderFailure{ProviderFailure::Kind::down, "simulated: down"};
    }
    co_return std::nullopt;
}

Async<Provided<SpokenVoice>> ScriptedSpeech::synthesize(SynthesisRequest request,
                                                        Duration deadline) {
    if (auto failure = co_await trouble(deadline)) co_return *failure;
    const SpeechBill bill{name(), MicroRoubles(1)};
    // One voice comes encoded, as Yandex's do.
    if (request.voice == "john")
        co_return SpokenVoice{EncodedVoice{"ogg:" + request.text, {}}, bill};
    co_return SpokenVoice{sound_of(request.text), bill};
}

Async<Provided<Transcript>> ScriptedSpeech::recognize(RecognitionRequest request,
                                                      Duration deadline) {
    if (auto failure = co_await trouble(deadline)) co_return *failure;
    const auto sound = co_await request.sound.samples();
    co_return Transcript{"heard " + text_of(sound), {name(), {}}};
}

Async<std::variant<DecodedAudio, UnusableAudio>> ScriptedCodec::decode(std::string bytes,
                                                                       Duration longest) {
    co_await process_.sleep(Duration(20));
    const auto recording = parse_recording(bytes);
    if (recording.kind == Recording::Kind::garbage) co_return UnusableAudio::not_audio;
    if (recording.length > longest) co_return UnusableAudio::too_long;
    const bool speaks = recording.kind == Recording::Kind::speech;
    Sound sound;
    sound.sample_rate = 1000;
    if (speaks) sound = sound_of(bytes);
    const auto background = static_cast<std::int16_t>(speaks ? 4000 : 0);
    while (static_cast<std::int64_t>(sound.samples.size()) < recording.length.count())
        sound.samples.push_back(
            sound.samples.size() % 2 == 0 ? background : static_cast<std::int16_t>(-background));
    sound.samples.resize(static_cast<std::size_t>(recording.length.count()));
    co_return DecodedAudio{std::move(sound), ""};
}

Async<std::variant<mlbilling::Recording, UnusableRecording>> ScriptedCodec::examine(
    Examination request) {
    auto decoded = co_await decode(std::move(request.bytes), request.longest);
    if (const auto* why = std::get_if<UnusableAudio>(&decoded))
        co_return UnusableRecording{*why, request.longest};
    auto& audio = std::get<DecodedAudio>(decoded);
    co_return mlbilling::Recording{std::move(audio.sound), std::move(audio.ogg_opus)};
}

Async<EncodedVoice> ScriptedCodec::encode(SharedSound sound) {
    co_await process_.sleep(Duration(20));
    co_return EncodedVoice{"ogg:" + text_of(sound), sound.duration()};
}

Async<std::variant<InspectedVoice, UnusableAudio>> ScriptedCodec::inspect(std::string ogg_opus) {
    co_await process_.sleep(Duration(5));
    if (!ogg_opus.starts_with("ogg:")) co_return UnusableAudio::damaged;
    const auto length = sound_of(ogg_opus.substr(4)).duration();
    co_return InspectedVoice{{std::move(ogg_opus), length}, false};
}

Async<std::variant<EncodedVoice, UnusableAudio>> ScriptedCodec::join(std::vector<std::string>) {
    throw std::logic_error("no simulated provider joins voices");
}

Async<void> ScriptedResults::put(ResultKey key, std::string bytes) {
    co_await process_.before("put result");
    disk_[key.value()] = {std::move(bytes), process_.now()};
    co_await process_.after("put result");
}

Async<std::unique_ptr<ByteSource>> ScriptedResults::open(ResultKey key) {
    co_await process_.before("open result");
    const auto found = disk_.find(key.value());
    if (found == disk_.end()) co_return nullptr;
    co_return std::make_unique<BlobOnDisk>(process_, found->second.first);
}

Async<std::optional<std::size_t>> ScriptedResults::size_of(ResultKey key) {
    co_await process_.before("size of result");
    const auto found = disk_.find(key.value());
    if (found == disk_.end()) co_return std::nullopt;
    co_return found->second.first.size();
}

Async<void> ScriptedResults::remove(ResultKey key) {
    co_await process_.before("remove result");
    disk_.erase(key.value());
}

Async<int> ScriptedResults::remove_older_than(Time moment) {
    co_await process_.before("remove old results");
    co_return static_cast<int>(
        std::erase_if(disk_, [moment](const auto& entry) { return entry.second.second < moment; }));
}

}  // namespace mlbilling::simulation
