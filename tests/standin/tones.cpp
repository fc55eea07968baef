#include "standin/tones.hpp"

#include <opus/opusenc.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/check.hpp"
#include "standin/bytes.hpp"
#include "standin/ogg.hpp"

namespace mlbilling::standin {
namespace {

constexpr int bits_per_second = 24'000;
constexpr std::int64_t packet_samples = opus_rate / 50;
/// The encoder settles in the first packets and ends with padding in the last.
constexpr std::size_t settling_packets = 10;
constexpr std::size_t most_files = 4'096;
constexpr std::size_t packets_per_page = 50;
constexpr double milliseconds_per_character = 60;
constexpr Duration shortest{300};

/// Whole periods fit in one packet, so that a packet can follow any other.
double hertz_of(int pitch) { return 200 + 50 * pitch; }

std::vector<std::int16_t> samples_of(const Tone& tone, int sample_rate) {
    constexpr double loudness = 12'000;
    std::vector<std::int16_t> samples(
        static_cast<std::size_t>(tone.length.count() * sample_rate / 1'000));
    if (tone.silent) return samples;
    const double step = 2 * std::numbers::pi * hertz_of(tone.pitch) / sample_rate;
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = static_cast<std::int16_t>(loudness * std::sin(step * static_cast<double>(i)));
    return samples;
}

int append(void* target, const unsigned char* bytes, opus_int32 size) {
    static_cast<std::string*>(target)->append(bytes, bytes + size);
    return 0;
}
int close(void*) { return 0; }

template <class Number>
void append_number(std::string& bytes, Number number) {
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        bytes += static_cast<char>((static_cast<std::uint64_t>(number) >> (8 * i)) & 0xFFU);
}

void add_packet(OggPage& page, const std::string& packet) {
    constexpr std::size_t full = 255;
    page.lacing.append(packet.size() / full, static_cast<char>(full));
    page.lacing += static_cast<char>(packet.size() % full);
    page.body += packet;
}

}  // namespace

Tone tone_of(std::string_view text, std::size_t characters, double speed) {
    const auto length = static_cast<double>(characters) * milliseconds_per_character / speed;
    Tone tone;
    tone.length = std::max(shortest, Duration(std::llround(length)));
    tone.pitch = static_cast<int>(hash_of(text) % pitches);
    return tone;
}

Tones::Tones() {
    constexpr Duration second{1'000};
    for (int pitch = 0; pitch < pitches; ++pitch)
        pitches_.at(static_cast<std::size_t>(pitch)) = encoded({second, pitch, false});
    silence_ = encoded({second, 0, true});
}

Tones::Source Tones::encoded(const Tone& second) {
    std::string file;
    const OpusEncCallbacks callbacks{.write = append, .close = close};
    auto* const comments = ope_comments_create();
    int error = OPE_OK;
    auto* const encoder = ope_encoder_create_callbacks(
        &callbacks, &file, comments, static_cast<opus_int32>(opus_rate), 1, 0, &error);
    CHECK(error == OPE_OK);
    ope_encoder_ctl(encoder, OPUS_SET_BITRATE(bits_per_second));
    ope_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(0));
    const auto samples = samples_of(second, static_cast<int>(opus_rate));
    ope_encoder_write(encoder, samples.data(), static_cast<int>(samples.size()));
    ope_encoder_drain(encoder);
    ope_encoder_destroy(encoder);
    ope_comments_destroy(comments);

    const auto pages = read_pages(file);
    CHECK(pages.has_value());
    auto packets = packets_of(*pages);
    CHECK(packets.size() > 2 + 2 * settling_packets);
    Source source{.head = packets[0], .tags = packets[1], .pre_skip = 0, .packets = {}};
    source.pre_skip = static_cast<unsigned char>(source.head[10]) |
                      static_cast<unsigned char>(source.head[11]) << 8;
    source.packets.assign(packets.begin() + 2 + settling_packets, packets.end() - settling_packets);
    return source;
}

std::string Tones::assembled(const Source& source, Duration length) const {
    const auto samples = source.pre_skip + length.count() * opus_rate / 1'000;
    const auto packets = static_cast<std::size_t>((samples + packet_samples - 1) / packet_samples);
    OggPage page{.flags = 2, .serial = 0x5EED, .lacing = {}, .body = {}};
    add_packet(page, source.head);
    std::string file = written(page);
    page = {.serial = page.serial, .sequence = 1, .lacing = {}, .body = {}};
    add_packet(page, source.tags);
    file += written(page);
    for (std::size_t at = 0; at < packets; at += packets_per_page) {
        const auto end = std::min(at + packets_per_page, packets);
        const bool last = end == packets;
        page = {.serial = page.serial, .sequence = page.sequence + 1, .lacing = {}, .body = {}};
        page.flags = last ? 4 : 0;
        page.granule = last ? samples : static_cast<std::int64_t>(end) * packet_samples;
        for (auto i = at; i < end; ++i) add_packet(page, source.packets[i % source.packets.size()]);
        file += written(page);
    }
    return file;
}

const std::string& Tones::ogg_opus(const Tone& tone) {
    const auto found = files_.find(tone);
    if (found != files_.end()) return found->second;
    if (files_.size() >= most_files) files_.clear();
    const auto& source = tone.silent ? silence_ : pitches_.at(static_cast<std::size_t>(tone.pitch));
    return files_.emplace(tone, assembled(source, tone.length)).first->second;
}

std::string Tones::pcm(const Tone& tone, int sample_rate) {
    std::string bytes;
    for (const auto sample : samples_of(tone, sample_rate))
        append_number(bytes, static_cast<std::uint16_t>(sample));
    return bytes;
}

std::string Tones::wav(const Tone& tone, int sample_rate) {
    const auto data = pcm(tone, sample_rate);
    std::string file = "RIFF";
    append_number(file, static_cast<std::uint32_t>(36 + data.size()));
    file += "WAVEfmt ";
    append_number(file, std::uint32_t{16});
    append_number(file, std::uint16_t{1});
    append_number(file, std::uint16_t{1});
    append_number(file, static_cast<std::uint32_t>(sample_rate));
    append_number(file, static_cast<std::uint32_t>(sample_rate * 2));
    append_number(file, std::uint16_t{2});
    append_number(file, std::uint16_t{16});
    file += "data";
    append_number(file, static_cast<std::uint32_t>(data.size()));
    return file + data;
}

}  // namespace mlbilling::standin
