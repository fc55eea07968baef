#include "standin/hearing.hpp"

#include <opus/opus.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "base/check.hpp"
#include "standin/bytes.hpp"
#include "standin/ogg.hpp"

namespace mlbilling::standin {
namespace {

constexpr int loudest_silence = 64;

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint32_t number = 0;
    for (std::size_t i = size; i > 0; --i)
        number = (number << 8U) | static_cast<unsigned char>(bytes[at + i - 1]);
    return number;
}

bool is_silent(std::string_view samples) {
    for (std::size_t at = 0; at + 1 < samples.size(); at += 2) {
        const auto sample = static_cast<std::int16_t>(number_at(samples, at, 2));
        if (std::abs(int{sample}) > loudest_silence) return false;
    }
    return true;
}

struct DestroyDecoder {
    void operator()(OpusDecoder* decoder) const { opus_decoder_destroy(decoder); }
};

/// Decodes no further than to the first sound.
bool is_silent(const OggOpus& file) {
    constexpr int rate = 16'000;
    constexpr int longest_packet = rate * 120 / 1'000;
    int error = OPUS_OK;
    const std::unique_ptr<OpusDecoder, DestroyDecoder> decoder(
        opus_decoder_create(rate, 1, &error));
    CHECK(error == OPUS_OK);
    std::array<opus_int16, longest_packet> samples{};
    for (const auto& packet : file.packets) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libopus wants it.
        const auto* bytes = reinterpret_cast<const unsigned char*>(packet.data());
        const int count = opus_decode(decoder.get(), bytes, static_cast<opus_int32>(packet.size()),
                                      samples.data(), longest_packet, 0);
        for (int i = 0; i < count; ++i)
            if (std::abs(int{samples.at(static_cast<std::size_t>(i))}) > loudest_silence)
                return false;
    }
    return true;
}

}  // namespace

std::optional<Heard> hear_ogg_opus(std::string_view bytes) {
    const auto opus = read_ogg_opus(bytes);
    if (!opus) return std::nullopt;
    return Heard{.length = opus->duration,
                 .channels = opus->channels,
                 .silent = is_silent(*opus),
                 .hash = opus->hash};
}

Heard hear_pcm(std::string_view samples, int sample_rate, int channels) {
    const auto frames = static_cast<std::int64_t>(samples.size()) / (std::int64_t{2} * channels);
    return {.length = Duration((frames * 1'000 + sample_rate - 1) / sample_rate),
            .channels = channels,
            .silent = is_silent(samples),
            .hash = hash_of(samples)};
}

std::optional<Heard> hear_wav(std::string_view bytes) {
    constexpr std::size_t chunk_header = 8;
    if (bytes.size() < 12 || !bytes.starts_with("RIFF") || bytes.substr(8, 4) != "WAVE")
        return std::nullopt;
    int rate = 0;
    int channels = 0;
    for (std::size_t at = 12; at + chunk_header <= bytes.size();) {
        const auto name = bytes.substr(at, 4);
        const auto size = number_at(bytes, at + 4, 4);
        const auto body = bytes.substr(at + chunk_header, size);
        if (name == "fmt " && body.size() >= 16) {
            channels = static_cast<int>(number_at(body, 2, 2));
            rate = static_cast<int>(number_at(body, 4, 4));
            if (number_at(body, 0, 2) != 1 || number_at(body, 14, 2) != 16) return std::nullopt;
        }
        if (name == "data" && rate > 0 && channels > 0) return hear_pcm(body, rate, channels);
        at += chunk_header + size + size % 2;
    }
    return std::nullopt;
}

std::optional<Heard> hear_mp3(std::string_view bytes) {
    constexpr std::int64_t bytes_per_second = 16'000;
    const bool synchronised = bytes.size() > 1 && static_cast<unsigned char>(bytes[0]) == 0xFF &&
                              (static_cast<unsigned char>(bytes[1]) & 0xE0U) == 0xE0U;
    if (!synchronised && !bytes.starts_with("ID3")) return std::nullopt;
    const auto size = static_cast<std::int64_t>(bytes.size());
    return Heard{.length = Duration(size * 1'000 / bytes_per_second),
                 .channels = 1,
                 .silent = false,
                 .hash = hash_of(bytes)};
}

std::string spoken_words(const Heard& heard, std::string_view language) {
    if (heard.silent || heard.length == Duration(0)) return {};
    constexpr std::uint64_t marks = 100'000;
    const auto length = std::to_string(heard.length.count());
    const auto mark = std::to_string(heard.hash % marks);
    if (language.substr(0, 2) == "ru" || language == "auto" || language.empty())
        return "запись " + length + " миллисекунд отпечаток " + mark;
    return "recording of " + length + " milliseconds mark " + mark;
}

std::string literature(std::string_view words) {
    std::string text(words);
    if (text.starts_with("з")) text.replace(0, std::string_view("з").size(), "З");
    if (text.starts_with("r")) text.front() = 'R';
    return text.empty() ? text : text + ".";
}

}  // namespace mlbilling::standin
