#pragma once

#include <string>
#include <variant>
#include <vector>

#include "adapters/work_threads/work_threads.hpp"
#include "ports/audio.hpp"

namespace mlbilling::audio {

/// AudioCodec::inspect() and join(). They block.
std::variant<InspectedVoice, UnusableAudio> inspect_opus(std::string file,
                                                         const work_threads::Stop& stop);
std::variant<EncodedVoice, UnusableAudio> join_opus(const std::vector<std::string>& files);

/// Whether the file, which decoded to a sound of that length, is one stream of mono and no packet
/// of it is hidden from a player: whoever else decodes it hears as much.
bool is_plain_voice(const std::string& file, Duration decoded);

}  // namespace mlbilling::audio
