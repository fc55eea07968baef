#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/time.hpp"

namespace mlbilling::standin {

/// What the stand-in says instead of a text.
struct Tone {
    Duration length{};
    /// Which of the pitches; silence instead when `silent`.
    int pitch = 0;
    bool silent = false;

    friend auto operator<=>(const Tone&, const Tone&) = default;
};

constexpr int pitches = 8;

/// What a text of so many spoken characters sounds like: 60 ms a character at normal speed, at
/// least 0.3 s; its pitch follows from the text, so that two texts of one length differ.
Tone tone_of(std::string_view text, std::size_t characters, double speed);

/// Tones as audio files. A second of each pitch is encoded at the start; a file is made of these
/// packets, so that it costs no encoding.
class Tones {
  public:
    Tones();

    /// Valid for as long as this; at most some thousand are kept, then all are dropped at once, so
    /// copy it before asking for another.
    const std::string& ogg_opus(const Tone& tone);
    /// Signed 16 bit, little endian.
    static std::string pcm(const Tone& tone, int sample_rate);
    static std::string wav(const Tone& tone, int sample_rate);

  private:
    struct Source {
        std::string head;
        std::string tags;
        int pre_skip = 0;
        /// 20 ms each.
        std::vector<std::string> packets;
    };
    static Source encoded(const Tone& second);
    std::string assembled(const Source& source, Duration length) const;

    std::array<Source, pitches> pitches_;
    Source silence_;
    std::map<Tone, std::string> files_;
};

}  // namespace mlbilling::standin
