#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// Mono PCM, signed 16 bit.
struct Sound {
    int sample_rate = 16'000;
    std::vector<std::int16_t> samples;

    /// Length in ms, the last started one counted.
    Duration duration() const {
        const auto count = static_cast<std::int64_t>(samples.size());
        return Duration((count * 1000 + sample_rate - 1) / sample_rate);
    }
};

/// Why a recording cannot be read; each has a text for the user.
enum class UnusableAudio { not_audio, too_long, damaged };

/// What one encoding run makes: an Ogg/Opus file that Telegram shows as a voice message.
struct EncodedVoice {
    std::string ogg_opus;
    Duration duration{};
};

/// Measures by decoding, never by what a header or a sender claims (Money rule 6). Works off the
/// event loop; bounded in time, memory and samples. Throws Unavailable when a decoder cannot start.
class AudioCodec {
  public:
    virtual ~AudioCodec() = default;

    /// Decodes any container that ffmpeg knows to 16 kHz mono; `too_long` as soon as more than
    /// `longest` comes out, however small the file is.
    virtual Async<std::variant<Sound, UnusableAudio>> decode(std::string bytes,
                                                             Duration longest) = 0;
    virtual Async<EncodedVoice> encode(Sound sound) = 0;
};

}  // namespace mlbilling
