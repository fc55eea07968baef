#pragma once

#include <optional>
#include <string>

#include "adapters/audio/opus_decoders.hpp"
#include "adapters/work_threads/work_threads.hpp"
#include "ports/audio.hpp"

namespace mlbilling::audio {

/// What is known of Ogg/Opus by walking its packets.
struct WalkedOpus {
    /// As long as what decode_opus() and read_opus() make of it.
    Duration duration{};
    /// One stream of mono, and nothing hidden in it: see is_plain_voice().
    bool is_plain = false;
};

/// Nothing when only a decoder can tell how long it is: the file is damaged, is more than Ogg/Opus
/// of one or two channels, or contradicts itself.
std::optional<WalkedOpus> walk_opus(const std::string& file);

/// Whether nothing can be heard in a plain file. Decodes no further than to the first sound: with
/// the first decoders, which cost little, and what is silent to them with the second. Blocks.
bool is_silent_opus(const std::string& file, OpusDecoders& rough, OpusDecoders& fine,
                    const work_threads::Stop& stop);

/// Decodes a file that was walked, straight to 16 kHz mono; of two channels that cancel each other
/// out the louder one. Blocks; gives less when asked to stop. Throws Unavailable without memory.
Sound decode_opus(const std::string& file, const work_threads::Stop& stop);

}  // namespace mlbilling::audio
