#pragma once

#include "adapters/work_threads/work_threads.hpp"
#include "ports/audio.hpp"

namespace mlbilling::audio {

/// Encodes to Ogg/Opus for speech at 24 kbit/s (1 MB, above which Telegram draws no waveform, is
/// then 349 s: telegram.md 1.4). The file plays exactly as long as the sound. No samples give an
/// empty file. Blocks; gives an incomplete file when asked to stop.
EncodedVoice write_opus(const SharedSound& sound, const work_threads::Stop& stop);

}  // namespace mlbilling::audio
