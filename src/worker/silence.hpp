#pragma once

#include "ports/audio.hpp"

namespace mlbilling {

/// Whether the sound is certainly silence: no stretch of 30 ms is louder than -56 dB of full scale,
/// its mean removed. Far below the quietest speech, so that noise passes: the provider judges that.
bool is_silent(const Sound& sound);

}  // namespace mlbilling
