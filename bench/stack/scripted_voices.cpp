#include "stack/scripted_voices.hpp"

#include <opus/opusenc.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "base/check.hpp"
#include "standin/bytes.hpp"
#include "standin/ogg.hpp"

namespace mlbilling::bench {
namespace {

using standin::OggPage;
using standin::opus_rate;

constexpr int source_seconds = 90;
constexpr int bits_per_second = 24'000;
constexpr std::int64_t packet_samples = opus_rate / 50;
constexpr std::size_t packets_per_page = 50;
constexpr std::int64_t shortest_ms = 3'000;
constexpr std::int64_t spread_ms = 12'000;

std::uint64_t scrambled(std::int64_t number) {
    auto value = static_cast<std::uint64_t>(number) * 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 32U)) * 0xD6E8FEB86659FD93ULL;
    return value ^ (value >> 32U);
}

/// Harmonics of a voice whose pitch wanders, in syllables, with pauses that hold only faint noise.
std::vector<std::int16_t> speech() {
    std::mt19937_64 dice(7);
    std::normal_distribution<double> noise(0, 12);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::vector<std::int16_t> samples;
    samples.reserve(static_cast<std::size_t>(source_seconds * opus_rate));
    double angle = 0;
    while (samples.size() < static_cast<std::size_t>(source_seconds * opus_rate)) {
        const bool pause = uniform(dice) < 0.12;
        const auto length = static_cast<int>((0.14 + 0.16 * uniform(dice)) * opus_rate);
        const double pitch = 110 + 60 * uniform(dice);
        const double brightness = 0.5 + 0.35 * uniform(dice);
        for (int i = 0; i < length; ++i) {
            double value = noise(dice);
            if (!pause) {
                const double envelope = std::sin(std::numbers::pi * i / length);
                angle += 2 * std::numbers::pi * pitch / opus_rate;
                double weight = 1;
                for (int harmonic = 1; harmonic <= 12; ++harmonic, weight *= brightness)
                    value += 5'000 * envelope * weight * std::sin(harmonic * angle);
            }
            samples.push_back(static_cast<std::int16_t>(std::clamp(value, -30'000.0, 30'000.0)));
        }
    }
    return samples;
}

int append(void* target, const unsigned char* bytes, opus_int32 size) {
    static_cast<std::string*>(target)->append(bytes, bytes + size);
    return 0;
}
int close(void*) { return 0; }

std::string encoded(const std::vector<std::int16_t>& samples) {
    std::string file;
    const OpusEncCallbacks callbacks{.write = append, .close = close};
    auto* const comments = ope_comments_create();
    int error = OPE_OK;
    auto* const encoder = ope_encoder_create_callbacks(
        &callbacks, &file, comments, static_cast<opus_int32>(opus_rate), 1, 0, &error);
    CHECK(error == OPE_OK);
    ope_encoder_ctl(encoder, OPUS_SET_BITRATE(bits_per_second));
    ope_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(3));
    ope_encoder_write(encoder, samples.data(), static_cast<int>(samples.size()));
    ope_encoder_drain(encoder);
    ope_encoder_destroy(encoder);
    ope_comments_destroy(comments);
    return file;
}

void add_packet(OggPage& page, const std::string& packet) {
    constexpr std::size_t full = 255;
    page.lacing.append(packet.size() / full, static_cast<char>(full));
    page.lacing += static_cast<char>(packet.size() % full);
    page.body += packet;
}

OggPage page_of(std::int64_t number, std::uint32_t sequence) {
    return {.flags = 0,
            .granule = 0,
            .serial = static_cast<std::uint32_t>(scrambled(number)),
            .sequence = sequence,
            .lacing = {},
            .body = {}};
}

}  // namespace

ScriptedVoices::ScriptedVoices() {
    const auto pages = standin::read_pages(encoded(speech()));
    CHECK(pages.has_value());
    packets_ = standin::packets_of(*pages);
    head_ = packets_[0];
    tags_ = packets_[1];
    packets_.erase(packets_.begin(), packets_.begin() + 2);
    pre_skip_ = static_cast<unsigned char>(head_[10]) | static_cast<unsigned char>(head_[11]) << 8;
    for (const auto& packet : packets_) hashes_.push_back(standin::hash_of(packet));
}

Duration ScriptedVoices::length_of(std::int64_t number) {
    return Duration(shortest_ms +
                    static_cast<std::int64_t>(scrambled(number) % std::uint64_t{spread_ms + 1}));
}

ScriptedVoices::Cut ScriptedVoices::cut_of(std::int64_t number) const {
    const auto samples = pre_skip_ + length_of(number).count() * opus_rate / 1'000;
    Cut cut;
    cut.count = static_cast<std::size_t>((samples + packet_samples - 1) / packet_samples);
    cut.begin = (scrambled(number) >> 24U) % (packets_.size() - cut.count);
    return cut;
}

std::string ScriptedVoices::file_of(std::int64_t number) const {
    const auto samples = pre_skip_ + length_of(number).count() * opus_rate / 1'000;
    const auto cut = cut_of(number);
    auto page = page_of(number, 0);
    page.flags = 2;
    add_packet(page, head_);
    auto file = standin::written(page);
    page = page_of(number, 1);
    add_packet(page, tags_);
    file += standin::written(page);
    for (std::size_t at = 0; at < cut.count; at += packets_per_page) {
        const auto end = std::min(at + packets_per_page, cut.count);
        page = page_of(number, page.sequence + 1);
        page.flags = end == cut.count ? 4 : 0;
        page.granule = std::min(static_cast<std::int64_t>(end) * packet_samples, samples);
        for (auto i = at; i < end; ++i) add_packet(page, packets_[cut.begin + i]);
        file += standin::written(page);
    }
    return file;
}

std::string ScriptedVoices::fingerprint_of(std::int64_t number) const {
    const auto cut = cut_of(number);
    std::uint64_t hash = 0;
    // As the stand-in does in read_ogg_opus().
    for (std::size_t i = 0; i < cut.count; ++i) hash = hash * 31 + hashes_[cut.begin + i];
    return standin::hex(hash);
}

}  // namespace mlbilling::bench
