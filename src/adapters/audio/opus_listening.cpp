#include "adapters/audio/opus_listening.hpp"

#include <opus/opus.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/check.hpp"
#include "domain/silence.hpp"

namespace mlbilling::audio {
namespace {

constexpr int opus_rate = 48'000;
/// The longest packet, and what is judged at once, at least: one packet of speech, so that no more
/// is decoded than must be.
constexpr int longest_packet_ms = 120;
constexpr int judged_ms = 20;

}  // namespace

Hearing listen(const OpusStream& stream, OpusDecoders& decoders, const work_threads::Stop& stop) {
    const auto decoder = decoders.lend();
    if (!decoder) return Hearing::damaged;
    const auto gain = static_cast<std::int16_t>(stream.head.output_gain);
    CHECK(opus_decoder_ctl(decoder.get(), OPUS_SET_GAIN(gain)) == OPUS_OK);
    const auto samples_in = [&](int ms) {
        return static_cast<std::size_t>(decoders.rate() * ms / 1'000);
    };
    const auto ratio = opus_rate / decoders.rate();
    auto skip = static_cast<std::size_t>(stream.head.pre_skip / ratio);
    auto left = static_cast<std::size_t>(std::max<std::int64_t>(0, stream.played()) / ratio);
    std::vector<std::int16_t> packet(samples_in(longest_packet_ms));
    std::vector<std::int16_t> heard;
    for (const auto& bytes : stream.packets) {
        if (stop.requested() || left == 0) break;
        const int count =
            opus_decode(decoder.get(), reinterpret_cast<const unsigned char*>(bytes.data()),
                        static_cast<opus_int32>(bytes.size()), packet.data(),
                        static_cast<int>(packet.size()), 0);
        if (count < 0) return Hearing::damaged;
        auto fresh = std::span(packet).first(static_cast<std::size_t>(count));
        fresh = fresh.subspan(std::min(skip, fresh.size()));
        skip -= static_cast<std::size_t>(count) - fresh.size();
        fresh = fresh.first(std::min(left, fresh.size()));
        left -= fresh.size();
        heard.insert(heard.end(), fresh.begin(), fresh.end());
        if (heard.size() < samples_in(judged_ms)) continue;
        if (!is_silent(heard, decoders.rate())) return Hearing::loud;
        heard.clear();
    }
    return is_silent(heard, decoders.rate()) ? Hearing::silent : Hearing::loud;
}

}  // namespace mlbilling::audio
