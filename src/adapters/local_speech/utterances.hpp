#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace mlbilling::local_speech {

/// The parts of 16 kHz sound in which somebody may be speaking, each at most 20 s long, cut at
/// pauses where there are any. Told by loudness: frames that stand out from the recording's own
/// background, so steady noise and tones are nobody, whom the recogniser would otherwise make up
/// words for (audio.md 1).
std::vector<std::span<const std::int16_t>> utterances_of(std::span<const std::int16_t> samples);

}  // namespace mlbilling::local_speech
