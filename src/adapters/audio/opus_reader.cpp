#include "adapters/audio/opus_reader.hpp"

#include <opus/opusfile.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "adapters/audio/decimator.hpp"
#include "adapters/audio/mono_mix.hpp"
#include "domain/silence.hpp"

namespace mlbilling::audio {
namespace {

/// 120 ms of stereo at 48 kHz, the longest that one packet holds (RFC 6716, section 3.2.5).
constexpr std::size_t longest_packet = std::size_t{2} * 5'760;
constexpr std::int64_t samples_per_ms = 16;

struct Source {
    std::string_view rest;
    const work_threads::Stop& stop;
};

int read(void* stream, unsigned char* target, int size) {
    auto& source = *static_cast<Source*>(stream);
    if (source.stop.requested()) return -1;
    const auto count = std::min(source.rest.size(), static_cast<std::size_t>(size));
    std::memcpy(target, source.rest.data(), count);
    source.rest.remove_prefix(count);
    return static_cast<int>(count);
}

struct Close {
    void operator()(OggOpusFile* file) const { op_free(file); }
};

using Read = std::optional<std::variant<Sound, UnusableAudio>>;

Read read_once(const std::string& bytes, Duration longest, const work_threads::Stop& stop,
               MonoMix& mix) {
    Source source{bytes, stop};
    // Without a seek callback the library reads on from page to page, and does not search a hostile
    // file for the ends of its streams first.
    const OpusFileCallbacks callbacks{
        .read = read, .seek = nullptr, .tell = nullptr, .close = nullptr};
    int error = 0;
    const std::unique_ptr<OggOpusFile, Close> file(
        op_open_callbacks(&source, &callbacks, nullptr, 0, &error));
    if (!file) return std::nullopt;

    const auto most = static_cast<std::size_t>(longest.count() * samples_per_ms);
    Sound sound;
    // Growing by copies would take twice as much in between; what is not written to is not there.
    sound.samples.reserve(most + longest_packet);
    Decimator decimator;
    bool intact = true;
    std::vector<opus_int16> stereo(longest_packet);
    std::vector<std::int16_t> mono;
    for (;;) {
        const int count =
            op_read_stereo(file.get(), stereo.data(), static_cast<int>(stereo.size()));
        if (count == 0) break;
        if (count < 0) intact = false;
        if (count == OP_HOLE) continue;
        if (count < 0) break;
        mono.clear();
        mix.mix(std::span(stereo).first(2 * static_cast<std::size_t>(count)), mono);
        decimator.process(mono, sound.samples);
        if (sound.samples.size() > most) return UnusableAudio::too_long;
    }
    decimator.finish(sound.samples);
    if (sound.samples.size() > most) return UnusableAudio::too_long;
    if (sound.samples.empty()) return UnusableAudio::damaged;
    if (!intact && sound.duration() < shortest_remainder) return UnusableAudio::damaged;
    return sound;
}

}  // namespace

Read read_opus(const std::string& bytes, Duration longest, const work_threads::Stop& stop) {
    MonoMix mix;
    auto result = read_once(bytes, longest, stop, mix);
    const auto* sound = result ? std::get_if<Sound>(&*result) : nullptr;
    const auto louder = mix.loudest();
    if (sound == nullptr || !louder || !is_silent(sound->samples, sound->sample_rate))
        return result;
    result.reset();
    MonoMix channel(*louder);
    return read_once(bytes, longest, stop, channel);
}

}  // namespace mlbilling::audio
