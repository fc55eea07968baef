#include "adapters/local_speech/wav.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace mlbilling::local_speech {
namespace {

constexpr std::size_t riff_header = 12;
constexpr std::size_t chunk_header = 8;
constexpr std::size_t format_size = 16;

/// Little-endian, as this machine is.
template <class Number>
Number number_at(std::string_view bytes, std::size_t at) {
    Number value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

/// The sample rate; zero for a format that is not ours.
int rate_of(std::string_view format) {
    if (format.size() < format_size) return 0;
    const bool pcm = number_at<std::uint16_t>(format, 0) == 1;
    const bool mono = number_at<std::uint16_t>(format, 2) == 1;
    const bool wide = number_at<std::uint16_t>(format, 14) == 16;
    const auto rate = number_at<std::uint32_t>(format, 4);
    return pcm && mono && wide && rate >= 8'000 && rate <= 48'000 ? static_cast<int>(rate) : 0;
}

}  // namespace

std::optional<Sound> parse_wav(std::string_view bytes) {
    if (bytes.size() < riff_header || !bytes.starts_with("RIFF") || bytes.substr(8, 4) != "WAVE") {
        return std::nullopt;
    }
    bytes.remove_prefix(riff_header);
    Sound sound{.sample_rate = 0, .samples = {}};
    while (bytes.size() >= chunk_header) {
        const auto name = bytes.substr(0, 4);
        const auto body = bytes.substr(chunk_header, number_at<std::uint32_t>(bytes, 4));
        if (name == "fmt ") sound.sample_rate = rate_of(body);
        if (name == "data") {
            if (sound.sample_rate == 0) return std::nullopt;
            if (body.size() < sizeof(std::int16_t)) return sound;
            sound.samples.resize(body.size() / sizeof(std::int16_t));
            std::memcpy(sound.samples.data(), body.data(),
                        sound.samples.size() * sizeof(std::int16_t));
            return sound;
        }
        // Chunks begin at even places.
        bytes.remove_prefix(std::min(bytes.size(), chunk_header + body.size() + body.size() % 2));
    }
    return std::nullopt;
}

}  // namespace mlbilling::local_speech
