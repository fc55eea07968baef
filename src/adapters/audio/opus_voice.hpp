#pragma once

#include <string>
#include <variant>
#include <vector>

#include "adapters/audio/opus_decoders.hpp"
#include "adapters/audio/opus_stream.hpp"
#include "adapters/work_threads/work_threads.hpp"
#include "ports/audio.hpp"

namespace mlbilling::audio {

/// Enough to judge speech, and what libopus decodes to without much work.
constexpr int judged_rate = 8'000;

/// AudioCodec::inspect() and join(). They block. The decoders are of the judged rate.
std::variant<InspectedVoice, UnusableAudio> inspect_opus(std::string file, OpusDecoders& decoders,
                                                         const work_threads::Stop& stop);
std::variant<EncodedVoice, UnusableAudio> join_opus(const std::vector<std::string>& files);

/// Whether the file, which decoded to a sound of that length, is one stream of mono and no packet
/// of it is hidden from a player: whoever else decodes it hears as much.
bool is_plain_voice(const std::string& file, Duration decoded);
bool is_plain_voice(const std::vector<OpusStream>& streams, Duration played);

}  // namespace mlbilling::audio
