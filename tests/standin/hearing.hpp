#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.hpp"

namespace mlbilling::standin {

/// What can be told of a recording without decoding it.
struct Heard {
    Duration length{};
    int channels = 1;
    /// Digital silence, or so little of it that an encoder made next to nothing of it.
    bool silent = false;
    /// Hash of the audio.
    std::uint64_t hash = 0;
};

std::optional<Heard> hear_ogg_opus(std::string_view bytes);
std::optional<Heard> hear_wav(std::string_view bytes);
/// Signed 16 bit, little endian.
Heard hear_pcm(std::string_view samples, int sample_rate, int channels);
/// Only that it is MP3; its length is guessed from 128 kbit/s.
std::optional<Heard> hear_mp3(std::string_view bytes);

/// What the stand-in claims to have understood: words that follow from the audio, so that two
/// recordings mixed up show. Empty for silence. In Russian for `ru`, else in English.
std::string spoken_words(const Heard& heard, std::string_view language);
/// The same with capitals and full stops, as literature text has them (yandex.md 4.5).
std::string literature(std::string_view words);

}  // namespace mlbilling::standin
