#include "adapters/audio/opus_recording.hpp"

#include <opus/opus.h>
#include <opus/opusfile.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "adapters/audio/mono_mix.hpp"
#include "adapters/audio/opus_listening.hpp"
#include "adapters/audio/opus_stream.hpp"
#include "adapters/audio/opus_voice.hpp"
#include "base/check.hpp"
#include "base/unavailable.hpp"
#include "domain/silence.hpp"

namespace mlbilling::audio {
namespace {

constexpr int rate = 16'000;
/// Of the 48 kHz in which Opus counts.
constexpr std::int64_t ratio = 3;
/// 120 ms.
constexpr std::size_t longest_packet = 1'920;
/// RFC 6716, section 3.2.5.
constexpr std::size_t max_frames = 48;

const unsigned char* data_of(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// What libopus does not refuse to decode.
bool is_well_formed(std::string_view packet) {
    std::array<const unsigned char*, max_frames> frames{};
    std::array<opus_int16, max_frames> sizes{};
    return opus_packet_parse(data_of(packet), static_cast<opus_int32>(packet.size()), nullptr,
                             frames.data(), sizes.data(), nullptr) > 0;
}

/// What libopusfile plays, and as long as we say.
bool is_certain(const OpusStream& stream) {
    return stream.consistent && stream.played() > 0 &&
           opus_head_parse(nullptr, data_of(stream.head_packet), stream.head_packet.size()) == 0 &&
           opus_tags_parse(nullptr, data_of(stream.tags_packet), stream.tags_packet.size()) == 0 &&
           std::ranges::all_of(stream.packets, is_well_formed);
}

std::int64_t played_in(const std::vector<OpusStream>& streams) {
    std::int64_t played = 0;
    for (const auto& stream : streams) played += stream.played();
    return played;
}

std::int64_t samples_until(std::int64_t position) { return (position + ratio - 1) / ratio; }

struct Destroy {
    void operator()(OpusDecoder* decoder) const { opus_decoder_destroy(decoder); }
};
using Decoder = std::unique_ptr<OpusDecoder, Destroy>;

Decoder decoder_of(const mlbilling::audio::OpusHead& head) {
    int error = OPUS_OK;
    Decoder decoder(opus_decoder_create(rate, head.channels, &error));
    if (!decoder) throw Unavailable("libopus has no memory for a decoder");
    const auto gain = static_cast<std::int16_t>(head.output_gain);
    CHECK(opus_decoder_ctl(decoder.get(), OPUS_SET_GAIN(gain)) == OPUS_OK);
    return decoder;
}

/// Decodes streams that are played one after the other.
class Decoding {
  public:
    Decoding(MonoMix::From from, const work_threads::Stop& stop) : mix_(from), stop_(stop) {}

    void decode(const OpusStream& stream) {
        const auto channels = static_cast<std::size_t>(stream.head.channels);
        const auto decoder = decoder_of(stream.head);
        auto skip = static_cast<std::size_t>(stream.head.pre_skip / ratio);
        auto left = static_cast<std::size_t>(samples_until(position_ + stream.played()) -
                                             samples_until(position_));
        position_ += stream.played();
        std::vector<std::int16_t> packet(longest_packet * channels);
        for (const auto& bytes : stream.packets) {
            if (left == 0 || stop_.requested()) break;
            const auto count = decode_packet(decoder.get(), bytes, channels, packet);
            const auto dropped = std::min(skip, count);
            const auto taken = std::min(left, count - dropped);
            skip -= dropped;
            left -= taken;
            append(std::span(packet).subspan(dropped * channels, taken * channels), channels);
        }
    }

    Sound sound;
    const MonoMix& mix() const { return mix_; }

  private:
    /// Samples of each channel. What cannot be decoded keeps its time, in silence.
    static std::size_t decode_packet(OpusDecoder* decoder, std::string_view bytes,
                                     std::size_t channels, std::vector<std::int16_t>& packet) {
        const int count =
            opus_decode(decoder, data_of(bytes), static_cast<opus_int32>(bytes.size()),
                        packet.data(), static_cast<int>(packet.size() / channels), 0);
        if (count >= 0) return static_cast<std::size_t>(count);
        std::ranges::fill(packet, std::int16_t{0});
        return static_cast<std::size_t>(packet_length(bytes).value_or(0) / ratio);
    }

    void append(std::span<const std::int16_t> samples, std::size_t channels) {
        if (channels == 1)
            sound.samples.insert(sound.samples.end(), samples.begin(), samples.end());
        else
            mix_.mix(samples, sound.samples);
    }

    MonoMix mix_;
    const work_threads::Stop& stop_;
    std::int64_t position_ = 0;
};

}  // namespace

std::optional<WalkedOpus> walk_opus(const std::string& file) {
    const auto streams = opus_streams(file);
    if (!streams || !std::ranges::all_of(*streams, is_certain)) return std::nullopt;
    WalkedOpus walked;
    walked.duration = duration_of(played_in(*streams));
    walked.is_plain = is_plain_voice(*streams, walked.duration);
    return walked;
}

bool is_silent_opus(const std::string& file, OpusDecoders& rough, OpusDecoders& fine,
                    const work_threads::Stop& stop) {
    const auto streams = opus_streams(file);
    CHECK(streams && streams->size() == 1);
    for (auto* const decoders : {&rough, &fine})
        if (listen(streams->front(), *decoders, stop) == Hearing::loud) return false;
    return true;
}

Sound decode_opus(const std::string& file, const work_threads::Stop& stop) {
    const auto streams = opus_streams(file);
    CHECK(streams.has_value());
    const auto decode_from = [&](MonoMix::From from) {
        auto decoding = std::make_unique<Decoding>(from, stop);
        decoding->sound.samples.reserve(
            static_cast<std::size_t>(samples_until(played_in(*streams))));
        for (const auto& stream : *streams) decoding->decode(stream);
        return decoding;
    };
    auto decoding = decode_from(MonoMix::From::both);
    const auto louder = decoding->mix().loudest();
    if (louder && is_silent(decoding->sound.samples, rate)) {
        decoding.reset();
        decoding = decode_from(*louder);
    }
    return std::move(decoding->sound);
}

}  // namespace mlbilling::audio
