#include "adapters/audio/mpeg_frames.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace mlbilling::audio {
namespace {

using BitRates = std::array<std::size_t, 15>;

/// In kbit/s; 0 is the free format, which tells no length.
constexpr BitRates first_version_layer_2{0,   32,  48,  56,  64,  80,  96, 112,
                                         128, 160, 192, 224, 256, 320, 384};
constexpr BitRates first_version_layer_3{0,   32,  40,  48,  56,  64,  80, 96,
                                         112, 128, 160, 192, 224, 256, 320};
constexpr BitRates later_versions{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
constexpr std::array<std::size_t, 3> sample_rates{44'100, 48'000, 32'000};

unsigned byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

std::optional<MpegFrame> adts_frame(std::string_view bytes) {
    constexpr std::size_t header = 7;
    MpegFrame frame{.demuxer = "aac"};
    frame.kind = (byte_at(bytes, 1) & 0xFEU) << 8U;
    if (bytes.size() < header) return frame;
    const unsigned rate = (byte_at(bytes, 2) >> 2U) & 15U;
    if (rate > 12) return std::nullopt;
    frame.kind |= rate;
    frame.length =
        ((byte_at(bytes, 3) & 3U) << 11U) | (byte_at(bytes, 4) << 3U) | (byte_at(bytes, 5) >> 5U);
    if (frame.length < header) return std::nullopt;
    return frame;
}

/// Version 1 is 3, 2 is 2, and 2.5 is 0; layer III is 1, layer II is 2.
std::size_t length_of(unsigned version, unsigned layer, unsigned bit_rate, unsigned sample_rate,
                      unsigned padding) {
    const bool first = version == 3;
    const auto& rates = !first       ? later_versions
                        : layer == 1 ? first_version_layer_3
                                     : first_version_layer_2;
    const std::size_t kilobits = rates.at(bit_rate);
    if (kilobits == 0) return 0;
    const std::size_t hertz = sample_rates.at(sample_rate) >> (first ? 0U : version == 2 ? 1U : 2U);
    const std::size_t eighths = !first && layer == 1 ? 72 : 144;
    return eighths * kilobits * 1000 / hertz + padding;
}

}  // namespace

std::optional<MpegFrame> mpeg_frame(std::string_view bytes) {
    if (bytes.size() < 4 || byte_at(bytes, 0) != 0xFF || (byte_at(bytes, 1) & 0xE0U) != 0xE0)
        return std::nullopt;
    const unsigned version = (byte_at(bytes, 1) >> 3U) & 3U;
    const unsigned layer = (byte_at(bytes, 1) >> 1U) & 3U;
    if (layer == 0) return version >= 2 ? adts_frame(bytes) : std::nullopt;
    const unsigned bit_rate = byte_at(bytes, 2) >> 4U;
    const unsigned sample_rate = (byte_at(bytes, 2) >> 2U) & 3U;
    const unsigned padding = (byte_at(bytes, 2) >> 1U) & 1U;
    const bool reserved =
        version == 1 || layer == 3 || bit_rate == 0 || bit_rate == 15 || sample_rate == 3;
    if (reserved) return std::nullopt;
    return MpegFrame{.demuxer = "mp3",
                     .length = length_of(version, layer, bit_rate, sample_rate, padding),
                     .kind = (byte_at(bytes, 1) & 0xFEU) << 8U | sample_rate};
}

std::optional<FoundFrame> find_mpeg_frames(std::string_view bytes, std::size_t furthest) {
    const auto end = std::min(furthest, bytes.size());
    for (auto at = bytes.find('\xFF'); at < end; at = bytes.find('\xFF', at + 1)) {
        const auto first = mpeg_frame(bytes.substr(at));
        if (!first || first->length == 0 || at + first->length >= bytes.size()) continue;
        const auto second = mpeg_frame(bytes.substr(at + first->length));
        if (second && second->length > 0 && second->kind == first->kind &&
            second->demuxer == first->demuxer)
            return FoundFrame{at, *first};
    }
    return std::nullopt;
}

}  // namespace mlbilling::audio
